//! What every page of every function has around it: limits, origin check, headers.

use std::{convert::Infallible, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRequestParts, MatchedPath, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header, request::Parts},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
};
use domain::PracticeId;
use tokio::sync::oneshot;

use crate::{
    Problem, RequestId,
    panics::unless_it_panics,
    telemetry::{Outcome, answering, of_request, request_at_work},
};

/// The largest form: all answers of a long questionnaire, percent-encoded.
const BODY_MAX: usize = 512 * 1024;

/// After so long a reader is told that something is wrong here: what stands in front of a function gives
/// up soon after, and has no words of ours.
const ANSWER_MAX: Duration = Duration::from_secs(20);

/// An answer that nobody waits for any more.
#[derive(Debug, thiserror::Error)]
#[error("the answer took longer than {} seconds", ANSWER_MAX.as_secs())]
struct TooLate;

/// Where a request comes from, as the server in front of the router knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source(pub String);

/// The source of a request, where the server told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaybeSource(pub Option<Source>);

impl<S: Send + Sync> FromRequestParts<S> for MaybeSource {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get::<Source>().cloned()))
    }
}

/// Puts the guards around the router of a function.
pub fn guarded(function: &'static str, router: Router) -> Router {
    guarded_for(ANSWER_MAX, function, router)
}

/// The same around pages whose answer takes as long as it takes: nothing stands in front of them.
pub fn guarded_patiently(function: &'static str, router: Router) -> Router {
    guarded_for(Duration::MAX, function, router)
}

fn guarded_for(patience: Duration, function: &'static str, router: Router) -> Router {
    router
        .fallback(|| async { Problem::NotFound })
        .method_not_allowed_fallback(|| async { Problem::NotFound })
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(from_fn(move |request, next| guard(patience, function, request, next)))
}

/// The practice that an address begins with.
pub fn practice_path(practice: &str) -> Result<PracticeId, Problem> {
    PracticeId::parse(practice).map_err(|_| Problem::NotFound)
}

async fn guard(
    patience: Duration,
    function: &'static str,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let asked = Asked::of(function, &request);
    let (answers, answered) = oneshot::channel();
    // Who hangs up, by pressing twice say, must not end what has begun: a letter is announced after
    // its commit.
    tokio::spawn(answer(patience, asked, request, next, answers));
    let answered = answered.await.unwrap_or_else(|gone| Problem::broken(gone).into_response());
    with_headers(answered, &path)
}

/// Answers a request in time. What has begun goes on all the same: on Lambda it sleeps until the function
/// is next asked, and its writes hold to their conditions then as well.
async fn answer(
    patience: Duration,
    asked: Asked,
    request: Request,
    next: Next,
    answers: oneshot::Sender<Response>,
) {
    let id = asked.id.clone();
    let mut work = Box::pin(async move {
        let work = unless_it_panics(admitted(request, next));
        match id {
            // Letters say by which request they were caused, also when nobody waits for it any more.
            Some(id) => of_request(id, work).await,
            None => work.await,
        }
    });
    let mut is_late = false;
    let in_time = async {
        let answered = tokio::time::timeout(patience, &mut work).await;
        is_late = answered.is_err();
        let answered = answered.map_err(|_| Problem::broken(TooLate));
        answered.and_then(|work| work.map_err(Problem::broken)).into_response()
    };
    let answered = asked.told(in_time).await;
    // Where nobody waits any more there is nobody to tell.
    drop(answers.send(answered));
    if is_late && let Err(panicked) = work.await {
        tracing::error!(%panicked, "what had begun was not ended");
    }
}

/// A request, as the log tells of it.
struct Asked {
    function: &'static str,
    what: String,
    id: Option<RequestId>,
}

impl Asked {
    fn of(function: &'static str, request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
        let what = format!("{} {}", request.method(), route.as_deref().unwrap_or("elsewhere"));
        let id = request.extensions().get::<RequestId>().cloned().or_else(request_at_work);
        Self { function, what, id }
    }

    /// Tells the log of it in one line, however it ends.
    async fn told(&self, work: impl Future<Output = Response>) -> Response {
        let outcome = |response: &Response| {
            let status = response.status();
            let outcome = if status.is_server_error() {
                Outcome::Failed
            } else if status.is_client_error() {
                Outcome::Refused
            } else {
                Outcome::Done
            };
            (outcome, Some(status.as_u16()))
        };
        answering(self.function, &self.what, self.id.clone(), work, outcome).await
    }
}

/// Answers a request that may come in.
async fn admitted(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // No address of ours has anything to encode, and what is encoded may not be text.
    if path.contains('%') {
        return Problem::NotFound.into_response();
    }
    let is_open = is_open_to_other_sites(path);
    if request.method() == Method::POST && !is_open && is_cross_site(request.headers()) {
        return Problem::OtherSite.into_response();
    }
    next.run(request).await
}

/// The opt-in form may stand on any website, and mail programs press "unsubscribe" themselves.
fn is_open_to_other_sites(path: &str) -> bool {
    let mut parts = path.trim_matches('/').split('/').skip(1);
    matches!(parts.next(), None | Some("stop"))
}

/// A browser says where a form stands; what is not a browser has no cookies to abuse.
fn is_cross_site(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN) else { return false };
    let host = text(header::HOST).unwrap_or_default();
    origin.split_once("://").is_none_or(|(_, authority)| authority != host)
}

fn with_headers(mut response: Response, path: &str) -> Response {
    let is_embedded = path.ends_with("/form");
    let ancestors = if is_embedded { "*" } else { "'none'" };
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-src 'self'; frame-ancestors {ancestors}"
    );
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    for (name, value) in [
        // Not `no-referrer`: under it a browser's own form says `Origin: null`, and the guard above
        // would refuse it where there is no `Sec-Fetch-Site`.
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    use axum::routing::post;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_waits_too_long_gets_a_page_of_ours() {
        let never = async || std::future::pending::<()>().await;
        let router = guarded("test", Router::new().route("/harbour", post(never)));
        let request = Request::post("/harbour").body(axum::body::Body::empty()).unwrap();
        let answer = router.oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 500);
        assert!(answer.headers().contains_key(header::CONTENT_SECURITY_POLICY));
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_of_the_house_itself_takes_as_long_as_it_takes() {
        let long = async || tokio::time::sleep(Duration::from_mins(10)).await;
        let router = guarded_patiently("test", Router::new().route("/house", post(long)));
        let request = Request::post("/house").body(axum::body::Body::empty()).unwrap();
        assert_eq!(router.oneshot(request).await.unwrap().status(), 200);
    }

    #[tokio::test]
    async fn what_has_begun_is_finished_although_the_browser_hangs_up() {
        let is_done = Arc::new(AtomicBool::new(false));
        let (told, begun) = (Arc::clone(&is_done), Arc::new(tokio::sync::Notify::new()));
        let started = Arc::clone(&begun);
        let work = async move || {
            started.notify_one();
            tokio::task::yield_now().await;
            told.store(true, Ordering::SeqCst);
        };
        let router = guarded("test", Router::new().route("/harbour", post(work)));
        let request = Request::post("/harbour").body(axum::body::Body::empty()).unwrap();
        tokio::select! {
            biased;
            _ = router.oneshot(request) => panic!("answered before anybody could hang up"),
            () = begun.notified() => {} // the browser hangs up
        }
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert!(is_done.load(Ordering::SeqCst));
    }
}

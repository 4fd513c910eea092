//! Who is signed in, on which browsers.

use std::collections::HashMap;

use axum::{
    extract::{FromRequestParts, Path, State},
    http::{HeaderMap, Method, header, request::Parts},
    response::{IntoResponse as _, Redirect, Response},
};
use documents::{
    Addresses,
    pages::desk::{self, Desk, SentBack, SessionLine},
};
use domain::PracticeId;
use shell::{FormText, Page, Problem, Shell, SignedIn, practice_path};

/// What became of the last form, for the page that follows.
#[derive(Clone, Copy, Default)]
pub(crate) struct After<'a> {
    /// What was done.
    pub(crate) notice: Option<&'a str>,
    /// The form, if it comes back.
    pub(crate) sent_back: Option<SentBack<'a>>,
}

/// Somebody who is signed in; anybody else is led to the sign-in page.
pub(crate) struct AtDesk(pub(crate) SignedIn);

impl FromRequestParts<Shell> for AtDesk {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shell: &Shell) -> Result<Self, Problem> {
        let Path(path) = Path::<HashMap<String, String>>::from_request_parts(parts, shell)
            .await
            .map_err(|_| Problem::NotFound)?;
        let practice = practice_path(path.get("practice").map_or("", String::as_str))?;
        let signed_in = match cookie(&parts.headers, &session_cookie(&practice)) {
            Some(secret) => shell.signed_in(&practice, &secret).await?,
            None => None,
        };
        let is_page = parts.method == Method::GET;
        let back_to = if is_page { parts.uri.path().to_owned() } else { String::new() };
        signed_in.map(Self).ok_or(Problem::SignIn(practice, back_to))
    }
}

impl AtDesk {
    /// Refuses a form that did not come from a page of this session.
    pub(crate) fn check(&self, shell: &Shell, form: &FormText) -> Result<(), Problem> {
        let is_ours = shell.is_form_guard(&self.0.session, form.text("guard"));
        if is_ours { Ok(()) } else { Err(Problem::OldForm) }
    }

    /// What every page of the desk needs, handed to the one who draws it.
    pub(crate) fn page<R>(
        &self,
        shell: &Shell,
        notice: Option<&str>,
        draw: impl FnOnce(&Desk<'_>) -> R,
    ) -> R {
        self.page_after(shell, After { notice, sent_back: None }, draw)
    }

    /// The same, with what became of the last form.
    pub(crate) fn page_after<R>(
        &self,
        shell: &Shell,
        after: After<'_>,
        draw: impl FnOnce(&Desk<'_>) -> R,
    ) -> R {
        let After { notice, sent_back } = after;
        let (key, guard) = (shell.word(), shell.form_guard(&self.0.session));
        draw(&Desk {
            handbook: &self.0.handbook,
            staff: &self.0.staff,
            key: &key,
            guard: &guard,
            now: shell.now(),
            notice,
            sent_back,
        })
    }
}

/// Shows one's own sessions.
pub(crate) async fn show(State(shell): State<Shell>, at_desk: AtDesk) -> Result<Page, Problem> {
    let sessions = shell.store.sessions(&at_desk.0.practice).await?;
    let own = sessions.into_iter().filter(|session| session.staff == at_desk.0.staff.id);
    let lines: Vec<SessionLine> = own
        .map(|session| SessionLine {
            is_this: session.id == at_desk.0.session.id,
            id: session.id,
            since: session.since,
            until: session.expires_at,
        })
        .collect();
    Ok(Page(at_desk.page(&shell, None, |page| desk::sessions(page, &lines).into_string())))
}

/// Ends one of one's own sessions, or all the others.
pub(crate) async fn end(
    State(shell): State<Shell>,
    at_desk: AtDesk,
    form: FormText,
) -> Result<Response, Problem> {
    at_desk.check(&shell, &form)?;
    let practice = &at_desk.0.practice;
    let wanted = form.text("session");
    for session in shell.store.sessions(practice).await? {
        let is_own = session.staff == at_desk.0.staff.id;
        let is_this = session.id == at_desk.0.session.id;
        if is_own && !is_this && (wanted == "others" || wanted == session.id) {
            shell.store.end_session(practice, &session.id).await?;
        }
    }
    Ok(Redirect::to(&Addresses::of(practice).desk_sessions()).into_response())
}

/// The name of the cookie that holds a session. `__Host-` keeps other hosts and paths from
/// setting it (RFC 6265bis).
pub(crate) fn session_cookie(practice: &PracticeId) -> String {
    format!("__Host-desk-{practice}")
}

/// The value of a cookie.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then(|| value.to_owned()))
}

/// The header that sets a cookie for so many seconds; 0 takes it away.
pub(crate) fn set_cookie(name: &str, value: &str, seconds: u32) -> String {
    format!("{name}={value}; Max-Age={seconds}; Path=/; Secure; HttpOnly; SameSite=Lax")
}

//! Answering what Lambda hands over.

use std::{future::Future, pin::Pin};

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
};
use chrono::DateTime;
use lambda_http::request::RequestContext;
use lambda_runtime::{LambdaEvent, service_fn};
use serde::{Serialize, de::DeserializeOwned};

use super::CloudError;
use crate::{Deadline, Problem, RequestId, Source, of_request, panics::unless_it_panics};

/// Serves a router behind an HTTP API (payload 2.0, stage `$default`: no prefix).
pub async fn serve(router: Router) -> Result<(), CloudError> {
    lambda_http::run(router.layer(from_fn(tell_of_request))).await
}

/// The answer to an event, on its way. Its type is forgotten, or the compiler would follow it
/// from here down to the last request.
type Answering<'a, A> = Pin<Box<dyn Future<Output = Result<A, CloudError>> + 'a>>;

/// Answers events that are no requests from people, each until its deadline.
///
/// What fails goes back to Lambda as failed, so that whoever sent the event sends it again.
pub async fn answer_events<'a, E, A, F>(answer: impl Fn(E, Deadline) -> F) -> Result<(), CloudError>
where
    E: DeserializeOwned,
    A: Serialize + 'a,
    F: Future<Output = Result<A, Problem>> + 'a,
{
    lambda_runtime::run(service_fn(|event: LambdaEvent<E>| -> Answering<'a, A> {
        let deadline = deadline(event.context.deadline);
        // Whoever sent the event is told of a failure, and must not read what a panic says.
        let work = unless_it_panics(answer(event.payload, deadline));
        let answered = of_request(RequestId(event.context.request_id), work);
        Box::pin(async { answered.await?.map_err(|problem| problem.for_the_log().into()) })
    }))
    .await
}

/// When Lambda stops a call, from the milliseconds since 1970 that it tells.
fn deadline(milliseconds: u64) -> Deadline {
    let at = i64::try_from(milliseconds).ok().and_then(DateTime::from_timestamp_millis);
    at.map_or(Deadline::NONE, Deadline::at)
}

/// Passes on what Lambda knows of a request: where it comes from, and what it is called.
async fn tell_of_request(mut request: Request, next: Next) -> Response {
    let source = match request.extensions().get::<RequestContext>() {
        Some(RequestContext::ApiGatewayV2(context)) => context.http.source_ip.clone(),
        _ => None,
    };
    if let Some(source) = source {
        request.extensions_mut().insert(Source(source));
    }
    if let Some(context) = request.extensions().get::<lambda_http::Context>() {
        let id = RequestId(context.request_id.clone());
        request.extensions_mut().insert(id);
    }
    next.run(request).await
}

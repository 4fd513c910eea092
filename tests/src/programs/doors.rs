//! An HTTP API in front of the functions: a request becomes an event, and an answer a response (AWS,
//! "Working with AWS Lambda proxy integrations for HTTP APIs", payload format 2.0).

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{Response, header, request::Parts},
    routing::any,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use serde_json::{Map, Value, json};
use tokio::sync::Mutex;

use super::Program;
use crate::template::Template;

type Running = Arc<Mutex<Program>>;

/// The routes of the template, each leading to its function; what no route takes has one, too.
pub(super) fn doors(running: &BTreeMap<String, Running>) -> Router {
    let mut router = Router::new();
    for function in Template::read().functions() {
        let to_it = || any(pass_on).with_state(Arc::clone(&running[&function.name]));
        let events = function.properties["Events"].as_object().cloned().unwrap_or_default();
        for event in events.values().filter(|event| event["Type"] == "HttpApi") {
            router = match event["Properties"]["Path"].as_str() {
                Some(path) => router.route(path, to_it()),
                None => router.fallback_service(to_it()),
            };
        }
    }
    router
}

async fn pass_on(State(program): State<Running>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.expect("a whole body").to_bytes();
    let mut program = program.lock().await;
    program.asked().await;
    response(&program.answer(&event(&parts, &body)).await)
}

/// A page that is looked at.
pub fn page_event(path: &str) -> Value {
    let request = Request::get(path).header("host", "book.example.org");
    let request = request.header("sec-fetch-site", "none").body(()).expect("a request");
    event(&request.into_parts().0, &Bytes::new())
}

fn event(parts: &Parts, body: &Bytes) -> Value {
    let text = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let cookies = parts.headers.get(header::COOKIE).map(text).unwrap_or_default();
    let cookies: Vec<&str> = cookies.split("; ").filter(|pair| !pair.is_empty()).collect();
    let others = parts.headers.iter().filter(|(name, _)| **name != header::COOKIE);
    let headers: Map<String, Value> =
        others.map(|(name, value)| (name.to_string(), text(value).into())).collect();
    let host = headers.get("host").cloned().unwrap_or_default();
    let (path, method) = (parts.uri.path(), parts.method.as_str());
    let mut event = json!({
        "version": "2.0",
        "routeKey": "ANY /{practice}",
        "rawPath": path,
        "rawQueryString": parts.uri.query().unwrap_or_default(),
        "cookies": cookies,
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": host,
            "domainPrefix": "book",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.7",
                "userAgent": "a browser",
            },
            "requestId": "id",
            "routeKey": "ANY /{practice}",
            "stage": "$default",
            "time": "23/Nov/2026:10:00:00 +0000",
            "timeEpoch": 1_795_428_000_000_u64,
        },
        "isBase64Encoded": false,
    });
    // A request without a body has none in its event either, not an empty one.
    if !body.is_empty() {
        event["body"] = BASE64_STANDARD.encode(body).into();
        event["isBase64Encoded"] = true.into();
    }
    event
}

fn response(answer: &Value) -> Response<Body> {
    let status = answer["statusCode"].as_u64().and_then(|status| u16::try_from(status).ok());
    let mut response = Response::builder().status(status.expect("a status"));
    for (name, value) in answer["headers"].as_object().into_iter().flatten() {
        response = response.header(name, value.as_str().unwrap_or_default());
    }
    for cookie in answer["cookies"].as_array().into_iter().flatten() {
        response = response.header(header::SET_COOKIE, cookie.as_str().unwrap_or_default());
    }
    let body = answer["body"].as_str().unwrap_or_default();
    let body = if answer["isBase64Encoded"] == true {
        BASE64_STANDARD.decode(body).expect("base64")
    } else {
        body.as_bytes().to_vec()
    };
    response.body(Body::from(body)).expect("a response")
}

//! What each function is woken by: an ordinary event of its day.

use serde_json::{Value, json};
use tests::World;

/// An event for a function.
pub(crate) struct Event {
    /// Whose program.
    pub(crate) function: &'static str,
    /// What it is told.
    pub(crate) payload: Value,
}

/// One event for each function, and one for the program that does nothing.
pub(crate) async fn events(world: &World) -> Vec<Event> {
    let mut ana = world.visitor("Ana Moura");
    ana.opts_in().await.expect(200);
    ana.completes_questionnaire().await.expect(200);
    let pages = [
        ("opt-in", "/harbour".to_owned()),
        ("questionnaire", ana.link("/questionnaire/")),
        ("calendar", ana.link("/calendar/")),
        ("desk", "/harbour/desk/sign-in".to_owned()),
    ];
    let page = |(function, path): (&'static str, String)| Event { function, payload: get(&path) };
    let read = |text: &str| serde_json::from_str(text).expect("an example of an event");
    let stream = read(include_str!("../../../functions/post/events/stream.json"));
    let minute = read(include_str!("../../../functions/reminders/events/minute.json"));
    let mut events: Vec<Event> = pages.into_iter().map(page).collect();
    events.push(Event { function: "post", payload: stream });
    events.push(Event { function: "reminders", payload: minute });
    events.push(Event { function: "hello", payload: json!({ "hello": "world" }) });
    events
}

/// A request as an HTTP API hands it over (payload 2.0).
fn get(path: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "ANY /{practice}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": { "host": "book.example.org", "sec-fetch-site": "none" },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "book.example.org",
            "domainPrefix": "book",
            "http": {
                "method": "GET",
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
    })
}

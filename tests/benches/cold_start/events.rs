//! What each function is woken by: an ordinary event of its day.

use serde_json::{Value, json};
use tests::{World, programs::page_event};

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
    let page =
        |(function, path): (&'static str, String)| Event { function, payload: page_event(&path) };
    let read = |text: &str| serde_json::from_str(text).expect("an example of an event");
    let stream = read(include_str!("../../../functions/post/events/stream.json"));
    let minute = read(include_str!("../../../functions/reminders/events/minute.json"));
    let mut events: Vec<Event> = pages.into_iter().map(page).collect();
    events.push(Event { function: "post", payload: stream });
    events.push(Event { function: "reminders", payload: minute });
    events.push(Event { function: "hello", payload: json!({ "hello": "world" }) });
    events
}

//! Writes a copy of a practice in which a client stands at each point of the way: what tests of later
//! versions read.
//!
//! `cargo run -p tests --example copy_of_a_practice -- tests/data/copies/form-1.jsonl`, once for each
//! form in which items were ever released; never again for an old one.

use std::{env, path::Path};

use chrono::TimeDelta;
use shell::{LinkKeys, LinkSecret};
use tests::{Edits, StaffMember, Typist, World};

/// Where a calendar that somebody else keeps is read.
const OTHER: &str = "https://calendar.example.com/private/mara.ics";

fn main() {
    let file = env::args().nth(1).expect("where to write it");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let world = World::with(with_limits).await;
        Box::pin(live(&world)).await;
        Box::pin(wait(&world)).await;
        let keys = LinkKeys::new(LinkSecret::new([7; 32]));
        let store = &world.house.shell.store;
        let typist = Typist::who_types("");
        operate::write_copy(store, None, &keys, world.now(), Path::new(&file), &typist)
            .await
            .expect("a copy");
    });
}

fn with_limits(practice: &mut Edits) {
    practice.replace("practice.toml", "# [limits]", "[limits]\nsessions_a_month = 40");
}

fn with_reading(practice: &mut Edits) {
    with_limits(practice);
    let after = ["calendar_after = \"questionnaire\"", "calendar_after = \"reading\""];
    practice.replace("practice.toml", after[0], after[1]);
}

/// One time on Wednesdays, so that somebody waits.
fn with_little_time(practice: &mut Edits) {
    with_limits(practice);
    let mut set = |from: &str, to: &str| practice.replace("practice.toml", from, to);
    for day in ["monday", "tuesday", "thursday"] {
        set(&format!("{day} = [\"09:00-12:30\", \"14:00-17:30\"]"), "");
    }
    set("wednesday = [\"09:00-12:30\", \"14:00-17:30\"]", "wednesday = [\"10:00-11:00\"]");
    set("friday = [\"09:00-12:30\"]", "");
    set("open = [\"10:00-13:00\"]", "open = []");
    set("booking_days = 30", "booking_days = 7");
}

/// A few days, at the end of which there is somebody at every point of the way.
async fn live(world: &World) {
    let mut assistant = world.assistant();
    let mut held = world.visitor("Held");
    assistant.books(&mut held).await;
    let mut cancelled = world.visitor("Cancelled");
    assistant.books(&mut cancelled).await;
    cancelled.cancels("").await.expect(200);
    let (mut absent, mut unsaid) = (world.visitor("Absent"), world.visitor("Unsaid"));
    for visitor in [&mut absent, &mut unsaid] {
        assistant.books(visitor).await;
    }
    let last = unsaid.appointment().await.slot.end;
    world.until(last + TimeDelta::days(1)).await;
    assistant.signs_in().await;
    assistant.records(&held, "held").await.expect(200);
    assistant.records(&absent, "no-show").await.expect(200);
    let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nEND:VCALENDAR\r\n";
    world.feeds.put(OTHER, calendar);
    opens_calendars(&mut assistant).await;

    world.visitor("Invited").opts_in().await.expect(200);
    world.visitor("Choosing").may_choose().await;
    world.visitor("Asking").asks_for_times(3).await;
    let mut booked = world.visitor("Booked");
    assistant.books(&mut booked).await;
    let mut moving = world.visitor("Moving");
    assistant.books(&mut moving).await;
    let other: Vec<String> = moving.times().await.into_iter().take(1).collect();
    moving.proposes(&other).await.expect(200);
}

/// A calendar that somebody else keeps, and one that a phone reads.
async fn opens_calendars(assistant: &mut StaffMember<'_>) {
    for (page, own) in [
        (
            "/harbour/desk/calendar/others",
            [("name", "My own"), ("address", OTHER), ("grace", "24")],
        ),
        ("/harbour/desk/calendar/phone", [("titles", "names"), ("name", ""), ("grace", "")]),
    ] {
        let form = assistant.browser.get(page).await.expect(200);
        let (key, guard) = (form.field("key"), form.field("guard"));
        let mut fields = vec![("key", key.as_str()), ("guard", guard.as_str())];
        fields.extend(own);
        assistant.browser.post(page, &fields).await.expect(200);
    }
}

/// Somebody whose answers are read first, and somebody who waits for a time.
async fn wait(world: &World) {
    world.edit(with_reading).await;
    let mut reading = world.visitor("Reading");
    reading.opts_in().await.expect(200);
    reading.completes_questionnaire().await.expect(200);
    world.edit(with_little_time).await;
    let mut first = world.visitor("First");
    first.asks_for_times(1).await;
    let mut listed = world.visitor("Listed");
    listed.may_choose().await;
    let calendar = listed.link("/calendar/");
    let page = listed.browser.get(&calendar).await.expect(200);
    let key = page.field("key");
    let until = (world.now() + TimeDelta::days(28)).format("%Y-%m-%d").to_string();
    let wishes = [
        ("key", key.as_str()),
        ("weekday", "wed"),
        ("from", "09:00"),
        ("to", "12:00"),
        ("until", until.as_str()),
        ("zone", "Europe/Lisbon"),
    ];
    listed.browser.post(&format!("{calendar}/wishes"), &wishes).await.expect(200);
    world.edit(with_limits).await;
}

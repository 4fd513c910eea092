//! Proposing, approving, declining, changing, cancelling.

use chrono::{DateTime, TimeDelta};
use domain::{Invitation, Stage};
use tests::World;

#[tokio::test]
async fn proposed_times_are_held_for_the_client_and_from_everybody_else() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut ben = world.visitor("Ben");
    let held = ana.asks_for_times(3).await;
    ben.opts_in().await.expect(200);
    ben.completes_questionnaire().await.expect(200);
    let offered = ben.times().await;
    assert!(held.iter().all(|time| !offered.contains(time)));
    let told = ben.proposes(&held[..1]).await.expect(200);
    assert!(told.words().contains("Somebody was faster"), "{}", told.words());
    assert!(matches!(ben.file().await.stage, Stage::Choosing { .. }));
}

#[tokio::test]
async fn approving_one_time_frees_the_others() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    ana.opts_in().await.expect(200);
    ana.completes_questionnaire().await.expect(200);
    let times = ana.times().await;
    let held = [times[0].clone(), times[8].clone(), times[16].clone()];
    ana.proposes(&held).await.expect(200);
    assistant.signs_in().await;
    assistant.approves(&ana, &held[1]).await.expect(200);
    let mut ben = world.visitor("Ben");
    ben.opts_in().await.expect(200);
    ben.completes_questionnaire().await.expect(200);
    let offered = ben.times().await;
    assert!(offered.contains(&held[0]) && offered.contains(&held[2]), "free again");
    assert!(!offered.contains(&held[1]));
}

/// A time as letters write it, for somebody in Lisbon in winter.
fn in_words(minutes: &str) -> String {
    let at = DateTime::from_timestamp(minutes.parse::<i64>().unwrap() * 60, 0).unwrap();
    at.format("%A %-d %B %Y, %H:%M").to_string()
}

#[tokio::test]
async fn declining_tells_the_client_and_opens_the_calendar_again() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    ana.asks_for_times(2).await;
    assistant.signs_in().await;
    assistant.declines(&ana, "I am travelling that week.").await.expect(200);
    assert!(ana.last_letter().text.contains("I am travelling that week."));
    let Stage::Choosing { invitation, .. } = ana.file().await.stage else { panic!("choosing") };
    assert_eq!(invitation, Invitation::Declined);
    let times = ana.times().await;
    let letter = ana.last_letter().text;
    let open: Vec<String> = times.iter().map(|minutes| in_words(minutes)).collect();
    let named: Vec<&String> = open.iter().filter(|time| letter.contains(*time)).collect();
    let day = |time: &str| time.split(',').next().unwrap().to_owned();
    let mut days: Vec<String> = open.iter().map(|time| day(time)).collect();
    days.dedup();
    assert_eq!(named.iter().map(|time| day(time)).collect::<Vec<_>>(), days[..3], "{letter}");
    assert_eq!(letter.matches("November 2026, ").count(), 3, "and no other: {letter}");
    ana.proposes(&times[..1]).await.expect(200);
    assert!(matches!(ana.file().await.stage, Stage::Asked(_)));
}

#[tokio::test]
async fn the_letters_link_shows_on_get_and_acts_on_post() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let times = ana.asks_for_times(1).await;
    let link = world.assistant().last_letter().link("/request/");
    let mut scanner = world.browser();
    for _ in 0..3 {
        scanner.get(&link).await.expect(200);
    }
    assert!(!ana.is_booked().await, "looking changes nothing");
    let key = scanner.get(&link).await.field("key");
    scanner
        .post(&format!("{link}/approve"), &[("key", &key), ("start", &times[0])])
        .await
        .expect(200);
    assert!(ana.is_booked().await);
    let answered = scanner.get(&link).await.expect(200);
    assert!(answered.words().contains("no longer open"));
}

#[tokio::test]
async fn a_change_keeps_the_old_time_until_a_new_one_is_approved() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    let first = ana.asks_for_times(1).await;
    assistant.signs_in().await;
    assistant.approves(&ana, &first[0]).await.expect(200);
    let appointment = ana.link("/appointment/");
    let page = ana.browser.get(&appointment).await.expect(200);
    assert!(page.body.contains("/calendar/"), "the way to change");
    let times = ana.times().await;
    let later: Vec<String> = times.into_iter().filter(|time| *time != first[0]).take(1).collect();
    ana.proposes(&later).await.expect(200);
    let Stage::Booked { appointment, change } = ana.file().await.stage else {
        panic!("still booked")
    };
    assert_eq!((appointment.slot.start.timestamp() / 60).to_string(), first[0]);
    assert!(change.is_some());
    assistant.approves(&ana, &later[0]).await.expect(200);
    let Stage::Booked { appointment: moved, change: None } = ana.file().await.stage else {
        panic!("moved")
    };
    assert_eq!((moved.id, moved.sequence), (appointment.id, 1));
    let invitation = ana.last_letter().invitation.unwrap();
    assert!(invitation.contains("SEQUENCE:1"), "{invitation}");
}

#[tokio::test]
async fn cancelling_frees_the_time_and_tells_both_sides() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    let time = assistant.books(&mut ana).await;
    ana.cancels("My train was cancelled.").await.expect(200);
    let goodbye = ana.last_letter();
    assert!(goodbye.invitation.unwrap().contains("METHOD:CANCEL"));
    assert!(world.owner().last_letter().text.contains("My train was cancelled."));
    assert!(ana.times().await.contains(&time), "free again");
    let gone = ana.browser.get(&ana.link("/appointment/")).await.expect(200);
    assert!(gone.words().contains("No appointment is booked"));
    assert!(gone.body.contains("/harbour/calendar/"), "and the way on");
}

#[tokio::test]
async fn the_practice_cancels_with_a_word_and_a_way_on() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    assistant.books(&mut ana).await;
    let appointment = ana.appointment().await;
    let id = appointment.id.to_string();
    let fields = [("appointment", id.as_str()), ("note", "Mara is ill.")];
    assistant.does(&ana, "cancel", &fields).await.expect(200);
    let letter = ana.last_letter();
    assert!(letter.text.contains("Mara is ill.") && letter.text.contains("/calendar/"));
    assert!(letter.invitation.unwrap().contains("STATUS:CANCELLED"));
}

#[tokio::test]
async fn an_unanswered_request_reminds_staff_and_then_apologises() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.may_choose().await;
    let held = ana.times().await.pop().expect("a time far ahead");
    ana.proposes(std::slice::from_ref(&held)).await.expect(200);
    let mut ben = world.visitor("Ben");
    ben.may_choose().await;
    assert!(!ben.times().await.contains(&held), "held for Ana");
    world.after(TimeDelta::hours(12)).await;
    assert_eq!(world.assistant().letters().len(), 2, "request and reminder");
    world.after(TimeDelta::hours(12)).await;
    let Stage::Choosing { invitation, .. } = ana.file().await.stage else { panic!("choosing") };
    assert_eq!(invitation, Invitation::Expired);
    assert!(ana.last_letter().text.contains("/calendar/"));
    assert!(ben.times().await.contains(&held), "free again");
}

#[tokio::test]
async fn a_wish_to_move_by_other_rules_never_frees_the_booked_time() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();
    let booked = ana.asks_for_times(1).await.remove(0);
    assistant.signs_in().await;
    assistant.approves(&ana, &booked).await.expect(200);
    world
        .edit(|practice| practice.replace("practice.toml", "\nminutes = 50", "\nminutes = 40"))
        .await;
    ana.proposes(std::slice::from_ref(&booked)).await.expect(200);
    assert!(ana.file().await.request().is_some(), "the same start, by the new length");
    assistant.declines(&ana, "").await.expect(200);
    let mut ben = world.visitor("Ben");
    ben.may_choose().await;
    assert!(!ben.times().await.contains(&booked), "Ana's call stands");
}

#[tokio::test]
async fn a_practice_may_approve_by_itself() {
    let world = World::with(|practice| {
        practice.replace("practice.toml", "approval = \"staff\"", "approval = \"automatic\"");
    })
    .await;
    let mut ana = world.visitor("Ana");
    let times = ana.asks_for_times(2).await;
    let appointment = ana.appointment().await;
    assert_eq!((appointment.slot.start.timestamp() / 60).to_string(), times[0], "the first choice");
    assert!(world.assistant().letters().is_empty(), "nobody is asked");
    assert!(ana.last_letter().invitation.is_some());
}

#[tokio::test]
async fn hostile_choices_are_answered_in_words() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.opts_in().await.expect(200);
    ana.completes_questionnaire().await.expect(200);
    let path = ana.link("/calendar/");
    for query in [
        "?t=-1&t=99999999999&t=abc&zone=Mars/Olympus&from=0000-00-00",
        "?from=9999-12-31",
        "?zone=Europe%2FLisbon%00",
        "/review?t=1&t=2",
        "/review",
    ] {
        let page = ana.browser.get(&format!("{path}{query}")).await;
        assert_eq!(page.status, 200, "{query}: {}", page.words());
    }
    let many = "&t=1".repeat(401);
    ana.browser.get(&format!("{path}?zone=UTC{many}")).await.expect(413);
    let key = "k".repeat(20);
    let gone =
        ana.browser.post(&format!("{path}/review"), &[("key", &key), ("t", "29000000")]).await;
    assert_eq!(gone.status, 409, "a time in the past: {}", gone.words());
    let none = ana.browser.post(&format!("{path}/review"), &[("key", &key)]).await.expect(409);
    assert!(none.words().contains("choose at least one time"));
}

#[tokio::test]
async fn what_was_booked_with_one_provider_stays_theirs_when_the_handbook_names_another() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut ben = world.visitor("Ben");
    let mut assistant = world.assistant();
    let booked = ana.asks_for_times(1).await.remove(0);
    assistant.signs_in().await;
    assistant.approves(&ana, &booked).await.expect(200);
    ben.may_choose().await;
    let asked = ben.times().await.remove(0);
    ben.proposes(std::slice::from_ref(&asked)).await.expect(200);
    world
        .edit(|practice| {
            practice.replace("practice.toml", "[\"assistant\"]", "[\"assistant\", \"provider\"]");
            practice.replace("practice.toml", "\nprovider = \"mara\"", "\nprovider = \"tomas\"");
        })
        .await;
    // Tomás has nothing booked: the hour that Mara has taken is open with him.
    let mut cleo = world.visitor("Cleo");
    cleo.may_choose().await;
    assert!(cleo.times().await.contains(&booked));
    // The old request is answered, and the old call cancelled, in Mara's calendar.
    assistant.approves(&ben, &asked).await.expect(200);
    assert_eq!(ben.appointment().await.providers[0].as_str(), "mara");
    let today = assistant.looks_at_today().await.expect(200);
    assert!(
        today.words().contains("Ana") && today.words().contains("Ben"),
        "calls of both calendars"
    );
    ana.cancels("").await.expect(200);
    world.verify().await;
    let sheets = world.taken_on(&booked, "mara").await;
    assert!(!sheets.iter().any(|taken| taken.slot.start == moment_of(&booked)), "given back");
}

fn moment_of(minutes: &str) -> DateTime<chrono::Utc> {
    DateTime::from_timestamp(minutes.parse::<i64>().unwrap() * 60, 0).unwrap()
}

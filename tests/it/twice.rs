//! Everything delivered twice has one effect.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::Stage;
use post::Delivery;
use shell::Deadline;
use tests::World;

#[tokio::test]
async fn every_form_posted_twice_has_one_effect_and_one_answer() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let mut assistant = world.assistant();

    let form = ana.browser.get("/harbour").await.expect(200);
    world.seconds_pass(5);
    let (key, stamp) = (form.field("key"), form.field("stamp"));
    let fields = [
        ("name", "Ana"),
        ("email", ana.email.as_str()),
        ("consent", "yes"),
        ("key", key.as_str()),
        ("stamp", stamp.as_str()),
    ];
    for _ in 0..2 {
        ana.browser.post("/harbour", &fields).await.expect(200);
        world.seconds_pass(1);
        world.settle().await;
    }
    assert_eq!(ana.letters().len(), 1, "one welcome");

    ana.completes_questionnaire_with("one-questionnaire").await.expect(200);
    ana.completes_questionnaire_with("one-questionnaire").await.expect(200);
    assert_eq!(ana.file().await.answers.unwrap().revision, 0, "completed once, never changed");
    assert_eq!(ana.letters().len(), 2, "welcome and calendar");
    let calendar = ana.link("/calendar/");
    let times: Vec<String> = ana.times().await.into_iter().take(2).collect();
    let key = "the-key-of-one-page";
    let first = ana.sends_proposal(&calendar, &times, key).await.expect(200);
    let second = ana.sends_proposal(&calendar, &times, key).await.expect(200);
    assert_eq!(first.bytes, second.bytes);
    assert_eq!(assistant.letters().len(), 1);

    assistant.signs_in().await;
    let proposal = ana.file().await.request().unwrap().id.to_string();
    let fields =
        [("key", "one-press"), ("proposal", proposal.as_str()), ("start", times[0].as_str())];
    let desk = assistant.looks_at_today().await.expect(200);
    let guard = desk.field("guard");
    let mut fields = fields.to_vec();
    fields.push(("guard", &guard));
    let approve = format!("{}/approve", assistant.file_of(&ana).await);
    for _ in 0..2 {
        assistant.browser.post(&approve, &fields).await.expect(200);
        world.settle().await;
    }
    let confirmations = ana.letters().iter().filter(|letter| letter.invitation.is_some()).count();
    assert_eq!(confirmations, 1);

    let appointment = ana.link("/appointment/");
    let booked = ana.appointment().await.id.to_string();
    for _ in 0..2 {
        let fields = [("key", "one-cancellation"), ("appointment", booked.as_str()), ("note", "")];
        let page = ana.browser.post(&format!("{appointment}/cancel"), &fields).await.expect(200);
        assert!(page.words().contains("cancelled"), "{}", page.words());
        world.settle().await;
    }
    assert!(matches!(ana.file().await.stage, Stage::Choosing { .. }));
    world.verify().await;
}

#[tokio::test]
async fn a_wish_is_remembered_for_a_month() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.opts_in().await.expect(200);
    ana.completes_questionnaire().await.expect(200);
    let calendar = ana.link("/calendar/");
    let times: Vec<String> = ana.times().await.into_iter().take(1).collect();
    ana.sends_proposal(&calendar, &times, "an-old-page").await.expect(200);
    world.after(TimeDelta::days(30)).await;
    let requests = world.assistant().letters().len();
    let again = ana.sends_proposal(&calendar, &times, "an-old-page").await.expect(200);
    assert!(!again.words().is_empty());
    assert_eq!(world.assistant().letters().len(), requests, "nothing was asked again");
}

#[tokio::test]
async fn a_letter_delivered_twice_leaves_once() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.opts_in().await.expect(200);
    assert_eq!(ana.letters().len(), 1);
    let client = ana.file().await.id;
    let letters = world.house.shell.store.letters(&world.practice, &client).await.unwrap();
    let office = anteroom::Mailbox::in_memory();
    for letter in &letters {
        let delivery = post::deliver(&world.house.shell, &office, &letter.key).await.unwrap();
        assert_eq!(delivery, Delivery::Ended);
    }
    assert!(office.mails().is_empty());
}

#[tokio::test]
async fn the_clock_twice_in_one_minute_does_everything_once() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.opts_in().await.expect(200);
    world.asleep_until(world.now() + TimeDelta::days(1) + TimeDelta::hours(1));
    let shell = Arc::new(world.house.shell.clone());
    let both = [Arc::clone(&shell), shell].map(|shell| {
        tokio::spawn(async move { reminders::run(&shell, Deadline::NONE).await.unwrap() })
    });
    for one in both {
        one.await.unwrap();
    }
    world.settle().await;
    assert_eq!(ana.letters().len(), 2, "welcome and one nudge");
}

#[tokio::test]
async fn a_sign_in_whose_answer_was_lost_finds_its_own_session_and_nobody_elses() {
    let world = World::new().await;
    let store = &world.house.shell.store;
    let sign_in = store::SignIn {
        id: "one".to_owned(),
        staff: None,
        browser: "a-browser".to_owned(),
        expires_at: world.now() + TimeDelta::minutes(10),
    };
    let written = store::Written { at: world.now(), request: None };
    store.put_sign_in(&world.practice, &sign_in, written).await.unwrap();
    let uses = async |session: &str| store.use_sign_in(&world.practice, "one", session).await;
    assert!(uses("mine").await.unwrap());
    assert!(uses("mine").await.unwrap(), "the same request, sent again");
    assert!(!uses("another").await.unwrap());
}

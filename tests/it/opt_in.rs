//! Asking for a session: what is kept, what is sent, what is said.

use chrono::TimeDelta;
use tests::{Visitor, World};

const FORM: &str = "/harbour";

async fn send(
    world: &World,
    visitor: &mut Visitor<'_>,
    changes: &[(&str, &str)],
) -> tests::Answered {
    let page = visitor.browser.get(FORM).await.expect(200);
    world.seconds_pass(5);
    let (key, stamp) = (page.field("key"), page.field("stamp"));
    let mut fields = vec![
        ("name", visitor.name.as_str()),
        ("email", visitor.email.as_str()),
        ("consent", "yes"),
        ("website", ""),
        ("key", key.as_str()),
        ("stamp", stamp.as_str()),
    ];
    for (name, value) in changes {
        fields.retain(|(field, _)| field != name);
        fields.push((name, value));
    }
    let answered = visitor.browser.post(FORM, &fields).await;
    world.settle().await;
    answered
}

#[tokio::test]
async fn every_mistake_is_said_at_once_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let wrong = [("name", ""), ("email", "ana@"), ("consent", "")];
    let page = send(&world, &mut ana, &wrong).await.expect(422);
    let words = page.words();
    for expected in ["tell us your name", "check the email address", "tick the box"] {
        assert!(words.to_lowercase().contains(expected), "{expected}: {words}");
    }
    assert!(page.body.contains("value=\"ana@\""), "what was typed stays");
    assert!(world.letters().is_empty());
}

#[tokio::test]
async fn a_form_filled_in_faster_than_a_person_can_is_asked_for_once_more() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let page = ana.browser.get(FORM).await.expect(200);
    let (key, stamp) = (page.field("key"), page.field("stamp"));
    let fields = [
        ("name", "Ana"),
        ("email", "ana@example.org"),
        ("consent", "yes"),
        ("key", &key),
        ("stamp", &stamp),
    ];
    let again = ana.browser.post(FORM, &fields).await.expect(422);
    assert!(again.words().contains("once more"));
    world.seconds_pass(5);
    assert_eq!(ana.browser.post(FORM, &fields).await.expect(200).path, "/harbour/thanks");
}

#[tokio::test]
async fn who_fills_in_the_hidden_field_is_asked_once_more_and_loses_nothing() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let again = send(&world, &mut ana, &[("website", "http://spam.example")]).await.expect(422);
    assert!(again.words().contains("once more"), "{}", again.words());
    assert!(again.body.contains("checked"), "the consent stays ticked");
    assert!(world.file(&ana.email).await.is_none(), "a machine gets no further");
    let fields = [
        ("name", "Ana".to_owned()),
        ("email", ana.email.clone()),
        ("key", again.field("key")),
        ("stamp", again.field("stamp")),
    ];
    let mut fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.push(("consent", "yes"));
    assert_eq!(ana.browser.post(FORM, &fields).await.expect(200).path, "/harbour/thanks");
}

#[tokio::test]
async fn known_and_unknown_addresses_get_the_same_answer() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    let first = ana.opts_in().await.expect(200);
    ana.completes_questionnaire().await.expect(200);
    let second = ana.opts_in().await.expect(200);
    assert_eq!(first.bytes, second.bytes);
    let back = ana.last_letter();
    let page = ana.browser.get(&back.link("/resume/")).await.expect(200);
    assert!(page.path.contains("/calendar/"), "goes on where she was: {}", page.path);
}

#[tokio::test]
async fn the_letters_to_an_unproven_address_say_nothing_the_visitor_typed() {
    let world = World::new().await;
    let mut prankster = world.visitor("Buy Pills Now");
    prankster.opts_in().await.expect(200);
    prankster.opts_in().await.expect(200);
    world.after(TimeDelta::days(8)).await;
    let letters = prankster.letters();
    assert_eq!(letters.len(), 5, "welcome, welcome back, three nudges: {:?}", prankster.subjects());
    assert!(letters.iter().all(|letter| !letter.message.contains("Pills")));
}

#[tokio::test]
async fn one_address_is_written_to_three_times_a_day_at_most() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    for _ in 0..6 {
        ana.opts_in().await.expect(200);
    }
    assert_eq!(ana.letters().len(), 3);
    world.after(TimeDelta::days(1)).await;
    let before = ana.letters().len();
    ana.opts_in().await.expect(200);
    assert_eq!(ana.letters().len(), before + 1);
}

#[tokio::test]
async fn the_form_works_from_another_site() {
    let world = World::new().await;
    let mut browser = world.browser();
    let body = "name=Ana&email=ana%40example.org&consent=yes".to_owned();
    let headers = [("origin", "https://another.example"), ("sec-fetch-site", "cross-site")];
    let answered = browser.send(http::Method::POST, FORM, &headers, body).await;
    assert_eq!(answered.status, 303);
    world.settle().await;
    assert_eq!(world.letters_to("ana@example.org").len(), 1);
    let script = browser.get("/harbour/embed.js").await.expect(200);
    assert!(script.body.contains("/harbour/form"));
    let form = browser.get("/harbour/form").await.expect(200);
    let policy = form.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("frame-ancestors *"), "{policy}");
}

#[tokio::test]
async fn the_consent_record_keeps_who_when_and_the_words_shown() {
    let world = World::new().await;
    let mut ana = world.visitor("Ana");
    ana.opts_in().await.expect(200);
    let asked_at = world.now();
    let store = &world.house.shell.store;
    let journal = store.journal(&world.practice, &ana.file().await.id).await.unwrap();
    let [domain::Event::OptedIn { consent, person, .. }] = journal[0].events.as_slice() else {
        panic!("an opt-in: {journal:?}")
    };
    assert_eq!(consent.words, world.handbook.voice.consent);
    assert_eq!(consent.handbook, world.handbook.version);
    assert_eq!(person.email.as_str(), "ana@example.org");
    assert_eq!(journal[0].at, asked_at);
}

#[tokio::test]
async fn a_source_that_floods_is_kept_but_its_letters_wait_an_hour() {
    let world = World::new().await;
    let session = world.handbook.first_session().id.clone();
    let handle = |number: usize| {
        let email = domain::EmailAddress::parse(&format!("v{number}@example.org")).unwrap();
        let client = world.house.shell.links.client(&world.practice, &email);
        let person = domain::Person { name: domain::PersonName::parse("V").unwrap(), email };
        let consent =
            domain::Consent { words: String::new(), handbook: String::new(), page: String::new() };
        shell::Wish {
            practice: world.practice.clone(),
            client: client.clone(),
            id: world.house.shell.command_id(),
            actor: domain::Actor::Client,
            command: domain::Command::OptIn { client, session: session.clone(), person, consent },
            source: Some("one-source".to_owned()),
        }
    };
    for number in 0..14 {
        world.house.shell.handle(&handle(number)).await.unwrap();
    }
    world.settle().await;
    assert_eq!(world.letters().len(), 10);
    assert!(world.file("v13@example.org").await.is_some(), "nobody is lost");
    world.after(TimeDelta::hours(2)).await;
    assert_eq!(world.letters().len(), 14);
}

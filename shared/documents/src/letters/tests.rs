//! Letters, tried: what stands in them, and for whom.

mod fixtures;
mod harbour;
mod mail;
mod templates;
mod typed;

use chrono::NaiveDate;
use domain::{LetterKind, PersonName, StaffId};

use self::fixtures::{World, every_kind, instant};
use super::{AgendaCall, AgendaFacts, LetterError, Rendered, SignInFacts, agenda, sign_in};

#[test]
fn letters_to_an_unproven_address_cannot_mention_the_client() {
    let mut world = World::named("Mallory Words");
    let unproven = [
        LetterKind::Welcome,
        LetterKind::WelcomeBack,
        LetterKind::Invitation,
        LetterKind::QuestionnaireNudge(1),
        LetterKind::QuestionnaireNudge(3),
    ];
    for kind in unproven {
        let Rendered { subject, text, html, .. } = world.write(kind);
        assert!(![subject, text, html].concat().contains("Mallory"));
        let source = "Subject: x\n\n{{ client.first_name }}\n".to_owned();
        world.handbook.letters.insert(kind.name(), source);
        assert!(matches!(world.try_write(kind), Err(LetterError::Fill { .. })));
    }
}

#[test]
fn a_kind_of_session_can_have_letters_of_its_own() {
    let mut world = World::new();
    let session = world.file.session.clone();
    let own = "Subject: Another welcome\n\n[Go on]({{ links.questionnaire }})\n".to_owned();
    world.handbook.letters.insert(format!("{session}/welcome"), own.clone());
    world.handbook.letters.insert("another/calendar".to_owned(), own);
    assert_eq!(world.write(LetterKind::Welcome).subject, "Another welcome");
    let usual = world.write(LetterKind::Calendar).subject;
    assert_eq!(usual, "First conversation: choose your times", "those of others are not for this");
}

#[test]
fn a_letter_that_would_lead_nowhere_is_not_written() {
    let mut world = World::new();
    world.links.calendar.clear();
    let error = world.try_write(LetterKind::Calendar).unwrap_err();
    assert!(matches!(error, LetterError::Fill { .. }), "{error}");
    world.handbook.letters.remove("expired");
    let error = world.try_write(LetterKind::Expired).unwrap_err();
    assert_eq!(error.to_string(), "the handbook has no letter `expired`");
}

#[test]
fn both_parts_keep_their_measure() {
    let world = World::new();
    for kind in every_kind() {
        let rendered = world.write(kind);
        assert!(rendered.html.len() <= 20_000, "{kind:?}: {} bytes", rendered.html.len());
        for line in rendered.text.lines().filter(|line| !line.contains("https://")) {
            assert!(line.chars().count() <= 72, "{kind:?}: {line}");
        }
        assert_eq!(rendered.stop.is_some(), kind.is_nudge(), "{kind:?}");
        assert_eq!(rendered.html.contains("/stop/"), kind.is_nudge(), "{kind:?}");
    }
}

#[test]
fn everybody_reads_times_in_their_own_zone() {
    let mut world = World::new();
    world.file.zone = Some(chrono_tz::Asia::Kolkata);
    let text = world.write(LetterKind::ReminderDay).text;
    assert!(text.contains("Tuesday 24 November 2026 at 21:00 (Kolkata time)"), "{text}");
    let text = world.write(LetterKind::CancellationNotice).text;
    assert!(text.contains("2026 at 15:30 (Lisbon time)"), "{text}");
    let text = world.write(LetterKind::Request).text;
    assert!(text.contains("\n2. Wednesday 25 November 2026, 15:30\n"), "{text}");
}

#[test]
fn agenda_and_sign_in() {
    let World { handbook, .. } = &World::new();
    let staff = &handbook.staff[0];
    let call = AgendaCall {
        time: instant("2026-11-24T15:30:00Z"),
        client: PersonName::parse("Ana [x](y)").unwrap(),
        session: handbook.sessions[0].id.clone(),
        providers: vec![StaffId::parse("mara").unwrap()],
        link: "https://book.harbour.example/c1".into(),
    };
    let facts = |calls| AgendaFacts {
        handbook,
        staff,
        date: NaiveDate::from_ymd_opt(2026, 11, 24).unwrap(),
        calls,
        requests: 1,
        tasks: 0,
        desk: "https://book.harbour.example/desk".into(),
    };
    let busy = agenda(&facts(vec![call.clone(), call])).unwrap().text;
    assert!(
        busy.contains("- 15:30, Ana [x](y): https://book.harbour.example/c1\n- 15:30"),
        "{busy}"
    );
    assert!(busy.contains("- Requests waiting for an answer: 1\n"), "{busy}");
    let quiet = agenda(&facts(vec![])).unwrap().text;
    assert!(quiet.contains("There are no calls on Tuesday 24 November 2026."), "{quiet}");

    let link = "https://book.harbour.example/sign-in/x".to_owned();
    let facts = SignInFacts { handbook, staff, link, code: "QJ7-KF2".into() };
    let letter = sign_in(&facts).unwrap();
    assert_eq!(letter.subject, "Your sign-in to the desk of Harbour Coaching");
    assert!(letter.text.contains("Or type this code where you asked for it: QJ7-KF2"));
}

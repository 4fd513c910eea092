//! Letters as mail, and the invitations that go with them.

use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::LetterKind;

use super::fixtures::{World, every_kind, instant};
use crate::letters::{Envelope, LetterError, Rendered, message};

#[test]
fn a_message_is_well_formed_and_the_same_each_time() {
    let world = World::named("Zoë Ångström, called \"Z\" 名前");
    for kind in every_kind() {
        let mail = world.mail(kind);
        assert_eq!(mail, world.mail(kind), "{kind:?}");
        let without = mail.replace("\r\n", "");
        assert!(!without.contains(['\n', '\r']), "{kind:?} has a bare line break");
        assert!(mail.is_ascii(), "{kind:?}");
        for line in mail.lines() {
            assert!(line.len() <= 998, "{kind:?}: {line}");
        }
        assert!(mail.contains("\r\nAuto-Submitted: auto-generated\r\n"), "{kind:?}");
        let is_invitation = mail.contains("\r\nContent-Type: multipart/mixed;");
        assert_eq!(is_invitation, mail.contains("text/calendar; charset=utf-8; method="));
    }
}

#[test]
fn only_nudges_can_be_stopped_with_one_click() {
    let world = World::new();
    for kind in every_kind() {
        let mail = world.mail(kind);
        let header = "\r\nList-Unsubscribe: <https://book.harbour.example/harbour/stop/k3v9-q2-7d>\
                      \r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";
        assert_eq!(mail.contains(header), kind.is_nudge(), "{kind:?}");
    }
}

#[test]
fn nothing_typed_becomes_a_header() {
    let mut world = World::named("Zoë\r\nBcc: x@evil.example");
    world.handbook.practice.name = "Harbour\r\nBcc: x@evil.example".into();
    world.handbook.sessions[0].name = "First\r\nBcc: x@evil.example\r\n\r\nbody".into();
    for kind in [LetterKind::Confirmation, LetterKind::QuestionnaireNudge(1), LetterKind::Request] {
        let mail = world.mail(kind);
        let (head, _) = mail.split_once("\r\n\r\n").unwrap();
        let names: Vec<_> = head
            .lines()
            .filter(|line| !line.starts_with(' '))
            .map(|line| line.split_once(':').expect("a header has a name").0)
            .filter(|name| !name.starts_with("List-"))
            .collect();
        let expected = [
            "From",
            "To",
            "Subject",
            "Message-ID",
            "Date",
            "Auto-Submitted",
            "MIME-Version",
            "Content-Type",
        ];
        assert_eq!(names, expected);
    }
}

#[test]
fn words_that_no_header_can_hold_are_refused() {
    let world = World::new();
    let rendered = world.write(LetterKind::TimesNudge(1));
    let envelope = |message_id: &str| Envelope {
        from_name: "Harbour",
        from: &world.handbook.practice.email,
        to_name: None,
        to: &world.file.person.email,
        message_id: message_id.into(),
        date: world.start,
        key: "k",
    };
    for bad in ["", "a", "a@b\r\nBcc: c@d", "a b@c", "<a@b>", "a@b@c", "é@b"] {
        let refused = message(&rendered, &envelope(bad));
        assert!(matches!(refused, Err(LetterError::NoHeader(_))), "{bad}");
    }
    for bad in ["", "https://x.org/>\r\nBcc: c@d", "https://x.org/ y"] {
        let rendered = Rendered { stop: Some(bad.into()), ..rendered.clone() };
        let refused = message(&rendered, &envelope("a@b"));
        assert!(matches!(refused, Err(LetterError::NoHeader(_))), "{bad}");
    }
}

#[test]
fn invitations_name_the_zone_and_its_rules() {
    #[track_caller]
    fn check(zone: Tz, start: &str, expected: &str, offset: &str) {
        let mut world = World::in_zone(zone);
        world.start = instant(start);
        let ics = world.ics(LetterKind::Confirmation);
        assert!(ics.contains(&format!("\r\nDTSTART;TZID={zone}:{expected}\r\n")), "{ics}");
        assert!(ics.contains(&format!("BEGIN:VTIMEZONE\r\nTZID:{zone}\r\n")), "{ics}");
        assert!(ics.contains(&format!("\r\nTZOFFSETTO:{offset}\r\n")), "{ics}");
        assert!(ics.replace("\r\n", "").find(['\r', '\n']).is_none());
        assert!(ics.lines().all(|line| line.len() <= 75));
    }
    check(Tz::Europe__Lisbon, "2026-11-24T15:30:00Z", "20261124T153000", "+0000");
    check(Tz::Europe__Lisbon, "2027-06-24T15:30:00Z", "20270624T163000", "+0100");
    check(Tz::America__New_York, "2026-11-24T15:30:00Z", "20261124T103000", "-0500");
    check(Tz::Asia__Kolkata, "2026-11-24T15:30:00Z", "20261124T210000", "+0530");
    check(Tz::Australia__Sydney, "2026-11-24T15:30:00Z", "20261125T023000", "+1100");
}

#[test]
fn in_the_hour_that_comes_twice_the_instant_is_told() {
    let mut world = World::new();
    world.start = instant("2026-10-25T00:05:00Z"); // 01:05 to 01:55 in Lisbon, the first time
    let ics = world.ics(LetterKind::Confirmation);
    assert!(ics.contains("\r\nDTSTART;TZID=Europe/Lisbon:20261025T010500\r\n"), "{ics}");
    for minutes in [30, 60, 90] {
        let mut world = World::new();
        world.start = instant("2026-10-25T00:05:00Z") + TimeDelta::minutes(minutes);
        let ics = world.ics(LetterKind::Confirmation);
        let start = world.start.format("%Y%m%dT%H%M%SZ");
        assert!(ics.contains(&format!("\r\nDTSTART:{start}\r\nDTEND:2026")), "{ics}");
        assert!(!ics.contains("TZID"), "{ics}");
    }
    let ics = World::in_zone(Tz::UTC).ics(LetterKind::Confirmation);
    assert!(ics.contains("\r\nDTSTART:20261124T153000Z\r\n") && !ics.contains("TZID"), "{ics}");
}

#[test]
fn a_cancelled_time_leaves_the_calendar_again() {
    let world = World::new();
    let booked = world.ics(LetterKind::Confirmation);
    for line in ["METHOD:REQUEST", "UID:a1@harbour.anteroom", "SEQUENCE:2", "STATUS:CONFIRMED"] {
        assert!(booked.contains(&format!("\r\n{line}\r\n")), "{booked}");
    }
    for kind in [LetterKind::CancelledByClient, LetterKind::CancelledByPractice] {
        let cancelled = world.ics(kind);
        for line in ["METHOD:CANCEL", "UID:a1@harbour.anteroom", "SEQUENCE:3", "STATUS:CANCELLED"] {
            assert!(cancelled.contains(&format!("\r\n{line}\r\n")), "{cancelled}");
        }
    }
    for kind in every_kind() {
        let has_one = world.write(kind).invitation.is_some();
        let expected = [
            LetterKind::Confirmation,
            LetterKind::Moved,
            LetterKind::CancelledByClient,
            LetterKind::CancelledByPractice,
        ];
        assert_eq!(has_one, expected.contains(&kind), "{kind:?}");
    }
}

#[test]
fn a_name_breaks_no_line_of_a_calendar() {
    let mut world = World::named("Zoë \"Z\":x;y,\\ Ångström");
    world.handbook.sessions[0].name = "First\r\nATTENDEE:mailto:x@evil.example".into();
    let ics = world.ics(LetterKind::Confirmation).replace("\r\n ", "");
    assert!(ics.contains("\r\nATTENDEE;CN=\"Zoë Z:x;y,"), "{ics}");
    assert_eq!(ics.matches("\r\nATTENDEE").count(), 1, "{ics}");
}

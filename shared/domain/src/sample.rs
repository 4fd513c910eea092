//! A handbook for tests: Harbour in Lisbon, as its owner might write it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc, Weekday};

use crate::{
    Approval, BookingWindow, Buffers, Cadence, Calendar, CalendarAfter, Choice, Colour, Colours,
    CutOffs, EmailAddress, Handbook, Limits, MinuteOfDay, Opening, PersonName, Policy, Practice,
    PracticeId, Questionnaire, QuestionnaireId, Role, Rules, SessionType, SessionTypeId, Staff,
    StaffId, TimeSpan, Voice, WaitingList,
};

/// The handbook that most tests start from.
pub(crate) fn handbook() -> Handbook {
    Handbook {
        version: "0123456789abcdef".into(),
        practice: practice(),
        colours: Colours { accent: Colour([31, 85, 96]), paper: Colour([250, 246, 239]) },
        voice: voice(),
        staff: vec![
            staff("mara", "Mara Lindqvist", &[Role::Owner, Role::Provider]),
            staff("tomas", "Tomás Reis", &[Role::Assistant]),
        ],
        calendars: vec![calendar("mara")],
        sessions: vec![session()],
        questionnaires: BTreeMap::from([no_questions("first-conversation")]),
        letters: BTreeMap::new(),
        policy: Policy { text: String::new() },
        rules: rules(),
        waiting_list: Some(WaitingList { hold: TimeDelta::hours(12) }),
    }
}

/// The same with something written otherwise.
pub(crate) fn handbook_with(change: impl FnOnce(&mut Handbook)) -> Handbook {
    let mut handbook = handbook();
    change(&mut handbook);
    handbook
}

/// Weekly hours: days of the week, and a span of each.
pub(crate) fn hours(written: &[(&str, &str)]) -> Vec<Opening> {
    let openings = written.iter().flat_map(|(days, times)| {
        days.split(' ')
            .map(|day| Opening { day: day.parse::<Weekday>().unwrap(), span: span(times) })
    });
    openings.collect()
}

/// A span of a local day, written `09:00-12:30`.
pub(crate) fn span(text: &str) -> TimeSpan {
    let (from, to) = text.split_once('-').unwrap();
    TimeSpan { from: minute(from), to: minute(to) }
}

/// A minute of a day, written `09:00`.
pub(crate) fn minute(text: &str) -> MinuteOfDay {
    MinuteOfDay::parse(text).unwrap()
}

/// A wall time, written `2026-11-23 09:00`.
pub(crate) fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

/// A UTC instant, written `2026-11-23 09:00`.
pub(crate) fn utc(text: &str) -> DateTime<Utc> {
    wall(text).and_utc()
}

fn practice() -> Practice {
    Practice {
        id: PracticeId::parse("harbour").unwrap(),
        name: "Harbour".into(),
        tagline: String::new(),
        zone: chrono_tz::Europe::Lisbon,
        email: EmailAddress::parse("hello@harbour.example").unwrap(),
        phone: None,
        address: "Rua do Cais 14, Lisboa".into(),
    }
}

fn voice() -> Voice {
    Voice {
        opt_in_title: String::new(),
        opt_in_lead: String::new(),
        opt_in_button: String::new(),
        consent: String::new(),
        thanks: String::new(),
        calendar_lead: String::new(),
    }
}

fn staff(id: &str, name: &str, roles: &[Role]) -> Staff {
    Staff {
        id: StaffId::parse(id).unwrap(),
        name: PersonName::parse(name).unwrap(),
        email: EmailAddress::parse(&format!("{id}@harbour.example")).unwrap(),
        roles: roles.to_vec(),
    }
}

/// A provider's calendar with the usual hours.
pub(crate) fn calendar(provider: &str) -> Calendar {
    Calendar {
        provider: StaffId::parse(provider).unwrap(),
        hours: hours(&[
            ("Mon Tue Wed Thu", "09:00-12:30"),
            ("Mon Tue Wed Thu", "14:00-17:30"),
            ("Fri", "09:00-12:00"),
        ]),
        overrides: vec![],
        closed: vec![],
        travels: vec![],
        limits: Limits::default(),
    }
}

fn session() -> SessionType {
    SessionType {
        id: SessionTypeId::parse("first-conversation").unwrap(),
        name: "First conversation".into(),
        questionnaire: QuestionnaireId::parse("first-conversation").unwrap(),
        length: TimeDelta::minutes(50),
        buffers: Buffers { before: TimeDelta::zero(), after: TimeDelta::minutes(10) },
        every: TimeDelta::minutes(30),
        offset: TimeDelta::zero(),
        hours: None,
        notice: TimeDelta::hours(24),
        window: BookingWindow::Days(30),
        parts: vec![vec![StaffId::parse("mara").unwrap()]],
        choice: Choice::FairTurn,
        places: 1,
        by_invitation: false,
        proposals_max: 3,
        hold: TimeDelta::hours(24),
        place: "By video".into(),
        calendar_lead: None,
    }
}

/// A questionnaire that asks nothing, under its name.
pub(crate) fn no_questions(id: &str) -> (QuestionnaireId, Questionnaire) {
    let id = QuestionnaireId::parse(id).unwrap();
    let (title, lead) = (String::new(), String::new());
    (id.clone(), Questionnaire { id, title, lead, sections: vec![] })
}

fn rules() -> Rules {
    let cadence = |days: &[i64]| Cadence {
        nudges_after: days.iter().copied().map(TimeDelta::days).collect(),
        task_after: TimeDelta::days(3),
    };
    Rules {
        calendar_after: CalendarAfter::Questionnaire,
        approval: Approval::Staff,
        cut_offs: CutOffs::default(),
        staff_reminder: TimeDelta::hours(12),
        questionnaire_nudges: cadence(&[1, 3, 7]),
        times_nudges: cadence(&[1, 3]),
        agenda_at: minute("07:00"),
        day_before_at: minute("10:00"),
        nudges_between: span("09:00-18:00"),
    }
}

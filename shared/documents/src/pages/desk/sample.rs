//! A practice and its clients, made by hand: for the tests and for looking at the pages.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use domain::{
    Answers, Appointment, AppointmentId, Approval, BlockId, BookingWindow, Buffers, Cadence,
    Calendar, CalendarAfter, Choice, ClientFile, ClientId, CloseReason, Colour, Colours, Condition,
    EmailAddress, Entry, Handbook, Invitation, LetterKind, Limits, Listed, MinuteOfDay, Note,
    Offer, OverLimit, Period, Person, PersonName, Policy, Practice, PracticeId, Proposal,
    ProposalId, Question, QuestionId, QuestionKind, Questionnaire, QuestionnaireId, Reason, Role,
    Rule, Rules, Section, SessionType, SessionTypeId, Slot, Staff, StaffId, Stage, Taken, TakenFor,
    TimeSpan, Voice, Waiting, WaitingList, Wishes,
};

/// A token as long as real ones are.
pub(crate) const KEY: &str = "7f3k29x0m4q8w1z6c5v2b9n3j7h4g8d1";
pub(crate) const GUARD: &str = "Q2hhbmNlIGlzIHdoYXQgdGhpcyBwYWdlIGhhcyBub3Q";

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    format!("2026-11-{text}:00Z").parse().expect("a moment of November")
}

pub(crate) fn now() -> DateTime<Utc> {
    at("24T09:10")
}

pub(crate) fn handbook() -> Handbook {
    let minute = |text| MinuteOfDay::parse(text).expect("a time of day");
    let colour = |text| Colour::parse(text).expect("a colour");
    let provider = StaffId::parse("mara").expect("an id");
    let cadence = |days: &[i64]| Cadence {
        nudges_after: days.iter().map(|days| TimeDelta::days(*days)).collect(),
        task_after: TimeDelta::days(3),
    };
    Handbook {
        version: "3f2a9c41d07b6e58".into(),
        practice: practice(),
        colours: Colours { accent: colour("#1f5560"), paper: colour("#faf6ef") },
        voice: voice(),
        staff: vec![
            staff("mara", "Mara Lindqvist", vec![Role::Owner, Role::Provider]),
            staff("tomas", "Tomás Reis", vec![Role::Assistant]),
        ],
        calendars: vec![Calendar {
            provider: StaffId::parse("mara").expect("an id"),
            hours: vec![],
            overrides: vec![],
            closed: vec![],
            travels: vec![],
            limits: Limits::default(),
        }],
        sessions: vec![SessionType {
            id: SessionTypeId::parse("first-conversation").expect("an id"),
            name: "First conversation".into(),
            questionnaire: questionnaire().id,
            length: TimeDelta::minutes(50),
            buffers: BUFFERS,
            every: TimeDelta::minutes(30),
            offset: TimeDelta::zero(),
            hours: None,
            notice: TimeDelta::hours(24),
            window: BookingWindow::Days(30),
            parts: vec![vec![provider]],
            choice: Choice::FairTurn,
            places: 1,
            by_invitation: false,
            proposals_max: 3,
            hold: TimeDelta::hours(24),
            place: "By video, in any browser: https://meet.harbour.example/mara".into(),
            calendar_lead: None,
        }],
        questionnaires: BTreeMap::from([(questionnaire().id, questionnaire())]),
        letters: BTreeMap::new(),
        policy: Policy { text: String::new() },
        rules: Rules {
            calendar_after: CalendarAfter::Questionnaire,
            approval: Approval::Staff,
            cut_offs: domain::CutOffs::default(),
            staff_reminder: TimeDelta::hours(12),
            questionnaire_nudges: cadence(&[1, 3, 7]),
            times_nudges: cadence(&[1, 3]),
            agenda_at: minute("07:00"),
            day_before_at: minute("10:00"),
            nudges_between: TimeSpan { from: minute("09:00"), to: minute("18:00") },
        },
        waiting_list: Some(WaitingList { hold: TimeDelta::hours(12) }),
    }
}

const BUFFERS: Buffers = Buffers { before: TimeDelta::zero(), after: TimeDelta::minutes(10) };

fn practice() -> Practice {
    Practice {
        id: PracticeId::parse("harbour").expect("an id"),
        name: "Harbour Coaching".into(),
        tagline: "A quiet place to think aloud.".into(),
        zone: Tz::Europe__Lisbon,
        email: email("hello@harbour.example"),
        phone: None,
        address: "Rua do Cais 14, Lisboa".into(),
    }
}

fn voice() -> Voice {
    Voice {
        opt_in_title: "Ask for a first conversation".into(),
        opt_in_lead: String::new(),
        opt_in_button: "Ask".into(),
        consent: String::new(),
        thanks: String::new(),
        calendar_lead: String::new(),
    }
}

fn staff(id: &str, name: &str, roles: Vec<Role>) -> Staff {
    Staff {
        id: StaffId::parse(id).expect("an id"),
        name: PersonName::parse(name).expect("a name"),
        email: email(&format!("{id}@harbour.example")),
        roles,
    }
}

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).expect("an address")
}

fn questionnaire() -> Questionnaire {
    let id = |text| QuestionId::parse(text).expect("an id");
    let question = |name, ask: &str, kind| Question {
        id: id(name),
        ask: ask.into(),
        help: None,
        required: false,
        kind,
        show_if: None,
    };
    let areas = ["Work or career", "A decision I have to make", "Something else"];
    let scale = QuestionKind::Scale {
        from: 1,
        to: 10,
        from_label: "A long way off".into(),
        to_label: "Almost there".into(),
    };
    let months = QuestionKind::Number { min: None, max: None, unit: Some("months".into()) };
    let several =
        QuestionKind::Several { choices: areas.map(String::from).to_vec(), choices_max: 3 };
    let when = Condition { question: id("deadline"), is: "yes".into() };
    Questionnaire {
        id: QuestionnaireId::parse("first").expect("an id"),
        title: "Before we speak".into(),
        lead: String::new(),
        sections: vec![
            Section {
                heading: "What brings you".into(),
                help: None,
                questions: vec![
                    question(
                        "brings",
                        "What would you like to talk about?",
                        QuestionKind::Long { length_max: 3000 },
                    ),
                    question("areas", "Which of these does it touch?", several),
                    question("months", "How long has it been on your mind?", months),
                    question(
                        "deadline",
                        "Is there a day by which something has to be decided?",
                        QuestionKind::YesNo,
                    ),
                    Question {
                        show_if: Some(when),
                        ..question("day", "Which day?", QuestionKind::Date)
                    },
                ],
            },
            Section {
                heading: "What would be different".into(),
                help: None,
                questions: vec![
                    question("close", "How close to that are you today?", scale),
                    question(
                        "leave",
                        "Is there anything you would rather we left alone?",
                        QuestionKind::Long { length_max: 3000 },
                    ),
                    question("consent", "You may keep these answers.", QuestionKind::Consent),
                ],
            },
        ],
    }
}

pub(crate) fn answers() -> Answers {
    let typed = [
        (
            "brings",
            "I have been offered the lead of the team I grew up in.\nThey are my friends. I said I would answer by the end of the month, and every morning I have another answer.",
        ),
        ("areas", "Work or career"),
        ("areas", "A decision I have to make"),
        ("months", "5"),
        ("deadline", "yes"),
        ("day", "2026-11-30"),
        ("close", "4"),
        ("consent", "yes"),
        ("older-question", "An answer to a question that was since removed."),
    ];
    let named = typed.map(|(id, value)| (QuestionId::parse(id).expect("an id"), value.to_owned()));
    Answers::collect(named)
}

fn session_id() -> SessionTypeId {
    SessionTypeId::parse("first-conversation").expect("an id")
}

pub(crate) fn file(number: usize, name: &str, stage: Stage) -> ClientFile {
    let zones =
        [None, Some(Tz::Europe__Lisbon), Some(Tz::America__New_York), Some(Tz::Asia__Kolkata)];
    let has_answered = !matches!(stage, Stage::Invited(_));
    ClientFile {
        id: ClientId::parse(&format!("c{number:0>31}")).expect("an id"),
        person: Person {
            name: PersonName::parse(name).expect("a name"),
            email: email(&format!("client{number}@post.example")),
        },
        session: session_id(),
        opted_in_at: at("19T18:02"),
        asked_at: vec![at("19T18:02")],
        proposed_at: vec![],
        zone: if has_answered { zones[number % zones.len()] } else { None },
        answers: has_answered.then(|| Entry {
            questionnaire: questionnaire().id,
            revision: 1,
            completed_at: at("20T20:15"),
        }),
        stage,
        nudges_stopped: false,
        letters_not_sent: vec![],
    }
}

pub(crate) fn proposal(number: usize, starts: &[&str]) -> Proposal {
    let offer = |text: &&str| Offer {
        slot: Slot::of(at(text), TimeDelta::minutes(50)),
        providers: vec![StaffId::parse("mara").expect("an id")],
    };
    Proposal {
        session: session_id(),
        id: ProposalId::parse(&format!("p{number:0>25}")).expect("an id"),
        times: starts.iter().map(offer).collect(),
        buffers: BUFFERS,
        asked_at: at("23T18:40"),
        expires_at: at("24T18:40"),
        reminded_at: None,
    }
}

/// Somebody who waits for a Tuesday or a Thursday morning.
fn listed() -> Listed {
    let minute = |text: &str| MinuteOfDay::parse(text).expect("a time of day");
    let wishes = Wishes {
        days: vec![Weekday::Tue, Weekday::Thu],
        hours: TimeSpan { from: minute("09:00"), to: minute("12:30") },
        zone: Tz::Europe__Lisbon,
        until: at("30T00:00").date_naive(),
        with: None,
    };
    Listed::new(wishes, at("22T09:30"))
}

pub(crate) fn booked(start: &str, change: Option<Proposal>) -> Stage {
    let slot = Slot::of(at(start), TimeDelta::minutes(50));
    let appointment = Appointment {
        session: session_id(),
        providers: vec![StaffId::parse("mara").expect("an id")],
        id: AppointmentId::parse("a0000000000000000000000001").expect("an id"),
        sequence: 0,
        slot,
        buffers: BUFFERS,
        booked_at: at("22T10:00"),
        reminded: None,
        outcome_awaited_since: (slot.end < now()).then_some(slot.end),
    };
    Stage::Booked { appointment, change }
}

/// What the first two of [`everybody`] take of the calendar.
pub(crate) fn taken(files: &[ClientFile]) -> Vec<Taken> {
    files[..2].iter().flat_map(ClientFile::taken).collect()
}

/// A morning that staff keep free.
pub(crate) fn kept_free() -> Taken {
    let id = BlockId::parse("dentist").expect("an id");
    let why = Note::parse("The dentist <b>again</b>").expect("a note");
    Taken {
        provider: StaffId::parse("mara").expect("an id"),
        slot: Slot { start: at("25T09:00"), end: at("25T10:30") },
        buffers: Buffers::NONE,
        what: TakenFor::Block { id, why },
    }
}

/// A day with every kind of standing that a time can have.
pub(crate) fn starts(taken: &[Taken]) -> Vec<(DateTime<Utc>, Vec<Reason<'_>>)> {
    let held = taken.iter().find(|taken| matches!(taken.what, TakenFor::Hold { .. }));
    let booked = taken.iter().find(|taken| matches!(taken.what, TakenFor::Appointment { .. }));
    let (held, booked) = (held.expect("a hold"), booked.expect("an appointment"));
    vec![
        (at("25T09:00"), vec![Reason::Past]),
        (at("25T10:00"), vec![Reason::Rule(Rule::Notice)]),
        (at("25T11:00"), vec![]),
        (at("25T14:00"), vec![Reason::Held(held)]),
        (at("25T15:00"), vec![Reason::Taken(booked), Reason::Buffer(held)]),
        (at("25T16:00"), vec![Reason::Rule(Rule::Window), Reason::Rule(Rule::Override)]),
        (at("25T17:00"), vec![Reason::Rule(Rule::Closed)]),
        (at("25T17:10"), vec![Reason::Rule(Rule::OutsideHours)]),
        (at("25T17:20"), vec![Reason::Rule(Rule::OffGrid)]),
        (at("25T17:30"), vec![Reason::Rule(Rule::OtherSession)]),
        (at("25T17:40"), vec![Reason::Rule(Rule::Limit(OverLimit::Quota(Period::Day)))]),
    ]
}

/// One file in each stage that differs on a page, with a name that tries its worst.
pub(crate) fn everybody() -> Vec<ClientFile> {
    let waiting = |ended: bool| Waiting {
        nudges: if ended { 3 } else { 1 },
        nudged_at: Some(at("22T09:00")),
        ended_at: ended.then(|| at("23T09:00")),
        ..Waiting::since(at("19T18:02"))
    };
    let choosing = |invitation, ended| Stage::Choosing { invitation, waiting: waiting(ended) };
    let times = ["26T09:00", "26T14:30", "27T11:00"];
    let closed = |reason| Stage::Closed { reason, at: at("23T12:00") };
    let stages = vec![
        ("Ines Carvalho", Stage::Asked(proposal(1, &times))),
        ("Jonas Weidenbach", booked("25T15:00", Some(proposal(2, &["30T16:00", "30T02:00"])))),
        ("Priya Raghunathan", booked("24T08:30", None)),
        ("Sam Okonkwo", booked("24T15:00", None)),
        ("Adélaïde de Montfort-Lachaise", booked("24T16:00", Some(proposal(3, &["26T09:30"])))),
        ("Kenji Arai", booked("23T15:00", None)),
        ("Lena Fischer", Stage::Invited(waiting(true))),
        ("Noor van Dijk", Stage::Invited(waiting(false))),
        ("Marek Sobczak", Stage::Reading { since: at("23T21:12") }),
        ("Rui Figueira", choosing(Invitation::First, true)),
        ("Hana Novotná", choosing(Invitation::Missed, false)),
        ("Olu Adeyemi", closed(CloseReason::Held)),
        ("Ayşe Yıldız", Stage::Listed(listed())),
        ("Bea Lund", closed(CloseReason::ClientStopped)),
        ("<script>alert('x')</script>\"&", closed(CloseReason::ByStaff(Note::default()))),
    ];
    let mut files: Vec<ClientFile> = stages
        .into_iter()
        .zip(1..)
        .map(|((name, stage), number)| file(number, name, stage))
        .collect();
    files[9].letters_not_sent =
        vec![(LetterKind::Calendar, at("23T10:00")), (LetterKind::TimesNudge(1), at("23T11:00"))];
    files
}

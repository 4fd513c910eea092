//! A practice, a client of theirs, and every letter between them.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::{
    Appointment, AppointmentId, Buffers, ClientFile, ClientId, EmailAddress, Handbook, Letter,
    LetterKind, Listed, Matter, MinuteOfDay, Note, Offer, Person, PersonName, Proposal, ProposalId,
    Recipient, SessionTypeId, Slot, StaffId, Stage, TimeSpan, Wishes,
};

use super::harbour::handbook;
use crate::letters::{Envelope, LetterError, LetterFacts, Links, Rendered, letter, message};

/// A practice, a client, and everything a letter between them needs.
pub(super) struct World {
    pub(super) handbook: Handbook,
    pub(super) file: ClientFile,
    pub(super) links: Links,
    /// What one side says to the other.
    pub(super) note: Note,
    /// When the call begins.
    pub(super) start: DateTime<Utc>,
}

impl World {
    pub(super) fn new() -> Self {
        let start = instant("2026-11-24T15:30:00Z");
        Self {
            handbook: handbook(),
            file: file(start),
            links: links(),
            note: Note::default(),
            start,
        }
    }

    pub(super) fn named(name: &str) -> Self {
        let mut world = Self::new();
        world.file.person.name = PersonName::parse(name).unwrap();
        world
    }

    pub(super) fn in_zone(zone: Tz) -> Self {
        let mut world = Self::new();
        world.handbook.practice.zone = zone;
        world
    }

    pub(super) fn letter(&self, kind: LetterKind) -> Letter {
        let (to, matter) = match kind {
            LetterKind::Request | LetterKind::RequestReminder => (mara(), self.about_request()),
            LetterKind::Declined | LetterKind::Expired | LetterKind::TimeOffered => {
                (Recipient::Client, self.about_request())
            }
            LetterKind::CancellationNotice => (mara(), self.about_call()),
            LetterKind::Confirmation
            | LetterKind::Moved
            | LetterKind::ChangeDeclined
            | LetterKind::CancelledByClient
            | LetterKind::CancelledByPractice
            | LetterKind::ReminderDay
            | LetterKind::ReminderHour
            | LetterKind::ThankYou
            | LetterKind::MissedYou => (Recipient::Client, self.about_call()),
            LetterKind::Welcome
            | LetterKind::WelcomeBack
            | LetterKind::Invitation
            | LetterKind::QuestionnaireNudge(_)
            | LetterKind::Calendar
            | LetterKind::TimesNudge(_)
            | LetterKind::WaitEnded => {
                (Recipient::Client, Matter::File { since: self.start - TimeDelta::days(9) })
            }
        };
        let written_at = self.start - TimeDelta::days(4);
        Letter { kind, to, matter, written_at, not_before: None, not_after: None }
    }

    /// The file that a letter of this kind is about: a call is booked, and others were asked for;
    /// or somebody waits who was offered the time of that call.
    pub(super) fn file_for(&self, kind: LetterKind) -> ClientFile {
        let file = self.file.clone();
        let (LetterKind::TimeOffered, Some(request)) = (kind, file.request()) else { return file };
        let offered = Proposal { times: request.times[..1].to_vec(), ..request.clone() };
        let minute = |text: &str| MinuteOfDay::parse(text).unwrap();
        let wishes = Wishes {
            days: vec![chrono::Weekday::Mon],
            hours: TimeSpan { from: minute("09:00"), to: minute("12:00") },
            zone: self.handbook.practice.zone,
            until: self.start.date_naive(),
            with: None,
        };
        let listed = Listed { offered: Some(offered), ..Listed::new(wishes, self.start) };
        ClientFile { stage: Stage::Listed(listed), ..file }
    }

    pub(super) fn try_write(&self, kind: LetterKind) -> Result<Rendered, LetterError> {
        let World { handbook, links, .. } = self;
        let file = &self.file_for(kind);
        let open_times = &[1, 2].map(|days| self.start + TimeDelta::days(days));
        let written = &self.letter(kind);
        letter(&LetterFacts { handbook, file, letter: written, links, open_times })
    }

    #[track_caller]
    pub(super) fn write(&self, kind: LetterKind) -> Rendered {
        self.try_write(kind).unwrap_or_else(|error| panic!("{error}: {:?}", error.to_string()))
    }

    #[track_caller]
    pub(super) fn ics(&self, kind: LetterKind) -> String {
        self.write(kind).invitation.expect("this letter has an invitation").ics
    }

    #[track_caller]
    pub(super) fn mail(&self, kind: LetterKind) -> String {
        let letter = self.letter(kind);
        let envelope = Envelope {
            from_name: &self.handbook.practice.name,
            from: &self.handbook.practice.email,
            to_name: Some(&self.file.person.name),
            to: &self.file.person.email,
            message_id: format!("{}@harbour.example", letter.key()),
            date: letter.written_at,
            key: &letter.key(),
        };
        String::from_utf8(message(&self.write(kind), &envelope).unwrap()).unwrap()
    }

    fn about_request(&self) -> Matter {
        Matter::Request { proposal: ProposalId::parse("p1").unwrap(), note: self.note.clone() }
    }

    fn about_call(&self) -> Matter {
        Matter::Appointment {
            id: AppointmentId::parse("a1").unwrap(),
            sequence: 2,
            session: Some(self.file.session.clone()),
            slot: Slot::of(self.start, TimeDelta::minutes(50)),
            providers: vec![StaffId::parse("mara").unwrap()],
            note: self.note.clone(),
        }
    }
}

/// Every letter about a client file that harbour has.
pub(super) fn every_kind() -> impl Iterator<Item = LetterKind> {
    let nudges = (1..=3).map(LetterKind::QuestionnaireNudge);
    let plain = LetterKind::PLAIN.into_iter();
    plain.chain(nudges).chain((1..=2).map(LetterKind::TimesNudge))
}

pub(super) fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn mara() -> Recipient {
    Recipient::Staff(mara_id())
}

fn mara_id() -> StaffId {
    StaffId::parse("mara").unwrap()
}

fn links() -> Links {
    let link = |path: &str| format!("https://book.harbour.example/harbour/{path}/k3v9-q2-7d");
    Links {
        questionnaire: link("questionnaire"),
        calendar: link("calendar"),
        appointment: link("appointment"),
        resume: link("resume"),
        stop: link("stop"),
        client: link("desk/clients"),
        approve: link("request"),
        desk: link("desk"),
    }
}

fn file(start: DateTime<Utc>) -> ClientFile {
    let asked_at = start - TimeDelta::days(5);
    let buffers = Buffers { before: TimeDelta::zero(), after: TimeDelta::minutes(10) };
    let slot = |days: i64| Slot::of(start + TimeDelta::days(days), TimeDelta::minutes(50));
    let change = Proposal {
        session: SessionTypeId::parse("first-conversation").unwrap(),
        id: ProposalId::parse("p1").unwrap(),
        times: [0, 1, 2].map(|days| Offer { slot: slot(days), providers: vec![mara_id()] }).into(),
        buffers,
        asked_at,
        expires_at: asked_at + TimeDelta::hours(24),
        reminded_at: None,
    };
    let appointment = Appointment {
        session: SessionTypeId::parse("first-conversation").unwrap(),
        providers: vec![mara_id()],
        id: AppointmentId::parse("a1").unwrap(),
        sequence: 2,
        slot: slot(0),
        buffers,
        booked_at: asked_at,
        reminded: None,
        outcome_awaited_since: None,
    };
    ClientFile {
        id: ClientId::parse("c1").unwrap(),
        person: Person {
            name: PersonName::parse("Ana Luísa Prado").unwrap(),
            email: EmailAddress::parse("ana@client.example").unwrap(),
        },
        session: SessionTypeId::parse("first-conversation").unwrap(),
        opted_in_at: asked_at,
        asked_at: vec![asked_at],
        proposed_at: vec![],
        zone: None,
        answers: None,
        stage: Stage::Booked { appointment, change: Some(change) },
        nudges_stopped: false,
        letters_not_sent: Vec::new(),
    }
}

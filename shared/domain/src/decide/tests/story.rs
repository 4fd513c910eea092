//! The language of the stories: verbs for those who act, lines of text for what follows.

use chrono::{DateTime, TimeDelta, Utc};

use super::house::{Done, House};
use crate::{
    Actor, Answers, AppointmentId, ClientFile, ClientId, Command, Consent, EmailAddress, Event,
    Handbook, Letter, LetterKind, Matter, Note, Outcome, Person, PersonName, ProposalId, Recipient,
    Refusal, StaffId, Stage, TaskKind, Waiting, Wishes, instant_of, sample,
};

/// What happens to Ana, unless somebody else is named, from Monday 23 November 2026, 09:00 on.
pub(super) struct Story {
    pub(super) house: House,
    pub(super) client: ClientId,
    told: Vec<String>,
}

impl Story {
    pub(super) fn new() -> Self {
        Self::by(sample::handbook())
    }

    pub(super) fn by(handbook: Handbook) -> Self {
        let client = ClientId::parse("ana").unwrap();
        Self { house: House::new(handbook, sample::utc("2026-11-23 09:00")), client, told: vec![] }
    }

    /// From here on it is about somebody else.
    pub(super) fn meet(mut self, name: &str) -> Self {
        self.client = ClientId::parse(name).unwrap();
        self.told.push(format!("-- {name}"));
        self
    }

    /// The practice's clock stands there, and nobody has looked at what was due meanwhile.
    pub(super) fn at(mut self, local: &str) -> Self {
        let now = self.instant(local);
        assert!(self.house.now <= now, "a story only goes forward");
        self.house.now = now;
        self
    }

    /// Time passes, and whatever is due is done when it is due.
    pub(super) fn until(mut self, local: &str) -> Self {
        let end = self.instant(local);
        while let Some(due) = self.house.next_due(&self.client).filter(|due| *due <= end) {
            self.house.now = self.house.now.max(due);
            self = self.tick();
        }
        self.house.now = end;
        self
    }

    /// What led here is told elsewhere.
    pub(super) fn one_day(mut self) -> Self {
        self.told.clear();
        self
    }

    /// The clock is asked once what is due.
    pub(super) fn tick(mut self) -> Self {
        for done in self.house.tick(&self.client) {
            self.tell(&done);
        }
        self
    }

    pub(super) fn opt_in(self) -> Self {
        let command = opt_in(&self.client);
        self.wish(&Actor::Client, &command)
    }

    /// So many others have opted in from the same place within this hour.
    pub(super) fn after_others(mut self, opt_ins_of_source: u64) -> Self {
        self.house.opt_ins_of_source = opt_ins_of_source;
        self
    }

    pub(super) fn completes(self) -> Self {
        self.wish(&Actor::Client, &complete())
    }

    pub(super) fn proposes<const N: usize>(self, local: [&str; N]) -> Self {
        let starts = local.map(|local| self.instant(local)).to_vec();
        self.wish(
            &Actor::Client,
            &Command::ProposeTimes { starts, with: None, zone: chrono_tz::Europe::Lisbon },
        )
    }

    pub(super) fn waits(self, days: &str, hours: &str, until: &str) -> Self {
        self.wish(&Actor::Client, &Command::LeaveWishes { wishes: wishes(days, hours, until) })
    }

    /// Staff keep the next months free, so that nothing is open to anybody.
    pub(super) fn nothing_is_open(mut self) -> Self {
        self.house.close_for_months();
        self
    }

    pub(super) fn all_is_open(mut self) -> Self {
        self.house.kept_free = None;
        self
    }

    pub(super) fn withdraws(self) -> Self {
        self.wish(&Actor::Client, &Command::WithdrawWishes)
    }

    /// The house looks for a time for whoever waits.
    pub(super) fn gets_a_look(self) -> Self {
        self.wish(&Actor::Clock, &Command::OfferTime)
    }

    /// The name of what is offered from the waiting list; of nothing, where nothing is.
    pub(super) fn offer(&self) -> ProposalId {
        let file = self.house.file(&self.client);
        let offered = file.and_then(|file| file.offered());
        offered.map_or_else(|| ProposalId::parse("none").unwrap(), |offer| offer.id.clone())
    }

    pub(super) fn lets_pass(self) -> Self {
        let command = Command::PassOffer { proposal: self.offer() };
        self.wish(&Actor::Client, &command)
    }

    pub(super) fn cancels(self) -> Self {
        let command = Command::CancelAppointment { appointment: self.call(), note: note("ill") };
        self.wish(&Actor::Client, &command)
    }

    pub(super) fn stops_nudges(self) -> Self {
        self.wish(&Actor::Client, &Command::StopNudges)
    }

    pub(super) fn opens_calendar(self) -> Self {
        self.wish(&tomas(), &Command::OpenCalendar)
    }

    pub(super) fn approves(self, local: &str) -> Self {
        let command = Command::ApproveTime { proposal: self.request(), start: self.instant(local) };
        self.wish(&tomas(), &command)
    }

    pub(super) fn staff_book(self, local: &str, despite: &str) -> Self {
        let command =
            Command::BookTime { start: self.instant(local), with: None, despite: note(despite) };
        self.wish(&tomas(), &command)
    }

    pub(super) fn declines(self) -> Self {
        let command = Command::DeclineTimes { proposal: self.request(), note: note("sorry") };
        self.wish(&tomas(), &command)
    }

    pub(super) fn practice_cancels(self) -> Self {
        let command = Command::CancelAppointment { appointment: self.call(), note: note("flu") };
        self.wish(&tomas(), &command)
    }

    pub(super) fn came(self) -> Self {
        let command = Command::RecordOutcome { appointment: self.call(), outcome: Outcome::Held };
        self.wish(&tomas(), &command)
    }

    pub(super) fn did_not_come(self) -> Self {
        let command = Command::RecordOutcome { appointment: self.call(), outcome: Outcome::NoShow };
        self.wish(&tomas(), &command)
    }

    pub(super) fn invites_again(self) -> Self {
        self.wish(&tomas(), &Command::InviteAgain)
    }

    pub(super) fn closes(self) -> Self {
        self.wish(&tomas(), &Command::CloseFile { note: note("moved away") })
    }

    pub(super) fn letter_fails(self, letter: LetterKind) -> Self {
        self.wish(&Actor::Clock, &Command::ReportLetterNotSent { letter })
    }

    pub(super) fn settles_letters(self) -> Self {
        self.wish(&tomas(), &Command::SettleLetters)
    }

    pub(super) fn wish(mut self, actor: &Actor, command: &Command) -> Self {
        match self.house.wish(&self.client, actor, command) {
            Ok(done) => self.tell(&done),
            Err(refusal) => self.tell_line(&format!("refused: {refusal}")),
        }
        self
    }

    fn tell(&mut self, done: &Done) {
        self.tell_line(&outcome(done));
        for letter in &done.letters {
            self.told.push(format!("  > {}", self.letter(letter)));
        }
    }

    fn tell_line(&mut self, line: &str) {
        let when = self.local(self.house.now);
        self.told.push(format!("{when} {line}"));
    }

    /// Everything so far, and where the client stands, must read so.
    #[track_caller]
    pub(super) fn tells(mut self, expected: &str) -> Self {
        let now_at = self.standing();
        self.told.push(now_at);
        let told = std::mem::take(&mut self.told);
        check_lines(&told, expected);
        self
    }

    fn standing(&self) -> String {
        let Some(file) = self.house.file(&self.client) else { return "= no file".into() };
        let due = self.house.next_due(&self.client);
        let next = due.map(|due| format!("next {}", self.local(due)));
        let tasks = file.tasks().into_iter().map(|task| {
            format!("task since {}: {}", self.local(task.since), task_name(&task.kind))
        });
        let parts: Vec<String> =
            std::iter::once(self.stage(file)).chain(next).chain(tasks).collect();
        format!("= {}", parts.join("; "))
    }

    fn stage(&self, file: &ClientFile) -> String {
        match &file.stage {
            Stage::Invited(waiting) => format!("Invited{}", nudged(waiting)),
            Stage::Reading { .. } => "Reading".into(),
            Stage::Choosing { invitation, waiting } => {
                format!("Choosing {invitation:?}{}", nudged(waiting))
            }
            Stage::Listed(listed) => {
                let offered = listed.offered.as_ref().map_or_else(String::new, |offered| {
                    let starts: Vec<_> =
                        offered.slots().map(|slot| self.local(slot.start)).collect();
                    let until = self.local(offered.expires_at);
                    format!(", offered {} until {until}", starts.join(" "))
                });
                format!("Listed since {}{offered}", self.local(listed.since))
            }
            Stage::Asked(request) => {
                format!("Asked until {}", self.local(request.expires_at))
            }
            Stage::Booked { appointment, change } => {
                let start = self.local(appointment.slot.start);
                let moved = match appointment.sequence {
                    0 => String::new(),
                    times => format!(", moved {times}x"),
                };
                let change = change.as_ref().map_or_else(String::new, |change| {
                    format!(", change asked until {}", self.local(change.expires_at))
                });
                format!("Booked {start}{moved}{change}")
            }
            Stage::Closed { reason, .. } => format!("Closed {reason:?}"),
        }
    }

    fn letter(&self, letter: &Letter) -> String {
        let to = match &letter.to {
            Recipient::Client => String::new(),
            Recipient::Staff(staff) => format!(" to {staff}"),
        };
        let call = match &letter.matter {
            Matter::Appointment { slot, .. } => format!(" for {}", self.local(slot.start)),
            Matter::File { .. } | Matter::Request { .. } => String::new(),
        };
        let words = match &letter.matter {
            Matter::Request { note, .. } | Matter::Appointment { note, .. } if !note.is_empty() => {
                format!(" \"{}\"", note.as_str())
            }
            Matter::File { .. } | Matter::Request { .. } | Matter::Appointment { .. } => {
                String::new()
            }
        };
        let bound = |word: &str, at: Option<DateTime<Utc>>| {
            at.map_or_else(String::new, |at| format!(", {word} {}", self.local(at)))
        };
        let not_before = bound("not before", letter.not_before);
        let not_after = bound("not after", letter.not_after);
        format!("{}{to}{call}{words}{not_before}{not_after}", letter.kind.name())
    }

    fn instant(&self, local: &str) -> DateTime<Utc> {
        instant_of(self.house.handbook.practice.zone, sample::wall(local))
    }

    fn local(&self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&self.house.handbook.practice.zone);
        let seconds = local.format("%S").to_string();
        let minutes = local.format("%a %-d %b %H:%M");
        if seconds == "00" { minutes.to_string() } else { format!("{minutes}:{seconds}") }
    }

    /// One second further: the smallest step of the house.
    pub(super) fn a_second_later(mut self) -> Self {
        self.house.now += TimeDelta::seconds(1);
        self
    }

    /// The latest request, open or not.
    pub(super) fn request(&self) -> ProposalId {
        self.latest(|event| {
            if let Event::TimesProposed { proposal, .. } = event {
                return Some(proposal.id.clone());
            }
            None
        })
        .unwrap_or_else(|| ProposalId::parse("none").unwrap())
    }

    /// The latest appointment, booked or not.
    pub(super) fn call(&self) -> AppointmentId {
        self.latest(|event| {
            if let Event::TimeApproved { appointment } = event {
                return Some(appointment.id.clone());
            }
            None
        })
        .unwrap_or_else(|| AppointmentId::parse("none").unwrap())
    }

    fn latest<T>(&self, which: impl Fn(&Event) -> Option<T>) -> Option<T> {
        let life = self.house.life(&self.client)?;
        life.journal.iter().rev().find_map(|(_, event)| which(event))
    }
}

/// Compares lines, whatever their common indentation.
#[track_caller]
pub(super) fn check_lines(actual: &[String], expected: &str) {
    let wanted: Vec<&str> =
        expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let told: Vec<&str> = actual.iter().map(|line| line.trim()).collect();
    assert!(told == wanted, "it went otherwise:\n<<<\n{}\n>>>", actual.join("\n"));
}

/// The names of the events, or that nothing happened.
pub(super) fn outcome(done: &Done) -> String {
    let names: Vec<String> = done.events.iter().map(event_name).collect();
    if names.is_empty() { "nothing".into() } else { names.join(", ") }
}

fn event_name(event: &Event) -> String {
    if let Event::QuestionnaireCompleted { staff_read_first: true, .. } = event {
        return "QuestionnaireCompleted, staff read first".into();
    }
    let debug = format!("{event:?}");
    debug.split([' ', '{']).next().unwrap_or_default().to_owned()
}

/// A refusal's words, or the names of the events.
pub(super) fn answer(answer: Result<Done, Refusal>) -> String {
    answer.map_or_else(|refusal| format!("refused: {refusal}"), |done| outcome(&done))
}

fn nudged(waiting: &Waiting) -> String {
    match waiting.nudges {
        0 => String::new(),
        times => format!(", nudged {times}x"),
    }
}

fn task_name(kind: &TaskKind) -> String {
    match kind {
        TaskKind::ReadAnswers => "read the answers".into(),
        TaskKind::StoppedHalfWay => "stopped half-way".into(),
        TaskKind::RecordOutcome(_) => "say how it went".into(),
        TaskKind::LetterNotSent(letter) => format!("{} not sent", letter.name()),
    }
}

pub(super) fn tomas() -> Actor {
    Actor::Staff(StaffId::parse("tomas").unwrap())
}

pub(super) fn note(text: &str) -> Note {
    Note::parse(text).unwrap()
}

pub(super) fn opt_in(client: &ClientId) -> Command {
    let person = Person {
        name: PersonName::parse(client.as_str()).unwrap(),
        email: EmailAddress::parse(&format!("{client}@example.org")).unwrap(),
    };
    let consent = Consent { words: "Yes.".into(), handbook: "0".into(), page: "/".into() };
    let session = sample::handbook().sessions[0].id.clone();
    Command::OptIn { client: client.clone(), session, person, consent }
}

/// Wishes for these days and hours in Lisbon.
pub(super) fn wishes(days: &str, hours: &str, until: &str) -> Wishes {
    Wishes {
        days: days.split(' ').map(|day| day.parse().unwrap()).collect(),
        hours: sample::span(hours),
        zone: chrono_tz::Europe::Lisbon,
        until: until.parse().unwrap(),
        with: None,
    }
}

pub(super) fn complete() -> Command {
    let handbook = sample::handbook();
    let asked = handbook.questionnaire(handbook.first_session());
    let answers = asked.check(&Answers::default()).unwrap();
    Command::CompleteQuestionnaire { answers }
}

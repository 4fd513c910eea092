//! The practice's written rules, as the software runs them.
//!
//! A handbook is made from the practice's folder of files and never changed: an edit makes a
//! new version. The letters' and the policy's words are texts here; what they look like to a
//! reader is not this crate's business.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use chrono_tz::Tz;

use crate::{
    BookingWindow, Buffers, Cadence, ClosedDays, CutOffs, DateOverride, EmailAddress, Limits,
    MinuteOfDay, Opening, PersonName, PracticeId, Questionnaire, QuestionnaireId, SessionHours,
    SessionTypeId, StaffId, TimeSpan, Travel, WaitingList,
};

/// One version of a practice's handbook.
#[derive(Debug, Clone, PartialEq)]
pub struct Handbook {
    /// The first 16 hex digits of the SHA-256 of its files: same files, same version.
    pub version: String,
    /// Who the practice is.
    pub practice: Practice,
    /// Its colours.
    pub colours: Colours,
    /// Its words on the public pages.
    pub voice: Voice,
    /// Who works there; at least an owner and a provider.
    pub staff: Vec<Staff>,
    /// One for each provider.
    pub calendars: Vec<Calendar>,
    /// The kinds of session on offer; at least one of them on the website.
    pub sessions: Vec<SessionType>,
    /// Every questionnaire by its name, also those that no session asks at present.
    pub questionnaires: BTreeMap<QuestionnaireId, Questionnaire>,
    /// The words of every letter, by its name in the handbook; those of one kind of session alone,
    /// by `SESSION/NAME`.
    pub letters: BTreeMap<String, String>,
    /// What the practice promises and expects.
    pub policy: Policy,
    /// How the funnel runs.
    pub rules: Rules,
    /// How the waiting list is kept, if there is one.
    pub waiting_list: Option<WaitingList>,
}

/// Who the practice is.
#[derive(Debug, Clone, PartialEq)]
pub struct Practice {
    /// Its name in addresses and keys.
    pub id: PracticeId,
    /// Its name for people.
    pub name: String,
    /// One line about it.
    pub tagline: String,
    /// The zone of its rules.
    pub zone: Tz,
    /// Where its letters come from.
    pub email: EmailAddress,
    /// Where it can be called, if it wants to be.
    pub phone: Option<String>,
    /// The postal address in the footer of every letter.
    pub address: String,
}

/// An sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub [u8; 3]);

impl Colour {
    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let channel = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Self([channel(0)?, channel(2)?, channel(4)?]))
    }

    /// The contrast between two colours, 1 to 21 (WCAG 2.2, "contrast ratio").
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = self.0.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }
}

/// The two colours a practice chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colours {
    /// Buttons, links, headings.
    pub accent: Colour,
    /// The page behind the text.
    pub paper: Colour,
}

/// The practice's words on the public pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// The heading of the opt-in page.
    pub opt_in_title: String,
    /// What follows the heading.
    pub opt_in_lead: String,
    /// The button.
    pub opt_in_button: String,
    /// What the visitor agrees to by sending.
    pub consent: String,
    /// What the visitor reads after sending.
    pub thanks: String,
    /// How to use the calendar.
    pub calendar_lead: String,
}

/// What somebody does in the practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Answers for the practice; receives the morning agenda of all calls.
    Owner,
    /// Approves times; receives requests.
    Assistant,
    /// Holds the sessions; has a calendar.
    Provider,
}

/// Somebody who works in the practice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Their name in keys.
    pub id: StaffId,
    /// Their name for people.
    pub name: PersonName,
    /// Where they sign in from and are written to.
    pub email: EmailAddress,
    /// What they do; at least one.
    pub roles: Vec<Role>,
}

/// When a provider's calendar is open, and how much it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Whose it is.
    pub provider: StaffId,
    /// When it is open, week by week.
    pub hours: Vec<Opening>,
    /// Dates with hours of their own, which stand above all others.
    pub overrides: Vec<DateOverride>,
    /// Days on which it is not.
    pub closed: Vec<ClosedDays>,
    /// Days whose hours are those of another zone.
    pub travels: Vec<Travel>,
    /// How much it takes at most.
    pub limits: Limits,
}

/// A kind of session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionType {
    /// Its name in keys.
    pub id: SessionTypeId,
    /// Its name for people.
    pub name: String,
    /// What is asked before it.
    pub questionnaire: QuestionnaireId,
    /// How long it lasts.
    pub length: TimeDelta,
    /// What is kept free around it.
    pub buffers: Buffers,
    /// The step of the grid of start times; each opening begins it on a round minute.
    pub every: TimeDelta,
    /// How long after the round minute the grid begins: 5 minutes for 9:05, 9:35.
    pub offset: TimeDelta,
    /// The only hours in which it is on offer; none if it is whenever the calendar is open.
    pub hours: Option<SessionHours>,
    /// How long before it starts it can still be asked for.
    pub notice: TimeDelta,
    /// Which days can be booked.
    pub window: BookingWindow,
    /// Who gives it: one provider of each part. At least one part, none empty, nobody in two.
    pub parts: Vec<Vec<StaffId>>,
    /// Who says which one, where there are several in a part.
    pub choice: Choice,
    /// How many clients can come to the same one; 1 unless it is for a group.
    pub places: usize,
    /// Whether staff alone invite to it, so that it is not asked for on the website.
    pub by_invitation: bool,
    /// How many times a client may propose.
    pub proposals_max: usize,
    /// For how long proposed times are held.
    pub hold: TimeDelta,
    /// How the call happens, in a line.
    pub place: String,
    /// How to use the calendar, where that differs from the other kinds of session.
    pub calendar_lead: Option<String>,
}

/// Which one of several providers gives a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The one whom the client chooses.
    Client,
    /// One who is free then; of several, the one whose turn it is.
    FairTurn,
}

/// The written policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its words, Markdown.
    pub text: String,
}

/// What opens the calendar to a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarAfter {
    /// Completing the questionnaire.
    Questionnaire,
    /// A member of staff who has read the answers.
    Reading,
}

/// Who approves a proposed time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// A member of staff.
    Staff,
    /// Nobody: the first choice that is still free is booked at once.
    Automatic,
}

/// How the funnel runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// What opens the calendar to a client.
    pub calendar_after: CalendarAfter,
    /// Who approves a proposed time.
    pub approval: Approval,
    /// Until when an appointment can be cancelled or moved.
    pub cut_offs: CutOffs,
    /// When staff are reminded of an unanswered request.
    pub staff_reminder: TimeDelta,
    /// When somebody who has not completed the questionnaire is nudged.
    pub questionnaire_nudges: Cadence,
    /// When somebody who has not proposed times is nudged.
    pub times_nudges: Cadence,
    /// The local time of the agendas.
    pub agenda_at: MinuteOfDay,
    /// The local time of the reminder on the day before a call.
    pub day_before_at: MinuteOfDay,
    /// The hours in which nudges leave.
    pub nudges_between: TimeSpan,
}

impl SessionType {
    /// Everybody who may give it, in the order of the handbook.
    pub fn providers(&self) -> impl Iterator<Item = &StaffId> + Clone {
        self.parts.iter().flatten()
    }

    /// Among whom the client chooses; nobody, if there is nothing to choose.
    pub fn choosable(&self) -> &[StaffId] {
        match self.choice {
            Choice::Client => {
                self.parts.iter().find(|part| 1 < part.len()).map_or(&[], |part| part)
            }
            Choice::FairTurn => &[],
        }
    }
}

impl Handbook {
    /// The kind of session of that name; where the handbook does not have it any more, the first of
    /// the website.
    ///
    /// # Panics
    /// If there is no session at all: such a handbook was refused when it was read.
    pub fn session(&self, id: &SessionTypeId) -> &SessionType {
        let named = self.sessions.iter().find(|session| session.id == *id);
        named.unwrap_or_else(|| self.first_session())
    }

    /// The kinds of session that can be asked for on the website.
    pub fn public_sessions(&self) -> impl Iterator<Item = &SessionType> + Clone {
        self.sessions.iter().filter(|session| !session.by_invitation)
    }

    /// The kind of session that a visitor asks for who names none.
    ///
    /// # Panics
    /// If there is no public one: such a handbook was refused when it was read.
    pub fn first_session(&self) -> &SessionType {
        self.public_sessions().next().expect("a handbook without a session is refused when read")
    }

    /// What is asked before a session of this kind.
    ///
    /// # Panics
    /// If it is not there: such a handbook was refused when it was read.
    pub fn questionnaire(&self, session: &SessionType) -> &Questionnaire {
        let found = self.questionnaires.get(&session.questionnaire);
        found.expect("a session whose questionnaire is missing is refused when it is read")
    }

    /// The words of a letter about a session of this kind: its own, or else those of all.
    pub fn letter(&self, session: &SessionTypeId, name: &str) -> Option<&str> {
        let own = self.letters.get(&format!("{session}/{name}"));
        own.or_else(|| self.letters.get(name)).map(String::as_str)
    }

    /// How to use the calendar of a kind of session.
    pub fn calendar_lead<'h>(&'h self, session: &'h SessionType) -> &'h str {
        session.calendar_lead.as_deref().unwrap_or(&self.voice.calendar_lead)
    }

    /// A provider's calendar; that of the first provider, if this one has none any more.
    ///
    /// # Panics
    /// If there is no calendar at all: such a handbook was refused when it was read.
    pub fn calendar(&self, provider: &StaffId) -> &Calendar {
        let own = self.calendars.iter().find(|calendar| calendar.provider == *provider);
        own.or(self.calendars.first())
            .expect("a handbook without a provider is refused when it is read")
    }

    /// The member of staff of that name.
    pub fn staff(&self, id: &StaffId) -> Option<&Staff> {
        self.staff.iter().find(|staff| staff.id == *id)
    }

    /// The names of these members of staff, as a sentence has them: `Ana, Ben and Cleo`. Whoever
    /// is not there any more is left out.
    pub fn names(&self, ids: &[StaffId]) -> String {
        let names: Vec<&str> =
            ids.iter().filter_map(|id| Some(self.staff(id)?.name.as_str())).collect();
        match names.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
            None => String::new(),
        }
    }

    /// The first with that role; the owner, where nobody else has it.
    ///
    /// # Panics
    /// If there is no owner: such a handbook was refused when it was read.
    pub fn in_role(&self, role: Role) -> &Staff {
        let with = |role: Role| self.staff.iter().find(|staff| staff.roles.contains(&role));
        with(role)
            .or_else(|| with(Role::Owner))
            .expect("a handbook without an owner is refused when it is read")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_as_wcag_counts_it() {
        let (black, white) = (Colour([0; 3]), Colour([255; 3]));
        assert!((white.contrast(black) - 21.0).abs() < 1e-9);
        let grey = Colour::parse("#767676").unwrap();
        assert!((grey.contrast(white) - 4.54).abs() < 0.01, "the grey known to pass AA just so");
        for bad in ["767676", "#76767", "#76767g", "#+1+1+1", "#éé76"] {
            assert_eq!(Colour::parse(bad), None, "{bad}");
        }
    }
}

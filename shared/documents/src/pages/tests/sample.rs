//! A practice and its questionnaire, as large as real ones are.
//!
//! Shared by the tests of the pages and by the example that prints them all.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Approval, Buffers, Cadence, Calendar, CalendarAfter, Choice, Colour, Colours, Condition,
    EmailAddress, Handbook, Limits, MinuteOfDay, PersonName, Policy, Practice, PracticeId,
    Question, QuestionId, QuestionKind, Questionnaire, QuestionnaireId, Role, Rules, Section,
    SessionType, SessionTypeId, Staff, StaffId, TimeSpan, Voice, WaitingList,
};

use QuestionKind::{Consent, Date, Long, Number, One, Scale, Several, Short, YesNo};

/// An instant, from RFC 3339.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()
}

/// The practice.
pub(crate) fn handbook() -> Handbook {
    let minute = |text: &str| MinuteOfDay::parse(text).expect("a time of day");
    let cadence =
        || Cadence { nudges_after: vec![TimeDelta::days(1)], task_after: TimeDelta::days(3) };
    Handbook {
        version: "5d41402abc4b2a76".into(),
        practice: practice(),
        colours: Colours {
            accent: Colour::parse("#1f5560").expect("a colour"),
            paper: Colour::parse("#faf6ef").expect("a colour"),
        },
        voice: voice(),
        staff: vec![Staff {
            id: StaffId::parse("mara").expect("an id"),
            name: PersonName::parse("Mara Lindqvist").expect("a name"),
            email: EmailAddress::parse("mara@harbour.example").expect("an address"),
            roles: vec![Role::Owner, Role::Provider],
        }],
        calendars: vec![Calendar {
            provider: StaffId::parse("mara").expect("an id"),
            hours: vec![],
            overrides: vec![],
            closed: vec![],
            travels: vec![],
            limits: Limits::default(),
        }],
        sessions: vec![session()],
        questionnaires: BTreeMap::from([(questionnaire().id, questionnaire())]),
        letters: BTreeMap::new(),
        policy: Policy { text: String::new() },
        rules: Rules {
            calendar_after: CalendarAfter::Questionnaire,
            approval: Approval::Staff,
            cut_offs: domain::CutOffs::default(),
            staff_reminder: TimeDelta::hours(12),
            questionnaire_nudges: cadence(),
            times_nudges: cadence(),
            agenda_at: minute("07:00"),
            day_before_at: minute("10:00"),
            nudges_between: TimeSpan { from: minute("09:00"), to: minute("18:00") },
        },
        waiting_list: Some(WaitingList { hold: TimeDelta::hours(12) }),
    }
}

fn practice() -> Practice {
    Practice {
        id: PracticeId::parse("harbour").expect("an id"),
        name: "Harbour Coaching".into(),
        tagline: "A quiet place to think aloud.".into(),
        zone: chrono_tz::Europe::Lisbon,
        email: EmailAddress::parse("hello@harbour.example").expect("an address"),
        phone: Some("+351 200 555 014".into()),
        address: "Harbour Coaching, Rua do Cais 14, 1200-000 Lisboa, Portugal".into(),
    }
}

fn voice() -> Voice {
    Voice {
        opt_in_title: "Ask for a first conversation".into(),
        opt_in_lead: "Fifty minutes by video with Mara Lindqvist, about whatever is on your mind, for ninety euros. Tell us where to write, and we will send you a few questions to answer before you choose a time.".into(),
        opt_in_button: "Ask for a conversation".into(),
        consent: "By sending this form you agree that Harbour Coaching keeps what you enter here in order to arrange your conversation, and writes to you about it: the questions, the calendar, the confirmation and a few reminders. There is no newsletter, and your details are never sold or used for advertising. You can stop at any time, through the link in any reminder or by writing to hello@harbour.example.".into(),
        thanks: "Thank you. A letter with your next step should reach you within a few minutes. If it does not, please look in your spam folder, make sure the address you gave is the right one, or write to hello@harbour.example.".into(),
        calendar_lead: "Choose up to three times that suit you, the best one first. We hold them for you for 24 hours, and within that time we write, to confirm one of them or to ask you for others. One choice is enough; three make it easier.".into(),
    }
}

fn session() -> SessionType {
    SessionType {
        id: SessionTypeId::parse("first-conversation").expect("an id"),
        name: "First conversation".into(),
        questionnaire: questionnaire().id,
        length: TimeDelta::minutes(50),
        buffers: Buffers { before: TimeDelta::zero(), after: TimeDelta::minutes(10) },
        every: TimeDelta::minutes(30),
        notice: TimeDelta::hours(24),
        window: domain::BookingWindow::Days(30),
        offset: TimeDelta::zero(),
        hours: None,
        parts: vec![vec![StaffId::parse("mara").expect("an id")]],
        choice: Choice::FairTurn,
        places: 1,
        by_invitation: false,
        proposals_max: 3,
        hold: TimeDelta::hours(24),
        place: "By video, in any browser, nothing to install: https://meet.harbour.example/mara"
            .into(),
        calendar_lead: None,
    }
}

fn questionnaire() -> Questionnaire {
    Questionnaire {
        id: QuestionnaireId::parse("first-conversation").expect("an id"),
        title: "Before we speak".into(),
        lead: "These questions let us begin where you already are. They take about fifteen minutes, and a sentence is often enough. Only a few need an answer. What you write is saved as you go, and you can change it until the call.".into(),
        sections: sections(),
    }
}

#[rustfmt::skip]
fn sections() -> Vec<Section> {
    vec![
        part("What brings you", "Begin anywhere. It does not have to be tidy.", vec![
            ask("what-brings-you", "What would you like to talk about?", Long { length_max: 3000 }).help("A few sentences are plenty.").needed().0,
            ask("areas", "Which of these does it touch?", Several { choices: list(&["Work or career", "Leading other people", "A decision I have to make", "A change already under way", "Time, energy and limits", "Relationships", "Confidence", "Something else"]), choices_max: 3 }).help("Choose up to three.").0,
            ask("areas-else", "What would you call it?", Short { length_max: 200 }).only_if("areas", "Something else").0,
            ask("months", "How long has it been on your mind?", Number { min: Some(0.0), max: Some(600.0), unit: Some("months".into()) }).help("A rough guess is good enough.").0,
            ask("why-now", "Why now?", Long { length_max: 2000 }).help("If something happened that made you write to us, what was it?").0,
            ask("deadline", "Is there a day by which something has to be decided or done?", YesNo).0,
            ask("deadline-date", "Which day?", Date).help("If you know only the month, take its last day.").only_if("deadline", "yes").0,
        ]),
        part("What you have tried", "So that we do not send you down a road you already know.", vec![
            ask("tried", "What have you tried so far, and what came of it?", Long { length_max: 3000 }).help("Things that did not work are as useful here as things that did.").0,
            ask("who-knows", "Who knows that you are thinking about this?", One { choices: list(&["Nobody yet", "One or two people close to me", "Some of the people I work with", "Quite a few people"]) }).0,
            ask("coached-before", "Have you worked with a coach before?", YesNo).0,
            ask("coached-lesson", "What helped, and what did you miss?", Long { length_max: 2000 }).only_if("coached-before", "yes").0,
        ]),
        part("What would be different", "These are the slow questions. A first thought is welcome; it need not be the last.", vec![
            ask("a-year-on", "Suppose it is a year from now, and this has gone well. What is different?", Long { length_max: 3000 }).help("What would somebody who knows you notice first?").needed().0,
            ask("how-close", "How close to that are you today?", Scale { from: 1, to: 10, from_label: "A long way off".into(), to_label: "Almost there".into() }).0,
            ask("own-hands", "How much of it lies in your own hands?", Scale { from: 1, to: 10, from_label: "Very little".into(), to_label: "Nearly all of it".into() }).0,
            ask("first-sign", "What would be the first small sign that something is moving?", Short { length_max: 300 }).0,
            ask("well-spent", "At the end of our call, what would let you say that the time was well spent?", Long { length_max: 1500 }).needed().0,
        ]),
        part("How we will work", "The practical things, so that the call itself can be about you.", vec![
            ask("address-you", "How shall I address you?", Short { length_max: 150 }).help("The name you like to hear, how to say it, and your pronouns if you wish to give them.").0,
            ask("style", "What do you find most useful from the other person in a conversation like this?", One { choices: list(&["Questions, and time to think about them", "A plain account of what they see", "A mixture of the two", "I do not know yet"]) }).0,
            ask("leave-alone", "Is there anything you would rather we left alone?", Long { length_max: 1000 }).help("You need not say why, and you can say so during the call as well.").0,
            ask("where", "Where will you be during the call?", One { choices: list(&["At home, by myself", "In a room with a door I can close", "Somewhere I may be overheard", "I do not know yet"]) }).0,
            ask("overheard", "What would make it easier to speak freely there?", Short { length_max: 300 }).help("Another hour of the day, for instance, or a walk with the camera off.").only_if("where", "Somewhere I may be overheard").0,
            ask("easier", "Could we do something to make the call easier for you to take part in?", YesNo).help("Captions, a slower pace, a short break, no camera. There is no need to give a reason.").0,
            ask("easier-how", "What should we do?", Short { length_max: 300 }).only_if("easier", "yes").0,
            ask("who-pays", "Who will pay for the conversation?", One { choices: list(&["I will", "My employer or organisation", "It is not settled yet"]) }).help("If your employer does, they see the date and the amount, and nothing of what you write or say.").needed().0,
            ask("invoice-to", "To whom should the invoice be made out?", Long { length_max: 500 }).help("Name and address of the organisation, with a reference if they need one.").only_if("who-pays", "My employer or organisation").0,
            ask("anything-else", "Is there anything we have not asked and should have?", Long { length_max: 2000 }).0,
            ask("consent", "Harbour Coaching may keep these answers, and Mara and Tomás may read them, in order to prepare and arrange our conversation.", Consent).help("Nobody else sees them. You can ask us to show you or delete what we keep at any time.").needed().0,
        ]),
    ]
}

fn part(heading: &str, help: &str, questions: Vec<Question>) -> Section {
    Section { heading: heading.into(), help: Some(help.into()), questions }
}

fn list(choices: &[&str]) -> Vec<String> {
    choices.iter().map(|choice| (*choice).to_owned()).collect()
}

/// A question in the making.
struct Asking(Question);

fn ask(id: &str, ask: &str, kind: QuestionKind) -> Asking {
    let id = QuestionId::parse(id).expect("an id");
    Asking(Question { id, ask: ask.into(), help: None, required: false, kind, show_if: None })
}

impl Asking {
    fn help(mut self, help: &str) -> Self {
        self.0.help = Some(help.into());
        self
    }

    fn needed(mut self) -> Self {
        self.0.required = true;
        self
    }

    fn only_if(mut self, question: &str, is: &str) -> Self {
        let question = QuestionId::parse(question).expect("an id");
        self.0.show_if = Some(Condition { question, is: is.into() });
        self
    }
}

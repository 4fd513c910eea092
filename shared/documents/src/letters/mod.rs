//! Letters: the handbook's words, filled in, as text, as HTML and as one mail message.
//!
//! The way of a letter: [`letter`] fills its template in (`variables`, `template`), reads the
//! result as Markdown (`markdown`, `passage`) and writes it twice (`html`, `text`), with an
//! invitation where a time was booked or cancelled (`ics`); [`message`] makes a mail of it
//! (`mime`). [`check`] tries a template out when a handbook is read, so that no letter fails on
//! the day it is needed.
//!
//! Whatever a person typed comes out as that very text: it can become neither Markdown nor HTML,
//! neither a mail header nor a line of a calendar.

mod check;
mod html;
mod ics;
mod markdown;
mod mime;
mod prose;
mod passage;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod variables;

pub use check::{TemplateMistake, check};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    ClientFile, EmailAddress, Handbook, Letter, Matter, PersonName, SessionType, SessionTypeId,
    Staff, StaffId,
};

use self::{
    template::{Filled, Template},
    variables::Values,
};

pub use prose::prose;

/// What a letter may mention besides its own facts: finished absolute addresses.
///
/// An address that does not exist on the occasion is left empty; a letter that needs it then
/// fails instead of leading nowhere.
#[derive(Debug, Clone, Default)]
pub struct Links {
    /// The questionnaire.
    pub questionnaire: String,
    /// The calendar.
    pub calendar: String,
    /// The appointment: change or cancel.
    pub appointment: String,
    /// Where the client was when they stopped.
    pub resume: String,
    /// No more nudges.
    pub stop: String,
    /// The client file on the desk.
    pub client: String,
    /// The request, to approve or decline.
    pub approve: String,
    /// The desk.
    pub desk: String,
}

/// What a letter about a client file is made of.
#[derive(Debug, Clone, Copy)]
pub struct LetterFacts<'a> {
    /// The practice's words and rules.
    pub handbook: &'a Handbook,
    /// The file as it is now.
    pub file: &'a ClientFile,
    /// Which letter, on what occasion.
    pub letter: &'a Letter,
    /// Where it leads.
    pub links: &'a Links,
    /// For who is declined: a few times that are open now.
    pub open_times: &'a [DateTime<Utc>],
}

impl<'a> LetterFacts<'a> {
    /// The kind of session it is about: that of the call, where it is about one, else the one that
    /// the client is on the way to.
    fn session(&self) -> &'a SessionType {
        let of_matter = match &self.letter.matter {
            Matter::Appointment { session, .. } => session.as_ref(),
            Matter::Request { .. } | Matter::File { .. } => None,
        };
        self.handbook.session(of_matter.unwrap_or(&self.file.session))
    }
}

/// What the morning agenda is made of.
#[derive(Debug, Clone)]
pub struct AgendaFacts<'a> {
    /// The practice's words and rules.
    pub handbook: &'a Handbook,
    /// Who reads it.
    pub staff: &'a Staff,
    /// The day it is about.
    pub date: NaiveDate,
    /// The calls of that day, in order.
    pub calls: Vec<AgendaCall>,
    /// How many requests wait for an answer.
    pub requests: usize,
    /// How many tasks are open.
    pub tasks: usize,
    /// The address of the desk.
    pub desk: String,
}

/// A call on the agenda.
#[derive(Debug, Clone)]
pub struct AgendaCall {
    /// When it begins.
    pub time: DateTime<Utc>,
    /// With which client.
    pub client: PersonName,
    /// Which kind of session it is.
    pub session: SessionTypeId,
    /// Who gives it.
    pub providers: Vec<StaffId>,
    /// The address of the client file.
    pub link: String,
}

/// What a sign-in letter is made of.
#[derive(Debug, Clone)]
pub struct SignInFacts<'a> {
    /// The practice's words and rules.
    pub handbook: &'a Handbook,
    /// Who signs in.
    pub staff: &'a Staff,
    /// The address that signs in.
    pub link: String,
    /// The code that does the same.
    pub code: String,
}

/// A letter as its reader will see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// For readers without HTML; lines end with LF.
    pub text: String,
    /// For everybody else.
    pub html: String,
    /// What goes into the reader's calendar.
    pub invitation: Option<Invitation>,
    /// The address behind "no more reminders"; nudges only.
    pub stop: Option<String>,
}

/// A calendar invitation, or its withdrawal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Which of the two.
    pub method: Method,
    /// The iCalendar object; lines end with CRLF.
    pub ics: String,
}

/// What an invitation asks the reader's calendar to do (RFC 5546).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Take the appointment in, or put it where it now is.
    Request,
    /// Take it out.
    Cancel,
}

/// What stands on the outside of a letter.
#[derive(Debug, Clone)]
pub struct Envelope<'a> {
    /// The practice's name.
    pub from_name: &'a str,
    /// The practice's address.
    pub from: &'a EmailAddress,
    /// The reader's name; none where the address is not yet proven.
    pub to_name: Option<&'a PersonName>,
    /// The reader's address.
    pub to: &'a EmailAddress,
    /// The message id, without angle brackets, such as `key@harbour.example`.
    pub message_id: String,
    /// When it was written.
    pub date: DateTime<Utc>,
    /// The letter's key: the same letter, the same bytes.
    pub key: &'a str,
}

/// Why a letter cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// The handbook has no words for it.
    #[error("the handbook has no letter `{0}`")]
    NoSuchLetter(String),
    /// It is for somebody the handbook does not know.
    #[error("the handbook has no member of staff `{0}`")]
    NoSuchStaff(StaffId),
    /// Its template has no subject line.
    #[error("the letter `{0}` does not begin with its subject")]
    NoSubject(String),
    /// Its template cannot be filled in.
    #[error("fill in the letter `{name}`")]
    Fill {
        /// Which letter.
        name: String,
        /// What went wrong, and in which line.
        source: minijinja::Error,
    },
    /// An address of the envelope cannot stand in a header.
    #[error("write the address on the envelope")]
    Address(#[source] lettre::address::AddressError),
    /// A message id or a stop address cannot stand in a header.
    #[error("the {0} cannot stand in a mail header")]
    NoHeader(&'static str),
    /// The message cannot be put together.
    #[error("put the message together")]
    Message(#[source] lettre::error::Error),
}

/// Writes a letter about a client file.
pub fn letter(facts: &LetterFacts<'_>) -> Result<Rendered, LetterError> {
    let kind = facts.letter.kind;
    let name = kind.name();
    let values = variables::of_letter(&name, facts)?;
    let stop = kind.is_nudge().then(|| facts.links.stop.clone());
    let source = facts.handbook.letter(&facts.session().id, &name);
    let rendered = render(facts.handbook, (&name, source), &values, stop)?;
    Ok(Rendered { invitation: ics::invitation(facts), ..rendered })
}

/// Writes the morning agenda.
pub fn agenda(facts: &AgendaFacts<'_>) -> Result<Rendered, LetterError> {
    of_house(facts.handbook, variables::AGENDA, &variables::of_agenda(facts))
}

/// Writes the letter with which somebody of the practice signs in.
pub fn sign_in(facts: &SignInFacts<'_>) -> Result<Rendered, LetterError> {
    of_house(facts.handbook, variables::SIGN_IN, &variables::of_sign_in(facts))
}

/// One message as bytes (RFC 5322); lines end with CRLF.
pub fn message(rendered: &Rendered, envelope: &Envelope<'_>) -> Result<Vec<u8>, LetterError> {
    mime::message(rendered, envelope)
}

/// A letter about no session.
fn of_house(handbook: &Handbook, name: &str, values: &Values) -> Result<Rendered, LetterError> {
    let source = handbook.letters.get(name).map(String::as_str);
    render(handbook, (name, source), values, None)
}

/// A letter of this name and with these words, if there are any.
fn render(
    handbook: &Handbook,
    (name, source): (&str, Option<&str>),
    values: &Values,
    stop: Option<String>,
) -> Result<Rendered, LetterError> {
    let source = source.ok_or_else(|| LetterError::NoSuchLetter(name.to_owned()))?;
    let template = Template::read(source).ok_or_else(|| LetterError::NoSubject(name.to_owned()))?;
    let Filled { subject, body } = template
        .fill(values)
        .map_err(|source| LetterError::Fill { name: name.to_owned(), source })?;
    let blocks = markdown::read(&body).blocks;
    Ok(Rendered {
        text: text::write(&blocks, &handbook.practice, stop.as_deref()),
        html: html::write(handbook, &subject, &blocks, stop.as_deref()),
        subject,
        invitation: None,
        stop,
    })
}

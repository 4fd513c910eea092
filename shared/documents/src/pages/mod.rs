//! The pages that visitors and staff see: facts in, HTML out.
//!
//! Every page is complete without a script and without a style; both only make it nicer. All
//! text that somebody typed goes through maud's escaping, and no page carries an inline style
//! or script, so the strictest content policy holds.
//!
//! Start reading at `layout`, then follow a visitor: `opt_in`, `questionnaire`, `calendar`,
//! `appointment`.

mod layout;
mod words;
mod opt_in;
mod questionnaire;
mod calendar;
mod appointment;
mod problem;
mod style;
pub mod desk;
pub mod house;

pub use appointment::{AppointmentPage, appointment, cancelled, no_appointment, stop, stopped};
pub use calendar::{
    AskedPage, CALENDAR_SCRIPT, CalendarPage, CalendarPurpose, Lost, ReviewPage, Trouble,
    TypedWishes, WaitingPart, ZoneBy, asked, calendar, review,
};
pub use opt_in::{FieldMistake, OptInForm, embed_script, opt_in, policy, thanks};
pub use problem::{ProblemPage, problem};
pub use questionnaire::{
    AfterAnswers, QUESTIONNAIRE_SCRIPT, QuestionnaireDone, QuestionnairePage, QuestionnaireStatus,
    questionnaire, questionnaire_done,
};
pub use style::{neutral_style, style};

#[cfg(test)]
pub(crate) mod tests;

//! What is true: the rules of a practice, as pure functions over plain types.
//!
//! Nothing here waits, opens, draws a number or reads a clock; the present moment is an
//! argument. A wish comes in as a [`Command`], [`decide`] answers with [`Event`]s or a
//! [`Refusal`], [`evolve`] folds the events into the [`ClientFile`], and [`consequences`]
//! names the letters that follow from them.
//!
//! Start reading at [`Stage`]: where a client stands, and what is true there.

mod answers_in_order;
mod appointment;
mod calendar;
mod client_file;
mod command;
mod consequences;
mod cut_off;
mod decide;
mod event;
mod evolve;
mod feed_address;
mod handbook;
mod hours;
mod ids;
mod letter;
mod local_time;
mod person;
mod proposal;
mod questionnaire;
mod refusal;
#[cfg(test)]
mod sample;
mod stage;
mod task;
mod text;
mod timers;
mod waiting_list;

pub use answers_in_order::AnswersInOrder;
pub use appointment::{Appointment, Outcome, Reminder};
pub use calendar::{
    BookingWindow, Buffers, DaySheet, DaySheets, InARow, Limits, Offer, OtherCalendar, OverLimit,
    Period, Quota, Reason, Roster, Rule, SheetDay, Slot, Taken, TakenFor, Timetable, keep_free,
    offers, reasons,
};
pub use client_file::{ClientFile, Entry, Person};
pub use command::{Actor, Command, Consent};
pub use consequences::consequences;
pub use cut_off::{CutOff, CutOffs};
pub use decide::{Circumstances, decide};
pub use event::Event;
pub use evolve::{evolve, fold};
pub use feed_address::{BadFeedAddress, FeedAddress};
pub use handbook::{
    Approval, Calendar, CalendarAfter, Choice, Colour, Colours, Handbook, Policy, Practice, Role,
    Rules, SessionType, Staff, Voice,
};
pub use hours::{ClosedDays, DateOverride, Opening, SessionHours, TimeSpan, Travel};
pub use ids::{
    AppointmentId, BlockId, ClientId, CommandId, InvalidId, PracticeId, ProposalId, QuestionId,
    QuestionnaireId, SessionTypeId, StaffId,
};
pub use letter::{Letter, LetterKind, Matter, Recipient, StopReason};
pub use local_time::{MinuteOfDay, instant_of, local_date, next_local, one_each_day};
pub use person::{EmailAddress, InvalidEmail, InvalidName, PersonName};
pub use proposal::Proposal;
pub use questionnaire::{
    Answers, AnswersTooLarge, CompleteAnswers, Condition, Mistake, Question, QuestionKind,
    Questionnaire, Section,
};
pub use refusal::Refusal;
pub use stage::{Cadence, CloseReason, Invitation, Stage, Waiting};
pub use task::{Task, TaskKind};
pub use text::{Note, TooLong, is_disguise};
pub use timers::{Timer, in_nudge_hours, next_due, timers};
pub use waiting_list::{Listed, WaitingList, Wishes};

//! The questionnaire: saved as one goes, completed when it is complete.

mod controls;

use domain::{
    Answers, Condition, Handbook, Mistake, Question, QuestionKind, Questionnaire, Section,
};
use maud::{Markup, html};

use super::layout::{Room, Sheet, plain, reach, sheet};
use crate::Addresses;

/// The script of the questionnaire: shows and hides, and saves as one goes.
pub const QUESTIONNAIRE_SCRIPT: &str = include_str!("script/questionnaire.js");

/// The questionnaire as one client sees it.
pub struct QuestionnairePage<'a> {
    /// The token of the page's link.
    pub link: &'a str,
    /// Names this wish, so that sending it twice does one thing.
    pub key: &'a str,
    /// The questions.
    pub questionnaire: &'a Questionnaire,
    /// What was typed so far.
    pub answers: &'a Answers,
    /// What is wrong with it.
    pub mistakes: &'a [Mistake],
    /// How far it is.
    pub status: QuestionnaireStatus,
}

/// How far a questionnaire is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionnaireStatus {
    /// Nothing is on file.
    New,
    /// A draft is on file.
    Saved,
    /// The draft was put on file by this very press.
    JustSaved,
    /// It was completed; answers may be changed until the call.
    Complete,
}

/// What follows a completed questionnaire.
pub struct QuestionnaireDone<'a> {
    /// What the client can do next.
    pub next: AfterAnswers,
    /// Whether it was completed just now, for the first time.
    pub is_first: bool,
    /// The token of the questionnaire's link.
    pub questionnaire_link: &'a str,
}

/// What somebody can do who has completed the questionnaire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AfterAnswers {
    /// Choose times, by this token of the calendar's link.
    Choose(String),
    /// Look at the times asked for, by this token of the calendar's link.
    Asked(String),
    /// Look at the booked time, by this token of the appointment's link.
    Booked(String),
    /// Wait for a letter.
    Wait,
}

/// The questionnaire.
pub fn questionnaire(handbook: &Handbook, page: &QuestionnairePage<'_>) -> Markup {
    let addresses = Addresses::of(&handbook.practice.id);
    let questionnaire = page.questionnaire;
    let save = addresses.questionnaire_save(page.link);
    let is_complete = page.status == QuestionnaireStatus::Complete;
    let (kept, send) = if is_complete {
        ("Saved. We see your changes at once.", "Send the changes")
    } else {
        ("Saved.", "Send my answers")
    };
    let main = html! {
        @if !is_complete { p.step { "Step 2 of 4" } }
        h1 { (questionnaire.title) }
        p.lead { (questionnaire.lead) }
        @if page.mistakes.is_empty() { (notice(page.status)) }
        form method="post" action=(addresses.questionnaire(page.link)) novalidate
            data-save=(save) data-kept=(kept) {
            (summary(questionnaire, page.mistakes))
            @let sections = questionnaire.sections.len();
            @for (at, section) in questionnaire.sections.iter().enumerate() {
                (section_of(page, section, (at + 1, sections)))
            }
            input type="hidden" name="key" value=(page.key);
            div.actions {
                button { (send) }
                @if !is_complete {
                    button.quiet formaction=(save) formnovalidate { "Save and go on later" }
                }
            }
            p.live role="status" {}
        }
    };
    let script = Some(addresses.questionnaire_script());
    let title = &questionnaire.title;
    sheet(handbook, Sheet { title, room: Room::Column, script, is_public: false }, &main)
}

fn notice(status: QuestionnaireStatus) -> Markup {
    html! {
        @match status {
            QuestionnaireStatus::New => {}
            QuestionnaireStatus::Saved => p.note { "Welcome back. What you wrote before is here." },
            QuestionnaireStatus::JustSaved => p.note role="status" tabindex="-1" autofocus {
                strong { "Saved." }
                " Go on whenever you like, on any device: the link in our letter brings you back here."
            },
            QuestionnaireStatus::Complete => p.note {
                strong { "We have your answers." } " You may change them here until the call begins."
            },
        }
    }
}

fn summary(questionnaire: &Questionnaire, mistakes: &[Mistake]) -> Markup {
    html! {
        @if !mistakes.is_empty() {
            div.summary role="alert" tabindex="-1" autofocus {
                p {
                    strong {
                        @if let [_] = mistakes { "One answer needs another look." }
                        @else { (mistakes.len()) " answers need another look." }
                    }
                    " Everything you wrote is still here."
                }
                ul {
                    @for mistake in mistakes {
                        @let ask = questionnaire.question(&mistake.question).map(|q| &*q.ask);
                        li {
                            a href={ "#q-" (mistake.question) } { (ask.unwrap_or("A question")) }
                        }
                    }
                }
            }
        }
    }
}

fn section_of(page: &QuestionnairePage<'_>, section: &Section, (at, of): (usize, usize)) -> Markup {
    let heading = format!("section-{at}");
    html! {
        section aria-labelledby=(heading) {
            header {
                @if 1 < of { p.step { "Part " (at) " of " (of) } }
                h2 id=(heading) { (section.heading) }
                @if let Some(help) = &section.help { p { (help) } }
            }
            @for question in &section.questions {
                @let mistake = page.mistakes.iter().find(|mistake| mistake.question == question.id);
                (question_of(page, question, mistake))
            }
        }
    }
}

fn question_of(
    page: &QuestionnairePage<'_>,
    question: &Question,
    mistake: Option<&Mistake>,
) -> Markup {
    let condition = question.show_if.as_ref();
    let id = condition.map(|_| &question.id);
    let earlier = condition.map(|condition| &condition.question);
    let is = condition.map(|condition| &condition.is);
    html! {
        div.question data-id=[id] data-if=[earlier] data-is=[is] {
            @if let Some(condition) = condition { (only_if(page.questionnaire, condition)) }
            (controls::control(question, page.answers.of(&question.id), mistake))
        }
    }
}

/// What somebody reads who has no script to hide the question.
fn only_if(questionnaire: &Questionnaire, condition: &Condition) -> Markup {
    let earlier = questionnaire.question(&condition.question);
    let answer = match earlier.map(|earlier| &earlier.kind) {
        Some(QuestionKind::Consent) => {
            return html! { p.only-if { "Only if you ticked the box above" } };
        }
        Some(QuestionKind::YesNo) => controls::yes_or_no(&condition.is),
        _ => &condition.is,
    };
    html! { p.only-if { "Only if you answered “" (answer) "” above" } }
}

/// The page after completing it.
pub fn questionnaire_done(handbook: &Handbook, page: &QuestionnaireDone<'_>) -> Markup {
    let addresses = Addresses::of(&handbook.practice.id);
    let answers = addresses.questionnaire(page.questionnaire_link);
    let ours = if page.is_first { "We have your answers." } else { "We have your changes." };
    let main = html! {
        h1 { "Thank you" }
        @match &page.next {
            AfterAnswers::Choose(calendar) => {
                p.lead { (ours) " Now choose the times that would suit you." }
                p { a.button href=(addresses.calendar(calendar)) { "Go to the calendar" } }
                @if page.is_first {
                    p.hint { "The same link is on its way to you by letter, for later." }
                }
            }
            AfterAnswers::Asked(calendar) => {
                p.lead { (ours) " The times you asked for are with us; our answer comes by letter." }
                p { a.button.quiet href=(addresses.calendar(calendar)) { "Look at your times" } }
            }
            AfterAnswers::Booked(appointment) => {
                p.lead { (ours) " We read them before we talk." }
                p { a.button.quiet href=(addresses.appointment(appointment)) { "To your appointment" } }
            }
            AfterAnswers::Wait => {
                p.lead { (ours) " We read them first; then a letter brings you the link to the calendar." }
                p.hint { "If nothing comes, please write or call: " (reach(handbook)) "." }
            }
        }
        p.ways { a href=(answers) { "Read or change your answers" } }
    };
    plain(handbook, "Thank you", &main)
}

//! The answers, section by section, as the questionnaire asks for them.

use domain::{Answers, QuestionKind, Questionnaire};
use maud::{Markup, html};

use crate::answer_in_words;

/// Every question that was asked, with its answer or without.
pub(super) fn answers(questionnaire: &Questionnaire, answers: &Answers) -> Markup {
    html! {
        @for section in &questionnaire.sections {
            h3 { (section.heading) }
            dl class="answers" {
                @for question in &section.questions {
                    @if questionnaire.is_shown(question, answers) {
                        dt { (question.ask) }
                        (answer(&question.kind, answers.of(&question.id)))
                    }
                }
            }
        }
        (no_longer_asked(questionnaire, answers))
    }
}

fn answer(kind: &QuestionKind, values: &[String]) -> Markup {
    html! {
        @for value in values { dd { (shown(kind, value)) } }
        @if values.is_empty() { dd class="hint" { "Not answered" } }
    }
}

fn shown(kind: &QuestionKind, value: &str) -> Markup {
    html! {
        (answer_in_words(kind, value))
        @if let QuestionKind::Scale { from, to, from_label, to_label } = kind {
            span class="hint" { " (" (from) ": " (from_label) ", " (to) ": " (to_label) ")" }
        }
    }
}

/// Answers to questions that an edit of the questionnaire has removed: nothing typed is lost.
fn no_longer_asked(questionnaire: &Questionnaire, answers: &Answers) -> Markup {
    let left: Vec<_> = questionnaire.no_longer_asked(answers).collect();
    html! {
        @if !left.is_empty() {
            h3 { "No longer asked" }
            dl class="answers" {
                @for (id, values) in left {
                    dt { (id) }
                    @for value in values { dd { (value) } }
                }
            }
        }
    }
}

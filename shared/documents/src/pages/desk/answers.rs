//! The answers, section by section, as the questionnaire asks for them.

use domain::{Answers, ClientFile, Handbook, Question, QuestionId, QuestionKind};
use maud::{Markup, html};

use crate::answer_in_words;

/// Every question that was asked, with its answer or without; then what was answered to others.
pub(super) fn answers(handbook: &Handbook, file: &ClientFile, answers: &Answers) -> Markup {
    let in_order = handbook.answers_in_order(file, answers);
    html! {
        @for (section, questions) in &in_order.asked {
            h3 { (section.heading) }
            (list(questions, answers))
        }
        @for (questionnaire, questions) in &in_order.asked_elsewhere {
            h3 { "From “" (questionnaire.title) "”" }
            (list(questions, answers))
        }
        (no_longer_asked(&in_order.no_longer_asked))
    }
}

fn list(questions: &[&Question], answers: &Answers) -> Markup {
    html! {
        dl class="answers" {
            @for question in questions {
                dt { (question.ask) }
                (answer(&question.kind, answers.of(&question.id)))
            }
        }
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
fn no_longer_asked(left: &[(&QuestionId, &[String])]) -> Markup {
    html! {
        @if !left.is_empty() {
            h3 { "No longer asked" }
            dl class="answers" {
                @for (id, values) in left {
                    dt { (id) }
                    @for value in *values { dd { (value) } }
                }
            }
        }
    }
}

//! The answers, section by section, as the questionnaire asks for them.

use chrono::NaiveDate;
use domain::{Answers, QuestionKind, Questionnaire};
use maud::{Markup, html};

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

/// An answer as it is read. What does not fit its kind is shown as it was typed.
fn shown(kind: &QuestionKind, value: &str) -> Markup {
    match kind {
        QuestionKind::Short { .. }
        | QuestionKind::Long { .. }
        | QuestionKind::One { .. }
        | QuestionKind::Several { .. } => html! { (value) },
        QuestionKind::Scale { from, to, from_label, to_label } => html! {
            strong { (value) }
            span class="hint" { " on a scale from " (from) " (" (from_label) ") to " (to) " (" (to_label) ")" }
        },
        QuestionKind::Number { unit, .. } => html! {
            (value) @if let Some(unit) = unit { " " (unit) }
        },
        QuestionKind::Date => html! { (date(value)) },
        QuestionKind::YesNo if value == "yes" => html! { "Yes" },
        QuestionKind::YesNo if value == "no" => html! { "No" },
        QuestionKind::Consent if value == "yes" => html! { "Agreed" },
        QuestionKind::YesNo | QuestionKind::Consent => html! { (value) },
    }
}

fn date(value: &str) -> String {
    NaiveDate::parse_from_str(value, "%Y-%m-%d")
        .map_or_else(|_| value.to_owned(), |date| date.format("%A %-d %B %Y").to_string())
}

/// Answers to questions that an edit of the questionnaire has removed: nothing typed is lost.
fn no_longer_asked(questionnaire: &Questionnaire, answers: &Answers) -> Markup {
    let mut left: Vec<_> = answers
        .iter()
        .filter(|(id, values)| !values.is_empty() && questionnaire.question(id).is_none())
        .collect();
    left.sort();
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

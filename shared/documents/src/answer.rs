//! How an answer reads: the same words on the desk and in the PDF.

use std::borrow::Cow;

use chrono::NaiveDate;
use domain::QuestionKind;

/// One typed value in words. What does not fit its kind, because the question was changed since, is
/// shown as it was typed.
pub fn answer_in_words<'a>(kind: &QuestionKind, value: &'a str) -> Cow<'a, str> {
    match kind {
        QuestionKind::Scale { to, .. } => format!("{value} of {to}").into(),
        QuestionKind::Number { unit: Some(unit), .. } => format!("{value} {unit}").into(),
        QuestionKind::Date => NaiveDate::parse_from_str(value, "%Y-%m-%d")
            .map_or(value.into(), |date| date.format("%A %-d %B %Y").to_string().into()),
        QuestionKind::YesNo if value == "yes" => "Yes".into(),
        QuestionKind::YesNo if value == "no" => "No".into(),
        QuestionKind::Consent if value == "yes" => "Agreed".into(),
        QuestionKind::YesNo
        | QuestionKind::Consent
        | QuestionKind::Short { .. }
        | QuestionKind::Long { .. }
        | QuestionKind::One { .. }
        | QuestionKind::Several { .. }
        | QuestionKind::Number { unit: None, .. } => value.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: &QuestionKind, value: &str, expected: &str) {
        assert_eq!(answer_in_words(kind, value), expected);
    }

    #[test]
    fn an_answer_reads_as_it_was_meant() {
        check(&QuestionKind::YesNo, "no", "No");
        check(&QuestionKind::Consent, "yes", "Agreed");
        check(&QuestionKind::Date, "2027-03-31", "Wednesday 31 March 2027");
        let hours = Some("hours".to_owned());
        check(&QuestionKind::Number { min: None, max: None, unit: hours }, "7.5", "7.5 hours");
    }

    #[test]
    fn an_answer_that_does_not_fit_is_shown_as_typed() {
        check(&QuestionKind::YesNo, "My employer pays", "My employer pays");
        check(&QuestionKind::Consent, "no", "no");
        check(&QuestionKind::Date, "in spring", "in spring");
    }
}

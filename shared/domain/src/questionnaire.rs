//! The questions a practice asks before the first call, and what counts as an answer.
//!
//! Answers are kept as they were typed, so that nothing is lost; [`Questionnaire::check`] is
//! the one door through which they become [`CompleteAnswers`].

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::{QuestionId, QuestionnaireId, text::clean};

/// A questionnaire as the handbook defines it.
#[derive(Debug, Clone, PartialEq)]
pub struct Questionnaire {
    /// Its name in the handbook.
    pub id: QuestionnaireId,
    /// The heading of its page.
    pub title: String,
    /// What the reader is told before the first question.
    pub lead: String,
    /// Its parts, in reading order.
    pub sections: Vec<Section>,
}

/// Questions that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// A sentence under the heading.
    pub help: Option<String>,
    /// In reading order.
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Its name inside the questionnaire.
    pub id: QuestionId,
    /// The question itself.
    pub ask: String,
    /// A hint under the question.
    pub help: Option<String>,
    /// Whether the questionnaire is complete without it.
    pub required: bool,
    /// What an answer looks like.
    pub kind: QuestionKind,
    /// When it is asked at all; always, if none.
    pub show_if: Option<Condition>,
}

/// Asked only if an earlier question was answered so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The earlier question.
    pub question: QuestionId,
    /// The answer it must have, or contain.
    pub is: String,
}

/// What an answer looks like.
#[derive(Debug, Clone, PartialEq)]
pub enum QuestionKind {
    /// One line of text.
    Short {
        /// In characters.
        length_max: usize,
    },
    /// Several lines of text.
    Long {
        /// In characters.
        length_max: usize,
    },
    /// One of the choices.
    One {
        /// What may be chosen.
        choices: Vec<String>,
    },
    /// Several of the choices.
    Several {
        /// What may be chosen.
        choices: Vec<String>,
        /// How many at the most.
        choices_max: usize,
    },
    /// A whole number on a short scale.
    Scale {
        /// The lowest step.
        from: i32,
        /// The highest step.
        to: i32,
        /// What the lowest step means.
        from_label: String,
        /// What the highest step means.
        to_label: String,
    },
    /// A number, whole or with a decimal part.
    Number {
        /// The least that is accepted.
        min: Option<f64>,
        /// The most that is accepted.
        max: Option<f64>,
        /// What is counted.
        unit: Option<String>,
    },
    /// A calendar date.
    Date,
    /// Yes or no.
    YesNo,
    /// A tick of agreement.
    Consent,
}

/// Answers larger than any questionnaire asks for, or than can be kept of one client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "these answers are too long to keep: at most {values} answers and {characters} characters at once",
    values = Answers::VALUES_MAX,
    characters = Answers::CHARACTERS_MAX
)]
pub struct AnswersTooLarge;

/// What was typed so far, question by question, right or wrong.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Answers(BTreeMap<QuestionId, Vec<String>>);

/// Prints a count: answers never reach a log by accident.
impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Answers({} …)", self.0.len())
    }
}

impl Answers {
    /// How many values the answers to one questionnaire may have, each choice counted.
    pub const VALUES_MAX: usize = 200;
    /// How many questions may be answered at once, the answers that say nothing counted.
    pub const QUESTIONS_MAX: usize = 250;
    /// How many characters they may have together.
    pub const CHARACTERS_MAX: usize = 60_000;
    /// How many bytes of UTF-8 all answers of one client may have, to whatever they were ever asked and
    /// with the names of the questions: about as much as the largest questionnaire in any script, or
    /// several of them in Latin letters.
    pub const KEPT_BYTES_MAX: usize = 4 * Self::CHARACTERS_MAX;
    /// How many questions one client may have answered, whatever they were ever asked.
    pub const KEPT_QUESTIONS_MAX: usize = 1_000;

    /// Gathers typed values under their questions, however many. Empty values and disguises go,
    /// the rest stays as typed.
    pub fn collect(typed: impl IntoIterator<Item = (QuestionId, String)>) -> Self {
        let mut answers = Self::default();
        for (question, value) in typed {
            let entry = answers.0.entry(question).or_default();
            let value = clean(&value);
            if !value.is_empty() {
                entry.push(value);
            }
        }
        answers
    }

    /// These answers with `newer` ones in place of those to the same questions; what is emptied goes.
    #[must_use]
    pub fn updated_by(&self, newer: &Self) -> Self {
        let mut answers = self.clone();
        answers.0.extend(newer.0.clone());
        answers.0.retain(|_, values| !values.is_empty());
        answers
    }

    /// Refuses more than one client's answers may come to together.
    pub fn check_kept(&self) -> Result<(), AnswersTooLarge> {
        let bytes: usize = self
            .0
            .iter()
            .flat_map(|(question, values)| {
                values.iter().map(String::len).chain([question.as_str().len()])
            })
            .sum();
        let fits = bytes <= Self::KEPT_BYTES_MAX && self.0.len() <= Self::KEPT_QUESTIONS_MAX;
        if fits { Ok(()) } else { Err(AnswersTooLarge) }
    }

    /// Refuses answers that are more than one questionnaire can ask for.
    pub fn check_size(&self) -> Result<(), AnswersTooLarge> {
        let values = || self.0.values().flatten();
        let characters: usize = values().map(|value| value.chars().count()).sum();
        let fits = self.0.len() <= Self::QUESTIONS_MAX
            && values().count() <= Self::VALUES_MAX
            && characters <= Self::CHARACTERS_MAX;
        if fits { Ok(()) } else { Err(AnswersTooLarge) }
    }

    /// What was typed for a question: nothing, one value, or several for several choices.
    pub fn of(&self, question: &QuestionId) -> &[String] {
        self.0.get(question).map_or(&[], Vec::as_slice)
    }

    /// All typed values, by question.
    pub fn iter(&self) -> impl Iterator<Item = (&QuestionId, &[String])> {
        self.0.iter().map(|(question, values)| (question, values.as_slice()))
    }

    /// Whether nothing at all was typed.
    pub fn is_empty(&self) -> bool {
        self.0.values().all(Vec::is_empty)
    }

    fn says(&self, condition: &Condition) -> bool {
        self.of(&condition.question).contains(&condition.is)
    }
}

/// Answers that the questionnaire accepted: required ones present, each of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompleteAnswers {
    questionnaire: QuestionnaireId,
    typed: Answers,
}

impl CompleteAnswers {
    /// Which questionnaire accepted them.
    pub fn questionnaire(&self) -> &QuestionnaireId {
        &self.questionnaire
    }

    /// Everything that was typed, answers to questions that are hidden now among it.
    pub fn typed(&self) -> &Answers {
        &self.typed
    }
}

/// What is wrong with one answer, in words for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where.
    pub question: QuestionId,
    /// What, and what to do.
    pub words: String,
}

impl Questionnaire {
    /// Every question in reading order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.sections.iter().flat_map(|section| &section.questions)
    }

    /// The question of that name.
    pub fn question(&self, id: &QuestionId) -> Option<&Question> {
        self.questions().find(|question| question.id == *id)
    }

    /// Whether a question is asked of somebody who answered so. A question that depends on
    /// a hidden one is hidden too.
    pub fn is_shown(&self, question: &Question, answers: &Answers) -> bool {
        let Some(condition) = &question.show_if else { return true };
        let Some(earlier) = self.question(&condition.question) else { return false };
        answers.says(condition) && self.is_shown(earlier, answers)
    }

    /// Accepts the answers, or names every mistake in reading order. What was typed at hidden
    /// questions is neither wrong nor lost.
    pub fn check(&self, answers: &Answers) -> Result<CompleteAnswers, Vec<Mistake>> {
        let shown = self.questions().filter(|question| self.is_shown(question, answers));
        let mistakes: Vec<Mistake> = shown
            .filter_map(|question| {
                let words = question.mistake(answers.of(&question.id))?;
                Some(Mistake { question: question.id.clone(), words })
            })
            .collect();
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        Ok(CompleteAnswers { questionnaire: self.id.clone(), typed: answers.clone() })
    }
}

impl Question {
    fn mistake(&self, values: &[String]) -> Option<String> {
        match (values, &self.kind) {
            ([], QuestionKind::Consent) if self.required => {
                Some("Please tick the box to go on.".into())
            }
            ([], QuestionKind::One { .. } | QuestionKind::Scale { .. } | QuestionKind::YesNo)
                if self.required =>
            {
                Some("Please choose one.".into())
            }
            ([], QuestionKind::Several { .. }) if self.required => {
                Some("Please choose at least one.".into())
            }
            ([], _) if self.required => Some("Please answer this question.".into()),
            ([], _) => None,
            (several, QuestionKind::Several { choices, choices_max }) => {
                mistake_in_choices(several, choices, *choices_max)
            }
            ([value], kind) => kind.mistake(value),
            (_, _) => Some("Please give one answer only.".into()),
        }
    }
}

fn mistake_in_choices(values: &[String], choices: &[String], choices_max: usize) -> Option<String> {
    if values.iter().any(|value| !choices.contains(value)) {
        return Some("Please choose from the list.".into());
    }
    (choices_max < values.len())
        .then(|| format!("Please choose at most {choices_max}; {} are chosen.", values.len()))
}

impl QuestionKind {
    fn mistake(&self, value: &str) -> Option<String> {
        match self {
            Self::Short { length_max } | Self::Long { length_max } => {
                let length = value.chars().count();
                (*length_max < length).then(|| {
                    format!("Please use at most {length_max} characters; these are {length}.")
                })
            }
            Self::One { choices } | Self::Several { choices, .. } => {
                (!choices.iter().any(|choice| choice == value))
                    .then(|| "Please choose from the list.".into())
            }
            Self::Scale { from, to, .. } => {
                let is_on_scale =
                    value.parse::<i32>().is_ok_and(|step| (*from..=*to).contains(&step));
                (!is_on_scale).then(|| format!("Please choose a step from {from} to {to}."))
            }
            Self::Number { min, max, .. } => mistake_in_number(value, *min, *max),
            Self::Date => (NaiveDate::parse_from_str(value, "%Y-%m-%d").is_err()
                || value.len() != 10)
                .then(|| "Please give a date as year-month-day, for example 2027-03-31.".into()),
            Self::YesNo => {
                (!matches!(value, "yes" | "no")).then(|| "Please choose yes or no.".into())
            }
            Self::Consent => (value != "yes").then(|| "Please tick the box to go on.".into()),
        }
    }
}

fn mistake_in_number(value: &str, min: Option<f64>, max: Option<f64>) -> Option<String> {
    let Some(number) = parse_number(value) else {
        return Some("Please give a number in digits, for example 12 or 7.5.".into());
    };
    match (min, max) {
        (Some(min), _) if number < min => Some(format!("Please give a number of at least {min}.")),
        (_, Some(max)) if max < number => Some(format!("Please give a number of at most {max}.")),
        _ => None,
    }
}

/// Reads at most 9 digits with at most 4 decimals, after a point or a comma.
fn parse_number(value: &str) -> Option<f64> {
    let unsigned = value.strip_prefix('-').unwrap_or(value);
    let (whole, decimals) = unsigned.split_once(['.', ',']).unwrap_or((unsigned, "0"));
    let is_digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_digits(whole, 9) || !is_digits(decimals, 4) {
        return None;
    }
    value.replace(',', ".").parse().ok()
}

#[cfg(test)]
mod tests;

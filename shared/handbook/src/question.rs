//! `[[section.question]]`: one question, its kind, and when it is asked.

use domain::{Condition, Question, QuestionId, QuestionKind};

use crate::{
    mistake::{any_of, nearest, quoted},
    practice::AN_ID,
    prose::{
        self,
        Form::{Line, Passage},
    },
    reader::Reader,
};

/// The questions that stand before another one.
#[derive(Debug, Default)]
pub(crate) struct Earlier {
    /// All of them.
    ids: Vec<QuestionId>,
    /// Those without a mistake.
    pub(crate) questions: Vec<Question>,
}

/// What the id of a question looks like, for a sentence. The form has a field `key` of its own.
const A_QUESTION_ID: &str =
    "1 to 64 lower-case letters, digits or hyphens in quotes, other than \"key\"";

/// Reads a question, and adds it to those before it in the questionnaire.
pub(crate) fn read(reader: &mut Reader<'_>, earlier: &mut Earlier) -> Option<Question> {
    let id = reader.parsed("id", A_QUESTION_ID, |text| {
        QuestionId::parse(text).ok().filter(|id| id.as_str() != "key")
    });
    let ask = reader.text("ask", Passage(500));
    let help = reader.text_if_any("help", Passage(500));
    let required = reader.flag("required");
    let kind = kind(reader);
    let has_condition = reader.has("show_if");
    let show_if =
        has_condition.then(|| reader.table("show_if", |reader| condition(reader, earlier)));
    let id = id?;
    if earlier.ids.contains(&id) {
        reader.mistake("id", format!("another question has the id \"{id}\"; give each its own"));
        return None;
    }
    earlier.ids.push(id.clone());
    let show_if = match show_if {
        Some(condition) => Some(condition?),
        None => None,
    };
    let question = Question { id, ask: ask?, help, required: required?, kind: kind?, show_if };
    earlier.questions.push(question.clone());
    Some(question)
}

type ReadKind = fn(&mut Reader<'_>) -> Option<QuestionKind>;

const KINDS: [(&str, ReadKind); 9] = [
    ("short", short),
    ("long", long),
    ("one", one),
    ("several", several),
    ("scale", scale),
    ("number", number),
    ("date", |_| Some(QuestionKind::Date)),
    ("yes-no", |_| Some(QuestionKind::YesNo)),
    ("consent", |_| Some(QuestionKind::Consent)),
];

const KEYS_OF_KINDS: [&str; 10] = [
    "max_length",
    "choices",
    "max_choices",
    "from",
    "to",
    "from_label",
    "to_label",
    "min",
    "max",
    "unit",
];

fn kind(reader: &mut Reader<'_>) -> Option<QuestionKind> {
    let Some(read) = reader.word("kind", &KINDS) else {
        reader.pass_over(&KEYS_OF_KINDS);
        return None;
    };
    read(reader)
}

const LENGTH_MAX: usize = 20_000;

fn short(reader: &mut Reader<'_>) -> Option<QuestionKind> {
    let length_max = reader.whole_or("max_length", 1..=LENGTH_MAX, 200)?;
    Some(QuestionKind::Short { length_max })
}

fn long(reader: &mut Reader<'_>) -> Option<QuestionKind> {
    let length_max = reader.whole_or("max_length", 1..=LENGTH_MAX, 5_000)?;
    Some(QuestionKind::Long { length_max })
}

fn one(reader: &mut Reader<'_>) -> Option<QuestionKind> {
    Some(QuestionKind::One { choices: choices(reader)? })
}

fn several(reader: &mut Reader<'_>) -> Option<QuestionKind> {
    let choices = choices(reader);
    let count = choices.as_ref().map_or(CHOICES_MAX, Vec::len);
    let choices_max = reader.whole_or("max_choices", 1..=count, count);
    Some(QuestionKind::Several { choices: choices?, choices_max: choices_max? })
}

const CHOICES_MAX: usize = 50;
const CHOICE: prose::Form = Line(150);

fn choices(reader: &mut Reader<'_>) -> Option<Vec<String>> {
    let must_be = "texts, each on one line and with 1 to 150 characters";
    let entries = reader.list("choices", 2..=CHOICES_MAX, must_be, |value| {
        prose::parse(value.as_str()?, CHOICE).ok()
    })?;
    let mut choices: Vec<String> = Vec::new();
    for entry in &entries {
        let choice = entry.get_ref();
        if choices.contains(choice) {
            let words = format!("`choices` has {} twice; delete one of the two", quoted(choice));
            reader.mistake_at(entry, words);
        }
        choices.push(choice.clone());
    }
    Some(choices)
}

const STEPS_MAX: i32 = 11;

fn scale(reader: &mut Reader<'_>) -> Option<QuestionKind> {
    let from = reader.whole("from", -1_000..=1_000);
    let to = reader.whole("to", -1_000..=1_000);
    let from_label = reader.text("from_label", Line(60));
    let to_label = reader.text("to_label", Line(60));
    let (from, to) = (from?, to?);
    if to <= from {
        reader.mistake("to", "`to` must be greater than `from`");
        return None;
    }
    if STEPS_MAX <= to - from {
        let steps = to - from + 1;
        reader.mistake("to", format!("a scale may have at most 11 steps; this one has {steps}"));
        return None;
    }
    Some(QuestionKind::Scale { from, to, from_label: from_label?, to_label: to_label? })
}

/// The largest number that an answer can be.
const NUMBER_MAX: f64 = 999_999_999.0;

fn number(reader: &mut Reader<'_>) -> Option<QuestionKind> {
    let min = reader.number_if_any("min", -NUMBER_MAX..=NUMBER_MAX);
    let max = reader.number_if_any("max", -NUMBER_MAX..=NUMBER_MAX);
    let unit = reader.text_if_any("unit", Line(30));
    if let (Some(min), Some(max)) = (min, max)
        && max < min
    {
        reader.mistake("max", "`max` must not be less than `min`");
        return None;
    }
    Some(QuestionKind::Number { min, max, unit })
}

fn condition(reader: &mut Reader<'_>, earlier: &Earlier) -> Option<Condition> {
    let id = reader.parsed("question", AN_ID, |text| QuestionId::parse(text).ok());
    let is = reader.text("is", CHOICE);
    let id = id?;
    if !earlier.ids.contains(&id) {
        let ids = earlier.ids.iter().map(QuestionId::as_str);
        let advice = match nearest(id.as_str(), ids) {
            Some(meant) => format!("did you mean \"{meant}\"?"),
            None => "only questions before this one can decide whether it is asked".into(),
        };
        let words = format!("`show_if`: no earlier question has the id \"{id}\"; {advice}");
        reader.mistake("question", words);
        return None;
    }
    let question = earlier.questions.iter().find(|question| question.id == id)?;
    let answers = fixed_answers(&question.kind);
    if answers.is_empty() {
        let words = format!(
            "`show_if`: \"{id}\" must be a question of the kind \"one\", \"several\", \"scale\", \
             \"yes-no\" or \"consent\""
        );
        reader.mistake("question", words);
        return None;
    }
    let is = is?;
    if !answers.contains(&is) {
        let answers = any_of(answers.iter().map(|answer| quoted(answer)));
        reader.mistake("is", format!("`is` must be an answer to \"{id}\": {answers}"));
        return None;
    }
    Some(Condition { question: id, is })
}

/// The answers that a question of this kind can have, if they can be counted.
fn fixed_answers(kind: &QuestionKind) -> Vec<String> {
    match kind {
        QuestionKind::One { choices } | QuestionKind::Several { choices, .. } => choices.clone(),
        QuestionKind::Scale { from, to, .. } => {
            (*from..=*to).map(|step| step.to_string()).collect()
        }
        QuestionKind::YesNo => vec!["yes".into(), "no".into()],
        QuestionKind::Consent => vec!["yes".into()],
        QuestionKind::Short { .. }
        | QuestionKind::Long { .. }
        | QuestionKind::Number { .. }
        | QuestionKind::Date => Vec::new(),
    }
}

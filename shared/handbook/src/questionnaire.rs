//! `questionnaires/….toml`: the questions, part by part.

use std::collections::BTreeMap;

use domain::{Answers, Question, QuestionKind, Questionnaire, QuestionnaireId, Section};

use crate::{
    Mistake, Sources, document,
    prose::Form::{Line, Passage},
    question::{self, Earlier},
    reader::Reader,
};

/// Name, path and text of every questionnaire.
pub(crate) fn files(sources: &Sources) -> impl Iterator<Item = (&str, &str, &str)> {
    sources.within("questionnaires", ".toml")
}

/// Reads every questionnaire, whether it is in use or still a draft.
pub(crate) fn read_all(
    sources: &Sources,
    mistakes: &mut Vec<Mistake>,
) -> BTreeMap<QuestionnaireId, Questionnaire> {
    let mut questionnaires = BTreeMap::new();
    for (name, path, text) in files(sources) {
        let id = QuestionnaireId::parse(name).expect("the sources take no other name");
        let questionnaire = document::read(path, text, mistakes, |reader| read(reader, id.clone()));
        questionnaires.extend(questionnaire.flatten().map(|questionnaire| (id, questionnaire)));
    }
    questionnaires
}

const SECTIONS_MAX: usize = 30;
const QUESTIONS_MAX: usize = 100;

fn read(reader: &mut Reader<'_>, id: QuestionnaireId) -> Option<Questionnaire> {
    let title = reader.text("title", Line(120));
    let lead = reader.text("lead", Passage(2_000));
    let mut earlier = Earlier::default();
    let sections = reader.tables("section", "section", 1..=SECTIONS_MAX, |reader| {
        let heading = reader.text("heading", Line(120));
        let help = reader.text_if_any("help", Passage(500));
        let questions =
            reader.tables("question", "section.question", 1..=QUESTIONS_MAX, |reader| {
                question::read(reader, &mut earlier)
            });
        Some(Section { heading: heading?, help, questions: questions? })
    });
    name_excess(reader, &earlier.questions);
    Some(Questionnaire { id, title: title?, lead: lead?, sections: sections? })
}

/// Who answers everything at full length must stay below what is kept.
fn name_excess(reader: &mut Reader<'_>, questions: &[Question]) {
    let (mut values, mut characters) = (0, 0);
    for question in questions {
        let (more_values, more_characters) = longest_answer(&question.kind);
        values += more_values;
        characters += more_characters;
    }
    if Answers::CHARACTERS_MAX < characters {
        let words = format!(
            "the longest answers would have {characters} characters together, and at most {} \
             can be kept; lower some `max_length` (5000 where a long question has none)",
            Answers::CHARACTERS_MAX
        );
        reader.mistake("section", words);
    }
    if Answers::VALUES_MAX < values {
        let words = format!(
            "one client could give {values} answers, each choice counted, and at most {} can be \
             kept; ask less, or lower some `max_choices`",
            Answers::VALUES_MAX
        );
        reader.mistake("section", words);
    }
}

/// How many values an answer may have, and how many characters together.
fn longest_answer(kind: &QuestionKind) -> (usize, usize) {
    let lengths = |choices: &[String]| {
        let mut lengths: Vec<usize> = choices.iter().map(|choice| choice.chars().count()).collect();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        lengths
    };
    match kind {
        QuestionKind::Short { length_max } | QuestionKind::Long { length_max } => (1, *length_max),
        QuestionKind::One { choices } => (1, lengths(choices).into_iter().take(1).sum()),
        QuestionKind::Several { choices, choices_max } => {
            (*choices_max, lengths(choices).into_iter().take(*choices_max).sum())
        }
        QuestionKind::Scale { .. }
        | QuestionKind::Number { .. }
        | QuestionKind::Date
        | QuestionKind::YesNo
        | QuestionKind::Consent => (1, 16),
    }
}

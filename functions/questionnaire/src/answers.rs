//! From the fields of a form to answers.

use domain::{Answers, QuestionId, Questionnaire};
use shell::{FormText, Problem};

/// Fields of ours that are no answers.
const OTHER_FIELDS: [&str; 1] = ["key"];

/// The answers that a form carries. A question that an older form still asked is kept too:
/// nothing typed is dropped.
pub(crate) fn typed(form: &FormText) -> Result<Answers, Problem> {
    let fields = form
        .fields()
        .filter(|(name, _)| !OTHER_FIELDS.contains(name))
        .filter_map(|(name, value)| Some((QuestionId::parse(name).ok()?, value.to_owned())));
    collect(fields)
}

/// The answers of a whole form: where it says nothing to a question, nothing was chosen.
pub(crate) fn typed_whole(
    form: &FormText,
    questionnaire: &Questionnaire,
) -> Result<Answers, Problem> {
    let given = typed(form)?;
    let asked = questionnaire.questions().map(|question| (question.id.clone(), String::new()));
    let values = given
        .iter()
        .flat_map(|(id, values)| values.iter().map(move |value| (id.clone(), value.clone())));
    collect(asked.chain(values))
}

fn collect(fields: impl Iterator<Item = (QuestionId, String)>) -> Result<Answers, Problem> {
    Answers::collect(fields).map_err(|_| Problem::TooLarge)
}

//! From the fields of a form to answers.

use domain::{Answers, QuestionId, Questionnaire};
use shell::FormText;

/// The answers that a form carries. A question that an older form still asked is kept too:
/// nothing typed is dropped.
pub(crate) fn typed(form: &FormText) -> Answers {
    Answers::collect(fields(form))
}

/// The answers of a whole form: where it says nothing to a question, nothing was chosen.
pub(crate) fn typed_whole(form: &FormText, questionnaire: &Questionnaire) -> Answers {
    let asked = questionnaire.questions().map(|question| (question.id.clone(), String::new()));
    Answers::collect(asked.chain(fields(form)))
}

/// Every field but the form's own key, which no question may be called.
fn fields(form: &FormText) -> impl Iterator<Item = (QuestionId, String)> {
    form.fields()
        .filter(|(name, _)| *name != "key")
        .filter_map(|(name, value)| Some((QuestionId::parse(name).ok()?, value.to_owned())))
}

//! A client's answers in the order of the questions, for whoever reads them.
//!
//! The answers of a client are kept by question: who is asked the same before another session need
//! not answer twice. So some of them may belong to questions of another questionnaire, or of none.

use std::collections::BTreeSet;

use crate::{Answers, ClientFile, Handbook, Question, QuestionId, Questionnaire, Section};

/// Every answer beside the question that it answers.
#[derive(Debug, Clone)]
pub struct AnswersInOrder<'a> {
    /// What is asked before the client's session, part by part, answered or not.
    pub asked: Vec<(&'a Section, Vec<&'a Question>)>,
    /// What they answered before that is asked before other sessions only.
    pub asked_elsewhere: Vec<(&'a Questionnaire, Vec<&'a Question>)>,
    /// What they answered to questions that have been removed since.
    pub no_longer_asked: Vec<(&'a QuestionId, &'a [String])>,
}

impl Handbook {
    /// Puts a client's answers beside the questions: those before the session they are on the way
    /// to first, then those they completed last.
    pub fn answers_in_order<'a>(
        &'a self,
        file: &ClientFile,
        answers: &'a Answers,
    ) -> AnswersInOrder<'a> {
        let first = self.questionnaire(self.session(&file.session));
        let completed = file.answers.as_ref().map(|entry| &entry.questionnaire);
        let mut others: Vec<&Questionnaire> = self.questionnaires.values().collect();
        others.retain(|other| other.id != first.id);
        others.sort_by_key(|other| Some(&other.id) != completed);
        let shown = |section: &'a Section| -> (&'a Section, Vec<&'a Question>) {
            let questions = section.questions.iter();
            (section, questions.filter(|question| first.is_shown(question, answers)).collect())
        };
        let asked: Vec<_> = first.sections.iter().map(shown).collect();
        let mut placed: BTreeSet<&QuestionId> = asked
            .iter()
            .flat_map(|(_, questions)| questions)
            .map(|question| &question.id)
            .collect();
        let mut asked_elsewhere = Vec::new();
        for other in others {
            let is_new = |question: &&'a Question| {
                !answers.of(&question.id).is_empty() && placed.insert(&question.id)
            };
            let questions: Vec<&Question> = other.questions().filter(is_new).collect();
            if !questions.is_empty() {
                asked_elsewhere.push((other, questions));
            }
        }
        // What was typed at a question that is hidden by now is neither shown nor lost.
        let is_left = |id: &QuestionId| !placed.contains(id) && first.question(id).is_none();
        let left = answers.iter().filter(|(id, values)| !values.is_empty() && is_left(id));
        AnswersInOrder { asked, asked_elsewhere, no_longer_asked: left.collect() }
    }
}

//! A client's answers in the order of the questions, for whoever reads them.
//!
//! The answers of a client are kept by question: who is asked the same before another session need
//! not answer twice. So some of them may belong to questions of another questionnaire, or of none.

use crate::{Answers, Handbook, Question, QuestionId, Questionnaire, Section, SessionType};

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
    /// Puts answers beside the questions, those before a session of this kind first.
    pub fn answers_in_order<'a>(
        &'a self,
        session: &SessionType,
        answers: &'a Answers,
    ) -> AnswersInOrder<'a> {
        let first = self.questionnaire(session);
        let shown = |section: &'a Section| {
            let questions = section.questions.iter();
            (section, questions.filter(|question| first.is_shown(question, answers)).collect())
        };
        let mut read = vec![first];
        let mut asked_elsewhere = Vec::new();
        for other in self.questionnaires.values().filter(|other| other.id != first.id) {
            let is_new = |question: &&Question| {
                !answers.of(&question.id).is_empty()
                    && read.iter().all(|read| read.question(&question.id).is_none())
            };
            let questions: Vec<&Question> = other.questions().filter(is_new).collect();
            if !questions.is_empty() {
                asked_elsewhere.push((other, questions));
            }
            read.push(other);
        }
        let is_known = |id| read.iter().any(|questionnaire| questionnaire.question(id).is_some());
        let left = answers.iter().filter(|(id, values)| !values.is_empty() && !is_known(id));
        AnswersInOrder {
            asked: first.sections.iter().map(shown).collect(),
            asked_elsewhere,
            no_longer_asked: left.collect(),
        }
    }
}

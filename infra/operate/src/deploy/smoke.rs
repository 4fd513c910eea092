//! Whether what was deployed answers.

use std::path::PathBuf;

use domain::{Handbook, PracticeId};
use http::StatusCode;

use super::Deploying;
use crate::{
    OperateProblem, Operator, Premises as _, Stack, outputs::ADDRESS, problem::with_causes,
    stack::StackState,
};

/// Where the answer of a function that is called goes.
const ANSWER: &str = "target/lambda/answer.json";

/// What the functions are told that no page calls.
const CALLS: [(&str, &str); 2] =
    [("reminders", r#"{"schedule": "minute"}"#), ("post", r#"{"schedule": "retry"}"#)];

/// A page of each other function, of a practice that nobody has: it answers that there is none, and has
/// asked the tables for it.
const PAGES: [(&str, &str); 4] = [
    ("opt-in", ""),
    ("desk", "/desk/sign-in"),
    ("questionnaire", "/questionnaire/nobody"),
    ("calendar", "/calendar/nobody"),
];

/// An id that no practice takes by chance.
const NOBODY: &str = "nobody-is-here";

impl<O: Operator> Deploying<'_, O> {
    /// Looks at a page of each function that has some, and at the form of each practice that was put in
    /// force, or of one that was here before, and wakes the functions that have no page.
    ///
    /// # Errors
    /// All that does not answer as it should.
    pub(super) async fn try_out(
        &self,
        practices: &[(PathBuf, Handbook)],
        state: &StackState,
        stack: Option<&Stack>,
    ) -> Result<(), OperateProblem> {
        self.step("Trying it out");
        let mut failed: Vec<String> = Vec::new();
        for (function, payload) in CALLS {
            failed.extend(self.wake(function, payload)?);
        }
        let address = state.outputs.get(ADDRESS).map_or("ADDRESS", String::as_str);
        let ids = self.whose_forms(practices, stack).await.unwrap_or_else(|problem| {
            failed.push(format!("the practices cannot be listed: {}", with_causes(&problem)));
            Vec::new()
        });
        let forms = ids.iter().map(|id| ("opt-in", format!("{address}/{id}"), StatusCode::OK));
        let pages = PAGES.iter().map(|(function, path)| {
            (*function, format!("{address}/{NOBODY}{path}"), StatusCode::NOT_FOUND)
        });
        let mut is_reached = false;
        for (function, page, expected) in pages.chain(forms) {
            let Some(stack) = stack else {
                self.tell(&format!("would look at {page}"));
                continue;
            };
            match self.look(stack, function, &page, expected).await {
                Ok(words) => self.tell(&words),
                Err(Unlike::OutOfReach(error)) if !is_reached => {
                    // A name that was made today may not be known everywhere yet, for none of them.
                    self.tell(&format!(
                        "{page} cannot be reached from here yet ({error}): does the name lead there, and \
                         is its certificate for it?"
                    ));
                    break;
                }
                Err(Unlike::OutOfReach(error)) => failed.push(format!(
                    "{page} does not answer ({error}): see the log of the function {function}"
                )),
                Err(Unlike::Wrong(words)) => failed.push(words),
            }
            is_reached = true;
        }
        if failed.is_empty() {
            return Ok(());
        }
        let words = failed.join("\n");
        Err(OperateProblem::refused(format!("everything is in place, but\n{words}")))
    }

    /// Whose forms are looked at.
    async fn whose_forms(
        &self,
        practices: &[(PathBuf, Handbook)],
        stack: Option<&Stack>,
    ) -> Result<Vec<PracticeId>, OperateProblem> {
        let named: Vec<PracticeId> =
            practices.iter().map(|(_, handbook)| handbook.practice.id.clone()).collect();
        match stack {
            Some(stack) if named.is_empty() => {
                let here = stack.store().practices().await?;
                Ok(here.into_iter().map(|(id, _)| id).take(1).collect())
            }
            Some(_) | None => Ok(named),
        }
    }

    /// Looks whether a page answers as it should. One that is closed does, too: functions that run know
    /// for a minute what a practice did before.
    async fn look(
        &self,
        stack: &Stack,
        function: &str,
        page: &str,
        expected: StatusCode,
    ) -> Result<String, Unlike> {
        let looked = stack.look_at(page).await.map_err(Unlike::OutOfReach)?;
        match looked.status {
            status if looked.is_page && status == expected => Ok(format!("{page} answers.")),
            StatusCode::FORBIDDEN if looked.is_page => {
                Ok(format!("{page} is closed: the practice is suspended."))
            }
            status if looked.is_page => Err(Unlike::Wrong(format!(
                "{page} answers {status}: see the log of the function {function}"
            ))),
            status => Err(Unlike::Wrong(format!(
                "{page} answers {status}: no function did, but what stands in front of them: see the log \
                 of the API"
            ))),
        }
    }

    /// Has a function do its work; answers what is wrong if it fails.
    fn wake(&self, function: &str, payload: &str) -> Result<Option<String>, OperateProblem> {
        let name = format!("{}-{function}", self.wish.stack);
        let payload = ["--payload", payload, "--cli-binary-format", "raw-in-base64-out"];
        // It may work for five minutes; who waits less asks twice.
        let invoke = ["lambda", "invoke", "--function-name", &name, "--cli-read-timeout", "310"];
        let answer = self.run(&[&invoke[..], &payload, &[ANSWER]].concat())?;
        if let Some(error) = answer["FunctionError"].as_str() {
            return Ok(Some(format!("the function {function} fails ({error}): see its log")));
        }
        if !self.aws.is_rehearsal {
            self.tell(&format!("{name} does its work."));
        }
        Ok(None)
    }
}

/// Why a page was not seen as it should be.
enum Unlike {
    /// It answers otherwise: what it does, in words.
    Wrong(String),
    /// Nobody answers: the error on the way there.
    OutOfReach(String),
}

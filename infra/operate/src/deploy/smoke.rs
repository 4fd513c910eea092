//! Whether what was deployed answers.

use std::path::PathBuf;

use domain::Handbook;
use http::StatusCode;

use super::Deploying;
use crate::{OperateProblem, Operator, Stack, outputs::ADDRESS, stack::StackState};

/// Where the answer of a function that is called goes.
const ANSWER: &str = "target/lambda/answer.json";

/// What the functions are told that no page calls.
const CALLS: [(&str, &str); 2] =
    [("reminders", r#"{"schedule": "minute"}"#), ("post", r#"{"schedule": "retry"}"#)];

impl<O: Operator> Deploying<'_, O> {
    /// Looks at a page of each practice, and wakes the functions that have no pages.
    pub(super) async fn try_out(
        &self,
        practices: &[(PathBuf, Handbook)],
        state: &StackState,
        stack: Option<&Stack>,
    ) -> Result<(), OperateProblem> {
        self.step("Trying it out");
        for (function, payload) in CALLS {
            self.wake(function, payload)?;
        }
        let address = state.outputs.get(ADDRESS).map_or("ADDRESS", String::as_str);
        for (_, handbook) in practices {
            let practice = &handbook.practice;
            let page = format!("{address}/{}", practice.id);
            let Some(stack) = stack else {
                self.tell(&format!("would look at {page}"));
                continue;
            };
            match stack.look_at(&page).await {
                Ok(looked) if looked.is_page && looked.status == StatusCode::FORBIDDEN => {
                    self.tell(&format!("{page} is closed: the practice is suspended."));
                }
                Ok(looked) if looked.is_page && looked.status.is_success() => self.tell(&format!("{page} answers.")),
                Ok(looked) => {
                    let status = looked.status;
                    let look = if looked.is_page {
                        "see the log of the function opt-in"
                    } else {
                        "no function did, but what stands in front of them: see the log of the API"
                    };
                    return Err(OperateProblem::refused(format!(
                        "everything is in place, but {page} answers {status}: {look}"
                    )));
                }
                // A name that was made today may not be known everywhere yet.
                Err(error) => self.tell(&format!(
                    "{page} cannot be reached from here yet ({error}): does the name lead there, and \
                     is its certificate for it?"
                )),
            }
        }
        Ok(())
    }

    fn wake(&self, function: &str, payload: &str) -> Result<(), OperateProblem> {
        let name = format!("{}-{function}", self.wish.stack);
        let payload = ["--payload", payload, "--cli-binary-format", "raw-in-base64-out"];
        // It may work for five minutes; who waits less asks twice.
        let invoke = ["lambda", "invoke", "--function-name", &name, "--cli-read-timeout", "310"];
        let answer = self.run(&[&invoke[..], &payload, &[ANSWER]].concat())?;
        if let Some(error) = answer["FunctionError"].as_str() {
            return Err(OperateProblem::refused(format!(
                "everything is in place, but the function {function} fails ({error}): see its log"
            )));
        }
        if !self.aws.is_rehearsal {
            self.tell(&format!("{name} does its work."));
        }
        Ok(())
    }
}

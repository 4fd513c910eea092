//! Whether what was deployed answers.

use std::path::PathBuf;

use domain::Handbook;
use http::StatusCode;
use store::Standing;

use super::Deploying;
use crate::{OperateProblem, Operator, Premises as _, Stack, outputs::ADDRESS, stack::StackState};

/// Where the answer of a function that is called goes.
const ANSWER: &str = "target/lambda/answer.json";

/// What the functions are told that no page calls.
const CALLS: [(&str, &str); 2] =
    [("reminders", r#"{"schedule": "minute"}"#), ("post", r#"{"schedule": "retry"}"#)];

/// A page of each other function that has some, and how it answers: a link that nobody was given opens
/// nothing.
const PAGES: [(&str, &str, StatusCode); 3] = [
    ("desk", "/desk/sign-in", StatusCode::OK),
    ("questionnaire", "/questionnaire/nobody", StatusCode::NOT_FOUND),
    ("calendar", "/calendar/nobody", StatusCode::NOT_FOUND),
];

impl<O: Operator> Deploying<'_, O> {
    /// Looks at the form of each practice, at a page of each function that has some, and wakes those
    /// that have none.
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
        let Some(stack) = stack else {
            let ids = practices.iter().map(|(_, handbook)| handbook.practice.id.as_str());
            for id in ids {
                self.tell(&format!("would look at {address}/{id}"));
            }
            for (_, path, _) in PAGES {
                self.tell(&format!("would look at {address}/PRACTICE{path}"));
            }
            return Ok(());
        };
        let mut open = None;
        for (practice, stored) in stack.store().practices().await? {
            let page = format!("{address}/{practice}");
            self.look(stack, "opt-in", &page, StatusCode::OK).await?;
            open = open.or_else(|| (stored.standing != Standing::Suspended).then_some(page));
        }
        for (function, path, status) in PAGES {
            if let Some(practice) = &open {
                self.look(stack, function, &format!("{practice}{path}"), status).await?;
            }
        }
        Ok(())
    }

    /// Looks whether a page answers as it should. One that is closed does, too: functions that run know
    /// for a minute what a practice did before.
    async fn look(
        &self,
        stack: &Stack,
        function: &str,
        page: &str,
        expected: StatusCode,
    ) -> Result<(), OperateProblem> {
        match stack.look_at(page).await {
            Ok(looked) if looked.is_page && looked.status == expected => {
                self.tell(&format!("{page} answers."));
                Ok(())
            }
            Ok(looked) if looked.is_page && looked.status == StatusCode::FORBIDDEN => {
                self.tell(&format!("{page} is closed: the practice is suspended."));
                Ok(())
            }
            Ok(looked) => {
                let status = looked.status;
                let look = if looked.is_page {
                    format!("see the log of the function {function}")
                } else {
                    "no function did, but what stands in front of them: see the log of the API"
                        .to_owned()
                };
                Err(OperateProblem::refused(format!(
                    "everything is in place, but {page} answers {status}: {look}"
                )))
            }
            // A name that was made today may not be known everywhere yet.
            Err(error) => {
                self.tell(&format!(
                    "{page} cannot be reached from here yet ({error}): does the name lead there, and \
                     is its certificate for it?"
                ));
                Ok(())
            }
        }
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

//! What will be changed, shown before it is; and then changed.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shell::{Clock as _, SystemClock};

use super::{Deploying, template::Parameters};
use crate::{
    AwsProblem, OperateProblem, Operator,
    stack::{StackState, address, state_of_existing, until_done},
};

/// How many resources are told in one line.
const TOLD_AT_ONCE: usize = 10;

/// What a list of changes comes to.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Changes,
    Nothing,
}

impl<O: Operator> Deploying<'_, O> {
    /// Shows what would be changed, asks, changes it, and answers what the stack is then.
    pub(super) async fn change(
        &self,
        template: &str,
        before: Option<&StackState>,
        given: &BTreeMap<String, String>,
        is_agreed: bool,
    ) -> Result<StackState, OperateProblem> {
        let stack = self.wish.stack.to_string();
        let change_set = format!("anteroom-{}", SystemClock.now().timestamp_millis());
        let of_it = ["--stack-name", &stack, "--change-set-name", &change_set];
        let is_new = before.is_none();
        let kind = if is_new { "CREATE" } else { "UPDATE" };
        let parameters = parameters(before, given, &Parameters::read()?).to_string();
        let create = [
            "--template-url",
            template,
            "--change-set-type",
            kind,
            "--parameters",
            &parameters,
            "--capabilities",
            "CAPABILITY_IAM",
            "CAPABILITY_AUTO_EXPAND",
        ];
        let made =
            self.run(&[&["cloudformation", "create-change-set"], &of_it[..], &create].concat())?;
        let describe = [&["cloudformation", "describe-change-set"], &of_it[..]].concat();
        let found = self.list_changes(&describe, made["Id"].as_str()).await;
        let found = found.and_then(|found| match found {
            Found::Changes if !is_agreed => self.agree(is_new).map(|()| found),
            Found::Changes | Found::Nothing => Ok(found),
        });
        match found {
            Ok(Found::Changes) => {
                self.run(&[&["cloudformation", "execute-change-set"], &of_it[..]].concat())?;
                self.wait_for_stack(&stack, before).await
            }
            Ok(Found::Nothing) => {
                self.tell("Nothing: it is so already.");
                self.run(&[&["cloudformation", "delete-change-set"], &of_it[..]].concat())?;
                Ok(before.cloned().unwrap_or_default())
            }
            Err(problem) => {
                // CloudFormation keeps every list of changes that nobody takes away.
                drop(self.run(&[&["cloudformation", "delete-change-set"], &of_it[..]].concat()));
                Err(problem)
            }
        }
    }

    async fn list_changes(
        &self,
        describe: &[&str],
        id: Option<&str>,
    ) -> Result<Found, OperateProblem> {
        let found = until_done(self.wish.patience, || {
            let set = self.run(describe)?;
            if self.aws.is_rehearsal {
                self.tell("would show what it answers, and ask before anything is changed");
                return Ok(Some(Found::Changes));
            }
            let reason = set["StatusReason"].as_str().unwrap_or_default();
            match set["Status"].as_str().unwrap_or_default() {
                "CREATE_COMPLETE" => self.show(&set).map(|()| Some(Found::Changes)),
                "FAILED" if is_nothing(reason) => Ok(Some(Found::Nothing)),
                "FAILED" => {
                    let why = id.map(|id| self.why_it_is_refused(id)).unwrap_or_default();
                    Err(OperateProblem::refused(format!(
                        "CloudFormation does not take it: {reason}{why}"
                    )))
                }
                _ => Ok(None),
            }
        });
        found.await
    }

    /// Tells each change; one that would take a table away ends here.
    fn show(&self, set: &Value) -> Result<(), OperateProblem> {
        let changes = set["Changes"].as_array().into_iter().flatten();
        let changes: Vec<Change<'_>> = changes.filter_map(Change::read).collect();
        for change in &changes {
            self.tell(&change.to_string());
        }
        if let Some(lost) = changes.iter().find(|change| change.loses_a_table()) {
            return Err(OperateProblem::refused(format!(
                "this would take away the table {}, with what is in it; nothing was changed",
                lost.name
            )));
        }
        Ok(())
    }

    fn agree(&self, is_new: bool) -> Result<(), OperateProblem> {
        if self.aws.is_rehearsal {
            return Ok(());
        }
        let question = if is_new { "Make all this? [y/N]" } else { "Change this? [y/N]" };
        let answer = self.operator.answer(question).to_lowercase();
        if ["y", "yes"].contains(&answer.as_str()) {
            Ok(())
        } else {
            if is_new {
                self.tell(&format!(
                    "The secret of links ({}) and the programs in their bucket stay for the next \
                     time; they run nothing.",
                    self.wish.stack.link_keys_parameter()
                ));
            }
            Err(OperateProblem::NotAgreed)
        }
    }

    /// What is known besides of a list of changes that was refused; older commands cannot tell.
    fn why_it_is_refused(&self, id: &str) -> String {
        let ask = ["cloudformation", "describe-events", "--change-set-name", id];
        let asked = self.run(&[&ask[..], &["--filters", "FailedEvents=true"]].concat());
        let events = asked.unwrap_or_default();
        let events = events["OperationEvents"].as_array().into_iter().flatten();
        let lines = events.filter_map(|event| {
            let told = |name: &str| event[name].as_str();
            let reason = told("ValidationStatusReason").or_else(|| told("ResourceStatusReason"))?;
            Some(format!("\n{}: {reason}", told("LogicalResourceId").unwrap_or("?")))
        });
        lines.collect::<Vec<_>>().concat()
    }

    async fn wait_for_stack(
        &self,
        stack: &str,
        before: Option<&StackState>,
    ) -> Result<StackState, OperateProblem> {
        if self.aws.is_rehearsal {
            self.run(&["cloudformation", "describe-stacks", "--stack-name", stack])?;
            self.tell(
                "would look again and again until it is done, and tell what failed if it does",
            );
            return Ok(StackState::default());
        }
        let (mut told, mut made) = (String::new(), 0);
        let done = until_done(self.wish.patience, || {
            let state = state_of_existing(self.aws, &self.wish.stack)?;
            // A look may come before the change has begun.
            let has_begun = before.is_none_or(|before| before.changed != state.changed);
            let finished = if has_begun { self.how_many_are_finished(stack) } else { 0 };
            if state.status != told || made + TOLD_AT_ONCE <= finished {
                self.tell(&format!("{} ({finished} resources are finished)", state.status));
                told.clone_from(&state.status);
                made = finished;
            }
            if state.status.ends_with("_IN_PROGRESS") || !has_begun {
                Ok(None)
            } else if ["CREATE_COMPLETE", "UPDATE_COMPLETE"].contains(&state.status.as_str()) {
                Ok(Some(state))
            } else {
                Err(self.why_it_failed(stack, &state.status, before.is_none()))
            }
        });
        done.await
    }

    /// What has happened to the stack, the latest first, since this change began.
    fn events_of_this(&self, stack: &str) -> Result<Vec<Value>, AwsProblem> {
        let events = ["describe-stack-events", "--stack-name", stack, "--max-items", "200"];
        let mut answer = self.run(&[&["cloudformation"], &events[..]].concat())?;
        let events = answer["StackEvents"].as_array_mut().map(std::mem::take).unwrap_or_default();
        // Behind where this change began are those of earlier ones.
        let is_of_this = |event: &Value| event["ResourceStatusReason"] != "User Initiated";
        Ok(events.into_iter().take_while(is_of_this).collect())
    }

    /// How many resources are as they will be. Not to know it is no reason to end.
    fn how_many_are_finished(&self, stack: &str) -> usize {
        let events = self.events_of_this(stack).unwrap_or_default();
        let is_finished = |event: &&Value| {
            let status = event["ResourceStatus"].as_str().unwrap_or_default();
            status.ends_with("_COMPLETE") && event["LogicalResourceId"] != stack
        };
        events.iter().filter(is_finished).count()
    }

    fn why_it_failed(&self, stack: &str, status: &str, was_new: bool) -> OperateProblem {
        let events = self.events_of_this(stack).unwrap_or_default();
        let failed = events.iter().filter_map(|event| {
            let reason = event["ResourceStatusReason"].as_str()?;
            let is_failed = event["ResourceStatus"].as_str()?.ends_with("_FAILED");
            let is_cause = is_failed && !reason.ends_with(" cancelled");
            let name = event["LogicalResourceId"].as_str().unwrap_or("?");
            is_cause.then(|| format!("{name}: {reason}"))
        });
        let mut failed: Vec<String> = failed.collect();
        // The first is the cause of the others.
        failed.reverse();
        failed.dedup();
        let address = address(self.aws, &self.wish.stack);
        let next = if was_new {
            format!(
                "nobody was let in yet: when the cause is mended, `anteroom teardown {address} \
                 --delete-data` takes what is left away; then deploy again"
            )
        } else if status == "UPDATE_ROLLBACK_FAILED" {
            "some of it is changed, and could not be taken back: deploy again, which says what to do"
                .to_owned()
        } else {
            "the house goes on as it was: when the cause is mended, deploy again".to_owned()
        };
        OperateProblem::refused(format!(
            "the stack was not put in place (it is {status} now):\n{}\n{next}",
            failed.join("\n")
        ))
    }
}

/// One change of a list.
struct Change<'a> {
    action: &'a str,
    name: &'a str,
    kind: &'a str,
    replaces: bool,
}

impl<'a> Change<'a> {
    fn read(change: &'a Value) -> Option<Self> {
        let change = change.get("ResourceChange")?;
        Some(Self {
            action: change["Action"].as_str()?,
            name: change["LogicalResourceId"].as_str()?,
            kind: change["ResourceType"].as_str()?,
            // "Conditional" is said of every new index, too; and a table that has a name of its own is
            // never replaced unasked: CloudFormation refuses.
            replaces: change["Replacement"].as_str() == Some("True"),
        })
    }

    fn loses_a_table(&self) -> bool {
        self.kind == "AWS::DynamoDB::Table" && (self.replaces || self.action == "Remove")
    }
}

impl std::fmt::Display for Change<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = match self.action {
            "Add" => '+',
            "Remove" => '-',
            _ => '~',
        };
        let made_anew = if self.replaces { ", made anew" } else { "" };
        write!(f, "{sign} {} ({}{made_anew})", self.name, self.kind)
    }
}

fn is_nothing(reason: &str) -> bool {
    reason.contains("didn't contain changes") || reason.contains("No updates are to be performed")
}

/// What is given now, and for the rest what was given before, if it is still asked for.
fn parameters(
    before: Option<&StackState>,
    given: &BTreeMap<String, String>,
    asked: &Parameters,
) -> Value {
    let now =
        given.iter().map(|(name, value)| json!({ "ParameterKey": name, "ParameterValue": value }));
    let kept = before.into_iter().flat_map(|state| state.parameters.keys());
    let kept = kept.filter(|name| !given.contains_key(*name) && asked.has(name));
    let kept = kept.map(|name| json!({ "ParameterKey": name, "UsePreviousValue": true }));
    now.chain(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_the_template_no_longer_has_is_not_kept() {
        let asked = Parameters::parse(include_str!("../../../aws/template.yaml")).unwrap();
        let parameters_before = [("MailDomain", "example.org"), ("Gone", "1")];
        let parameters_before =
            parameters_before.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let before = StackState { parameters: parameters_before.into(), ..StackState::default() };
        let given = BTreeMap::from([("Domain".to_owned(), "book.example.org".to_owned())]);
        let sent = parameters(Some(&before), &given, &asked);
        assert_eq!(
            sent,
            json!([
                { "ParameterKey": "Domain", "ParameterValue": "book.example.org" },
                { "ParameterKey": "MailDomain", "UsePreviousValue": true },
            ])
        );
    }
}

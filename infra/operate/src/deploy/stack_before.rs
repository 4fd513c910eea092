//! What is there before anything is changed: a stack that takes a change, or nothing in the way of a new one.

use super::{Deploying, template::check_together};
use crate::{
    OperateProblem, Operator,
    stack::{StackState, TABLES, address, state_of},
};

impl<O: Operator> Deploying<'_, O> {
    /// What is known of the stack, if it is there and can be changed.
    pub(super) fn look_at_stack(&self) -> Result<Option<StackState>, OperateProblem> {
        let (name, wish) = (&self.wish.stack, self.wish);
        self.step("The stack");
        self.rehearse(&["cloudformation", "describe-stacks", "--stack-name", &name.to_string()]);
        // A stack whose first changes were never agreed to is a name and nothing more.
        let state = state_of(self.aws, name)?.filter(|state| !state.is_new());
        if let Some(state) = &state {
            self.tell(&format!(
                "{name} is there ({}): this is a newer version of it.",
                state.status
            ));
            self.see_that_it_can_be_changed(state)?;
        } else {
            let words = if self.aws.is_rehearsal { "is taken to be" } else { "is" };
            self.tell(&format!("{name} {words} new."));
            self.see_that_a_new_stack_can_be()?;
            self.see_that_no_tables_are_left()?;
        }
        check_together(&wish.parameters, state.as_ref())?;
        Ok(state)
    }

    /// What has no value of its own, and none from before.
    pub(super) fn see_that_a_new_stack_can_be(&self) -> Result<(), OperateProblem> {
        let given = &self.wish.parameters;
        if ["MailDomain", "AlarmAddress"].into_iter().all(|name| given.contains_key(name)) {
            return Ok(());
        }
        let why = if self.aws.is_rehearsal {
            " (a rehearsal asks nothing of AWS, so the stack may be there all the same)"
        } else {
            ""
        };
        let words = "the first deployment needs --mail-domain and --alarm-address";
        Err(OperateProblem::refused(format!("{words}{why}")))
    }

    /// Before anything is built for a stack that takes no change now.
    fn see_that_it_can_be_changed(&self, state: &StackState) -> Result<(), OperateProblem> {
        let (name, status) = (&self.wish.stack, &state.status);
        let address = address(self.aws, name);
        if state.is_wreck() {
            return Err(OperateProblem::refused(format!(
                "{name} is in the state {status}: what is left of it is in the way. If it never had a \
                 practice, `anteroom teardown {address} --delete-data`, and deploy again; if it had, \
                 copy it first (`anteroom backup FILE {address}`)"
            )));
        }
        if state.is_busy() {
            return Err(OperateProblem::refused(format!(
                "AWS is at work on {name} ({status}): deploy again when it is done; `anteroom status \
                 {address}` says so"
            )));
        }
        if status == "UPDATE_ROLLBACK_FAILED" {
            let name = name.to_string();
            let go_on = ["cloudformation", "continue-update-rollback", "--stack-name", &name];
            return Err(OperateProblem::refused(format!(
                "{name} is in the state {status}: an earlier change failed, and could not be taken \
                 back. CloudFormation's console says what is in the way; when that is mended, `{}`, \
                 and deploy again",
                self.aws.spelled(&go_on)
            )));
        }
        Ok(())
    }

    /// The tables outlive a stack, and a new stack of the same name cannot take them over.
    fn see_that_no_tables_are_left(&self) -> Result<(), OperateProblem> {
        let name = &self.wish.stack;
        let address = address(self.aws, name);
        for table in TABLES {
            let table = format!("{name}-{table}");
            match self.run(&["dynamodb", "describe-table", "--table-name", &table]) {
                Err(problem) if problem.is("ResourceNotFoundException") => {}
                Err(problem) => return Err(problem.into()),
                Ok(_) if self.aws.is_rehearsal => {}
                Ok(_) => {
                    return Err(OperateProblem::refused(format!(
                        "the table {table} of an earlier stack is still here: keep what is in it \
                         (`anteroom backup FILE {address}`), deploy under another name, and bring \
                         it there (`anteroom restore FILE --stack OTHER`); or remove it (`anteroom \
                         teardown {address} --delete-data`)"
                    )));
                }
            }
        }
        Ok(())
    }
}

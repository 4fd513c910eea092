//! `anteroom teardown`: takes a house off AWS. What is known of clients stays, unless it is told to go.

use std::time::Duration;

use crate::{
    Aws, OperateProblem, Operator, StackName,
    operator::have_typed,
    recovery::recovered_tables,
    secrets::kept_link_keys,
    stack::{StackState, TABLES, address, region_of, state_of, state_of_existing, until_done},
};

/// What is to be taken down.
#[derive(Debug, Clone)]
pub struct Teardown {
    /// The stack.
    pub stack: StackName,
    /// Whether the tables and the secret that signs links go, too.
    pub deletes_data: bool,
    /// How long to wait between two looks at what AWS is doing.
    pub patience: Duration,
}

/// Takes a stack down.
///
/// # Errors
/// The operator did not type its name, or AWS said no.
pub async fn teardown(
    aws: &Aws,
    wish: &Teardown,
    operator: &impl Operator,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<(), OperateProblem> {
    let name = &wish.stack;
    region_of(aws, &environment)?;
    // Its tables may be left of a house whose stack is gone.
    let state =
        if wish.deletes_data { state_of(aws, name)? } else { Some(state_of_existing(aws, name)?) };
    let recovered = if wish.deletes_data { recovered_tables(aws, name)? } else { Vec::new() };
    if state.is_none() && recovered.is_empty() && !is_anything_left(aws, name)? {
        return Err(OperateProblem::refused(format!(
            "there is nothing of a house {name} in this region, neither stack nor table nor secret \
             (--region names another, --stack another house)"
        )));
    }
    agree(wish, operator)?;
    if let Some(state) = state {
        delete_stack(aws, wish, &state, operator).await?;
    }
    if wish.deletes_data {
        delete_data(aws, name, operator)?;
        for table in recovered {
            aws.run(&["dynamodb", "delete-table", "--table-name", &table])?;
            operator.hear(&format!("  {table}, which AWS had brought back, is removed."));
        }
        operator.hear(
            "The house is gone. AWS keeps a last backup of each table for 35 days; what was put into \
             the bucket of the programs and the domain's identity in SES are still there.",
        );
    } else {
        operator.hear(&format!(
            "The functions, the address and the alarms are gone. The tables {name}-practices, \
             -clients, -calendar and -outbox and the parameter {} are still here, with everything in \
             them, and cost a few cents. Copy them with `anteroom backup FILE {address}`; `anteroom \
             teardown {address} --delete-data` removes them.",
            name.link_keys_parameter(),
            address = address(aws, name)
        ));
    }
    Ok(())
}

/// Whether a table or the secret is left of a house whose stack is gone.
fn is_anything_left(aws: &Aws, name: &StackName) -> Result<bool, OperateProblem> {
    for table in TABLES {
        let table = format!("{name}-{table}");
        match aws.run(&["dynamodb", "describe-table", "--table-name", &table]) {
            Err(problem) if problem.is("ResourceNotFoundException") => {}
            answered => return Ok(answered.map(|_| true)?),
        }
    }
    Ok(kept_link_keys(aws, name)?.is_some())
}

fn agree(wish: &Teardown, operator: &impl Operator) -> Result<(), OperateProblem> {
    let name = wish.stack.to_string();
    operator.hear(if wish.deletes_data {
        "This takes the house down and DELETES everything that is known of its practices and their \
         clients. It cannot be undone except from a copy (`anteroom backup`)."
    } else {
        "This takes the house down: its pages end, and its letters. What is known of its practices \
         and their clients stays in its tables."
    });
    have_typed(operator, "Type the stack's name to go on:", &name)
}

async fn delete_stack(
    aws: &Aws,
    wish: &Teardown,
    state: &StackState,
    operator: &impl Operator,
) -> Result<(), OperateProblem> {
    let name = wish.stack.to_string();
    if state.is_protected {
        let protect = ["cloudformation", "update-termination-protection", "--stack-name", &name];
        aws.run(&[&protect[..], &["--no-enable-termination-protection"]].concat())?;
    }
    aws.run(&["cloudformation", "delete-stack", "--stack-name", &name])?;
    let mut told = String::new();
    let gone = until_done(wish.patience, || {
        let Some(state) = state_of(aws, &wish.stack)? else { return Ok(Some(())) };
        if state.status != told {
            operator.hear(&format!("  {}", state.status));
            told.clone_from(&state.status);
        }
        match state.status.as_str() {
            "DELETE_COMPLETE" => Ok(Some(())),
            "DELETE_FAILED" => Err(OperateProblem::refused(
                "CloudFormation could not remove everything: its console says what is left",
            )),
            _ => Ok(None),
        }
    });
    gone.await
}

fn delete_data(
    aws: &Aws,
    name: &StackName,
    operator: &impl Operator,
) -> Result<(), OperateProblem> {
    for table in TABLES {
        let table = format!("{name}-{table}");
        match aws.run(&["dynamodb", "describe-table", "--table-name", &table]) {
            Err(problem) if problem.is("ResourceNotFoundException") => continue,
            Ok(answer) if answer["Table"]["TableStatus"] == "DELETING" => continue,
            answered => drop(answered?),
        }
        let update = ["dynamodb", "update-table", "--table-name", &table];
        aws.run(&[&update[..], &["--no-deletion-protection-enabled"]].concat())?;
        aws.run(&["dynamodb", "wait", "table-exists", "--table-name", &table])?;
        aws.run(&["dynamodb", "delete-table", "--table-name", &table])?;
        operator.hear(&format!("  {table} is removed."));
    }
    let parameter = name.link_keys_parameter();
    match aws.run(&["ssm", "delete-parameter", "--name", &parameter]) {
        Err(problem) if problem.is("ParameterNotFound") => Ok(()),
        answered => Ok(answered.map(drop)?),
    }
}

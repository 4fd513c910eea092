//! `anteroom status`: how a house in the cloud is.

use serde_json::Value;

use crate::{
    Aws, OperateProblem, Operator, PracticesCommand, Stack, StackName, carry_out,
    dead_letters::dead_letters,
    outputs::{ADDRESS, DOMAIN_TARGET},
    stack::state_of_existing,
};

/// Tells how a stack is: its state, its practices, alarms that ring, what could not be done.
///
/// # Errors
/// There is no such stack, or AWS cannot be asked.
pub async fn status(
    aws: &Aws,
    name: &StackName,
    operator: &impl Operator,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<(), OperateProblem> {
    let stack = Stack::open(aws, name, environment)?;
    let state = state_of_existing(aws, name)?;
    operator.hear(&format!("{name}: {}", state.status));
    for (output, words) in [(ADDRESS, "address"), (DOMAIN_TARGET, "CNAME of the domain")] {
        if let Some(value) = state.outputs.get(output) {
            operator.hear(&format!("{words}: {value}"));
        }
    }
    operator.hear("\nPractices");
    carry_out(PracticesCommand::List, &stack, operator).await?;
    operator.hear("\nAlarms that ring");
    for line in ringing(aws, name)? {
        operator.hear(&line);
    }
    operator.hear("\nWhat could not be done");
    for (queue, count) in dead_letters(aws, &state)? {
        operator.hear(&format!("{queue}: {count} dead letters"));
    }
    Ok(())
}

fn ringing(aws: &Aws, name: &StackName) -> Result<Vec<String>, OperateProblem> {
    let prefix = format!("{name}-");
    let describe = ["cloudwatch", "describe-alarms", "--alarm-name-prefix", &prefix];
    let answer = aws.run(&[&describe[..], &["--state-value", "ALARM"]].concat())?;
    let alarms = answer["MetricAlarms"].as_array().into_iter().flatten();
    // The alarms of a house called `house-2` begin with `house-`, too.
    let topic = format!(":{name}-alarms");
    let is_ours = |alarm: &&Value| {
        let mut told = alarm["AlarmActions"].as_array().into_iter().flatten();
        told.any(|action| action.as_str().is_some_and(|action| action.ends_with(&topic)))
    };
    let lines = alarms.filter(is_ours).map(|alarm| {
        let text = |name: &str| alarm[name].as_str().unwrap_or_default().to_owned();
        format!("{}: {}", text("AlarmName"), text("AlarmDescription"))
    });
    let lines: Vec<String> = lines.collect();
    Ok(if lines.is_empty() { vec!["none".to_owned()] } else { lines })
}

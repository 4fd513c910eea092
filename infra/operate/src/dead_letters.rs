//! What could not be done after all attempts, counted.

use crate::{
    Aws, OperateProblem,
    outputs::{POST_DEAD_LETTERS, REMINDERS_DEAD_LETTERS},
    stack::StackState,
};

/// How many messages wait in the queues of what could not be done.
pub(crate) fn dead_letters(
    aws: &Aws,
    state: &StackState,
) -> Result<Vec<(&'static str, u64)>, OperateProblem> {
    let queues = [("the post", POST_DEAD_LETTERS), ("the reminders", REMINDERS_DEAD_LETTERS)];
    let mut counts = Vec::new();
    for (queue, output) in queues {
        let Some(url) = state.outputs.get(output) else { continue };
        let attribute = "ApproximateNumberOfMessages";
        let ask = ["sqs", "get-queue-attributes", "--queue-url", url];
        let answer = aws.run(&[&ask[..], &["--attribute-names", attribute]].concat())?;
        let count = answer["Attributes"][attribute].as_str().and_then(|text| text.parse().ok());
        counts.push((queue, count.unwrap_or_default()));
    }
    Ok(counts)
}

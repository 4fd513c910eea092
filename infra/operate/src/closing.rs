//! A practice that was suspended just now: until when its pages may still be open.

use std::time::Duration;

use chrono::TimeDelta;
use domain::PracticeId;
use shell::{Clock as _, SystemClock};
use store::Standing;

use crate::{OperateProblem, Operator, Premises};

/// Functions keep a handbook for a minute, and whoever asked at its end is answered within another half.
const CLOSING: TimeDelta = TimeDelta::seconds(90);

/// Waits until nobody writes for a practice any more that was suspended just now: what they wrote would
/// be in no copy, or stay behind where it is removed. One that is not suspended is not waited for.
pub(crate) async fn wait_until_closed(
    premises: &impl Premises,
    practice: &PracticeId,
    operator: &impl Operator,
) -> Result<(), OperateProblem> {
    let store = premises.store();
    let stored = store.handbook(practice).await?;
    let is_suspended = stored.is_some_and(|stored| stored.standing == Standing::Suspended);
    if !premises.is_running() || !is_suspended {
        return Ok(());
    }
    let Some(since) = store.standing_since(practice).await? else { return Ok(()) };
    let left = (since + CLOSING - SystemClock.now()).min(CLOSING).num_seconds();
    if let Ok(seconds @ 1..) = u64::try_from(left) {
        operator.hear(&format!(
            "{practice} was suspended just now: it is waited for {seconds} seconds, until its pages are \
             closed everywhere."
        ));
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }
    Ok(())
}

//! Figures of a whole funnel; see `anteroom measure`.

use std::path::Path;

use crate::{HouseProblem, read_practice};

/// Lives through one funnel in memory and reports what each step cost.
pub async fn measure(practice: &Path) -> Result<String, HouseProblem> {
    let (_, handbook) = read_practice(practice)?;
    Ok(handbook.practice.name)
}

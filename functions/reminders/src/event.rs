//! What wakes the reminders: the clock, in our own words.

use serde::Deserialize;
use shell::{Deadline, Problem, Shell};

use crate::{MINUTE, close_nights, run};

/// What it is time for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "schedule", rename_all = "kebab-case")]
pub enum Event {
    /// A minute has passed.
    Minute,
    /// An hour has passed, and somewhere it is night now.
    Night,
}

/// Does what it is time for, as far as there is time; answers how much was looked at.
pub async fn answer(shell: &Shell, event: Event, deadline: Deadline) -> Result<usize, Problem> {
    match event {
        Event::Minute => run(shell, deadline.within(shell.now(), MINUTE)).await,
        Event::Night => close_nights(shell, deadline).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_says_what_it_is_time_for() {
        let minute = include_str!("../events/minute.json");
        assert_eq!(serde_json::from_str::<Event>(minute).unwrap(), Event::Minute);
        let night = include_str!("../events/night.json");
        assert_eq!(serde_json::from_str::<Event>(night).unwrap(), Event::Night);
        assert!(serde_json::from_str::<Event>(r#"{"schedule": "tea"}"#).is_err());
        assert!(serde_json::from_str::<Event>("{}").is_err());
    }
}

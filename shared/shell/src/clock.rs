//! The one place where time comes in.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// Tells the present moment.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        let since_epoch = {
            #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody asks")]
            std::time::SystemTime::now()
        }
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
        let seconds = i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX);
        DateTime::from_timestamp(seconds, since_epoch.subsec_nanos()).unwrap_or_default()
    }
}

/// How long something takes, by the machine's steady clock. For the log only: no rule sees it.
pub(crate) struct Stopwatch(std::time::Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "what something took is told, never decided on"
        )]
        Self(std::time::Instant::now())
    }

    /// What has gone by, in thousandths of a second.
    pub(crate) fn milliseconds(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// A clock that stands still until it is moved, and only moves forward.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `now`.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(AtomicI64::new(now.timestamp()))
    }

    /// Moves the clock forward; a negative step does nothing.
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_seconds().max(0), Ordering::SeqCst);
    }

    /// Moves the clock to `to`, if that is later.
    pub fn advance_to(&self, to: DateTime<Utc>) {
        self.0.fetch_max(to.timestamp(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap_or_default()
    }
}

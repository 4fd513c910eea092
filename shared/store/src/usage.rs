//! How many requests were made, and how many capacity units they used.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use aws_sdk_dynamodb::types::ConsumedCapacity;

tokio::task_local! {
    /// Counts for the piece of work at hand what every store counts for itself too.
    static METER: Arc<Usage>;
}

/// Does `work`, and tells what its requests used, whichever store made them. Work within work is
/// counted for the inner one alone.
pub async fn metered<T>(work: impl Future<Output = T>) -> (T, UsageSoFar) {
    let meter = Arc::new(Usage::default());
    let done = METER.scope(Arc::clone(&meter), work).await;
    (done, meter.so_far())
}

/// Counts requests and capacity units, in thousandths.
#[derive(Debug, Default)]
pub struct Usage {
    calls: AtomicU64,
    read_milliunits: AtomicU64,
    write_milliunits: AtomicU64,
}

/// A reading of [`Usage`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct UsageSoFar {
    /// Requests.
    pub calls: u64,
    /// Read capacity units.
    pub read_units: f64,
    /// Write capacity units.
    pub write_units: f64,
}

/// Whether a request reads or writes; DynamoDB reports both as "capacity units".
#[derive(Debug, Clone, Copy)]
pub(crate) enum Access {
    Read,
    Write,
}

impl Usage {
    /// Counts one answered request.
    pub(crate) fn count<'a>(
        &self,
        access: Access,
        consumed: impl IntoIterator<Item = &'a ConsumedCapacity>,
    ) {
        let units: f64 = consumed.into_iter().filter_map(|consumed| consumed.capacity_units).sum();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a request uses between 0 and a few thousand units"
        )]
        let milliunits = (units * 1_000.0).round() as u64;
        self.add(access, milliunits);
        // Outside of metered work there is nobody else to tell.
        METER.try_with(|meter| meter.add(access, milliunits)).unwrap_or_default();
    }

    fn add(&self, access: Access, milliunits: u64) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        match access {
            Access::Read => self.read_milliunits.fetch_add(milliunits, Ordering::Relaxed),
            Access::Write => self.write_milliunits.fetch_add(milliunits, Ordering::Relaxed),
        };
    }

    pub(crate) fn so_far(&self) -> UsageSoFar {
        let units = |counter: &AtomicU64| {
            #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
            let milliunits = counter.load(Ordering::Relaxed) as f64;
            milliunits / 1_000.0
        };
        UsageSoFar {
            calls: self.calls.load(Ordering::Relaxed),
            read_units: units(&self.read_milliunits),
            write_units: units(&self.write_milliunits),
        }
    }
}

impl std::ops::Sub for UsageSoFar {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self {
            calls: self.calls - earlier.calls,
            read_units: self.read_units - earlier.read_units,
            write_units: self.write_units - earlier.write_units,
        }
    }
}

impl std::ops::Add for UsageSoFar {
    type Output = Self;

    fn add(self, more: Self) -> Self {
        Self {
            calls: self.calls + more.calls,
            read_units: self.read_units + more.read_units,
            write_units: self.write_units + more.write_units,
        }
    }
}

//! What work costs: processor time and memory, as the system tells (Linux).

use std::{collections::BTreeMap, thread, time::Duration};

/// How long a thread stops before it is asked what it has used: the system adds up a thread's time
/// when it stops running.
const STOP: Duration = Duration::from_millis(1);

/// What each thread of this process has used of the processor so far.
#[derive(Debug, Clone)]
pub struct ProcessorTime(BTreeMap<u32, Duration>);

/// What was used of the processor between two readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spent {
    /// By the thread that the process began with.
    pub first_thread: Duration,
    /// By all the others.
    pub others: Duration,
}

impl ProcessorTime {
    /// A reading, exact for this thread and for all that wait.
    pub fn so_far() -> Self {
        thread::sleep(STOP);
        let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten();
        let ids = threads.filter_map(|thread| thread.ok()?.file_name().to_str()?.parse().ok());
        Self(ids.filter_map(|id| Some((id, used_by(id)?))).collect())
    }

    /// What was used since an earlier reading. A thread that has ended meanwhile does not count:
    /// those of the tables end after ten idle seconds.
    pub fn since(&self, earlier: &Self) -> Spent {
        let mut spent = Spent { first_thread: Duration::ZERO, others: Duration::ZERO };
        for (id, used) in &self.0 {
            let before = earlier.0.get(id).copied().unwrap_or_default();
            let used = used.saturating_sub(before);
            if *id == std::process::id() {
                spent.first_thread += used;
            } else {
                spent.others += used;
            }
        }
        spent
    }
}

impl Spent {
    /// By the whole process.
    pub fn whole(&self) -> Duration {
        self.first_thread + self.others
    }
}

/// The memory of this process now, in megabytes.
pub fn resident_megabytes() -> u64 {
    let status = told("status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    let kilobytes: u64 =
        line.split_whitespace().nth(1).and_then(|kb| kb.parse().ok()).unwrap_or_default();
    kilobytes / 1024
}

fn used_by(thread: u32) -> Option<Duration> {
    let told = told(&format!("task/{thread}/schedstat"))?;
    told.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

#[expect(clippy::disallowed_methods, reason = "the figures are read from the system")]
fn told(file: &str) -> Option<String> {
    std::fs::read_to_string(format!("/proc/self/{file}")).ok()
}

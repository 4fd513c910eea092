//! One start of one program, and what it cost.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use tests::programs::{Program, Services};

use crate::events::Event;

/// How many events follow the first.
const WARM: u32 = 20;

/// What one start cost.
pub(crate) struct Measured {
    /// From the start of the process until it asks for an event.
    pub(crate) init: Duration,
    pub(crate) init_cpu: Duration,
    /// From the first event until its answer.
    pub(crate) first: Duration,
    pub(crate) first_cpu: Duration,
    /// Of the processor, for each of the events after it.
    pub(crate) warm_cpu: Duration,
    /// Its memory at the end.
    pub(crate) resident_kilobytes: u64,
}

/// Starts a program, lets it answer, and ends it.
pub(crate) async fn measure(program: &Path, services: &Services, event: &Event) -> Measured {
    let begun = now();
    let mut program = Program::start(program, services).await;
    let init = begun.elapsed();
    let init_cpu = program.cpu().await;
    let begun = now();
    program.answer(&event.payload).await;
    let first = begun.elapsed();
    program.asked().await;
    let after_first = program.cpu().await;
    for _ in 0..WARM {
        program.answer(&event.payload).await;
        program.asked().await;
    }
    let warm_cpu = program.cpu().await.saturating_sub(after_first) / WARM;
    Measured {
        init,
        init_cpu,
        first,
        first_cpu: after_first.saturating_sub(init_cpu),
        warm_cpu,
        resident_kilobytes: program.resident_kilobytes(),
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench measures")]
fn now() -> Instant {
    Instant::now()
}

//! What the start of each function costs, and its first and later answers, under a stand-in for
//! Lambda's Runtime API. Run with `infra/aws/figures`, which builds the functions first.
//!
//! Every start is a process of its own, as in the cloud: with an environment of its own, the real
//! program, TLS to stand-ins of DynamoDB (the embedded tables), of the parameter store and of SES
//! on loopback, and one event. The processor's time is what the system says the process has used
//! when it asks for its first event, and when it has answered it. What no stand-in has is the way
//! to AWS and back, and Lambda's own work.
//!
//! The last line of each table is a function that does nothing (`shared/shell/examples/hello.rs`).

mod events;
mod measure;

use std::{io::Write as _, path::PathBuf, time::Duration};

use events::{Event, events};
use measure::{Measured, measure};
use tests::programs::Services;

/// How often each function is started.
const STARTS: usize = 20;

fn main() {
    #[expect(clippy::disallowed_methods, reason = "the one setting of this bench")]
    let programs = std::env::var("ANTEROOM_PROGRAMS");
    let programs = PathBuf::from(programs.unwrap_or_else(|_| "../target/lambda-programs".into()));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.expect("a runtime").block_on(all(&programs));
}

async fn all(programs: &std::path::Path) {
    let (services, world) = Services::open().await;
    let events = events(&world).await;
    say("medians of 20 starts; milliseconds, and the processor's (cpu) in it");
    say("function        init  cpu   first  cpu    warm cpu   memory MB   program MB");
    for event in &events {
        let program = programs.join(event.function);
        let size = std::fs::metadata(&program).map_or_else(
            |error| panic!("{}: {error}; `infra/aws/figures` builds it", program.display()),
            |file| file.len(),
        );
        let mut starts = Vec::new();
        for _ in 0..STARTS {
            starts.push(measure(&program, &services, event).await);
        }
        line(event, &starts, size);
    }
}

fn line(event: &Event, starts: &[Measured], size: u64) {
    let of = |part: fn(&Measured) -> Duration| median(starts.iter().map(part).collect());
    let memory = median(starts.iter().map(|start| start.resident_kilobytes).collect()) / 1024;
    #[expect(clippy::cast_precision_loss, reason = "a size in megabytes")]
    let megabytes = size as f64 / 1_048_576.0;
    say(&format!(
        "{:<14} {:>5} {:>5}  {:>5} {:>5}   {:>5}      {memory:>5}       {megabytes:>5.1}",
        event.function,
        milliseconds(of(|start| start.init)),
        milliseconds(of(|start| start.init_cpu)),
        milliseconds(of(|start| start.first)),
        milliseconds(of(|start| start.first_cpu)),
        milliseconds(of(|start| start.warm_cpu)),
    ));
}

fn median<T: Ord + Copy>(mut all: Vec<T>) -> T {
    all.sort_unstable();
    all[all.len() / 2]
}

fn milliseconds(span: Duration) -> String {
    format!("{:.2}", span.as_secs_f64() * 1_000.0)
}

fn say(words: &str) {
    writeln!(std::io::stdout(), "{words}").expect("somebody listens");
}

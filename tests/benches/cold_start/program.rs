//! One start of one program, and what it cost.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use bytes::Bytes;

use crate::{events::Event, runtime_api::RuntimeApi, stand_in::StandIn};

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
pub(crate) async fn measure(program: &Path, stand_in: &StandIn, event: &Event) -> Measured {
    let mut api = RuntimeApi::open().await;
    let payload = Bytes::from(event.payload.to_string());
    let begun = now();
    let process = Process::start(program, &api.address, stand_in);
    api.until_asked().await;
    let init = begun.elapsed();
    let init_cpu = process.cpu().await;
    let begun = now();
    api.give(payload.clone());
    api.until_answered().await;
    let first = begun.elapsed();
    api.until_asked().await;
    let after_first = process.cpu().await;
    for _ in 0..WARM {
        api.give(payload.clone());
        api.until_answered().await;
    }
    api.until_asked().await;
    let warm_cpu = process.cpu().await.saturating_sub(after_first) / WARM;
    let resident_kilobytes = process.resident_kilobytes();
    Measured {
        init,
        init_cpu,
        first,
        first_cpu: after_first.saturating_sub(init_cpu),
        warm_cpu,
        resident_kilobytes,
    }
}

/// A process that ends with this.
struct Process(Child);

impl Process {
    fn start(program: &Path, runtime_api: &str, stand_in: &StandIn) -> Self {
        let mut command = Command::new(program);
        command.env_clear().stdout(Stdio::null());
        for (name, value) in [
            ("AWS_LAMBDA_RUNTIME_API", runtime_api),
            ("AWS_LAMBDA_FUNCTION_NAME", "it"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "group"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "stream"),
            ("AWS_REGION", "local"),
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("AWS_SESSION_TOKEN", "local"),
            ("AWS_ENDPOINT_URL_DYNAMODB", &stand_in.endpoint),
            ("AWS_ENDPOINT_URL_SESV2", &stand_in.endpoint),
            ("AWS_ENDPOINT_URL_SSM", &stand_in.endpoint),
            ("ANTEROOM_TABLES", "anteroom-"),
            ("ANTEROOM_ORIGIN", "https://book.example.org"),
            ("ANTEROOM_LINK_KEYS_PARAMETER", "/anteroom/anteroom/link-keys"),
        ] {
            command.env(name, value);
        }
        command.env("AWS_CA_BUNDLE", &stand_in.roots);
        Self(command.spawn().unwrap_or_else(|error| panic!("{}: {error}", program.display())))
    }

    /// What its threads have used of the processor. The system adds it up when a thread stops, so
    /// they are given a moment to.
    async fn cpu(&self) -> Duration {
        tokio::time::sleep(Duration::from_millis(5)).await;
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.0.id())).expect("threads");
        let used = tasks.flatten().filter_map(|task| {
            let told = read(&task.path().join("schedstat"))?;
            told.split(' ').next()?.parse().ok().map(Duration::from_nanos)
        });
        used.sum()
    }

    fn resident_kilobytes(&self) -> u64 {
        let status = format!("/proc/{}/status", self.0.id());
        let status = read(Path::new(&status)).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse().ok()).unwrap_or(0)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[expect(clippy::disallowed_methods, reason = "the figures are read from the system")]
fn read(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

#[expect(clippy::disallowed_methods, reason = "a bench measures")]
fn now() -> Instant {
    Instant::now()
}

//! One program, under a Runtime API of its own.

use std::{
    collections::BTreeMap,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use bytes::Bytes;
use serde_json::Value;

use super::{
    Services,
    runtime_api::{Did, RuntimeApi},
};
use crate::{environment::Given, template::Template, world::ORIGIN};

/// A function's program, from its start until it is dropped.
pub struct Program {
    // Ends first: a program that loses its Runtime API complains.
    process: Process,
    api: RuntimeApi,
    is_asking: bool,
}

impl Program {
    /// Starts a program, and waits until it asks for its first event.
    pub async fn start(path: &Path, services: &Services) -> Self {
        let api = RuntimeApi::open().await;
        let process = Process::start(path, &api.address, services);
        let mut program = Self { process, api, is_asking: false };
        program.asked().await;
        program
    }

    /// Waits until it asks for an event: then it has started, or is done with the one before.
    pub async fn asked(&mut self) {
        while !self.is_asking {
            drop(self.next().await);
        }
    }

    /// Hands an event over, and waits for the answer.
    pub async fn answer(&mut self, event: &Value) -> Value {
        self.is_asking = false;
        self.api.give(Bytes::from(event.to_string()));
        loop {
            if let Some(answer) = self.next().await {
                return serde_json::from_slice(&answer).expect("JSON");
            }
        }
    }

    /// What it does next; its answer, if it has one.
    async fn next(&mut self) -> Option<Bytes> {
        match self.api.next().await {
            Did::Asked => {
                self.is_asking = true;
                None
            }
            Did::Answered(answer) => Some(answer),
            Did::Failed(words) => panic!("the function failed: {words}"),
        }
    }

    /// What its threads have used of the processor. The system adds it up when a thread stops, so
    /// they are given a moment to.
    pub async fn cpu(&self) -> Duration {
        tokio::time::sleep(Duration::from_millis(5)).await;
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.process.0.id()));
        let used = tasks.expect("threads").flatten().filter_map(|task| {
            let told = read(&task.path().join("schedstat"))?;
            told.split(' ').next()?.parse().ok().map(Duration::from_nanos)
        });
        used.sum()
    }

    /// Its memory.
    pub fn resident_kilobytes(&self) -> u64 {
        let status = format!("/proc/{}/status", self.process.0.id());
        let status = read(Path::new(&status)).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse().ok()).unwrap_or(0)
    }
}

/// The setting that names an emulator: its path and what it is told, with spaces between, such as
/// `/usr/bin/qemu-aarch64-static -L /usr/aarch64-linux-gnu`.
const EMULATOR: &str = "ANTEROOM_EMULATOR";

/// A process that ends with this.
struct Process(Child);

impl Process {
    fn start(program: &Path, runtime_api: &str, services: &Services) -> Self {
        let mut command = command(program);
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
            ("AWS_ENDPOINT_URL_DYNAMODB", &services.endpoint),
            ("AWS_ENDPOINT_URL_SESV2", &services.endpoint),
            ("AWS_ENDPOINT_URL_SSM", &services.endpoint),
        ] {
            command.env(name, value);
        }
        command.envs(given(program));
        command.env("AWS_CA_BUNDLE", &services.roots);
        Self(command.spawn().unwrap_or_else(|error| panic!("{}: {error}", program.display())))
    }
}

/// What runs the program: the system itself, or an emulator of the processor that it was built for.
fn command(program: &Path) -> Command {
    #[expect(clippy::disallowed_methods, reason = "one of two settings of the tests of programs")]
    let emulator = std::env::var(EMULATOR).unwrap_or_default();
    let mut words = emulator.split_whitespace();
    let Some(first) = words.next() else { return Command::new(program) };
    let mut command = Command::new(first);
    command.args(words).arg(program);
    command
}

/// What the template gives the function whose program this is, in a stack of the tests; nothing, if it
/// is none of the template's.
fn given(program: &Path) -> BTreeMap<String, String> {
    let name = program.file_name().and_then(|name| name.to_str()).expect("a program's name");
    let template = Template::read();
    if !template.functions().iter().any(|function| function.name == name) {
        return BTreeMap::new();
    }
    let (_, host) = ORIGIN.split_once("://").expect("a host");
    let stack = [("AWS::StackName", "anteroom"), ("Domain", host), ("MailSet", "anteroom")];
    template.environment_of(name, &Given(&stack))
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

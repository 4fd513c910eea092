//! The reminders, woken by the clock.

use std::process::ExitCode;

use shell::cloud;

fn main() -> ExitCode {
    cloud::run(async |world| {
        cloud::answer_events(|event| reminders::answer(&world.shell, event)).await
    })
}

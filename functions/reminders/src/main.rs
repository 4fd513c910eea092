//! The reminders, woken by the clock.

use std::process::ExitCode;

use shell::cloud;

fn main() -> ExitCode {
    cloud::run(async |world| {
        cloud::answer_events(|event, deadline| reminders::answer(&world.shell, event, deadline))
            .await
    })
}

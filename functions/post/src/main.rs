//! The post, woken by the outbox's stream and by the clock.

use std::process::ExitCode;

use shell::cloud;

fn main() -> ExitCode {
    cloud::run(async |world| {
        let office = world.post_office().await;
        cloud::answer_events(|event, deadline| post::answer(&world.shell, &office, event, deadline))
            .await
    })
}

//! The calendar, behind an HTTP API.

use std::process::ExitCode;

use shell::cloud;

fn main() -> ExitCode {
    cloud::run(async |world| cloud::serve(calendar::router(world.shell)).await)
}

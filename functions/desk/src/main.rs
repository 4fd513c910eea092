//! The desk, behind an HTTP API.

use std::process::ExitCode;

use shell::cloud;

fn main() -> ExitCode {
    cloud::run(async |world| cloud::serve(desk::router(world.shell)).await)
}

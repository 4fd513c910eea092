//! Opting in, behind an HTTP API.

use std::process::ExitCode;

use shell::cloud;

fn main() -> ExitCode {
    cloud::run(async |world| cloud::serve(opt_in::router(world.shell)).await)
}

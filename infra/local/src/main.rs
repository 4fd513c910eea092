//! `anteroom`: runs the whole house in one process, and checks a practice's folder.

mod cli;
mod cloud_cli;
mod heeded_options;
mod terminal_log;

use std::process::ExitCode;

fn main() -> ExitCode {
    match heeded_options::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            cli::complain(&problem);
            ExitCode::FAILURE
        }
    }
}

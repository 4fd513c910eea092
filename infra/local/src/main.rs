//! `anteroom`: runs the whole house in one process, and checks a practice's folder.

mod cli;
mod cloud_cli;
mod terminal_log;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            cli::complain(&problem);
            ExitCode::FAILURE
        }
    }
}

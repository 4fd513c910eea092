//! What is looked at before anything is built: the practices, the tools, the account.

use std::{path::PathBuf, process::Command};

use domain::Handbook;

use super::{Architecture, Deploying, value_of};
use crate::{
    OperateProblem, Operator, Premises as _, Stack, mail,
    practices::{check_sender, known},
    read_practice,
    stack::{StackState, region_of},
};

/// Whose account it is, and where.
pub(super) struct Account {
    pub(super) number: String,
    pub(super) region: String,
}

impl<O: Operator> Deploying<'_, O> {
    pub(super) fn read_practices(&self) -> Result<Vec<(PathBuf, Handbook)>, OperateProblem> {
        let mut practices = Vec::new();
        if !self.wish.practices.is_empty() {
            self.step("The practices' folders");
        }
        for folder in &self.wish.practices {
            let (_, handbook) = read_practice(folder)?;
            let practice = &handbook.practice;
            let is_twice = |(_, other): &(PathBuf, Handbook)| other.practice.id == practice.id;
            if practices.iter().any(is_twice) {
                let words = format!("two of these folders have the id {}", practice.id);
                return Err(OperateProblem::Refused(words));
            }
            self.tell(&format!("{} ({}) is complete.", practice.name, practice.id));
            practices.push((folder.clone(), handbook));
        }
        Ok(practices)
    }

    /// SES sends for one domain: those who come have an address of it, and where it changes, those who
    /// are here, too.
    pub(super) async fn check_senders(
        &self,
        practices: &[(PathBuf, Handbook)],
        state: Option<&StackState>,
        environment: &impl Fn(&str) -> Option<String>,
    ) -> Result<(), OperateProblem> {
        let Some(mail) = value_of("MailDomain", &self.wish.parameters, state) else {
            return Ok(());
        };
        practices.iter().try_for_each(|(_, handbook)| check_sender(handbook, mail))?;
        if state.is_none() || self.other_mail_domain(state).is_none() {
            return Ok(());
        }
        let stack = Stack::open(self.aws, &self.wish.stack, environment)?;
        for (id, stored) in stack.store().practices().await? {
            let comes = practices.iter().any(|(_, handbook)| handbook.practice.id == id);
            // What cannot be read says nothing of an address.
            if let Some(handbook) = known(&stored).filter(|_| !comes) {
                check_sender(&handbook, mail)?;
            }
        }
        Ok(())
    }

    pub(super) fn look_at_commands(&self) -> Result<(), OperateProblem> {
        self.step("The tools");
        let cargo_lambda = first_line(Command::new("cargo").args(["lambda", "--version"]));
        let Some(cargo_lambda) = cargo_lambda else {
            let words = "cannot run `cargo lambda`: it builds the functions. Install cargo-lambda, \
                         and zig with it (both are Python packages: `pip install cargo-lambda ziglang`)";
            return Err(OperateProblem::refused(words));
        };
        self.tell(&cargo_lambda);
        self.look_at_zig()?;
        if self.aws.is_rehearsal {
            self.tell("aws: would be asked for its version, which begins with 2");
            return Ok(());
        }
        let version = self.aws.text(&["--version"])?;
        self.tell(&version);
        if !is_new_enough(&version) {
            return Err(OperateProblem::refused(format!(
                "the AWS CLI is {version}; install version 2.13 or newer, which signs in for us and can \
                 take a house down again"
            )));
        }
        Ok(())
    }

    /// The API takes a certificate of its own region only.
    pub(super) fn check_certificate(&self, region: &str) -> Result<(), OperateProblem> {
        let certificate = self.wish.parameters.get("CertificateArn");
        let place = certificate.and_then(|arn| region_of_certificate(arn));
        match place.filter(|place| *place != region) {
            Some(place) => Err(OperateProblem::refused(format!(
                "the certificate is of {place}, and the house is in {region}: ask ACM for one there"
            ))),
            None => Ok(()),
        }
    }

    /// What cargo-lambda links with.
    fn look_at_zig(&self) -> Result<(), OperateProblem> {
        let zig = first_line(Command::new("zig").arg("version"));
        // As a Python package it is not on the PATH.
        let zig =
            zig.or_else(|| first_line(Command::new("python3").args(["-m", "ziglang", "version"])));
        let Some(zig) = zig else {
            let words = "cannot run `zig`, which cargo-lambda builds with: `pip install ziglang`, or \
                         install it and see that it is on the PATH";
            return Err(OperateProblem::refused(words));
        };
        self.tell(&format!("zig {zig}"));
        Ok(())
    }

    /// Rust's own library for the functions' processor.
    pub(super) fn look_at_target(
        &self,
        architecture: Architecture,
        environment: &impl Fn(&str) -> Option<String>,
    ) -> Result<(), OperateProblem> {
        let triple = match architecture {
            Architecture::Arm64 => "aarch64-unknown-linux-gnu",
            Architecture::X86_64 => "x86_64-unknown-linux-gnu",
        };
        // The compiler that cargo will take.
        let mut rustc = Command::new(environment("RUSTC").unwrap_or_else(|| "rustc".to_owned()));
        let folder = first_line(rustc.args(["--print", "target-libdir", "--target", triple]));
        if folder.is_none_or(|folder| !PathBuf::from(folder).exists()) {
            let instead = match architecture {
                Architecture::Arm64 => ", or deploy with --architecture x86_64",
                Architecture::X86_64 => "",
            };
            return Err(OperateProblem::refused(format!(
                "Rust cannot build for {triple} here: `rustup target add {triple}`{instead}"
            )));
        }
        self.tell(&format!("Rust can build for {triple}."));
        Ok(())
    }

    pub(super) fn look_at_account(
        &self,
        environment: &impl Fn(&str) -> Option<String>,
    ) -> Result<Account, OperateProblem> {
        self.step("The account");
        let identity = self.run(&["sts", "get-caller-identity"])?;
        self.rehearse(&["sesv2", "get-account"]);
        let account = mail::account(self.aws)?;
        if self.aws.is_rehearsal {
            let region = region_of(self.aws, environment).unwrap_or_else(|_| "REGION".to_owned());
            return Ok(Account { number: "ACCOUNT".to_owned(), region });
        }
        let number = identity["Account"].as_str().unwrap_or_default().to_owned();
        let region = region_of(self.aws, environment)?;
        self.tell(&format!("account {number}, region {region}"));
        if !mail::is_open_to_everybody(&account) {
            self.tell(&format!(
                "{}, as with every new account: ask for production access in its console; AWS takes a \
                 day or two.",
                mail::SANDBOX
            ));
        }
        self.check_certificate(&region)?;
        if !account["SendingEnabled"].as_bool().unwrap_or(true) {
            let words =
                "SES does not send for this account: look at its console, where AWS says why";
            return Err(OperateProblem::refused(words));
        }
        Ok(Account { number, region })
    }
}

/// The region that a certificate is in (AWS general reference, "Amazon Resource Names").
fn region_of_certificate(arn: &str) -> Option<&str> {
    arn.split(':').nth(3).filter(|region| !region.is_empty())
}

/// Whether it knows all that a house needs to its end. That tables are protected from being deleted,
/// which `teardown --delete-data` takes off them, came in the spring of 2023; 2.13 came that summer.
fn is_new_enough(version: &str) -> bool {
    let numbers = version.strip_prefix("aws-cli/").unwrap_or_default();
    let mut numbers = numbers.split(['.', ' ']).map_while(|number| number.parse::<u32>().ok());
    (Some(2), Some(13)) <= (numbers.next(), numbers.next())
}

/// What a command prints first; nothing if it cannot be run or fails.
fn first_line(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().next().map(str::to_owned)
}

//! The functions' programs: built once for all of them, and put where CloudFormation finds them.

use std::{fs, path::Path, process::Command};

use super::{Architecture, Deploying, TEMPLATE, preparations::Account};
use crate::{OperateProblem, Operator};

/// Where cargo-lambda puts the programs, from the root of the project.
const PROGRAMS: &str = "target/lambda";

/// Where the template goes whose programs are uploaded.
const PACKAGED: &str = "target/lambda/packaged.yaml";

impl<O: Operator> Deploying<'_, O> {
    pub(super) fn build(&self, architecture: Architecture) -> Result<(), OperateProblem> {
        self.step("The programs");
        if !Path::new(TEMPLATE).exists() {
            return Err(OperateProblem::refused(format!(
                "there is no {TEMPLATE} here: run this in a checkout of the project"
            )));
        }
        let processor = match architecture {
            Architecture::Arm64 => "--arm64",
            Architecture::X86_64 => "--x86-64",
        };
        let arguments =
            ["lambda", "build", "--profile", "lambda", processor, "-o", "zip", "--locked"];
        self.tell(&format!("cargo {}", arguments.join(" ")));
        let built = Command::new("cargo").args(arguments).status();
        if !built.is_ok_and(|status| status.success()) {
            let words = "the functions could not be built; what went wrong stands above";
            return Err(OperateProblem::refused(words));
        }
        for (name, bytes) in zips()? {
            let megabytes = format!("{}.{:02}", bytes / 1_000_000, bytes % 1_000_000 / 10_000);
            self.tell(&format!("{name:<14} {megabytes:>5} MB zipped"));
        }
        Ok(())
    }

    /// The bucket of the programs, made where it is missing.
    pub(super) fn see_to_bucket(&self, account: &Account) -> Result<String, OperateProblem> {
        let Account { number, region, .. } = account;
        self.step("The bucket of the programs");
        let own = format!("anteroom-{number}-{region}");
        let bucket = self.wish.bucket.clone().unwrap_or(own);
        // A bucket of this name could be somebody else's, who would get to see what we put there.
        let ours = ["--bucket", &bucket, "--expected-bucket-owner", number];
        match self.run(&[&["s3api", "head-bucket"], &ours[..]].concat()) {
            Ok(_) if !self.aws.is_rehearsal => {}
            Err(problem) if problem.is("403") => {
                return Err(OperateProblem::refused(format!(
                    "the bucket {bucket} is not this account's, or these credentials may not see \
                     it (s3:ListBucket): name one of yours with --bucket"
                )));
            }
            Err(problem) if !problem.is("404") => return Err(problem.into()),
            Ok(_) | Err(_) => {
                let place = format!("LocationConstraint={region}");
                let mut create = vec!["s3api", "create-bucket", "--bucket", &bucket];
                // The first region has no name of its own here.
                if region != "us-east-1" {
                    create.extend(["--create-bucket-configuration", &place]);
                }
                self.run(&create)?;
            }
        }
        self.tell(&bucket);
        Ok(bucket)
    }

    /// Uploads the programs and the template; answers where the template is.
    pub(super) fn package(&self, bucket: &str, region: &str) -> Result<String, OperateProblem> {
        let name = self.wish.stack.to_string();
        self.step("Uploading");
        let package = [
            "cloudformation",
            "package",
            "--template-file",
            TEMPLATE,
            "--s3-bucket",
            bucket,
            "--s3-prefix",
            &name,
            "--output-template-file",
            PACKAGED,
        ];
        let target = format!("s3://{bucket}/{name}/template.yaml");
        for arguments in [&package[..], &["s3", "cp", "--no-progress", PACKAGED, &target]] {
            self.rehearse(arguments);
            self.aws.text(arguments)?;
        }
        let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        Ok(format!("https://{bucket}.s3.{region}.{suffix}/{name}/template.yaml"))
    }
}

/// The zipped programs, each with its size in bytes.
fn zips() -> Result<Vec<(String, u64)>, OperateProblem> {
    let unreadable = |error: std::io::Error| {
        OperateProblem::refused(format!(
            "cannot look at {PROGRAMS}, where the programs are: {error}"
        ))
    };
    let mut zips = Vec::new();
    for folder in fs::read_dir(PROGRAMS).map_err(unreadable)? {
        let folder = folder.map_err(unreadable)?;
        if let Ok(zip) = fs::metadata(folder.path().join("bootstrap.zip")) {
            zips.push((folder.file_name().to_string_lossy().into_owned(), zip.len()));
        }
    }
    zips.sort();
    Ok(zips)
}

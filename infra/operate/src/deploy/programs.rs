//! The functions' programs: built once for all of them, and put where CloudFormation finds them.

use std::{
    env, fs,
    io::Cursor,
    path::{Path, PathBuf},
    process::Command,
};

use shell::aws::domain_of;
use zip::{DateTime, ZipArchive, ZipWriter, result::ZipResult};

use super::{Architecture, Deploying, TEMPLATE, preparations::Account};
use crate::{OperateProblem, Operator};

/// Where cargo-lambda puts the programs, from the root of the project.
const PROGRAMS: &str = "target/lambda";

/// Where the template goes whose programs are uploaded.
const PACKAGED: &str = "target/lambda/packaged.yaml";

impl<O: Operator> Deploying<'_, O> {
    pub(super) fn build(
        &self,
        architecture: Architecture,
        environment: &impl Fn(&str) -> Option<String>,
    ) -> Result<(), OperateProblem> {
        self.step("The programs");
        let processor = match architecture {
            Architecture::Arm64 => "--arm64",
            Architecture::X86_64 => "--x86-64",
        };
        // Whether Rust has the library of the processor was looked at; who keeps its compiler, rustup or
        // somebody else, is no business of the build's.
        let arguments = [
            "lambda",
            "build",
            "--profile",
            "lambda",
            processor,
            "--skip-target-check",
            "-o",
            "zip",
            "--locked",
        ];
        self.tell(&format!("cargo {}", arguments.join(" ")));
        let flags = flags(environment("RUSTFLAGS"), places(environment));
        let mut cargo = Command::new("cargo");
        let built = cargo.args(arguments).env("CARGO_ENCODED_RUSTFLAGS", flags).status();
        if !built.is_ok_and(|status| status.success()) {
            let words = "the functions could not be built; what went wrong stands above";
            return Err(OperateProblem::refused(words));
        }
        for (name, zip) in zips()? {
            let bytes = forget_when(&zip).map_err(|error| {
                OperateProblem::refused(format!(
                    "{} cannot be written anew: {error}",
                    zip.display()
                ))
            })?;
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
            Ok(answer) if !self.aws.is_rehearsal => {
                // Older commands do not say where it is.
                if let Some(place) = answer["BucketRegion"].as_str().filter(|at| at != region) {
                    return Err(OperateProblem::refused(format!(
                        "the bucket {bucket} is in {place}, and Lambda takes programs from its own \
                         region only: name one in {region} with --bucket, or none"
                    )));
                }
            }
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
        let domain = domain_of(region);
        Ok(format!("https://{bucket}.s3.{region}.{domain}/{name}/template.yaml"))
    }
}

/// Where this checkout is, and where cargo keeps what others wrote, with the names that stand for them
/// in the programs.
fn places(environment: &impl Fn(&str) -> Option<String>) -> Vec<(PathBuf, &'static str)> {
    let cargo_home = environment("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let places = [(cargo_home, "/cargo"), (env::current_dir().ok(), "/anteroom")];
    places.into_iter().filter_map(|(place, name)| Some((place?, name))).collect()
}

/// How programs are laid out (decision 0031): at addresses of their own, so that none of fifty
/// thousand pointers, most of them in the tables of time zones, has to be put right at each start.
const LAYOUT: [&str; 2] = ["-C", "relocation-model=static"];

/// What the compiler is told, with a unit separator between. Where a program was built is nobody's
/// business, and without it the same sources give the same bytes everywhere.
fn flags(given: Option<String>, places: Vec<(PathBuf, &str)>) -> String {
    let given = given.unwrap_or_default();
    let given = given.split_whitespace().map(str::to_owned);
    let remap =
        |(place, name): (PathBuf, &str)| format!("--remap-path-prefix={}={name}", place.display());
    let layout = LAYOUT.map(str::to_owned);
    layout
        .into_iter()
        .chain(given)
        .chain(places.into_iter().map(remap))
        .collect::<Vec<_>>()
        .join("\x1f")
}

/// Gives what is zipped one and the same date, and answers how many bytes that takes. With the date of
/// its build a program that has not changed would be another one, be uploaded and start anew.
fn forget_when(path: &Path) -> ZipResult<usize> {
    let mut zipped = ZipArchive::new(fs::File::open(path)?)?;
    let mut copy = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..zipped.len() {
        copy.raw_copy_file_touch(zipped.by_index_raw(number)?, DateTime::DEFAULT, Some(0o755))?;
    }
    let bytes = copy.finish()?.into_inner();
    fs::write(path, &bytes)?;
    Ok(bytes.len())
}

/// The zipped programs.
fn zips() -> Result<Vec<(String, PathBuf)>, OperateProblem> {
    let unreadable = |error: std::io::Error| {
        OperateProblem::refused(format!(
            "cannot look at {PROGRAMS}, where the programs are: {error}"
        ))
    };
    let mut zips = Vec::new();
    for folder in fs::read_dir(PROGRAMS).map_err(unreadable)? {
        let folder = folder.map_err(unreadable)?;
        let zip = folder.path().join("bootstrap.zip");
        if zip.exists() {
            zips.push((folder.file_name().to_string_lossy().into_owned(), zip));
        }
    }
    zips.sort();
    Ok(zips)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_does_not_say_where_it_was_built() {
        let places =
            vec![(PathBuf::from("/home/a b"), "/cargo"), (PathBuf::from("/c"), "/anteroom")];
        assert_eq!(
            flags(Some("-C target-cpu=native".to_owned()), places),
            "-C\x1frelocation-model=static\x1f-C\x1ftarget-cpu=native\x1f--remap-path-prefix=/home/a b=/cargo\x1f\
             --remap-path-prefix=/c=/anteroom"
        );
    }
}

//! AWS's own command line: how everything but the tables is asked.
//!
//! It knows how operators sign in (profiles, single sign-on, roles), and prints JSON. In a rehearsal
//! nothing is run: what would be is told, and every answer is empty.

use std::{
    io::{self, Write as _},
    process::{Command, Stdio},
};

use serde_json::Value;

/// The `aws` command, for one region and one profile.
#[derive(Debug, Clone)]
pub struct Aws {
    /// The region, if it was named.
    pub region: Option<String>,
    /// The profile, if one was named.
    pub profile: Option<String>,
    /// Whether nothing is run.
    pub is_rehearsal: bool,
}

/// Why AWS did not do it.
#[derive(Debug, thiserror::Error)]
pub enum AwsProblem {
    /// The command is not here.
    #[error(
        "cannot run `aws`: install the AWS CLI, version 2.13 or newer, and see that it is on the PATH"
    )]
    NoCommand(#[source] io::Error),
    /// AWS, or its command, said no.
    #[error("`aws {what}` said: {words}")]
    Refused {
        /// What was asked, such as `cloudformation describe-stacks`.
        what: String,
        /// The name of the error, such as `ValidationError`; empty if it has none.
        code: String,
        /// What was said.
        words: String,
    },
    /// What came back cannot be read.
    #[error("`aws {0}` answered something that is not JSON")]
    Answer(String),
}

impl AwsProblem {
    /// Whether AWS refused with this code.
    pub fn is(&self, expected: &str) -> bool {
        matches!(self, Self::Refused { code, .. } if code == expected)
    }
}

impl Aws {
    /// Does what these arguments say, and answers the JSON that was printed; nothing in a rehearsal.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn run(&self, arguments: &[&str]) -> Result<Value, AwsProblem> {
        self.run_with(arguments, None)
    }

    /// The same with a command that prints a text.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn text(&self, arguments: &[&str]) -> Result<String, AwsProblem> {
        let printed = self.printed(arguments, None)?;
        Ok(String::from_utf8_lossy(&printed).trim().to_owned())
    }

    /// The same with a text on the standard input, which no list of processes shows. Only `--value`
    /// and its like can be `file:///dev/stdin`; a whole request (`--cli-input-json`) is read twice.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn run_with(&self, arguments: &[&str], input: Option<&str>) -> Result<Value, AwsProblem> {
        let printed = self.printed(arguments, input)?;
        let text = printed.trim_ascii();
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(text).map_err(|_| AwsProblem::Answer(what(arguments)))
    }

    fn printed(&self, arguments: &[&str], input: Option<&str>) -> Result<Vec<u8>, AwsProblem> {
        if self.is_rehearsal {
            return Ok(Vec::new());
        }
        let mut command = Command::new("aws");
        command.args(self.arguments(arguments));
        // As scripts have always had it, whatever the operator likes to read.
        let plain = [("PAGER", ""), ("CLI_ERROR_FORMAT", "legacy"), ("CLI_AUTO_PROMPT", "off")];
        command.envs(plain.map(|(name, value)| (format!("AWS_{name}"), value)));
        let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
        let child = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.map_err(AwsProblem::NoCommand)?;
        if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
            // A command that ends without reading says why itself.
            drop(stdin.write_all(input.as_bytes()));
        }
        let output = child.wait_with_output().map_err(AwsProblem::NoCommand)?;
        if !output.status.success() {
            return Err(refused(what(arguments), &String::from_utf8_lossy(&output.stderr)));
        }
        Ok(output.stdout)
    }

    /// The whole command, as somebody would type it.
    pub fn spelled(&self, arguments: &[&str]) -> String {
        let words: Vec<String> =
            self.arguments(arguments).iter().map(|word| quoted(word)).collect();
        format!("aws {}", words.join(" "))
    }

    fn arguments(&self, arguments: &[&str]) -> Vec<String> {
        let mut all: Vec<String> = arguments.iter().map(|&one| one.to_owned()).collect();
        let named = [("--region", &self.region), ("--profile", &self.profile)];
        for (name, value) in named {
            if let Some(value) = value {
                all.extend([name.to_owned(), value.clone()]);
            }
        }
        all.extend(["--output".to_owned(), "json".to_owned()]);
        all
    }
}

fn what(arguments: &[&str]) -> String {
    arguments.iter().take(2).copied().collect::<Vec<_>>().join(" ")
}

/// `An error occurred (Code) when calling the Operation operation: words`; after others in vain,
/// `… operation (reached max retries: 2): words`.
fn refused(what: String, stderr: &str) -> AwsProblem {
    let words = stderr.trim().replace('\n', " ");
    let told = words.split_once("An error occurred (").and_then(|(_, rest)| rest.split_once(')'));
    let code = told.map(|(code, _)| code.to_owned()).unwrap_or_default();
    let told = told.and_then(|(_, rest)| rest.split_once(" operation"));
    let words = match told.and_then(|(_, rest)| said_at_last(rest).strip_prefix(": ")) {
        Some(words) => format!("{words} ({code})"),
        None => words,
    };
    AwsProblem::Refused { what, code, words }
}

fn said_at_last(rest: &str) -> &str {
    let tried = rest.strip_prefix(" (reached max retries: ").and_then(|rest| rest.split_once(')'));
    tried.map_or(rest, |(_, rest)| rest)
}

fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,@+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_its_code_and_its_words() {
        let stderr = "\nAn error occurred (ValidationError) when calling the DescribeStacks \
                      operation: Stack with id anteroom does not exist\n";
        let problem = refused("cloudformation describe-stacks".to_owned(), stderr);
        assert!(problem.is("ValidationError"));
        assert_eq!(
            problem.to_string(),
            "`aws cloudformation describe-stacks` said: Stack with id anteroom does not exist \
             (ValidationError)"
        );
        let stderr = "An error occurred (Throttling) when calling the DescribeStacks operation \
                      (reached max retries: 2): Rate exceeded";
        let problem = refused("cloudformation describe-stacks".to_owned(), stderr);
        assert!(problem.is("Throttling"));
        assert!(problem.to_string().ends_with("said: Rate exceeded (Throttling)"), "{problem}");
        let problem =
            refused("sts get-caller-identity".to_owned(), "Unable to locate credentials.");
        assert!(problem.is(""));
        assert!(problem.to_string().ends_with("said: Unable to locate credentials."));
    }

    #[test]
    fn a_command_is_spelled_as_it_can_be_typed() {
        let aws =
            Aws { region: Some("eu-central-1".to_owned()), profile: None, is_rehearsal: true };
        assert_eq!(
            aws.spelled(&["s3", "cp", "a b", "it's"]),
            r"aws s3 cp 'a b' 'it'\''s' --region eu-central-1 --output json"
        );
        assert_eq!(aws.run(&["s3", "ls"]).unwrap(), Value::Null);
    }
}

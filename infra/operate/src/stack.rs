//! A house in the cloud: what AWS knows of its stack, and its tables.

use std::{collections::BTreeMap, fmt, str::FromStr, time::Duration};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use shell::{
    LinkKeys,
    aws::{Connection, Endpoints, Identity, Looked},
};
use store::{Store, Tables};

use crate::{
    Aws, AwsProblem, OperateProblem, Operator, Premises, mail,
    problem::with_causes,
    recovery::Recovery,
    secrets::{kept_link_keys, link_keys_are_missing, put_link_keys},
};

/// The name of a stack: what everything of it is called by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackName(String);

/// A name is part of the names of tables, functions and queues, and of the alarms' letters.
const NAME_MAX: usize = 32;

impl FromStr for StackName {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let is_name = name.len() <= NAME_MAX
            && name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            && !name.ends_with('-');
        is_name.then(|| Self(name.to_owned())).ok_or_else(|| {
            format!(
                "a stack's name has small letters, digits and hyphens, begins with a letter, and is \
                 at most {NAME_MAX} long"
            )
        })
    }
}

impl fmt::Display for StackName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StackName {
    /// Under which name the functions look for the secrets that sign links.
    pub fn link_keys_parameter(&self) -> String {
        format!("/anteroom/{}/link-keys", self.0)
    }
}

/// How long to wait between two looks at tables that are brought back.
const RECOVERY_PATIENCE: Duration = Duration::from_secs(5);

/// The tables of a stack, without its name.
pub(crate) const TABLES: [&str; 4] = ["practices", "clients", "calendar", "outbox"];

/// What CloudFormation knows of a stack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct StackState {
    /// Such as `UPDATE_COMPLETE`.
    pub(crate) status: String,
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) outputs: BTreeMap<String, String>,
    pub(crate) is_protected: bool,
    /// When it was last changed, as AWS writes it; empty before the first time.
    pub(crate) changed: String,
}

impl StackState {
    /// Whether it is a name and nothing more: its first changes were never agreed to.
    pub(crate) fn is_new(&self) -> bool {
        self.status == "REVIEW_IN_PROGRESS"
    }

    /// Whether AWS is at work on it, and takes no other wish.
    pub(crate) fn is_busy(&self) -> bool {
        self.status.ends_with("_IN_PROGRESS")
    }

    /// Whether it can only be removed.
    pub(crate) fn is_wreck(&self) -> bool {
        let wrecks = ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"];
        wrecks.contains(&self.status.as_str())
    }
}

/// How often what AWS is doing is looked at: three hours, at five seconds a look.
const LOOKS_MAX: u32 = 2_160;

/// Looks at what AWS is doing until something has come of it.
pub(crate) async fn until_done<T>(
    patience: Duration,
    mut look: impl FnMut() -> Result<Option<T>, OperateProblem>,
) -> Result<T, OperateProblem> {
    for looks in 1..=LOOKS_MAX {
        if let Some(done) = look()? {
            return Ok(done);
        }
        // Much is done within a second or two.
        tokio::time::sleep(patience.min(Duration::from_secs(looks.into()))).await;
    }
    Err(OperateProblem::refused("AWS is still at it: look at its console"))
}

/// What is known of a stack that must be there.
pub(crate) fn state_of_existing(aws: &Aws, name: &StackName) -> Result<StackState, OperateProblem> {
    state_of(aws, name)?.ok_or_else(|| {
        let words = format!("there is no stack {name} in this region (--region names another)");
        OperateProblem::Refused(words)
    })
}

/// What is known of a stack; nothing if there is none.
pub(crate) fn state_of(aws: &Aws, name: &StackName) -> Result<Option<StackState>, AwsProblem> {
    let asked = aws.run(&["cloudformation", "describe-stacks", "--stack-name", &name.0]);
    let answer = match asked {
        Ok(answer) => answer,
        // A stack that is not there is a mistake in the request, in CloudFormation's eyes.
        Err(problem) if problem.is("ValidationError") => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let Some(stack) = answer["Stacks"].get(0) else { return Ok(None) };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let pairs = |list: &str, key: &str, value: &str| {
        let all = stack[list].as_array().into_iter().flatten();
        all.map(|one| (text(&one[key]), text(&one[value]))).collect()
    };
    Ok(Some(StackState {
        status: text(&stack["StackStatus"]),
        parameters: pairs("Parameters", "ParameterKey", "ParameterValue"),
        outputs: pairs("Outputs", "OutputKey", "OutputValue"),
        is_protected: stack["EnableTerminationProtection"].as_bool().unwrap_or_default(),
        changed: text(&stack["LastUpdatedTime"]),
    }))
}

/// How a command that is meant for this house is told so.
pub(crate) fn address(aws: &Aws, name: &StackName) -> String {
    let named = [("region", &aws.region), ("profile", &aws.profile)];
    let named = named.into_iter().filter_map(|(option, value)| {
        let value = value.as_ref()?;
        Some(format!(" --{option} {value}"))
    });
    format!("--stack {name}{}", named.collect::<String>())
}

/// The region that is asked: as named, as the environment says, or as the profile has it.
pub(crate) fn region_of(
    aws: &Aws,
    environment: &impl Fn(&str) -> Option<String>,
) -> Result<String, OperateProblem> {
    let named = aws.region.clone().or_else(|| environment("AWS_REGION"));
    if let Some(region) = named.or_else(|| environment("AWS_DEFAULT_REGION")) {
        return Ok(region);
    }
    // Where none is set it fails without a word.
    match aws.text(&["configure", "get", "region"]) {
        Ok(region) if !region.is_empty() => Ok(region),
        Err(AwsProblem::NoCommand(error)) => Err(AwsProblem::NoCommand(error).into()),
        Ok(_) | Err(AwsProblem::Refused { .. } | AwsProblem::Answer(_)) => {
            Err(OperateProblem::refused("name the region: --region eu-central-1, or AWS_REGION"))
        }
    }
}

/// As whom AWS is asked: as the environment says, or as the `aws` command signs in.
fn identity_of(aws: &Aws, named: Option<&Identity>) -> Result<Identity, OperateProblem> {
    if let Some(identity) = named {
        return Ok(identity.clone());
    }
    let exported = aws.run(&["configure", "export-credentials", "--format", "process"]);
    let exported = exported.map_err(|problem| {
        // The first version of the command has no such word, and prints all those that it has.
        if problem.to_string().contains("nvalid choice") {
            let words = "the AWS CLI is too old: install version 2.13 or newer (`aws --version`)";
            return OperateProblem::refused(words);
        }
        problem.into()
    })?;
    let text = |name: &str| exported[name].as_str().map(str::to_owned);
    let read = || {
        Some(Identity {
            key: text("AccessKeyId")?,
            secret: text("SecretAccessKey")?,
            token: text("SessionToken"),
        })
    };
    read().ok_or_else(|| AwsProblem::Answer("configure export-credentials".to_owned()).into())
}

/// A house in the cloud.
pub struct Stack {
    aws: Aws,
    name: StackName,
    region: String,
    endpoints: Endpoints,
    connection: Connection,
    /// Who the environment says that we are; otherwise the `aws` command is asked.
    named: Option<Identity>,
    store: Store,
    pages: Connection,
}

impl Stack {
    /// The house of this name; whether it is there is seen when it is asked.
    ///
    /// # Errors
    /// There are no credentials, or no region.
    pub fn open(
        aws: &Aws,
        name: &StackName,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, OperateProblem> {
        let region = region_of(aws, &environment)?;
        let named =
            if aws.profile.is_none() { Identity::from_environment(&environment) } else { None };
        let identity = identity_of(aws, named.as_ref())?;
        let endpoints = Endpoints::from_environment(region.clone(), environment);
        let unprepared =
            |error| OperateProblem::house(format!("the way to AWS cannot be prepared: {error}"));
        let connection = endpoints.connection().map_err(unprepared)?;
        let pages = endpoints.connection_to_pages().map_err(unprepared)?;
        let client = endpoints.tables_for_operators(&connection, &identity);
        let store = Store::new(client, Tables::with_prefix(&format!("{name}-")));
        let (aws, name) = (aws.clone(), name.clone());
        Ok(Self { aws, name, region, endpoints, connection, named, store, pages })
    }

    /// Other tables of the account, asked for anew: what the `aws` command lends us ends, some after a
    /// quarter of an hour.
    fn other_tables(&self, prefix: &str) -> Result<Store, OperateProblem> {
        let identity = identity_of(&self.aws, self.named.as_ref())?;
        let client = self.endpoints.tables_for_operators(&self.connection, &identity);
        Ok(Store::new(client, Tables::with_prefix(prefix)))
    }

    /// Where it is.
    pub(crate) fn region(&self) -> &str {
        &self.region
    }

    /// How one of its pages answers; or why none does, with the whole chain of causes.
    pub(crate) async fn look_at(&self, page: &str) -> Result<Looked, String> {
        self.pages.look_at(page).await.map_err(|error| with_causes(&*error))
    }

    /// Sees that there is such a house, or the tables of one whose stack is gone.
    ///
    /// # Errors
    /// There is none, or AWS cannot be asked.
    pub fn see_that_it_is_there(&self) -> Result<(), OperateProblem> {
        let (name, table) = (&self.name, format!("{}-{}", self.name, TABLES[0]));
        match self.aws.run(&["dynamodb", "describe-table", "--table-name", &table]) {
            Err(problem) if problem.is("ResourceNotFoundException") => {
                Err(OperateProblem::refused(format!(
                    "there is no house {name} in this region (--region names another, --stack \
                     another house)"
                )))
            }
            asked => Ok(asked.map(drop)?),
        }
    }

    fn recovery(&self, at: DateTime<Utc>) -> Recovery<'_> {
        Recovery { aws: &self.aws, house: &self.name, at, patience: RECOVERY_PATIENCE }
    }

    /// Makes the functions start anew, for they read the secrets when they start; unless they have read
    /// this version, and it was not changed just now.
    fn restart_functions(
        &self,
        version: u64,
        is_changed: bool,
        operator: &impl Operator,
    ) -> Result<(), OperateProblem> {
        let Some(state) = state_of(&self.aws, &self.name)? else { return Ok(()) };
        let started_with = state.parameters.get("LinkKeysVersion");
        let started_with = started_with.and_then(|version| version.parse::<u64>().ok());
        let version = match started_with {
            Some(started_with) if started_with == version && !is_changed => return Ok(()),
            // A parameter that was lost and brought back counts from one again.
            Some(started_with) if started_with == version => version + 1,
            Some(_) | None => version,
        };
        let parameters = state.parameters.keys().map(|name| match name.as_str() {
            "LinkKeysVersion" => {
                json!({ "ParameterKey": name, "ParameterValue": version.to_string() })
            }
            _ => json!({ "ParameterKey": name, "UsePreviousValue": true }),
        });
        let parameters = parameters.collect::<Value>().to_string();
        self.aws.run(&[
            "cloudformation",
            "update-stack",
            "--stack-name",
            &self.name.0,
            "--use-previous-template",
            "--parameters",
            &parameters,
            "--capabilities",
            "CAPABILITY_IAM",
            "CAPABILITY_AUTO_EXPAND",
        ])?;
        operator.hear(
            "The functions start anew, to sign with these secrets; that takes a minute or two.",
        );
        let wait =
            ["cloudformation", "wait", "stack-update-complete", "--stack-name", &self.name.0];
        self.aws.run(&wait)?;
        Ok(())
    }
}

impl Premises for Stack {
    fn store(&self) -> &Store {
        &self.store
    }

    fn address(&self) -> String {
        address(&self.aws, &self.name)
    }

    fn is_running(&self) -> bool {
        true
    }

    async fn mail_domain(&self) -> Result<Option<String>, OperateProblem> {
        let state = state_of(&self.aws, &self.name)?;
        Ok(state.and_then(|state| state.parameters.get("MailDomain").cloned()))
    }

    async fn why_mail_waits(&self) -> Result<Option<String>, OperateProblem> {
        let Some(domain) = self.mail_domain().await? else { return Ok(None) };
        let identity = mail::identity(&self.aws, &domain)?;
        if !identity.is_some_and(|identity| mail::sends(&identity)) {
            return Ok(Some(format!("SES does not send for {domain} yet")));
        }
        let is_open = mail::is_open_to_everybody(&mail::account(&self.aws)?);
        Ok((!is_open).then(|| mail::SANDBOX.to_owned()))
    }

    async fn recover(
        &self,
        at: DateTime<Utc>,
        operator: &impl Operator,
    ) -> Result<Store, OperateProblem> {
        let recovery = self.recovery(at);
        recovery.bring_back(operator).await?;
        self.other_tables(&recovery.prefix())
    }

    async fn forget(
        &self,
        at: DateTime<Utc>,
        operator: &impl Operator,
    ) -> Result<(), OperateProblem> {
        self.recovery(at).forget(operator)
    }

    async fn link_keys(&self) -> Result<LinkKeys, OperateProblem> {
        let kept = kept_link_keys(&self.aws, &self.name)?;
        kept.map(|(keys, _)| keys).ok_or_else(|| link_keys_are_missing(&self.name))
    }

    async fn keep_link_keys(
        &self,
        keys: &LinkKeys,
        operator: &impl Operator,
    ) -> Result<(), OperateProblem> {
        let kept = kept_link_keys(&self.aws, &self.name)?;
        let (version, is_changed) = match kept {
            Some((kept, version)) if kept == *keys => (version, false),
            _ => (put_link_keys(&self.aws, &self.name, keys, true)?, true),
        };
        self.restart_functions(version, is_changed, operator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_is_named_so_that_everything_of_it_can_be() {
        for name in ["anteroom", "a", "practice-2"] {
            assert_eq!(name.parse::<StackName>().map(|name| name.to_string()), Ok(name.to_owned()));
        }
        for name in ["", "Anteroom", "2", "-a", "a-", "a_b", "a b", &"a".repeat(33)] {
            assert!(name.parse::<StackName>().is_err(), "{name}");
        }
    }
}

//! `anteroom deploy`: a house onto AWS, or a newer version of it, in one go.
//!
//! Every step can be done again: what is there already stays. Nothing of a stack is changed before
//! the operator has seen what will be.

mod change_set;
mod preparations;
mod programs;
mod smoke;
mod stack_before;
mod template;

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use clap::ValueEnum;
use domain::Handbook;
use serde_json::Value;
use shell::{Chance as _, LinkKeys, LinkSecret, SystemChance};

use crate::{
    Aws, AwsProblem, OperateProblem, Operator, PracticesCommand, Stack, StackName, carry_out, mail,
    outputs::{ADDRESS, API_HOST, DOMAIN_TARGET, MAIL_RECORDS},
    secrets::{kept_link_keys, link_keys_are_missing, put_link_keys, put_link_keys_command},
    stack::{StackState, address, region_of},
};
use template::check_together;

/// The template, from the root of the project.
const TEMPLATE: &str = "infra/aws/template.yaml";

/// What the functions' processors are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Architecture {
    /// Graviton: a fifth cheaper.
    Arm64,
    /// Intel or AMD: where the programs cannot be built for arm64.
    #[value(name = "x86_64")]
    X86_64,
}

impl Architecture {
    fn name(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        }
    }
}

/// What is to be deployed.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// The name of the stack.
    pub stack: StackName,
    /// Parameters of the template that are given now. The others keep what they had.
    pub parameters: BTreeMap<String, String>,
    /// The folders of the practices that are to be here.
    pub practices: Vec<PathBuf>,
    /// What the functions run on, if it is said now.
    pub architecture: Option<Architecture>,
    /// Where the programs are put, if not in a bucket of the account's own for it.
    pub bucket: Option<String>,
    /// Whether the operator has agreed to what will be changed.
    pub is_agreed: bool,
    /// How long to wait between two looks at what AWS is doing.
    pub patience: Duration,
}

/// A deployment under way.
struct Deploying<'a, O> {
    aws: &'a Aws,
    wish: &'a Deployment,
    operator: &'a O,
}

/// Puts a house onto AWS, and its practices into it. In a rehearsal everything is done that needs no
/// AWS, and what would be asked of it is told.
///
/// # Errors
/// Which step failed, and what to do. Steps before it need not be undone.
pub async fn deploy(
    aws: &Aws,
    wish: &Deployment,
    operator: &impl Operator,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<(), OperateProblem> {
    let deploying = Deploying { aws, wish, operator };
    template::Parameters::read()?.check(&wish.parameters)?;
    let practices = deploying.read_practices()?;
    if aws.is_rehearsal {
        // Known already, and cheaper to mend than what the tools lack.
        deploying.see_that_a_new_stack_can_be()?;
        check_together(&wish.parameters, None)?;
        deploying.check_senders(&practices, None, &environment).await?;
        if let Ok(region) = region_of(aws, &environment) {
            deploying.check_certificate(&region)?;
        }
    }
    deploying.look_at_commands()?;
    let account = deploying.look_at_account(&environment)?;
    let state = deploying.look_at_stack()?;
    let architecture = deploying.architecture(state.as_ref());
    deploying.look_at_target(architecture, &environment)?;
    deploying.check_senders(&practices, state.as_ref(), &environment).await?;
    deploying.build(architecture, &environment)?;
    deploying.see_to_link_keys(state.as_ref())?;
    let bucket = deploying.see_to_bucket(&account)?;
    let template = deploying.package(&bucket, &account.region)?;
    let given = deploying.given(architecture, state.as_ref())?;
    let state = deploying.put_in_place(&template, state, &given).await?;
    let stack =
        if aws.is_rehearsal { None } else { Some(Stack::open(aws, &wish.stack, environment)?) };
    deploying.load(&practices, stack.as_ref()).await?;
    let tried = deploying.try_out(&practices, &state, stack.as_ref()).await;
    // What is to be done next does not depend on it.
    deploying.tell_what_is_left(&state, tried.is_ok());
    tried
}

impl<O: Operator> Deploying<'_, O> {
    fn step(&self, words: &str) {
        self.operator.hear(&format!("\n{words}"));
    }

    fn tell(&self, words: &str) {
        self.operator.hear(&format!("  {words}"));
    }

    /// Asks AWS; a rehearsal tells what would be asked, and has no answer.
    fn run(&self, arguments: &[&str]) -> Result<Value, AwsProblem> {
        self.rehearse(arguments);
        self.aws.run(arguments)
    }

    fn rehearse(&self, arguments: &[&str]) {
        if self.aws.is_rehearsal {
            self.tell(&format!("would run: {}", self.aws.spelled(arguments)));
        }
    }

    /// What the functions run on: as said now, as before, or what is cheaper.
    fn architecture(&self, state: Option<&StackState>) -> Architecture {
        let before = state.and_then(|state| state.parameters.get("Architecture"));
        let before = before.and_then(|name| Architecture::from_str(name, false).ok());
        self.wish.architecture.or(before).unwrap_or(Architecture::Arm64)
    }

    /// The parameters that are given now.
    fn given(
        &self,
        architecture: Architecture,
        state: Option<&StackState>,
    ) -> Result<BTreeMap<String, String>, OperateProblem> {
        let mut given = self.wish.parameters.clone();
        given.insert("Architecture".to_owned(), architecture.name().to_owned());
        if state.is_some_and(|state| leaves_api_host(state, &given)) {
            self.tell(
                "Links that have left lead to the API's own host, so that goes on answering \
                 (--set ApiHostAnswers=no closes it).",
            );
            given.insert("ApiHostAnswers".to_owned(), "yes".to_owned());
        }
        // At once: the functions write the host into every letter, and letters leave meanwhile.
        if let Some(host) = state.and_then(|state| state.outputs.get(API_HOST))
            && value_of("Domain", &given, state).is_none_or(String::is_empty)
        {
            given.insert("Domain".to_owned(), host.clone());
        }
        let domain =
            self.other_mail_domain(state).filter(|_| !given.contains_key("CreateMailIdentity"));
        if let Some(domain) = domain {
            let is_known = self.is_known_to_ses(domain)?;
            if is_known {
                self.tell(&format!("SES knows {domain} already: its identity stays as it is."));
            }
            let makes = if is_known { "no" } else { "yes" };
            given.insert("CreateMailIdentity".to_owned(), makes.to_owned());
        }
        Ok(given)
    }

    /// The domain of mail that is given now, if it was another before, or none.
    fn other_mail_domain(&self, state: Option<&StackState>) -> Option<&String> {
        let before = state.and_then(|state| state.parameters.get("MailDomain"));
        self.wish.parameters.get("MailDomain").filter(|given| before != Some(given))
    }

    /// SES has one identity for a domain, and it outlives the stack that made it.
    fn is_known_to_ses(&self, domain: &str) -> Result<bool, OperateProblem> {
        self.rehearse(&["sesv2", "get-email-identity", "--email-identity", domain]);
        let is_known = mail::identity(self.aws, domain)?.is_some();
        Ok(is_known && !self.aws.is_rehearsal)
    }

    fn see_to_link_keys(&self, state: Option<&StackState>) -> Result<(), OperateProblem> {
        let name = &self.wish.stack;
        let parameter = name.link_keys_parameter();
        self.step("The secret that signs links");
        self.rehearse(&["ssm", "get-parameter", "--name", &parameter, "--with-decryption"]);
        if kept_link_keys(self.aws, name)?.is_some() {
            self.tell(&format!("{parameter} is there."));
            return Ok(());
        }
        if state.is_some() {
            return Err(link_keys_are_missing(name));
        }
        let put = put_link_keys_command(name, false);
        self.rehearse(&put.each_ref().map(AsRef::as_ref));
        let mut secret = [0; 32];
        SystemChance.fill(&mut secret);
        put_link_keys(self.aws, name, &LinkKeys::new(LinkSecret::new(secret)), false)?;
        if !self.aws.is_rehearsal {
            self.tell(&format!("{parameter} is drawn and kept there. Every backup has it, too."));
        }
        Ok(())
    }

    /// Makes the stack what the template says; without a domain of its own, twice.
    async fn put_in_place(
        &self,
        template: &str,
        before: Option<StackState>,
        given: &BTreeMap<String, String>,
    ) -> Result<StackState, OperateProblem> {
        self.step("What will be changed");
        let agreed = self.wish.is_agreed;
        let state = self.change(template, before.as_ref(), given, agreed).await?;
        let has_domain = state.parameters.get("Domain").is_some_and(|domain| !domain.is_empty());
        let state = match state.outputs.get(API_HOST) {
            Some(host) if !has_domain => {
                self.step("The address, which was not known before");
                let given = BTreeMap::from([("Domain".to_owned(), host.clone())]);
                // What this is for was agreed to with the first.
                self.change(template, Some(&state), &given, true).await?
            }
            None if self.aws.is_rehearsal && !given.contains_key("Domain") => {
                self.step("The address, which is not known before");
                self.tell(
                    "would do the same once more, with the host that the output ApiHost names",
                );
                state
            }
            _ => state,
        };
        if !state.is_protected {
            let name = self.wish.stack.to_string();
            let arguments = ["cloudformation", "update-termination-protection", "--stack-name"];
            let arguments = [&arguments[..], &[&name, "--enable-termination-protection"]].concat();
            self.run(&arguments)?;
        }
        Ok(state)
    }

    async fn load(
        &self,
        practices: &[(PathBuf, Handbook)],
        stack: Option<&Stack>,
    ) -> Result<(), OperateProblem> {
        if practices.is_empty() {
            return Ok(());
        }
        self.step("The practices");
        for (folder, handbook) in practices {
            let Some(stack) = stack else {
                let (id, version) = (&handbook.practice.id, &handbook.version);
                self.tell(&format!("would put handbook {version} of {id} in force"));
                continue;
            };
            let add = PracticesCommand::Add { folder: folder.clone() };
            carry_out(add, stack, self.operator).await?;
        }
        Ok(())
    }

    fn tell_what_is_left(&self, state: &StackState, is_well: bool) {
        self.step(match (self.aws.is_rehearsal, is_well) {
            (true, _) => "Nothing was changed.",
            (false, true) => "Done.",
            (false, false) => "In place, but not everything answers as it should (see the end).",
        });
        let output = |name: &str| state.outputs.get(name).cloned();
        if let Some(address) = output(ADDRESS) {
            self.tell(&format!("The house is at {address}"));
        }
        if let Some(target) = output(DOMAIN_TARGET) {
            self.tell(&format!("The name of the domain must lead (CNAME) to {target}"));
        }
        let records: Vec<String> = MAIL_RECORDS.iter().filter_map(|name| output(name)).collect();
        if !records.is_empty() {
            self.tell("Put these records into the DNS of the mail domain:");
            for record in &records {
                self.tell(&format!("  {record}"));
            }
        } else if !self.aws.is_rehearsal {
            self.tell(
                "SES knew the mail domain before: `anteroom doctor` says what its DNS lacks.",
            );
        }
        let address = address(self.aws, &self.wish.stack);
        self.tell(&format!(
            "`anteroom doctor {address}` says what is still in the way, with its cure: records of the \
             DNS (DMARC, too), the mail in which AWS asks about alarms, SES's sandbox, paused practices."
        ));
        self.tell(&format!("Later: `anteroom status {address}`, `anteroom costs`."));
    }
}

/// A parameter as it will be: as given now, or as before.
fn value_of<'a>(
    name: &str,
    given: &'a BTreeMap<String, String>,
    state: Option<&'a StackState>,
) -> Option<&'a String> {
    given.get(name).or_else(|| state?.parameters.get(name))
}

/// Whether the house was reached by the API's own host, and will be by another.
fn leaves_api_host(state: &StackState, given: &BTreeMap<String, String>) -> bool {
    let (before, host) = (state.parameters.get("Domain"), state.outputs.get(API_HOST));
    let next = given.get("Domain").filter(|domain| !domain.is_empty());
    host.is_some()
        && before == host
        && next.is_some_and(|next| Some(next) != host)
        && !given.contains_key("ApiHostAnswers")
}

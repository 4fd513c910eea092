//! `anteroom doctor`: what could keep letters from arriving or work from being done, and its cure.

mod dns;
mod mail;

use std::net::SocketAddr;

use chrono::{DateTime, TimeDelta, Utc};
use domain::PracticeId;
use serde_json::Value;
use shell::{Clock as _, SystemClock};
use store::{Standing, StoredHandbook};

use crate::{
    Aws, OperateProblem, Operator, Premises as _, Stack, StackName,
    dead_letters::dead_letters,
    mail as mail_of_ses,
    outputs::{ADDRESS, ALARM_TOPIC},
    problem::with_causes,
    see_that_links_open,
    stack::{StackState, state_of_existing},
};
use dns::Dns;
use mail::{Bounce, MailRecords};

/// A clock that is further off than this spoils signatures soon (AWS refuses them at five minutes).
const CLOCK_MAY_BE_OFF: TimeDelta = TimeDelta::seconds(30);

/// What a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Good,
    /// It works, and could be better.
    Look,
    Wrong,
}

/// Something that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    verdict: Verdict,
    words: String,
    cure: Option<String>,
}

impl Finding {
    fn good(words: String) -> Self {
        Self { verdict: Verdict::Good, words, cure: None }
    }

    fn look(words: String, cure: String) -> Self {
        Self { verdict: Verdict::Look, words, cure: Some(cure) }
    }

    fn wrong(words: String, cure: String) -> Self {
        Self { verdict: Verdict::Wrong, words, cure: Some(cure) }
    }

    fn tell(&self, operator: &impl Operator) {
        let sign = match self.verdict {
            Verdict::Good => "ok   ",
            Verdict::Look => "look ",
            Verdict::Wrong => "wrong",
        };
        operator.hear(&format!("{sign}  {}", self.words));
        if let Some(cure) = &self.cure {
            operator.hear(&format!("       {cure}"));
        }
    }
}

/// Looks a stack over; or, before there is one, the DNS of a mail domain alone.
///
/// # Errors
/// Something is wrong, or AWS cannot be asked.
pub async fn doctor(
    aws: &Aws,
    stack: Option<&StackName>,
    mail_domain: Option<&str>,
    dns: Option<SocketAddr>,
    operator: &impl Operator,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<(), OperateProblem> {
    let mut findings = Vec::new();
    let mut domain = mail_domain.map(str::to_owned);
    // As the `aws` command has it, which need not be here yet.
    let named = ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(&environment);
    let mut region = aws.region.clone().or(named);
    if let Some(name) = stack {
        let stack = Stack::open(aws, name, &environment)?;
        let state = state_of_existing(aws, name)?;
        findings.extend(of_stack(aws, name, &state)?);
        findings.extend(of_alarms(aws, &state)?);
        findings.extend(of_practices(&stack).await?);
        findings.push(of_links(&stack).await?);
        findings.push(of_clock(&stack, &state).await);
        region = Some(stack.region().to_owned());
        domain = domain.or_else(|| state.parameters.get("MailDomain").cloned());
    }
    let Some(domain) = domain else {
        let words = "name what is to be looked over: --stack NAME, or --mail-domain example.org";
        return Err(OperateProblem::refused(words));
    };
    let identity =
        if stack.is_some() { of_identity(aws, &domain, &mut findings)? } else { Value::Null };
    let region = region.unwrap_or_else(|| "REGION".to_owned());
    findings.extend(of_names(&Dns::new(dns)?, &domain, &identity, &region).await);
    for finding in &findings {
        finding.tell(operator);
    }
    let wrong = findings.iter().filter(|finding| finding.verdict == Verdict::Wrong).count();
    match wrong {
        0 => Ok(()),
        1 => Err(OperateProblem::refused("one thing is wrong; its cure stands under it")),
        more => {
            Err(OperateProblem::refused(format!("{more} things are wrong; the cures stand there")))
        }
    }
}

/// What the DNS says of a domain; or why it says nothing, once and not of every name.
async fn of_names(dns: &Dns, domain: &str, identity: &Value, region: &str) -> Vec<Finding> {
    match dns.knows(domain).await {
        // SES knows it, so it is no slip: which records are missing is what is asked for.
        Ok(is_known) if is_known || !identity.is_null() => {
            look_up(dns, domain, identity).await.findings(region)
        }
        Ok(_) => vec![Finding::wrong(
            format!("the DNS has nothing under the name {domain}"),
            "is it spelled right? a part of a domain of yours is there when it has its first record"
                .to_owned(),
        )],
        Err(error) => vec![Finding::wrong(
            format!("the DNS does not answer: {error}"),
            "see that this machine reaches its DNS server, or name another with --dns".to_owned(),
        )],
    }
}

/// The records of a domain; those for the signature are known from what SES says of it.
async fn look_up(dns: &Dns, domain: &str, identity: &Value) -> MailRecords {
    let mut dkim = Vec::new();
    let tokens = identity["DkimAttributes"]["Tokens"].as_array().into_iter().flatten();
    for token in tokens.filter_map(|token| token.as_str().map(str::to_owned)) {
        let found = dns.leads_to(&format!("{token}._domainkey.{domain}")).await;
        dkim.push((token, found));
    }
    let bounce = match identity["MailFromAttributes"]["MailFromDomain"].as_str() {
        Some(name) => Some(look_up_bounce(dns, name.to_owned()).await),
        // Where SES knows nothing of it yet, the template will name this one.
        None if identity.is_null() => Some(look_up_bounce(dns, format!("bounce.{domain}")).await),
        None => None,
    };
    MailRecords {
        domain: domain.to_owned(),
        dkim,
        bounce,
        domain_texts: dns.texts(domain).await,
        dmarc: dns.texts(&format!("_dmarc.{domain}")).await,
    }
}

async fn look_up_bounce(dns: &Dns, name: String) -> Bounce {
    let (texts, servers) = (dns.texts(&name).await, dns.mail_servers(&name).await);
    Bounce { name, texts, servers }
}

/// What SES knows of the domain, which is answered as it is.
fn of_identity(
    aws: &Aws,
    domain: &str,
    findings: &mut Vec<Finding>,
) -> Result<Value, OperateProblem> {
    let Some(identity) = mail_of_ses::identity(aws, domain)? else {
        let cure = "deploy with --mail-domain, or verify the domain in the console of SES";
        let words = format!("SES does not know {domain}");
        findings.push(Finding::wrong(words, cure.to_owned()));
        return Ok(Value::Null);
    };
    findings.push(if mail_of_ses::sends(&identity) {
        Finding::good(format!("SES sends for {domain}"))
    } else {
        let words = format!("SES does not send for {domain} yet");
        Finding::wrong(
            words,
            "publish the DKIM records below; SES looks again by itself".to_owned(),
        )
    });
    Ok(identity)
}

fn of_stack(
    aws: &Aws,
    name: &StackName,
    state: &StackState,
) -> Result<Vec<Finding>, OperateProblem> {
    let mut findings = vec![if state.status.ends_with("_COMPLETE")
        && !state.status.contains("ROLLBACK")
    {
        Finding::good(format!("the stack {name} is in place"))
    } else {
        let words = format!("the stack {name} is in the state {}", state.status);
        Finding::wrong(words, "deploy again, or look at it in CloudFormation's console".to_owned())
    }];
    findings.extend(of_quota(&mail_of_ses::account(aws)?));
    for (queue, count) in dead_letters(aws, state)? {
        findings.push(if count == 0 {
            Finding::good(format!("no dead letters of {queue}"))
        } else {
            let words = format!("{count} dead letters of {queue}");
            Finding::wrong(words, "infra/README.md, \"Alarm: dead letters\"".to_owned())
        });
    }
    Ok(findings)
}

/// Whether anybody hears of alarms.
fn of_alarms(aws: &Aws, state: &StackState) -> Result<Option<Finding>, OperateProblem> {
    // A house that was deployed by an earlier version does not say where.
    let Some(topic) = state.outputs.get(ALARM_TOPIC) else { return Ok(None) };
    let answer = aws.run(&["sns", "list-subscriptions-by-topic", "--topic-arn", topic])?;
    let told = answer["Subscriptions"].as_array().into_iter().flatten();
    // Until somebody has said yes, it is no ARN: "PendingConfirmation", or "Deleted".
    let says_yes =
        |one: &Value| one["SubscriptionArn"].as_str().is_some_and(|arn| arn.starts_with("arn:"));
    Ok(Some(if told.into_iter().any(says_yes) {
        Finding::good("somebody hears of alarms".to_owned())
    } else {
        let address = state.parameters.get("AlarmAddress").map_or("nobody", String::as_str);
        Finding::wrong(
            "nobody hears of alarms yet".to_owned(),
            format!("AWS has written to {address} and asked: open the link in that mail"),
        )
    }))
}

/// The practices whose letters wait: they may be meant to, and nothing else says so.
async fn of_practices(stack: &Stack) -> Result<Vec<Finding>, OperateProblem> {
    let address = stack.address();
    let practices = stack.store().practices().await?;
    if practices.is_empty() {
        let cure = format!("anteroom add FOLDER {address}");
        return Ok(vec![Finding::look("there is no practice".to_owned(), cure)]);
    }
    let finding = |(id, stored): (PracticeId, StoredHandbook)| {
        let waits = match stored.standing {
            Standing::Open => return Finding::good(format!("{id} is open")),
            Standing::Paused => format!("{id} is paused: its letters wait"),
            Standing::Suspended => format!("{id} is suspended: its pages are closed"),
        };
        Finding::look(waits, format!("when nothing is wrong: anteroom resume {id} {address}"))
    };
    Ok(practices.into_iter().map(finding).collect())
}

/// Whether the links of letters that have left open.
async fn of_links(stack: &Stack) -> Result<Finding, OperateProblem> {
    let looked = match stack.link_keys().await {
        Ok(keys) => see_that_links_open(stack.store(), &keys).await,
        Err(problem) => Err(problem),
    };
    match looked {
        Ok(()) => Ok(Finding::good("links of letters that have left still open".to_owned())),
        Err(problem @ OperateProblem::Store(_)) => Err(problem),
        // The rest is looked at all the same.
        Err(problem @ OperateProblem::Aws(_)) => {
            let words =
                "whether links of letters that have left still open cannot be seen".to_owned();
            Ok(Finding::wrong(words, with_causes(&problem)))
        }
        Err(problem) => {
            let words = "links of letters that have left do not open any more".to_owned();
            Ok(Finding::wrong(words, with_causes(&problem)))
        }
    }
}

fn of_quota(account: &Value) -> Vec<Finding> {
    let number = |name: &str| account["SendQuota"][name].as_f64().unwrap_or_default();
    let (sent, most) = (number("SentLast24Hours"), number("Max24HourSend"));
    let quota = format!("{sent:.0} of {most:.0} letters of a day are sent");
    let sandbox = if mail_of_ses::is_open_to_everybody(account) {
        Finding::good("SES sends to everybody".to_owned())
    } else {
        let words = mail_of_ses::SANDBOX.to_owned();
        Finding::wrong(words, "ask for production access in the console of SES".to_owned())
    };
    // A negative number says that there is no limit.
    let quota = if most < 0.0 || sent < most * 0.8 {
        Finding::good(quota)
    } else {
        Finding::look(quota, "ask for a higher quota in the console of SES".to_owned())
    };
    vec![sandbox, quota]
}

/// This machine's clock, against that of the house.
async fn of_clock(stack: &Stack, state: &StackState) -> Finding {
    let Some(address) = state.outputs.get(ADDRESS) else {
        return Finding::look("the house has no address".to_owned(), "deploy again".to_owned());
    };
    match stack.look_at(address).await {
        Ok(looked) => judged_clock(SystemClock.now(), looked.date),
        Err(error) => Finding::wrong(
            format!("{address} cannot be reached: {error}"),
            "does the name lead there, and is its certificate for it? `anteroom status` names the \
             target"
                .to_owned(),
        ),
    }
}

fn judged_clock(here: DateTime<Utc>, there: Option<DateTime<Utc>>) -> Finding {
    match there {
        Some(there) if (here - there).abs() <= CLOCK_MAY_BE_OFF => {
            Finding::good("the clock of this machine is right".to_owned())
        }
        Some(there) => Finding::wrong(
            format!("the clock of this machine is {} seconds off", (here - there).num_seconds()),
            "let it be set by the network (NTP)".to_owned(),
        ),
        None => Finding::look(
            "the house did not say what time it is".to_owned(),
            "look at its pages in a browser".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_clock_is_judged_by_that_of_the_house() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let verdict = |there| judged_clock(now, there).verdict;
        assert_eq!(verdict(Some(now - TimeDelta::seconds(30))), Verdict::Good);
        assert_eq!(verdict(Some(now + TimeDelta::seconds(31))), Verdict::Wrong);
        assert_eq!(verdict(None), Verdict::Look);
    }

    #[test]
    fn a_sandbox_is_wrong_and_a_full_quota_worth_a_look() {
        let account = |sent: f64, open: bool| {
            json!({ "ProductionAccessEnabled": open, "SendQuota": {
                "SentLast24Hours": sent, "Max24HourSend": 200.0 } })
        };
        let verdicts = |account: Value| -> Vec<Verdict> {
            of_quota(&account).iter().map(|finding| finding.verdict).collect()
        };
        assert_eq!(verdicts(account(159.0, true)), [Verdict::Good, Verdict::Good]);
        assert_eq!(verdicts(account(160.0, false)), [Verdict::Wrong, Verdict::Look]);
    }
}

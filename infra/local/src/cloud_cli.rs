//! The part of the command line that is about a house on AWS.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use anteroom::HouseProblem;
use clap::{Args, Subcommand};
use domain::EmailAddress;
use operate::{
    Architecture, Aws, Deployment, OperateProblem, StackName, Teardown, Terminal, costs, deploy,
    doctor, status, teardown,
};

/// How long to wait between two looks at what AWS is doing.
const PATIENCE: Duration = Duration::from_secs(5);

/// Which house on AWS is meant.
#[derive(Debug, Args)]
#[command(next_help_heading = "A house on AWS")]
pub(crate) struct CloudOptions {
    /// The stack of a house on AWS; without it, the data folder is meant.
    #[arg(long, global = true, conflicts_with = "data")]
    pub(crate) stack: Option<StackName>,
    /// The AWS region, if not the profile's own.
    #[arg(long, global = true, value_parser = region)]
    region: Option<String>,
    /// The profile of the AWS command line.
    #[arg(long, global = true)]
    profile: Option<String>,
}

impl CloudOptions {
    /// AWS, as these options say.
    pub(crate) fn aws(&self) -> Aws {
        let Self { region, profile, .. } = self;
        Aws { region: region.clone(), profile: profile.clone(), is_rehearsal: false }
    }

    fn named(&self) -> Result<&StackName, OperateProblem> {
        let words = "name the house: --stack NAME";
        self.stack.as_ref().ok_or_else(|| OperateProblem::refused(words))
    }
}

/// What is done to a house on AWS.
#[derive(Debug, Subcommand)]
pub(crate) enum CloudCommand {
    /// Puts a house onto AWS, or a newer version of it; asks before anything that runs is changed.
    Deploy(Box<DeployOptions>),
    /// Tells how a house on AWS is: practices, alarms, what could not be done.
    Status,
    /// Looks for what could keep letters from arriving or work from being done, and names its cure.
    Doctor {
        /// The domain that letters leave from, where there is no stack yet.
        #[arg(long, value_parser = mail_domain)]
        mail_domain: Option<String>,
        /// The DNS server to ask, if not this machine's own, such as 127.0.0.1:53.
        #[arg(long, value_parser = dns_server)]
        dns: Option<SocketAddr>,
    },
    /// Tells what a month on AWS comes to.
    Costs {
        /// For so many bookings a month; several, with commas between them.
        #[arg(long, default_values_t = [100, 100_000], value_delimiter = ',', value_parser = bookings)]
        bookings: Vec<u32>,
    },
    /// Takes a house off AWS; what is known of clients stays, unless it is told to go.
    Teardown {
        /// Removes the tables and the secret that signs links, too.
        #[arg(long)]
        delete_data: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct DeployOptions {
    /// Does everything short of asking AWS, and tells what it would ask.
    #[arg(long)]
    dry_run: bool,
    /// Agrees to the changes before they are shown.
    #[arg(long)]
    yes: bool,
    /// The folder of a practice that is to be here; may be given several times.
    #[arg(long = "with", value_name = "FOLDER")]
    practices: Vec<PathBuf>,
    /// The domain that letters leave from, such as example.org.
    #[arg(long)]
    mail_domain: Option<String>,
    /// Who is written to when an alarm goes off.
    #[arg(long)]
    alarm_address: Option<String>,
    /// The host of the pages, such as book.example.org; AWS gives one otherwise.
    #[arg(long)]
    domain: Option<String>,
    /// The certificate of that host (ACM, in the same region).
    #[arg(long, value_name = "ARN")]
    certificate: Option<String>,
    /// The hosted zone (Route 53) in which that host is to lead here.
    #[arg(long, value_name = "ID")]
    zone: Option<String>,
    /// Another parameter of the template, as NAME=VALUE; may be given several times.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    others: Vec<(String, String)>,
    /// What the functions run on; arm64, unless the stack has it otherwise.
    #[arg(long, value_enum)]
    architecture: Option<Architecture>,
    /// A bucket of yours for the programs, if not one made for them.
    #[arg(long, value_parser = bucket)]
    bucket: Option<String>,
}

/// A region has small letters and hyphens, and a number at its end.
fn region(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let is_region = match parts[..] {
        [ref words @ .., number] => {
            let is_word =
                |word: &&str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase());
            2 <= words.len() && words.iter().all(is_word) && number.parse::<u8>().is_ok()
        }
        [] => false,
    };
    let words = "a region looks like eu-central-1";
    is_region.then(|| text.to_owned()).ok_or_else(|| words.to_owned())
}

/// A domain is what can stand behind the @ of an address.
fn mail_domain(text: &str) -> Result<String, String> {
    let is_domain = EmailAddress::parse(&format!("you@{text}")).is_ok();
    let words = "a mail domain looks like example.org, without @ and without https://";
    is_domain.then(|| text.to_owned()).ok_or_else(|| words.to_owned())
}

/// The port may be left out: names are asked for at 53 (RFC 1035, 4.2).
fn dns_server(text: &str) -> Result<SocketAddr, String> {
    let alone = || text.parse::<IpAddr>().ok().map(|address| SocketAddr::new(address, 53));
    let words = "a DNS server is named by its address, such as 9.9.9.9 or 127.0.0.1:5353";
    text.parse().ok().or_else(alone).ok_or_else(|| words.to_owned())
}

fn bookings(text: &str) -> Result<u32, String> {
    let count = text.parse().ok().filter(|count| (1..=100_000_000).contains(count));
    count.ok_or_else(|| "it is a whole number from 1 to 100000000, such as 2500".to_owned())
}

/// What S3 lets a bucket be called (S3 user guide, "General purpose bucket naming rules").
fn bucket(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_bucket = (3..=63).contains(&text.len())
        && text.chars().all(|c| is_plain(c) || c == '-' || c == '.')
        && text.starts_with(is_plain)
        && text.ends_with(is_plain);
    let words = "a bucket's name has small letters, digits, hyphens and dots, 3 to 63 of them, without s3://";
    is_bucket.then(|| text.to_owned()).ok_or_else(|| words.to_owned())
}

fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    pair.ok_or_else(|| "it has the form NAME=VALUE, such as LogDays=90".to_owned())
}

impl DeployOptions {
    fn deployment(self, stack: StackName) -> Deployment {
        let named = [
            ("MailDomain", self.mail_domain),
            ("AlarmAddress", self.alarm_address),
            ("Domain", self.domain),
            ("CertificateArn", self.certificate),
            ("HostedZoneId", self.zone),
        ];
        let named = named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let parameters: BTreeMap<String, String> = self.others.into_iter().chain(named).collect();
        Deployment {
            stack,
            parameters,
            practices: self.practices,
            architecture: self.architecture,
            bucket: self.bucket,
            is_agreed: self.yes,
            patience: PATIENCE,
        }
    }
}

pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Does what was asked for.
pub(crate) async fn run_cloud(
    command: CloudCommand,
    options: &CloudOptions,
) -> Result<(), HouseProblem> {
    let aws = options.aws();
    match command {
        CloudCommand::Deploy(wish) => {
            let aws = Aws { is_rehearsal: wish.dry_run, ..aws };
            let wish = wish.deployment(options.named()?.clone());
            deploy(&aws, &wish, &Terminal, environment).await?;
        }
        CloudCommand::Status => status(&aws, options.named()?, &Terminal, environment).await?,
        CloudCommand::Doctor { mail_domain, dns } => {
            let (stack, domain) = (options.stack.as_ref(), mail_domain.as_deref());
            doctor(&aws, stack, domain, dns, &Terminal, environment).await?;
        }
        CloudCommand::Costs { bookings } => {
            operate::Operator::hear(&Terminal, &costs(&bookings, options.region.as_deref()));
        }
        CloudCommand::Teardown { delete_data } => {
            let stack = options.named()?.clone();
            let wish = Teardown { stack, deletes_data: delete_data, patience: PATIENCE };
            teardown(&aws, &wish, &Terminal, environment).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_region_and_no_bucket_is_said_at_once() {
        for good in ["eu-central-1", "us-gov-west-1", "ap-southeast-2"] {
            assert_eq!(region(good).as_deref(), Ok(good));
        }
        for bad in ["", "frankfurt", "eu-central", "EU-central-1", "eu-central-1a", "--1"] {
            assert!(region(bad).is_err(), "{bad}");
        }
        assert_eq!(mail_domain("example.org").as_deref(), Ok("example.org"));
        for bad in ["", "you@example.org", "https://example.org", "example"] {
            assert!(mail_domain(bad).is_err(), "{bad}");
        }
        assert_eq!(dns_server("9.9.9.9"), dns_server("9.9.9.9:53"));
        for bad in ["", "banana", "127.0.0.1:", "127.0.0.1:70000", "localhost:53"] {
            assert!(dns_server(bad).unwrap_err().contains("such as 9.9.9.9"), "{bad}");
        }
        assert_eq!(bookings("2500"), Ok(2_500));
        for bad in ["", "0", "-1", "1e3", "100000001"] {
            assert!(bookings(bad).is_err(), "{bad}");
        }
        for good in ["abc", "anteroom-1.programs"] {
            assert_eq!(bucket(good).as_deref(), Ok(good));
        }
        for bad in ["", "ab", "s3://abc", "Abc", "-abc", "a/b/c"] {
            assert!(bucket(bad).is_err(), "{bad}");
        }
    }
}

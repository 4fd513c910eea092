//! What the template asks for, and which values it takes: said before anything is built, and by the
//! template itself.

use std::{collections::BTreeMap, fs};

use regex_lite::Regex;
use serde::Deserialize;
use serde_json::Value;

use super::TEMPLATE;
use crate::{OperateProblem, outputs::API_HOST, stack::StackState};

/// How parameters are called on the command line that have a word of their own there.
const OPTIONS: [(&str, &str); 6] = [
    ("MailDomain", "--mail-domain"),
    ("AlarmAddress", "--alarm-address"),
    ("Domain", "--domain"),
    ("CertificateArn", "--certificate"),
    ("HostedZoneId", "--zone"),
    ("Architecture", "--architecture"),
];

/// The part of the template that is read here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Template {
    parameters: BTreeMap<String, Parameter>,
}

/// What one parameter takes, in CloudFormation's words.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Parameter {
    r#type: String,
    allowed_pattern: Option<String>,
    constraint_description: Option<String>,
    allowed_values: Option<Vec<Value>>,
    min_value: Option<i64>,
}

/// The parameters that the template has.
#[derive(Debug)]
pub(super) struct Parameters(BTreeMap<String, Parameter>);

impl Parameters {
    /// Those of the template of this checkout.
    pub(super) fn read() -> Result<Self, OperateProblem> {
        let text = fs::read_to_string(TEMPLATE).map_err(|error| {
            OperateProblem::refused(format!(
                "{TEMPLATE} cannot be read ({error}): run this in a checkout of the project"
            ))
        })?;
        Self::parse(&text)
            .map_err(|error| OperateProblem::refused(format!("{TEMPLATE} is no template: {error}")))
    }

    pub(super) fn parse(text: &str) -> Result<Self, serde_saphyr::Error> {
        serde_saphyr::from_str(text).map(|template: Template| Self(template.parameters))
    }

    /// Whether the template has this one.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Says of every value that the template would not take why.
    pub(super) fn check(&self, given: &BTreeMap<String, String>) -> Result<(), OperateProblem> {
        let wrong = given.iter().filter_map(|(name, value)| {
            let why = match self.0.get(name) {
                Some(parameter) => parameter.why_not(value)?,
                None => format!("there is no such parameter; there are {}", self.names()),
            };
            Some(format!("{}: {why}", as_typed(name, value)))
        });
        let wrong: Vec<String> = wrong.collect();
        if wrong.is_empty() { Ok(()) } else { Err(OperateProblem::refused(wrong.join("\n"))) }
    }

    fn names(&self) -> String {
        self.0.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

impl Parameter {
    /// Why this value is not taken; nothing if it is.
    fn why_not(&self, value: &str) -> Option<String> {
        let text =
            |allowed: &Value| allowed.as_str().map_or_else(|| allowed.to_string(), str::to_owned);
        if let Some(allowed) = &self.allowed_values {
            let allowed: Vec<String> = allowed.iter().map(text).collect();
            let is_one = allowed.iter().any(|one| one == value);
            return (!is_one).then(|| format!("it is one of {}", allowed.join(", ")));
        }
        if self.r#type == "Number" {
            let least = self.min_value.unwrap_or(i64::MIN);
            let is_enough = value.parse().is_ok_and(|number: i64| least <= number);
            return (!is_enough).then(|| format!("it is a number, {least} at least"));
        }
        // CloudFormation holds the whole value to the pattern.
        let pattern = format!("^(?:{})$", self.allowed_pattern.as_deref()?);
        let is_match = Regex::new(&pattern).is_ok_and(|pattern| pattern.is_match(value));
        let words = || self.constraint_description.clone().unwrap_or(pattern);
        (!is_match).then(words)
    }
}

/// A parameter as the operator would have typed it.
fn as_typed(name: &str, value: &str) -> String {
    let option = OPTIONS.iter().find(|(of, _)| *of == name);
    option.map_or_else(
        || format!("--set {name}={value}"),
        |(_, option)| format!("{option} {}", if value.is_empty() { "''" } else { value }),
    )
}

/// What the template's rules say of parameters that belong together, with those that stay as they
/// were.
pub(super) fn check_together(
    given: &BTreeMap<String, String>,
    before: Option<&StackState>,
) -> Result<(), OperateProblem> {
    let is_there = |name: &str| {
        let value = given.get(name).or_else(|| before?.parameters.get(name));
        value.is_some_and(|value| !value.is_empty())
    };
    for (one, needs, words) in [
        ("CertificateArn", "Domain", "a certificate is for a domain: --domain names it"),
        (
            "HostedZoneId",
            "CertificateArn",
            "a zone can lead to the house only if that has a certificate: --certificate names it",
        ),
    ] {
        if is_there(one) && !is_there(needs) {
            return Err(OperateProblem::refused(words));
        }
    }
    let domain = given.get("Domain").filter(|domain| !domain.is_empty());
    let is_api_host = domain == before.and_then(|before| before.outputs.get(API_HOST));
    if domain.is_some() && !is_api_host && !is_there("CertificateArn") {
        let words = "a domain of its own needs a certificate, or nobody could reach the house under it: \
                     --certificate names it (infra/README.md says how to get one)";
        return Err(OperateProblem::refused(words));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why_not(name: &str, value: &str) -> Option<String> {
        let parameters = Parameters::parse(include_str!("../../../aws/template.yaml")).unwrap();
        let given = BTreeMap::from([(name.to_owned(), value.to_owned())]);
        parameters.check(&given).err().map(|problem| problem.to_string())
    }

    #[test]
    fn the_template_says_itself_which_values_it_takes() {
        for (name, value) in [
            ("MailDomain", "example.org"),
            ("Domain", ""),
            ("Domain", "book.example.org"),
            ("AlarmAddress", "you@example.org"),
            ("LogDays", "90"),
            ("ReserveConcurrency", "yes"),
            ("RequestsPerSecond", "1"),
            ("CertificateArn", "arn:aws:acm:eu-central-1:111122223333:certificate/1a-2b"),
        ] {
            assert_eq!(why_not(name, value), None, "{name}={value}");
        }
        for (name, value, words) in [
            ("MailDomain", "https://example.org", "--mail-domain https://example.org: must be"),
            ("MailDomain", "Example.org", "in lower case"),
            ("AlarmAddress", "you", "--alarm-address you: must be an address"),
            ("Domain", "book.example.org/", "without a path"),
            ("LogDays", "91", "--set LogDays=91: it is one of 1, 3,"),
            ("ReserveConcurrency", "true", "it is one of yes, no"),
            ("RequestsPerSecond", "0", "it is a number, 1 at least"),
            ("HostedZoneId", "book.example.org", "--zone book.example.org: must be"),
            ("CertificateArn", "1a-2b", "--certificate 1a-2b: must be"),
            ("LogDay", "90", "--set LogDay=90: there is no such parameter; there are"),
        ] {
            let why = why_not(name, value).unwrap_or_else(|| panic!("{name}={value} is taken"));
            assert!(why.contains(words), "{words:?} in {why:?}");
        }
    }

    #[test]
    fn what_belongs_together_may_come_one_after_the_other() {
        let of = |names: &[&str]| -> BTreeMap<String, String> {
            names.iter().map(|&name| (name.to_owned(), "there".to_owned())).collect()
        };
        let outputs = BTreeMap::from([(API_HOST.to_owned(), "there".to_owned())]);
        let before = StackState { parameters: of(&["Domain"]), outputs, ..StackState::default() };
        assert!(check_together(&of(&["Domain"]), None).is_err(), "nobody answers there");
        assert!(check_together(&of(&["Domain"]), Some(&before)).is_ok(), "the API's own host");
        assert!(check_together(&of(&["Domain", "CertificateArn"]), None).is_ok());
        assert!(check_together(&of(&["CertificateArn"]), None).is_err());
        assert!(check_together(&of(&["CertificateArn"]), Some(&before)).is_ok());
        assert!(check_together(&of(&["HostedZoneId"]), Some(&before)).is_err());
        let mut ended = of(&["CertificateArn"]);
        ended.insert("Domain".to_owned(), String::new());
        assert!(check_together(&ended, Some(&before)).is_err(), "a domain that is taken away");
    }
}

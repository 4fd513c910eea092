//! The settings of a function: its environment, read once.

use crate::{
    BadLinkKeys, LinkKeys,
    aws::{Endpoints, Identity},
};

/// What the environment says.
pub(super) struct Settings {
    pub(super) tables: String,
    pub(super) origin: String,
    pub(super) links: Links,
    /// What to send letters under, for their events.
    pub(super) mail_set: Option<String>,
    pub(super) identity: Identity,
    pub(super) endpoints: Endpoints,
}

/// Where the secrets that sign links come from.
pub(super) enum Links {
    /// They stand in the environment: on a developer's machine.
    Here(LinkKeys),
    /// They are in the parameter store, under this name.
    Parameter(String),
}

/// Why a function cannot start. No value is ever repeated: one of them is a secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadSettings {
    #[error(
        "this is a Lambda function; start it with `cargo lambda watch`, or the whole house with `cargo run`"
    )]
    NotInLambda,
    #[error("the setting {0} is missing")]
    Missing(&'static str),
    #[error("the setting {name} is not usable: {words}")]
    Unusable { name: &'static str, words: &'static str },
    #[error("the secrets that sign links are not usable")]
    LinkKeys(#[source] BadLinkKeys),
}

const ORIGIN: &str = "ANTEROOM_ORIGIN";
const LINK_KEY: &str = "ANTEROOM_LINK_KEY";
const LINK_KEYS_PARAMETER: &str = "ANTEROOM_LINK_KEYS_PARAMETER";

impl Settings {
    /// The settings of this process.
    pub(super) fn of_this_process() -> Result<Self, BadSettings> {
        Self::read(|name| {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the one place that reads a function's environment"
            )]
            std::env::var(name).ok()
        })
    }

    fn read(environment: impl Fn(&str) -> Option<String>) -> Result<Self, BadSettings> {
        let optional = |name: &str| environment(name).filter(|value| !value.is_empty());
        let required = |name: &'static str| optional(name).ok_or(BadSettings::Missing(name));
        if optional("AWS_LAMBDA_RUNTIME_API").is_none() {
            return Err(BadSettings::NotInLambda);
        }
        Ok(Self {
            tables: required("ANTEROOM_TABLES")?,
            origin: origin(required(ORIGIN)?)?,
            links: match optional(LINK_KEYS_PARAMETER) {
                Some(name) => Links::Parameter(name),
                None => Links::Here(link_keys(&required(LINK_KEY)?)?),
            },
            mail_set: optional("ANTEROOM_MAIL_SET"),
            identity: Identity {
                key: required("AWS_ACCESS_KEY_ID")?,
                secret: required("AWS_SECRET_ACCESS_KEY")?,
                token: optional("AWS_SESSION_TOKEN"),
            },
            endpoints: Endpoints::from_environment(required("AWS_REGION")?, optional),
        })
    }
}

/// Paths are put straight behind it, so it ends with its host.
fn origin(text: String) -> Result<String, BadSettings> {
    let words = "it has the form https://book.example.org, without a path";
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_origin = host.is_some_and(|host| {
        !host.is_empty()
            && !host.contains(['/', '?', '#', '@'])
            && !host.contains(char::is_whitespace)
    });
    is_origin.then_some(text).ok_or(BadSettings::Unusable { name: ORIGIN, words })
}

/// The secrets that this text spells.
pub(super) fn link_keys(text: &str) -> Result<LinkKeys, BadSettings> {
    LinkKeys::parse(text).map_err(BadSettings::LinkKeys)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, value: Option<&str>) -> Result<Settings, BadSettings> {
        Settings::read(|asked| {
            if asked == name {
                return value.map(str::to_owned);
            }
            let value = match asked {
                "AWS_LAMBDA_RUNTIME_API" => "127.0.0.1:9001",
                "ANTEROOM_TABLES" => "anteroom-",
                ORIGIN => "https://book.example.org",
                LINK_KEY => "00112233445566778899aAbBcCdDeEfF00112233445566778899aabbccddeeff",
                "AWS_REGION" => "eu-central-1",
                "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => "local",
                _ => return None,
            };
            Some(value.to_owned())
        })
    }

    #[test]
    fn complete_settings_are_read() {
        let settings = with("", None).map_err(|bad| bad.to_string()).unwrap();
        assert_eq!(settings.origin, "https://book.example.org");
        assert_eq!(settings.endpoints.tables, None);
    }

    #[test]
    fn what_is_missing_is_named() {
        for name in ["ANTEROOM_TABLES", ORIGIN, LINK_KEY, "AWS_REGION", "AWS_SECRET_ACCESS_KEY"] {
            for value in [None, Some("")] {
                assert_eq!(with(name, value).err(), Some(BadSettings::Missing(name)));
            }
        }
        assert_eq!(with("AWS_LAMBDA_RUNTIME_API", None).err(), Some(BadSettings::NotInLambda));
    }

    #[test]
    fn what_is_unusable_is_named_and_not_repeated() {
        let hex = "00".repeat(31);
        let cases = [
            (ORIGIN, "book.example.org".to_owned()),
            (ORIGIN, "https://".to_owned()),
            (ORIGIN, "https://book.example.org/".to_owned()),
            (ORIGIN, "ftp://book.example.org".to_owned()),
            (LINK_KEY, hex.clone()),
            (LINK_KEY, format!("{hex}0g")),
            (LINK_KEY, format!("{hex}é")),
        ];
        for (name, value) in cases {
            let bad = with(name, Some(&value)).err().unwrap();
            assert_eq!(name == LINK_KEY, bad == BadSettings::LinkKeys(BadLinkKeys::House));
            assert_eq!(name == ORIGIN, matches!(bad, BadSettings::Unusable { name: ORIGIN, .. }));
        }
    }
}

//! The post office behind which SES stands.

use std::fmt::Write as _;

use aws_sdk_sesv2::{
    Client,
    config::{BehaviorVersion, Region, retry::RetryConfig, timeout::TimeoutConfig},
    error::{ProvideErrorMetadata as _, SdkError},
    operation::send_email::{SendEmailError, SendEmailOutput},
    primitives::Blob,
    types::{Destination, EmailContent, MessageTag, RawMessage},
};

use crate::{
    Mail, PostError, PostOffice, SENDING_MAX, Sending,
    aws::{Connection, Endpoints, Identity},
};

/// What SES says where it does not know an address or a domain yet.
const NOT_VERIFIED: &str = "not verified";

/// The tag under which a message carries the key of its letter.
const LETTER_TAG: &str = "letter";

/// Sends through SES, once: who tries again is the outbox.
pub struct SesPost {
    client: Client,
    configuration_set: Option<String>,
}

/// What SES answered, without its words: they repeat addresses, and this goes to the log.
#[derive(Debug, thiserror::Error)]
enum MailFailure {
    #[error("SES answered {code} ({status})")]
    Answered { code: String, status: u16 },
    #[error("SES did not answer in time")]
    TimedOut,
    #[error("SES could not be reached")]
    Unreachable,
    #[error("SES could not be asked")]
    NotAsked,
    #[error("SES answered something that cannot be read")]
    Unreadable,
    #[error("SES took a message and gave no id for it")]
    WithoutId,
}

type SendResult<R> = Result<SendEmailOutput, SdkError<SendEmailError, R>>;

impl SesPost {
    /// The SES of these endpoints, asked as `identity`; letters leave under the configuration set
    /// of this name, if there is one.
    pub fn new(
        connection: &Connection,
        endpoints: &Endpoints,
        identity: &Identity,
        configuration_set: Option<String>,
    ) -> Self {
        // Never tried twice here: the outbox knows what was tried, and when to try again.
        let mut config = aws_sdk_sesv2::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .http_client(connection.for_clients())
            .region(Region::new(endpoints.region.clone()))
            .credentials_provider(identity.credentials())
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_timeout(SENDING_MAX).build());
        config.set_endpoint_url(endpoints.mail.clone());
        Self { client: Client::from_conf(config.build()), configuration_set }
    }

    async fn send_once(&self, mail: Mail) -> Result<String, PostError> {
        let not_asked = |_| PostError::Refused(Box::new(MailFailure::NotAsked));
        let tag = MessageTag::builder().name(LETTER_TAG).value(tag_value(&mail.tag));
        let raw = RawMessage::builder().data(Blob::new(mail.message)).build().map_err(not_asked)?;
        let result = self
            .client
            .send_email()
            .from_email_address(mail.from.as_str())
            .destination(Destination::builder().to_addresses(mail.to.as_str()).build())
            .content(EmailContent::builder().raw(raw).build())
            .email_tags(tag.build().map_err(not_asked)?)
            .set_configuration_set_name(self.configuration_set.clone())
            .send()
            .await;
        let status =
            |response: &aws_sdk_sesv2::config::http::HttpResponse| response.status().as_u16();
        outcome(result, status)
    }
}

impl PostOffice for SesPost {
    fn send(&self, mail: Mail) -> Sending<'_> {
        Box::pin(self.send_once(mail))
    }
}

/// Only what SES says about this very message is final. Whatever else goes wrong, with the
/// account, the rights, the network or the service, may go right later.
fn outcome<R>(result: SendResult<R>, status: impl Fn(&R) -> u16) -> Result<String, PostError> {
    let error = match result {
        // It has left: saying anything else would send it twice.
        Ok(answer) => {
            return Ok(answer.message_id.unwrap_or_else(|| MailFailure::WithoutId.to_string()));
        }
        Err(error) => error,
    };
    #[expect(clippy::wildcard_enum_match_arm, reason = "the SDK may add kinds of errors")]
    let failure = match &error {
        SdkError::ServiceError(answer) => MailFailure::Answered {
            code: answer.err().code().unwrap_or("an unnamed error").to_owned(),
            status: status(answer.raw()),
        },
        SdkError::TimeoutError(_) => MailFailure::TimedOut,
        SdkError::DispatchFailure(_) => MailFailure::Unreachable,
        SdkError::ResponseError(_) => MailFailure::Unreadable,
        _ => MailFailure::NotAsked,
    };
    let is_final = error.as_service_error().is_some_and(is_about_the_message);
    let failure = Box::new(failure);
    Err(if is_final { PostError::Refused(failure) } else { PostError::Later(failure) })
}

/// Whether SES refuses this very message. With the same code it refuses every message as long as the
/// sender's domain is not verified, or, in the sandbox, the reader's address (SES, "Email not verified"):
/// that goes by.
fn is_about_the_message(error: &SendEmailError) -> bool {
    let is_unverified = error.message().is_some_and(|words| words.contains(NOT_VERIFIED));
    (error.is_message_rejected() && !is_unverified) || error.is_bad_request_exception()
}

/// The letter's key as SES takes it: letters, digits, `_`, `-`, `.` and `@` are all it allows.
/// Every other byte, and `@` itself, becomes `@` and two hexadecimal digits.
fn tag_value(key: &str) -> String {
    key.bytes().fold(String::with_capacity(key.len() + 8), |mut value, byte| {
        if byte.is_ascii_alphanumeric() || b"_-.".contains(&byte) {
            value.push(char::from(byte));
        } else {
            write!(value, "@{byte:02x}").expect("a String takes every write");
        }
        value
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_sesv2::{
        error::{BuildError, ErrorMetadata},
        types::error::{
            AccountSuspendedException, BadRequestException, MailFromDomainNotVerifiedException,
            MessageRejected, TooManyRequestsException,
        },
    };

    use super::*;

    fn answered(error: SendEmailError) -> PostError {
        outcome(Err(SdkError::service_error(error, 400_u16)), |status| *status).err().unwrap()
    }

    fn is_final(error: SendEmailError) -> bool {
        matches!(answered(error), PostError::Refused(_))
    }

    #[test]
    fn only_a_word_about_this_message_is_final() {
        assert!(is_final(SendEmailError::MessageRejected(MessageRejected::builder().build())));
        assert!(is_final(SendEmailError::BadRequestException(
            BadRequestException::builder().build()
        )));
        assert!(!is_final(SendEmailError::MailFromDomainNotVerifiedException(
            MailFromDomainNotVerifiedException::builder().build()
        )));
        assert!(!is_final(SendEmailError::TooManyRequestsException(
            TooManyRequestsException::builder().build()
        )));
        assert!(!is_final(SendEmailError::AccountSuspendedException(
            AccountSuspendedException::builder().build()
        )));
        let unknown = ErrorMetadata::builder().code("ThrottlingException").build();
        assert!(!is_final(SendEmailError::generic(unknown)));
    }

    #[test]
    fn an_address_that_is_not_verified_yet_is_not_final() {
        let words = "Email address is not verified. The following identities failed the check in \
                     region EU-CENTRAL-1: hello@harbour.example";
        let rejected = |words| MessageRejected::builder().message(words).meta(meta(words)).build();
        assert!(!is_final(SendEmailError::MessageRejected(rejected(words))));
        assert!(is_final(SendEmailError::MessageRejected(rejected("Illegal address"))));
    }

    fn meta(words: &str) -> ErrorMetadata {
        ErrorMetadata::builder().code("MessageRejected").message(words).build()
    }

    #[test]
    fn silence_is_not_final() {
        let late: SendResult<u16> = Err(SdkError::timeout_error("late"));
        assert!(matches!(outcome(late, |_| 0), Err(PostError::Later(_))));
        let unbuilt: SendResult<u16> =
            Err(SdkError::construction_failure(BuildError::other("unbuilt")));
        assert!(matches!(outcome(unbuilt, |_| 0), Err(PostError::Later(_))));
    }

    #[test]
    fn the_words_of_ses_stay_out() {
        let meta = ErrorMetadata::builder()
            .code("MessageRejected")
            .message("Email address is not verified: ann@example.org")
            .build();
        let (PostError::Refused(cause) | PostError::Later(cause)) =
            answered(SendEmailError::generic(meta));
        assert_eq!(cause.to_string(), "SES answered MessageRejected (400)");
    }

    #[test]
    fn a_tag_has_only_what_ses_allows() {
        assert_eq!(tag_value("harbour#c1/welcome.17"), "harbour@23c1@2fwelcome.17");
        assert_eq!(tag_value("harbour#@desk/é"), "harbour@23@40desk@2f@c3@a9");
    }
}

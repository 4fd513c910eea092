//! What SES says of a domain and of the account.

use serde_json::Value;

use crate::{Aws, AwsProblem};

/// What an account is called in that sends to nobody else yet.
pub(crate) const SANDBOX: &str = "SES sends to addresses it has verified only (sandbox)";

/// What SES knows of a domain; nothing, if it does not know it.
pub(crate) fn identity(aws: &Aws, domain: &str) -> Result<Option<Value>, AwsProblem> {
    match aws.run(&["sesv2", "get-email-identity", "--email-identity", domain]) {
        Err(problem) if problem.is("NotFoundException") => Ok(None),
        answered => answered.map(Some),
    }
}

/// Whether SES sends for a domain.
pub(crate) fn sends(identity: &Value) -> bool {
    identity["VerifiedForSendingStatus"].as_bool().unwrap_or_default()
}

/// What SES knows of the account.
pub(crate) fn account(aws: &Aws) -> Result<Value, AwsProblem> {
    aws.run(&["sesv2", "get-account"])
}

/// Whether letters reach everybody from an account.
pub(crate) fn is_open_to_everybody(account: &Value) -> bool {
    account["ProductionAccessEnabled"].as_bool().unwrap_or_default()
}

//! One secret from the parameter store, once at the start.
//!
//! A crate for all of Systems Manager would be another hundred operations to compile for one call
//! that is made once in the life of a process. So the request is written here, and signed by the
//! crate that signs the SDK's own (AWS, "`GetParameter`", Systems Manager API reference).

use std::time::Duration;

use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use aws_smithy_types::body::SdkBody;
use http::Request;
use http_body_util::{BodyExt as _, Limited};
use serde_json::{Value, json};

use super::CloudError;
use crate::{
    Chance as _, Clock as _, SystemChance, SystemClock,
    aws::{Connection, Endpoints, Identity},
};

/// The most that a parameter can have is 8 KB.
const ANSWER_MAX: usize = 64 * 1024;

/// Why there is no secret. What was answered is not repeated: it may be the secret.
#[derive(Debug, thiserror::Error)]
#[error("the parameter {name} cannot be read: the parameter store answered {status}")]
struct NoParameter {
    name: String,
    status: u16,
    /// Whether the store has too much to do, or a failure of its own.
    goes_by: bool,
}

/// Nobody answered in time.
#[derive(Debug, thiserror::Error)]
#[error("the parameter {name} cannot be read: nobody answers within {} seconds", PATIENCE.as_secs())]
struct Silent {
    name: String,
}

/// How often the parameter is asked for: many functions may start at once, and the store lets through
/// so many a second.
const TRIES: u32 = 3;

/// After so long a try counts as failed; all of them are well within what Lambda gives to a start.
const PATIENCE: Duration = Duration::from_secs(2);

/// The decrypted value of this parameter.
pub(super) async fn read(
    connection: &Connection,
    endpoints: &Endpoints,
    identity: &Identity,
    name: &str,
) -> Result<String, CloudError> {
    let (mut pause, mut tries) = (Duration::from_millis(100), 0);
    loop {
        tries += 1;
        let asked = ask(connection, endpoints, identity, name);
        let answered = tokio::time::timeout(PATIENCE, asked).await;
        match answered.unwrap_or_else(|_| Err(Silent { name: name.to_owned() }.into())) {
            Ok(value) => return Ok(value),
            Err(error) if TRIES <= tries || is_for_good(&error) => return Err(error),
            Err(_) => {}
        }
        let mut jitter = [0];
        SystemChance.fill(&mut jitter);
        tokio::time::sleep(pause + Duration::from_millis(jitter[0].into())).await;
        pause *= 2;
    }
}

/// Whether asking again would change nothing.
fn is_for_good(error: &CloudError) -> bool {
    error.downcast_ref::<NoParameter>().is_some_and(|answer| !answer.goes_by)
}

async fn ask(
    connection: &Connection,
    endpoints: &Endpoints,
    identity: &Identity,
    name: &str,
) -> Result<String, CloudError> {
    let body = json!({ "Name": name, "WithDecryption": true }).to_string();
    let request = signed(endpoints, identity, body)?;
    let response = connection.send(request).await?;
    let status = response.status().as_u16();
    let body = Limited::new(response.into_body(), ANSWER_MAX).collect().await?.to_bytes();
    let is_throttled = String::from_utf8_lossy(&body).contains("Throttl");
    let goes_by = is_throttled || status == 429 || 500 <= status;
    let no_parameter = || NoParameter { name: name.to_owned(), status, goes_by };
    if status != 200 {
        return Err(no_parameter().into());
    }
    let answer: Value = serde_json::from_slice(&body).map_err(|_| no_parameter())?;
    let value = answer["Parameter"]["Value"].as_str().ok_or_else(no_parameter)?;
    Ok(value.to_owned())
}

fn signed(
    endpoints: &Endpoints,
    identity: &Identity,
    body: String,
) -> Result<Request<SdkBody>, CloudError> {
    let endpoint = endpoints.of_service("ssm", endpoints.parameters.as_deref());
    let headers = [
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", "AmazonSSM.GetParameter"),
    ];
    let identity = identity.credentials().into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(&endpoints.region)
        .name("ssm")
        .time(SystemClock.now().into())
        .settings(SigningSettings::default())
        .build()?
        .into();
    let uri = format!("{endpoint}/");
    let signable = SignableRequest::new(
        "POST",
        uri.as_str(),
        headers.into_iter(),
        SignableBody::Bytes(body.as_bytes()),
    )?;
    let (instructions, _) = sign(signable, &params)?.into_parts();
    let builder = Request::post(&uri);
    let builder =
        headers.into_iter().fold(builder, |builder, (name, value)| builder.header(name, value));
    let mut request = builder.body(SdkBody::from(body))?;
    instructions.apply_to_request_http1x(&mut request);
    Ok(request)
}

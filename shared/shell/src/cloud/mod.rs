//! The real world: what a deployed function has around it.
//!
//! A function's `main` is one call of [`run`]. It reads the settings, builds the clients once,
//! while Lambda gives full power to the start, and serves until the environment is taken away.
//! Credentials come from the environment alone, where Lambda puts them: no chain of providers
//! is asked, so no other crate, file or request has a part in a cold start.
//!
//! | setting | what |
//! |---|---|
//! | `ANTEROOM_TABLES` | what the names of the tables begin with |
//! | `ANTEROOM_ORIGIN` | where the house is reached, such as `https://book.example.org` |
//! | `ANTEROOM_LINK_KEY` | the secret that signs links: 32 bytes as 64 hexadecimal digits |
//!
//! Lambda itself sets the rest (region and credentials). `AWS_ENDPOINT_URL_DYNAMODB` and
//! `AWS_ENDPOINT_URL_SESV2` lead to peers on this machine instead.

mod serve;
mod ses_post;
mod settings;

pub use serve::{answer_events, serve};
pub use ses_post::SesPost;

use std::{error::Error, io::Write as _, process::ExitCode, sync::Arc, time::Duration};

use aws_sdk_dynamodb::config::{
    BehaviorVersion, Credentials, Region, SharedHttpClient, retry::RetryConfig,
    timeout::TimeoutConfig,
};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use store::{Store, Tables};

use crate::{Shell, SystemChance, SystemClock, problem::chain};
use settings::{Aws, Settings};

/// After so long a request to the tables counts as failed, all attempts together.
const TABLES_PATIENCE: Duration = Duration::from_secs(10);

/// After so long a message counts as not taken; well within the lease of a letter.
const MAIL_PATIENCE: Duration = Duration::from_secs(20);

/// What ends a function.
pub type CloudError = Box<dyn Error + Send + Sync>;

/// The world of one function.
pub struct World {
    /// What every function needs.
    pub shell: Shell,
    http: SharedHttpClient,
    aws: Aws,
}

impl World {
    fn build(settings: Settings) -> Self {
        // One TLS stack, and the one that starts fastest.
        let tls = Provider::Rustls(CryptoMode::Ring);
        let http = Builder::new().tls_provider(tls).build_https();
        let aws = settings.aws;
        let mut tables = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .http_client(http.clone())
            .region(Region::new(aws.region.clone()))
            .credentials_provider(credentials(&aws))
            .timeout_config(TimeoutConfig::builder().operation_timeout(TABLES_PATIENCE).build());
        tables.set_endpoint_url(aws.tables_endpoint.clone());
        let client = aws_sdk_dynamodb::Client::from_conf(tables.build());
        let shell = Shell::new(
            Store::new(client, Tables::with_prefix(&settings.tables)),
            settings.links,
            &settings.origin,
            Arc::new(SystemClock),
            Arc::new(SystemChance),
        );
        Self { shell, http, aws }
    }

    /// The post office that really sends.
    pub fn post_office(&self) -> SesPost {
        // Never tried twice here: the outbox knows what was tried, and when to try again.
        let mut mail = aws_sdk_sesv2::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .http_client(self.http.clone())
            .region(Region::new(self.aws.region.clone()))
            .credentials_provider(credentials(&self.aws))
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_timeout(MAIL_PATIENCE).build());
        mail.set_endpoint_url(self.aws.mail_endpoint.clone());
        SesPost::new(aws_sdk_sesv2::Client::from_conf(mail.build()))
    }
}

fn credentials(aws: &Aws) -> Credentials {
    let (key, secret, token) = (aws.key.clone(), aws.secret.clone(), aws.token.clone());
    Credentials::new(key, secret, token, None, "environment")
}

/// Builds the world and hands it to `function`; what goes wrong is said in one sentence.
pub fn run(function: impl AsyncFnOnce(World) -> Result<(), CloudError>) -> ExitCode {
    match try_run(function) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            drop(writeln!(std::io::stderr(), "anteroom: {}.", chain(&*error)));
            ExitCode::FAILURE
        }
    }
}

fn try_run(function: impl AsyncFnOnce(World) -> Result<(), CloudError>) -> Result<(), CloudError> {
    let settings = Settings::of_this_process()?;
    log_to_stdout();
    // One request at a time is what Lambda gives to one process.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async { function(World::build(settings)).await })
}

/// One line of JSON per event, each with the id of its request. Nothing below `info`: further
/// down, the libraries tell what is in a request.
fn log_to_stdout() {
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_max_level(tracing::Level::INFO)
        .with_span_list(false)
        // The log service puts the time to each line.
        .without_time()
        .init();
}

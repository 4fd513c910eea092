//! The embedded tables: a DynamoDB of our own in this process, in one file or in memory.
//!
//! The rooms of the house speak to the ordinary `aws-sdk-dynamodb` client and cannot tell the
//! difference. It keeps what the store relies on (conditions, transactions, sparse indexes,
//! consumed capacity), and `tests` holds it to that. It deliberately does less than the cloud:
//! no streams, no stale reads, no conflicts, no throttling, and nothing expires by itself.
//! Faults are injected by wrapping [`EmbeddedTables::connector`].
//!
//! Start with [`EmbeddedTables::client`]; `engine` is the only file that knows the engine.

use std::{io, path::Path};

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};
use tokio::net::TcpListener;

mod connector;
mod engine;
mod file;
mod loopback;

#[cfg(test)]
mod tests;

pub use connector::EmbeddedHttpClient;
pub use file::TablesError;

/// The embedded tables: one file or none, one engine. Clones share it.
///
/// The file is let go when the last clone, connector and client is gone.
#[derive(Clone, Debug)]
pub struct EmbeddedTables {
    engine: engine::Engine,
}

impl EmbeddedTables {
    /// Opens the tables file at `path`, or begins a new one. Its folder must exist.
    ///
    /// One process at a time: two engines over one file would each keep their own idempotency
    /// tokens. A lock file beside it (`path` with `.lock` added) sees to that, and stays behind.
    pub fn open(path: &Path) -> Result<Self, TablesError> {
        Ok(Self { engine: engine::Engine::open(path)? })
    }

    /// Begins empty tables that end with the process.
    pub fn in_memory() -> Result<Self, TablesError> {
        Ok(Self { engine: engine::Engine::in_memory()? })
    }

    /// The way in, beneath an SDK client: wrap it to inject faults or to count calls.
    pub fn connector(&self) -> EmbeddedHttpClient {
        EmbeddedHttpClient::new(self.engine.clone())
    }

    /// An ordinary client of these tables. Needs no network, TLS, account or environment.
    pub fn client(&self) -> aws_sdk_dynamodb::Client {
        let config = local_config().http_client(self.connector()).build();
        aws_sdk_dynamodb::Client::from_conf(config)
    }

    /// Answers the same calls over HTTP until the listener breaks, for `cargo lambda watch`:
    /// point `AWS_ENDPOINT_URL_DYNAMODB` at it.
    ///
    /// Nobody checks credentials here, so any address but a loopback one is refused.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        loopback::serve(self.engine, listener).await
    }
}

/// The part of the client that says who asks: nobody in particular, from nowhere.
fn local_config() -> aws_sdk_dynamodb::config::Builder {
    aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("local"))
        .credentials_provider(Credentials::new("local", "local", None, None, "embedded tables"))
        .retry_config(RetryConfig::standard())
}

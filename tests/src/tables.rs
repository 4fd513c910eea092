//! The tables of a world: embedded ones in memory, or those of a DynamoDB given by environment.
//!
//! With `ANTEROOM_TEST_TABLES=http://127.0.0.1:8000` every world lives in the DynamoDB there, under
//! an access key of its own: DynamoDB Local keeps the tables of different keys apart.

use std::{
    env,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use anteroom::tables::EmbeddedTables;
use aws_sdk_dynamodb::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig},
};
use aws_smithy_http_client::Connector;
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector, http_client_fn};

/// Where the tables are, if they are not embedded.
const ENDPOINT: &str = "ANTEROOM_TEST_TABLES";

/// How many worlds there were in this process.
static WORLDS: AtomicU64 = AtomicU64::new(0);

/// The tables of one world.
#[derive(Clone, Debug)]
pub struct TestTables {
    connector: SharedHttpConnector,
    endpoint: Option<String>,
    access_key: String,
}

impl TestTables {
    /// Empty tables.
    ///
    /// # Panics
    /// If embedded tables cannot be opened.
    pub fn new() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the one setting of the tests")]
        let endpoint = env::var(ENDPOINT).ok();
        let Some(endpoint) = endpoint else {
            return Self::embedded(&EmbeddedTables::in_memory().expect("tables in memory"));
        };
        // The process is in the key as well: one server may see many runs.
        let (process, world) = (std::process::id(), WORLDS.fetch_add(1, Ordering::Relaxed));
        Self {
            connector: SharedHttpConnector::new(Connector::builder().build_http()),
            endpoint: Some(endpoint),
            access_key: format!("p{process}w{world}"),
        }
    }

    /// These embedded tables.
    pub fn embedded(tables: &EmbeddedTables) -> Self {
        let connector = SharedHttpConnector::new(tables.connector());
        Self { connector, endpoint: None, access_key: "local".to_owned() }
    }

    /// The way to them, for whoever stands between.
    pub fn connector(&self) -> SharedHttpConnector {
        self.connector.clone()
    }

    /// A client that goes this way.
    pub fn client_by(&self, way: impl HttpConnector + 'static) -> Client {
        let way = SharedHttpConnector::new(way);
        let key = self.access_key.as_str();
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("local"))
            .credentials_provider(Credentials::new(key, "local", None, None, "tests"))
            .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
            .http_client(http_client_fn(move |_, _| way.clone()));
        config.set_endpoint_url(self.endpoint.clone());
        Client::from_conf(config.build())
    }
}

impl Default for TestTables {
    fn default() -> Self {
        Self::new()
    }
}

//! As whom and where AWS is asked, by a deployed function or by an operator's command.

mod connection;
#[cfg(test)]
mod tests;

pub use connection::{Connection, Looked, OPEN_PATIENCE};

use std::{error::Error, fmt, fs, path::PathBuf, time::Duration};

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Credentials, Region, timeout::TimeoutConfig},
};

/// Why AWS could not be asked.
pub type AwsError = Box<dyn Error + Send + Sync>;

/// After so long a request to the tables counts as failed, all attempts together.
const TABLES_PATIENCE: Duration = Duration::from_secs(10);

/// After so long one attempt at it does. A connection that broke while the function slept says nothing,
/// and must leave time for another.
const ATTEMPT_PATIENCE: Duration = Duration::from_secs(3);

/// After so long a request of an operator's counts as failed.
const OPERATORS_PATIENCE: Duration = Duration::from_mins(2);

/// As whom AWS is asked: credentials, for a while or for good.
#[derive(Clone)]
pub struct Identity {
    /// The name of the key.
    pub key: String,
    /// The key's secret.
    pub secret: String,
    /// What goes with credentials that end.
    pub token: Option<String>,
}

/// Says nothing but which key it is.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({})", self.key)
    }
}

/// Where AWS is asked.
#[derive(Debug, Clone, Default)]
pub struct Endpoints {
    /// The region, such as `eu-central-1`.
    pub region: String,
    /// The tables, if not where they are in the region.
    pub tables: Option<String>,
    /// The sender of mail, likewise.
    pub mail: Option<String>,
    /// The parameter store, likewise.
    pub parameters: Option<String>,
    /// A file with more roots to trust (PEM), for peers on this machine.
    pub more_roots: Option<PathBuf>,
}

impl Identity {
    /// What the environment says, if it says anything (`AWS_ACCESS_KEY_ID` and its like).
    pub fn from_environment(environment: impl Fn(&str) -> Option<String>) -> Option<Self> {
        Some(Self {
            key: environment("AWS_ACCESS_KEY_ID")?,
            secret: environment("AWS_SECRET_ACCESS_KEY")?,
            token: environment("AWS_SESSION_TOKEN"),
        })
    }

    /// For the clients of the SDK.
    pub fn credentials(&self) -> Credentials {
        let (key, secret, token) = (self.key.clone(), self.secret.clone(), self.token.clone());
        Credentials::new(key, secret, token, None, "environment")
    }
}

impl Endpoints {
    /// What the environment says of this region (`AWS_ENDPOINT_URL_DYNAMODB` and its like).
    pub fn from_environment(region: String, environment: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            region,
            tables: environment("AWS_ENDPOINT_URL_DYNAMODB"),
            mail: environment("AWS_ENDPOINT_URL_SESV2"),
            parameters: environment("AWS_ENDPOINT_URL_SSM"),
            more_roots: environment("AWS_CA_BUNDLE").map(PathBuf::from),
        }
    }

    /// The way out, trusting what is to be trusted there.
    ///
    /// # Errors
    /// The file of more roots cannot be read.
    pub fn connection(&self) -> Result<Connection, AwsError> {
        Connection::new(self.more_roots()?)
    }

    /// The way to the house's own pages, for an operator.
    ///
    /// # Errors
    /// The file of more roots cannot be read.
    pub fn connection_to_pages(&self) -> Result<Connection, AwsError> {
        Connection::to_pages(self.more_roots()?)
    }

    fn more_roots(&self) -> Result<Option<Vec<u8>>, AwsError> {
        Ok(self.more_roots.as_ref().map(fs::read).transpose()?)
    }

    /// The tables there, asked as `identity` by an operator, who moves whole pages of them over a line
    /// that may be thin.
    pub fn tables_for_operators(&self, connection: &Connection, identity: &Identity) -> Client {
        let patience = TimeoutConfig::builder()
            .operation_timeout(OPERATORS_PATIENCE)
            .operation_attempt_timeout(OPERATORS_PATIENCE / 2);
        self.tables_asked_with(patience.build(), connection, identity)
    }

    /// The tables there, asked as `identity`.
    pub fn tables_client(&self, connection: &Connection, identity: &Identity) -> Client {
        let patience = TimeoutConfig::builder()
            .operation_timeout(TABLES_PATIENCE)
            .operation_attempt_timeout(ATTEMPT_PATIENCE);
        self.tables_asked_with(patience.build(), connection, identity)
    }

    fn tables_asked_with(
        &self,
        patience: TimeoutConfig,
        connection: &Connection,
        identity: &Identity,
    ) -> Client {
        let mut tables = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .http_client(connection.for_clients())
            .region(Region::new(self.region.clone()))
            .credentials_provider(identity.credentials())
            .timeout_config(patience);
        tables.set_endpoint_url(self.tables.clone());
        Client::from_conf(tables.build())
    }

    /// Where a service is asked: where a setting leads, or at its regional endpoint.
    pub fn of_service(&self, service: &str, elsewhere: Option<&str>) -> String {
        let region = &self.region;
        let suffix = domain_of(region);
        elsewhere.map_or_else(|| format!("https://{service}.{region}.{suffix}"), str::to_owned)
    }
}

/// The domain that AWS's services have in a region.
pub fn domain_of(region: &str) -> &'static str {
    if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
}

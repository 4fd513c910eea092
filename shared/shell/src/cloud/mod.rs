//! The real world: what a deployed function has around it.
//!
//! A function's `main` is one call of [`run`]. It reads the settings, builds the clients once and
//! opens their connections, while Lambda gives full power to the start, and serves until the
//! environment is taken away.
//! Credentials come from the environment alone, where Lambda puts them: no chain of providers
//! is asked, so no other crate, file or request has a part in a cold start.
//!
//! | setting | what |
//! |---|---|
//! | `ANTEROOM_TABLES` | what the names of the tables begin with |
//! | `ANTEROOM_ORIGIN` | where the house is reached, such as `https://book.example.org` |
//! | `ANTEROOM_LINK_KEYS_PARAMETER` | the parameter with the secrets that sign links ([`LinkKeys`]) |
//! | `ANTEROOM_LINK_KEY` | the house's secret itself, where no parameter is named |
//! | `ANTEROOM_MAIL_SET` | the configuration set that letters are sent under, if any |
//!
//! Lambda itself sets the rest (region and credentials). `AWS_ENDPOINT_URL_DYNAMODB`,
//! `AWS_ENDPOINT_URL_SESV2` and `AWS_ENDPOINT_URL_SSM` lead to peers on this machine instead, and
//! `AWS_CA_BUNDLE` names a file of roots that they hang on.

mod log;
mod parameter;
mod serve;
mod ses_post;
mod settings;
#[cfg(test)]
mod tests;

pub use serve::{answer_events, serve};
pub use ses_post::SesPost;

use std::{error::Error, io::Write as _, process::ExitCode, sync::Arc};

use store::{Store, Tables};

use crate::{
    LinkKeys, Shell, SystemChance, SystemClock,
    aws::{Connection, Endpoints, Identity, OPEN_PATIENCE},
    problem::chain,
    tell_panics_by_their_place,
};
use settings::{Links, Settings};

/// What ends a function.
pub type CloudError = Box<dyn Error + Send + Sync>;

/// The world of one function.
pub struct World {
    /// What every function needs.
    pub shell: Shell,
    connection: Connection,
    mail_set: Option<String>,
    identity: Identity,
    endpoints: Endpoints,
}

impl World {
    /// The world of these settings, with everything open that can be opened before the first
    /// request comes.
    async fn open(settings: Settings) -> Result<Self, CloudError> {
        let Settings { tables, origin, links, mail_set, identity, endpoints } = settings;
        let connection = endpoints.connection()?;
        let client = endpoints.tables_client(&connection, &identity);
        let store = Store::new(client, Tables::with_prefix(&tables));
        let asked = link_keys(&connection, &endpoints, &identity, links);
        let opening = tokio::time::timeout(OPEN_PATIENCE, store.open());
        let (links, opened) = tokio::join!(asked, opening);
        // Not the end: whoever needs the tables first will try again, and say so.
        match opened {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(error = chain(&error), "the tables did not answer at the start");
            }
            Err(_) => tracing::warn!("the tables did not answer soon at the start"),
        }
        let (clock, chance) = (Arc::new(SystemClock), Arc::new(SystemChance));
        let shell = Shell::new(store, links?, &origin, clock, chance);
        Ok(Self { shell, connection, mail_set, identity, endpoints })
    }

    /// The post office that really sends, with its connection open.
    pub async fn post_office(&self) -> SesPost {
        let endpoint = self.endpoints.of_service("email", self.endpoints.mail.as_deref());
        self.connection.open(&endpoint).await;
        SesPost::new(&self.connection, &self.endpoints, &self.identity, self.mail_set.clone())
    }
}

async fn link_keys(
    connection: &Connection,
    endpoints: &Endpoints,
    identity: &Identity,
    links: Links,
) -> Result<LinkKeys, CloudError> {
    match links {
        Links::Here(keys) => Ok(keys),
        Links::Parameter(name) => {
            let text = parameter::read(connection, endpoints, identity, &name).await?;
            Ok(settings::link_keys(&text)?)
        }
    }
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
    let stack = settings.tables.strip_suffix('-').unwrap_or(&settings.tables);
    log::log_to_stdout(stack.to_owned());
    tell_panics_by_their_place();
    // One request at a time is what Lambda gives to one process.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async { function(World::open(settings).await?).await })
}

//! What is remembered: DynamoDB items, keys, conditions and transactions.
//!
//! The client file is the unit of commit: [`Store::load`] is one consistent read, and
//! [`Store::commit`] one transaction on one version. What is stored is a promise to later
//! versions of this program, so the stored shapes in [`items`](self) are types of their own and
//! the domain never sees them.
//!
//! Start reading at [`Commit`].

mod agreement;
mod answers;
mod changes;
mod commit;
mod copied_item;
mod copy;
mod desk;
mod due;
mod failure;
mod form;
mod fingerprint;
mod handbook;
mod indexed;
mod items;
mod keys;
mod limit;
mod load;
mod night;
mod other_calendars;
mod outbox;
mod claim;
mod phone_feed;
mod practice;
mod read;
mod sheets;
mod sign_in;
mod tables;
mod usage;
mod waiting_list;
mod write;

pub use agreement::{Agreement, Disagreement};
pub use answers::Draft;
pub use claim::{Claim, Ending, LEASE};
pub use commit::{Commit, CommitError};
pub use copied_item::CopiedItem;
pub use copy::{Copied, CopiedTable};
pub use due::Due;
pub use failure::StoreError;
pub use form::FORM;
pub use handbook::{HandbookChange, Standing, StoredHandbook};
pub use indexed::Indexed;
pub use items::{JournalEntry, JournalProblem};
pub use limit::Limit;
pub use load::{Guard, Loaded, Want};
pub use night::{FileAtNight, Night, NightLook, Reached};
pub use other_calendars::{CalendarSource, News, SOURCES_MAX};
pub use outbox::{LetterState, Outgoing, OutgoingBody, OutgoingKey, Written};
pub use phone_feed::PhoneFeedLink;
pub use practice::DayBook;
pub use sheets::SheetsChange;
pub use sign_in::{Session, SignIn};
pub use tables::Tables;
pub use usage::{Usage, UsageSoFar, metered};
pub use waiting_list::{Place, WAITING_LISTED, WaitingBook};

use std::sync::Arc;

use aws_sdk_dynamodb::Client;

/// The tables of one deployment.
#[derive(Clone)]
pub struct Store {
    client: Client,
    tables: Tables,
    usage: Arc<Usage>,
    stream: Option<Stream>,
}

/// Told of every letter that was written: what the outbox's stream does in the cloud.
type Stream = Arc<dyn Fn(OutgoingKey) + Send + Sync>;

impl Store {
    /// The store behind this client.
    pub fn new(client: Client, tables: Tables) -> Self {
        Self { client, tables, usage: Arc::default(), stream: None }
    }

    /// The same store, telling `stream` of every letter it writes.
    #[must_use]
    pub fn with_stream(self, stream: impl Fn(OutgoingKey) + Send + Sync + 'static) -> Self {
        Self { stream: Some(Arc::new(stream)), ..self }
    }

    fn announce(&self, letter: OutgoingKey) {
        if let Some(stream) = &self.stream {
            stream(letter);
        }
    }

    /// What the requests of this store, and of its clones, have used so far.
    pub fn usage(&self) -> UsageSoFar {
        self.usage.so_far()
    }

    /// The names of the tables.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }
}

//! The outbox: what a letter is while it waits, and where it lies.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{ClientId, Letter, PracticeId, StaffId};
use serde::{Deserialize, Serialize};

use crate::{
    Store, StoreError,
    items::{Malformed, StoredLetter, instant, parsed},
    keys::{Item, Key, number, of_client, shard_of, text},
};

/// How many letters of one client are listed.
const LETTERS_MAX: usize = 200;

/// Where a letter lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OutgoingKey(pub(crate) Key);

impl OutgoingKey {
    /// The key as one opaque text without a person's data, for tags and message ids.
    pub fn as_text(&self) -> String {
        format!("{}/{}", self.0.pk, self.0.sk)
    }

    /// The key that a stream record names.
    pub fn from_parts(pk: &str, sk: &str) -> Self {
        Self(Key { pk: pk.to_owned(), sk: sk.to_owned() })
    }
}

/// A letter in the outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// Where it lies.
    pub key: OutgoingKey,
    /// Whose letter.
    pub practice: PracticeId,
    /// What it is.
    pub body: OutgoingBody,
    /// How far it has come.
    pub state: LetterState,
    /// How often sending was begun.
    pub attempts: u32,
    /// Until when it is whose who claimed it last.
    pub claimed_until: Option<DateTime<Utc>>,
    /// When it was written.
    pub written_at: DateTime<Utc>,
    /// Until when it was held back because sending is paused, if it was.
    pub held_until: Option<DateTime<Utc>>,
    /// The request that caused it, as the log names it.
    pub request: Option<String>,
}

impl Outgoing {
    /// For how many seconds it has waited by `now`, since its time came and nobody held it back.
    pub fn age_seconds(&self, now: DateTime<Utc>) -> u64 {
        let not_before = match &self.body {
            OutgoingBody::Client(_, letter) => letter.not_before,
            OutgoingBody::Agenda { .. } | OutgoingBody::SignIn { .. } => None,
        };
        let wanted_from = [not_before, self.held_until].into_iter().flatten();
        let wanted_from = wanted_from.fold(self.written_at, DateTime::max);
        u64::try_from((now - wanted_from).num_seconds()).unwrap_or(0)
    }
}

/// What a letter is.
#[derive(Debug, Clone, PartialEq)]
pub enum OutgoingBody {
    /// About a client file.
    Client(ClientId, Letter),
    /// An agenda of a day.
    Agenda {
        /// To whom.
        staff: StaffId,
        /// Of which local day.
        date: NaiveDate,
    },
    /// A link to the desk.
    SignIn {
        /// For whom.
        staff: StaffId,
        /// Names the sign-in.
        id: String,
        /// From here on it is of no use.
        not_after: DateTime<Utc>,
    },
}

/// How far a letter has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LetterState {
    /// It waits.
    Written,
    /// Somebody is sending it.
    Sending,
    /// The mail service has it.
    Sent,
    /// It was not sent, because there was no reason any more.
    Stopped,
    /// It could not be sent.
    GivenUp,
}

#[derive(Serialize, Deserialize)]
struct StoredOutgoing {
    practice: String,
    body: StoredBody,
    state: LetterState,
    written: i64,
    #[serde(default)]
    attempts: u32,
    #[serde(default, skip_serializing)]
    lease_until: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StoredBody {
    Client { client: String, letter: StoredLetter },
    Agenda { staff: String, date: String },
    SignIn { staff: String, id: String, not_after: i64 },
}

/// When a letter is written, and which request it is written for, as the log names it.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// Which request, if it has a name.
    pub request: Option<&'a str>,
}

/// The item of a letter about a client file.
pub(crate) fn item_of(
    practice: &PracticeId,
    client: &ClientId,
    letter: &Letter,
    request: Option<&str>,
) -> Result<Item, StoreError> {
    let key = Key { pk: of_client(practice, client), sk: letter.key() };
    let body = StoredBody::Client { client: client.to_string(), letter: letter.into() };
    let written = Written { at: letter.written_at, request };
    new_item(&key, practice, body, written, letter.not_before)
}

/// Where the agenda of a person and day lies.
pub(crate) fn agenda_key(practice: &PracticeId, staff: &StaffId, date: NaiveDate) -> OutgoingKey {
    OutgoingKey(Key { pk: of_desk(practice), sk: format!("agenda.{date}.{staff}") })
}

/// Where the letter of a sign-in lies.
pub(crate) fn sign_in_letter_key(practice: &PracticeId, id: &str) -> OutgoingKey {
    OutgoingKey(Key { pk: of_desk(practice), sk: format!("sign-in.{id}") })
}

/// The item of an agenda: one for each person and day.
pub(crate) fn agenda_item(
    practice: &PracticeId,
    staff: &StaffId,
    date: NaiveDate,
    written: Written<'_>,
) -> Result<Item, StoreError> {
    let key = agenda_key(practice, staff, date).0;
    let body = StoredBody::Agenda { staff: staff.to_string(), date: date.to_string() };
    new_item(&key, practice, body, written, None)
}

/// The item of a sign-in letter.
pub(crate) fn sign_in_item(
    practice: &PracticeId,
    staff: &StaffId,
    id: &str,
    not_after: DateTime<Utc>,
    written: Written<'_>,
) -> Result<Item, StoreError> {
    let key = sign_in_letter_key(practice, id).0;
    let body = StoredBody::SignIn {
        staff: staff.to_string(),
        id: id.to_owned(),
        not_after: not_after.timestamp(),
    };
    new_item(&key, practice, body, written, None)
}

pub(crate) fn of_desk(practice: &PracticeId) -> String {
    format!("{practice}#@desk")
}

fn new_item(
    key: &Key,
    practice: &PracticeId,
    body: StoredBody,
    written: Written<'_>,
    not_before: Option<DateTime<Utc>>,
) -> Result<Item, StoreError> {
    let stored = StoredOutgoing {
        practice: practice.to_string(),
        body,
        state: LetterState::Written,
        written: written.at.timestamp(),
        attempts: 0,
        lease_until: None,
        held: None,
        request: written.request.map(str::to_owned),
    };
    let mut item: Item = serde_dynamo::to_item(stored).map_err(StoreError::unreadable("letter"))?;
    item.extend(key.new_item());
    // A letter for later does not wait for its stream: the clock comes back to it.
    if let Some(not_before) = not_before {
        item.insert("retry_shard".to_owned(), text(&shard_of(key)));
        item.insert("retry_at".to_owned(), number(not_before.timestamp()));
    }
    Ok(item)
}

pub(crate) fn read(item: Item) -> Result<Outgoing, StoreError> {
    let key = Key::read(&item)
        .ok_or_else(|| StoreError::unreadable("letter")(Malformed { what: "key" }))?;
    let stored: StoredOutgoing =
        serde_dynamo::from_item(item).map_err(StoreError::unreadable("letter"))?;
    stored.read(key).map_err(StoreError::unreadable("letter"))
}

impl StoredOutgoing {
    fn read(self, key: Key) -> Result<Outgoing, Malformed> {
        let staff = |id: &str| parsed("staff", StaffId::parse(id));
        let body = match self.body {
            StoredBody::Client { client, letter } => OutgoingBody::Client(
                parsed("client", ClientId::parse(&client))?,
                letter.try_into()?,
            ),
            StoredBody::Agenda { staff: id, date } => {
                OutgoingBody::Agenda { staff: staff(&id)?, date: parsed("date", date.parse())? }
            }
            StoredBody::SignIn { staff: to, id, not_after } => {
                OutgoingBody::SignIn { staff: staff(&to)?, id, not_after: instant(not_after)? }
            }
        };
        Ok(Outgoing {
            key: OutgoingKey(key),
            practice: parsed("practice", PracticeId::parse(&self.practice))?,
            body,
            state: self.state,
            attempts: self.attempts,
            claimed_until: self.lease_until.map(instant).transpose()?,
            written_at: instant(self.written)?,
            held_until: self.held.map(instant).transpose()?,
            request: self.request,
        })
    }
}

impl Store {
    /// The letters about a client, newest last; of very many, the newest 200.
    pub async fn letters(
        &self,
        practice: &PracticeId,
        client: &ClientId,
    ) -> Result<Vec<Outgoing>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.outbox)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(&of_client(practice, client)));
        let items = self.query_all("list letters", query, usize::MAX).await?;
        let mut letters: Vec<Outgoing> = items.into_iter().map(read).collect::<Result<_, _>>()?;
        letters.sort_by_key(|letter| letter.written_at);
        letters.drain(..letters.len().saturating_sub(LETTERS_MAX));
        Ok(letters)
    }

    /// Letters that have not come to an end, wherever they lie: what a house that was switched
    /// off finds when it is switched on. Looks at every letter; never used in the cloud, where
    /// the stream remembers.
    pub async fn unfinished_letters(&self) -> Result<Vec<OutgoingKey>, StoreError> {
        let mut keys = Vec::new();
        let mut start = None;
        loop {
            let answer = self
                .client
                .scan()
                .table_name(&self.tables.outbox)
                .filter_expression("#state IN (:written, :sending)")
                .expression_attribute_names("#state", "state")
                .expression_attribute_values(":written", text("written"))
                .expression_attribute_values(":sending", text("sending"))
                .limit(100)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(StoreError::request("list unfinished letters"))?;
            let found = answer.items.unwrap_or_default();
            keys.extend(found.iter().filter_map(Key::read).map(OutgoingKey));
            start = answer.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok(keys);
            }
        }
    }
}

/// The keys of the letters that a commit writes.
pub(crate) fn key_of(practice: &PracticeId, client: &ClientId, letter: &Letter) -> OutgoingKey {
    OutgoingKey(Key { pk: of_client(practice, client), sk: letter.key() })
}

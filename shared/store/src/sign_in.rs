//! Signing in to the desk: a link that works once, and sessions that can be ended.
//!
//! Nothing secret is stored: a sign-in is named by a random id whose link and code are made by
//! a key outside the tables; a session is stored under the hash of its cookie.

use aws_sdk_dynamodb::types::{AttributeValue, Put, ReturnConsumedCapacity, TransactWriteItem};
use chrono::{DateTime, Utc};
use domain::{PracticeId, StaffId};
use serde::{Deserialize, Serialize};

use crate::{
    Store, StoreError, Written,
    items::{Malformed, instant, parsed},
    keys::{Apart, Item, Key, number, text},
    outbox::{sign_in_item, sign_in_letter_key},
    usage::Access,
};

/// An asked-for sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Its random name.
    pub id: String,
    /// For whom; none if the address belongs to nobody here, so that both cases look alike.
    pub staff: Option<StaffId>,
    /// The hash of the cookie of the browser that asked.
    pub browser: String,
    /// From here on it is of no use.
    pub expires_at: DateTime<Utc>,
}

/// Somebody signed in on some browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The hash of its cookie.
    pub id: String,
    /// Who.
    pub staff: StaffId,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct StoredSignIn {
    id: String,
    staff: Option<String>,
    browser: String,
    expires: i64,
    tries: u32,
    #[serde(default)]
    used: bool,
}

#[derive(Serialize, Deserialize)]
struct StoredSession {
    id: String,
    staff: String,
    since: i64,
    expires: i64,
}

fn sign_in_key(practice: &PracticeId, id: &str) -> Key {
    Key::apart(practice, Apart::Desk, &format!("SIGNIN#{id}"))
}

const SESSION: &str = "SESSION#";

fn session_key(practice: &PracticeId, id: &str) -> Key {
    Key::apart(practice, Apart::Desk, &format!("{SESSION}{id}"))
}

impl Store {
    /// Keeps a sign-in and, where it is for somebody, writes its letter. One of that name that is
    /// there already stays as it is.
    pub async fn put_sign_in(
        &self,
        practice: &PracticeId,
        sign_in: &SignIn,
        written: Written<'_>,
    ) -> Result<(), StoreError> {
        let attempt = "keep a sign-in";
        let stored = StoredSignIn {
            id: sign_in.id.clone(),
            staff: sign_in.staff.as_ref().map(ToString::to_string),
            browser: sign_in.browser.clone(),
            expires: sign_in.expires_at.timestamp(),
            tries: 0,
            used: false,
        };
        let mut item: Item =
            serde_dynamo::to_item(stored).map_err(StoreError::unreadable("sign-in"))?;
        item.extend(sign_in_key(practice, &sign_in.id).new_item());
        let put = |table: &str, item: Item| {
            let put = Put::builder()
                .table_name(table)
                .set_item(Some(item))
                .condition_expression("attribute_not_exists(pk)")
                .build();
            put.map(|put| TransactWriteItem::builder().put(put).build())
                .map_err(StoreError::request(attempt))
        };
        let mut writes = vec![put(&self.tables.practices, item)?];
        if let Some(staff) = &sign_in.staff {
            let letter = sign_in_item(practice, staff, &sign_in.id, sign_in.expires_at, written)?;
            writes.push(put(&self.tables.outbox, letter)?);
        }
        let is_new = self.write_all(attempt, writes).await?;
        if is_new && sign_in.staff.is_some() {
            self.announce(sign_in_letter_key(practice, &sign_in.id));
        }
        Ok(())
    }

    /// The sign-in of that name, unless it was used.
    pub async fn sign_in(
        &self,
        practice: &PracticeId,
        id: &str,
    ) -> Result<Option<SignIn>, StoreError> {
        let key = sign_in_key(practice, id);
        let Some(item) = self.get("load a sign-in", &self.tables.practices, &key).await? else {
            return Ok(None);
        };
        let stored: StoredSignIn =
            serde_dynamo::from_item(item).map_err(StoreError::unreadable("sign-in"))?;
        if stored.used {
            return Ok(None);
        }
        stored.read().map(Some).map_err(StoreError::unreadable("sign-in"))
    }

    /// Uses a sign-in up for one session; answers whether it was still unused. A request whose answer
    /// was lost is sent again, and finds its own session.
    pub async fn use_sign_in(
        &self,
        practice: &PracticeId,
        id: &str,
        session: &str,
    ) -> Result<bool, StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.tables.practices)
            .set_key(Some(sign_in_key(practice, id).item()))
            .update_expression("SET used = :yes, used_for = :session")
            .condition_expression("used = :no OR used_for = :session")
            .expression_attribute_values(":session", text(session))
            .expression_attribute_values(":yes", AttributeValue::Bool(true))
            .expression_attribute_values(":no", AttributeValue::Bool(false));
        self.update_if("use a sign-in", update).await
    }

    /// Takes one of the tries that a sign-in has; answers whether there was one left. Taken
    /// before the code is looked at, so that many guesses at once are counted one by one.
    pub async fn take_try(
        &self,
        practice: &PracticeId,
        id: &str,
        most: u32,
    ) -> Result<bool, StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.tables.practices)
            .set_key(Some(sign_in_key(practice, id).item()))
            .update_expression("ADD tries :one")
            .condition_expression("attribute_exists(pk) AND tries < :most")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":most", number(most));
        self.update_if("count the tries of a sign-in", update).await
    }

    /// Begins a session.
    pub async fn put_session(
        &self,
        practice: &PracticeId,
        session: &Session,
    ) -> Result<(), StoreError> {
        let stored = StoredSession {
            id: session.id.clone(),
            staff: session.staff.to_string(),
            since: session.since.timestamp(),
            expires: session.expires_at.timestamp(),
        };
        let mut item: Item =
            serde_dynamo::to_item(stored).map_err(StoreError::unreadable("session"))?;
        item.extend(session_key(practice, &session.id).new_item());
        self.put("begin a session", &self.tables.practices, item).await
    }

    /// The session of that id, expired or not.
    pub async fn session(
        &self,
        practice: &PracticeId,
        id: &str,
    ) -> Result<Option<Session>, StoreError> {
        let key = session_key(practice, id);
        let item = self.get("load a session", &self.tables.practices, &key).await?;
        item.map(read_session).transpose()
    }

    /// Everybody's sessions.
    pub async fn sessions(&self, practice: &PracticeId) -> Result<Vec<Session>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.practices)
            .key_condition_expression("pk = :pk AND begins_with(sk, :session)")
            .expression_attribute_values(":pk", text(&Apart::Desk.of(practice)))
            .expression_attribute_values(":session", text(SESSION));
        let items = self.query_all("list sessions", query, 200).await?;
        items.into_iter().map(read_session).collect()
    }

    /// Ends a session.
    pub async fn end_session(&self, practice: &PracticeId, id: &str) -> Result<(), StoreError> {
        let answer = self
            .client
            .delete_item()
            .table_name(&self.tables.practices)
            .set_key(Some(session_key(practice, id).item()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(StoreError::request("end a session"))?;
        self.usage.count(Access::Write, answer.consumed_capacity());
        Ok(())
    }
}

fn read_session(item: Item) -> Result<Session, StoreError> {
    let stored: StoredSession =
        serde_dynamo::from_item(item).map_err(StoreError::unreadable("session"))?;
    stored.read().map_err(StoreError::unreadable("session"))
}

impl StoredSignIn {
    fn read(self) -> Result<SignIn, Malformed> {
        Ok(SignIn {
            id: self.id,
            staff: self.staff.map(|id| parsed("staff", StaffId::parse(&id))).transpose()?,
            browser: self.browser,
            expires_at: instant(self.expires)?,
        })
    }
}

impl StoredSession {
    fn read(self) -> Result<Session, Malformed> {
        Ok(Session {
            id: self.id,
            staff: parsed("staff", StaffId::parse(&self.staff))?,
            since: instant(self.since)?,
            expires_at: instant(self.expires)?,
        })
    }
}

//! Keys. Every key begins with a practice, and is made from a [`PracticeId`]: a tenant cannot
//! reach another's items. The one exception is a letter's key as the outbox's stream tells it.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{ClientId, PracticeId, SheetDay, StaffId};

use crate::{
    form::{FORM, FORM_ATTRIBUTE},
    other_calendars::ELSEWHERE,
    tables::SHARDS,
};

/// An item, or a part of one.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The primary key of an item.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl Key {
    pub(crate) fn head(practice: &PracticeId, client: &ClientId) -> Self {
        Self { pk: practice.to_string(), sk: client.to_string() }
    }

    pub(crate) fn journal(practice: &PracticeId, client: &ClientId, number: u64) -> Self {
        Self { pk: of_client(practice, client), sk: format!("{JOURNAL}{number:08}") }
    }

    pub(crate) fn answers(practice: &PracticeId, client: &ClientId) -> Self {
        Self { pk: of_client(practice, client), sk: "ANSWERS".to_owned() }
    }

    pub(crate) fn sheet(practice: &PracticeId, (provider, date): &SheetDay) -> Self {
        Self { pk: of_calendar(practice, provider), sk: date.to_string() }
    }

    /// The guard of a calendar's limits. It sorts behind every date.
    pub(crate) fn limits(practice: &PracticeId, provider: &StaffId) -> Self {
        Self { pk: of_calendar(practice, provider), sk: LIMITS.to_owned() }
    }

    /// What other calendars say of a provider.
    pub(crate) fn elsewhere(practice: &PracticeId, provider: &StaffId) -> Self {
        Self { pk: of_calendar(practice, provider), sk: ELSEWHERE.to_owned() }
    }

    /// Where nothing is, and no practice can be: its name has a letter that none may have.
    pub(crate) fn nowhere() -> Self {
        Self { pk: "@".to_owned(), sk: "@".to_owned() }
    }

    pub(crate) fn of_practice(practice: &PracticeId, sk: &str) -> Self {
        Self { pk: practice.to_string(), sk: sk.to_owned() }
    }

    pub(crate) fn apart(practice: &PracticeId, part: Apart, sk: &str) -> Self {
        Self { pk: part.of(practice), sk: sk.to_owned() }
    }

    /// The key as the tables are asked for it.
    pub(crate) fn item(&self) -> Item {
        Item::from([("pk".to_owned(), text(&self.pk)), ("sk".to_owned(), text(&self.sk))])
    }

    /// What a new item begins with: its key, and the form it is written in.
    pub(crate) fn new_item(&self) -> Item {
        let mut item = self.item();
        item.insert(FORM_ATTRIBUTE.to_owned(), number(FORM));
        item
    }

    /// The key of an item that was read.
    pub(crate) fn read(item: &Item) -> Option<Self> {
        let part = |name: &str| item.get(name)?.as_s().ok().cloned();
        Some(Self { pk: part("pk")?, sk: part("sk")? })
    }
}

/// What belongs to a practice and lies in a partition of its own: rights end at partitions, and not
/// everybody who reads the handbook has business with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Apart {
    /// Counters.
    Limits,
    /// Sign-ins and sessions.
    Desk,
    /// Calendars that somebody else keeps, with their secret addresses.
    Others,
    /// Calendars that phones read.
    Feeds,
    /// When the waiting list is looked through: whoever frees a time writes it.
    Waiting,
}

impl Apart {
    /// The partition.
    pub(crate) fn of(self, practice: &PracticeId) -> String {
        let name = match self {
            Self::Limits => "limits",
            Self::Desk => "desk",
            Self::Others => "others",
            Self::Feeds => "feeds",
            Self::Waiting => "waiting",
        };
        format!("{practice}#{name}")
    }
}

/// The practice whose partition this is, or that of something of it.
pub(crate) fn practice_of(pk: &str) -> Option<PracticeId> {
    PracticeId::parse(pk.split('#').next()?).ok()
}

/// The sort key of the guard of a calendar's limits.
pub(crate) const LIMITS: &str = "limits";

/// What the sort keys of journals begin with.
pub(crate) const JOURNAL: &str = "J#";

/// The partition of a client's journal, answers and letters.
pub(crate) fn of_client(practice: &PracticeId, client: &ClientId) -> String {
    format!("{practice}#{client}")
}

/// The partition of a calendar's day sheets.
pub(crate) fn of_calendar(practice: &PracticeId, provider: &StaffId) -> String {
    format!("{practice}#{provider}")
}

/// Whose calendar lies in a partition of day sheets.
pub(crate) fn provider_of_calendar(pk: &str) -> Option<StaffId> {
    let (_, provider) = pk.rsplit_once('#')?;
    StaffId::parse(provider).ok()
}

pub(crate) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

pub(crate) fn number(value: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The partition of a time index that an item belongs to, spread by its key.
pub(crate) fn shard_of(key: &Key) -> String {
    shard(number_of(key))
}

/// The same for what waits for its practice's night.
pub(crate) fn night_shard_of(key: &Key) -> String {
    night_shard(number_of(key))
}

fn number_of(key: &Key) -> u8 {
    let sum = key
        .pk
        .bytes()
        .chain(key.sk.bytes())
        .fold(0_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
    sum % SHARDS
}

/// Every partition of a time index.
pub(crate) fn shards() -> impl Iterator<Item = String> {
    (0..SHARDS).map(shard)
}

/// Every partition of what waits for a night.
pub(crate) fn night_shards() -> impl Iterator<Item = String> {
    (0..SHARDS).map(night_shard)
}

fn night_shard(number: u8) -> String {
    format!("night-{number}")
}

fn shard(number: u8) -> String {
    format!("shard-{number}")
}

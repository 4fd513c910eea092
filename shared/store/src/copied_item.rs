//! An item of a copy: whose it is, and what becomes of it where it is taken in.

use domain::PracticeId;
use serde_json::{Value, json};

use crate::{CopiedTable, Standing, handbook::IN_FORCE};

/// An item of a copy, in DynamoDB's own JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedItem {
    /// The table it is of.
    pub table: CopiedTable,
    /// Its attributes.
    pub attributes: Value,
}

impl CopiedItem {
    /// The practice that it belongs to: what its key begins with.
    pub fn owner(&self) -> Option<PracticeId> {
        PracticeId::parse(self.partition()?.split('#').next()?).ok()
    }

    /// Whether what it says of whose it is agrees with its key: files come from strangers, too.
    pub fn is_of(&self, owner: &PracticeId) -> bool {
        let named = ["practice", "desk"].map(|name| self.text(name));
        named.into_iter().flatten().all(|name| name == owner.as_str())
    }

    /// Whether it is the handbook in force of a practice: without it the practice is not there.
    pub fn is_handbook(&self) -> bool {
        self.table == CopiedTable::Practices && self.text("sk") == Some(IN_FORCE)
    }

    /// The files of a handbook, as one text.
    pub fn sources(&self) -> Option<&str> {
        self.text("sources")
    }

    /// What tells the secret that its links are signed with from every other, if it is a handbook that
    /// remembers it.
    pub fn link_fingerprint(&self) -> Option<&str> {
        self.text("link_fingerprint")
    }

    /// A handbook as it is taken in with the secret of this fingerprint: the letters of a practice wait until
    /// somebody lets them go, and one that was suspended stays so.
    #[must_use]
    pub fn taken_in(mut self, fingerprint: &str) -> Self {
        if self.text("standing") != Some(Standing::Suspended.name()) {
            self.attributes["standing"] = json!({ "S": Standing::Paused.name() });
        }
        self.attributes["link_fingerprint"] = json!({ "S": fingerprint });
        self
    }

    pub(crate) fn partition(&self) -> Option<&str> {
        self.text("pk")
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.attributes[name]["S"].as_str()
    }

    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.attributes[name]["N"].as_str()?.parse().ok()
    }
}

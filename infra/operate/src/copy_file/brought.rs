//! The secrets that come with a copy.

use domain::PracticeId;
use shell::{LinkKeys, LinkSecret};

use super::{Head, Secrets};

/// All of a house, or that of one practice.
pub(super) enum Brought {
    House(LinkKeys),
    Practice(PracticeId, LinkSecret),
}

impl Brought {
    pub(super) fn read(head: &Head) -> Option<Self> {
        match (&head.practice, &head.secrets) {
            (None, Secrets::LinkKeys(text)) => LinkKeys::parse(text).ok().map(Self::House),
            (Some(practice), Secrets::LinkSecret(digits)) => {
                let practice = PracticeId::parse(practice).ok()?;
                Some(Self::Practice(practice, LinkSecret::from_hex(digits)?))
            }
            (None, Secrets::LinkSecret(_)) | (Some(_), Secrets::LinkKeys(_)) => None,
        }
    }

    /// The fingerprint of the secret that a practice of the copy signs with.
    pub(super) fn fingerprint_of(&self, practice: &PracticeId) -> String {
        match self {
            Self::House(keys) => keys.fingerprint_of(practice),
            Self::Practice(_, secret) => secret.fingerprint(practice),
        }
    }
}

//! Personal links: who holds one may do one thing for one client until a day.
//!
//! A link is not stored. It is signed with a key that only the house has (HMAC-SHA-256, cut to
//! 128 bits, RFC 2104), so a letter that is sent again carries the same link, and reading one
//! costs no request. The client's id is made by the same key from the address, so it says
//! nothing about the person.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{ClientId, EmailAddress, PracticeId, ProposalId, StaffId};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::{LinkKeys, LinkSecret, chance::base32};

/// What a link is good for. A link for one purpose is worthless for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// Answering the questionnaire.
    Questionnaire,
    /// Proposing times.
    Calendar,
    /// Changing or cancelling the appointment.
    Appointment,
    /// Going on where one was.
    Resume,
    /// Wanting no more nudges.
    Stop,
    /// Answering this request as this member of staff.
    Request(ProposalId, StaffId),
}

/// A link that was read and found genuine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Whose file.
    pub client: ClientId,
    /// What for.
    pub purpose: Purpose,
}

/// Why a link does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadLink {
    /// It was not made here, or not for this.
    #[error("this link is not complete or not for this page")]
    Unknown,
    /// It was good once.
    #[error("this link has expired")]
    Expired,
}

impl LinkKeys {
    /// The file that an address belongs to.
    pub fn client(&self, practice: &PracticeId, email: &EmailAddress) -> ClientId {
        let word = self.of(practice).sign(&["client", practice.as_str(), &email.folded()]);
        ClientId::parse(&word)
            .unwrap_or_else(|_| unreachable!("a signature has the letters of an id"))
    }

    /// A link for `purpose`, good until `expires`.
    pub fn link(
        &self,
        practice: &PracticeId,
        client: &ClientId,
        purpose: &Purpose,
        expires: DateTime<Utc>,
    ) -> String {
        let text = format!("{client}.{:x}{}", expires.timestamp(), purpose.details());
        let signature = self.of(practice).sign(&["link", practice.as_str(), purpose.name(), &text]);
        format!("{text}.{signature}")
    }

    /// Reads a link that should be for a purpose of this name.
    pub fn read(
        &self,
        practice: &PracticeId,
        name: &'static str,
        link: &str,
        now: DateTime<Utc>,
    ) -> Result<Link, BadLink> {
        if LINK_MAX < link.len() {
            return Err(BadLink::Unknown);
        }
        let (text, signature) = link.rsplit_once('.').ok_or(BadLink::Unknown)?;
        self.of(practice).verify(&["link", practice.as_str(), name, text], signature)?;
        let mut parts = text.split('.');
        let mut next = || parts.next().ok_or(BadLink::Unknown);
        let client = ClientId::parse(next()?).map_err(|_| BadLink::Unknown)?;
        let expires = i64::from_str_radix(next()?, 16).map_err(|_| BadLink::Unknown)?;
        let purpose = Purpose::read(name, &mut parts)?;
        if expires <= now.timestamp() {
            return Err(BadLink::Expired);
        }
        Ok(Link { client, purpose })
    }

    /// A secret word that only this house can make from these parts.
    pub fn word(&self, parts: &[&str]) -> String {
        self.house().sign(&[&["word"], parts].concat())
    }

    /// A secret word that goes with a practice into another house.
    pub fn word_of(&self, practice: &PracticeId, parts: &[&str]) -> String {
        self.of(practice).sign(&[&["word of", practice.as_str()], parts].concat())
    }

    /// Whether `word` is what [`LinkKeys::word_of`] makes, compared in constant time.
    pub fn is_word_of(&self, practice: &PracticeId, parts: &[&str], word: &str) -> bool {
        self.of(practice).verify(&[&["word of", practice.as_str()], parts].concat(), word).is_ok()
    }

    /// What tells the secret of a practice from every other, and nothing of it.
    pub fn fingerprint_of(&self, practice: &PracticeId) -> String {
        self.of(practice).fingerprint(practice)
    }

    /// A code to be typed, that only this house can make from these parts: 40 bits, written
    /// `k3mx-92qe`. Six digits could be guessed by somebody who has years, or many practices.
    pub fn code(&self, parts: &[&str]) -> String {
        let word = self.house().sign(&[&["code"], parts].concat());
        let (first, second) = word[word.len() - 8..].split_at(4);
        format!("{first}-{second}")
    }

    /// Whether `typed` is what [`LinkKeys::code`] makes, however it is spaced and whatever its case.
    pub fn is_code(&self, parts: &[&str], typed: &str) -> bool {
        let letters = |code: &str| -> String {
            let letters = code.chars().filter(char::is_ascii_alphanumeric);
            letters.map(|c| c.to_ascii_lowercase()).collect()
        };
        is_same(&letters(&self.code(parts)), &letters(typed))
    }

    /// Whether `word` is what [`LinkKeys::word`] makes, compared in constant time.
    pub fn is_word(&self, parts: &[&str], word: &str) -> bool {
        self.house().verify(&[&["word"], parts].concat(), word).is_ok()
    }
}

impl LinkSecret {
    fn mac(&self, parts: &[&str]) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.bytes()).expect("HMAC takes keys of any length");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac
    }

    /// The secret of a practice, made from this one of its house.
    pub(crate) fn for_practice(&self, practice: &PracticeId) -> Self {
        Self::new(self.mac(&["practice", practice.as_str()]).finalize().into_bytes().into())
    }

    /// What tells this secret of a practice from every other, and nothing of it.
    pub fn fingerprint(&self, practice: &PracticeId) -> String {
        self.sign(&["fingerprint", practice.as_str()])
    }

    fn sign(&self, parts: &[&str]) -> String {
        let bytes = self.mac(parts).finalize().into_bytes();
        let mut half = [0; 16];
        half.copy_from_slice(&bytes[..16]);
        base32(half)
    }

    fn verify(&self, parts: &[&str], signature: &str) -> Result<(), BadLink> {
        if is_same(&self.sign(parts), signature) { Ok(()) } else { Err(BadLink::Unknown) }
    }
}

/// Compares in constant time: how long it takes tells nothing about where two texts part.
fn is_same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

const LINK_MAX: usize = 300;

impl Purpose {
    /// For how long a personal link is good. After that, asking again with the same address
    /// brings a new one.
    pub const LIFE: TimeDelta = TimeDelta::days(60);

    /// The name that routes ask for.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Questionnaire => "questionnaire",
            Self::Calendar => "calendar",
            Self::Appointment => "appointment",
            Self::Resume => "resume",
            Self::Stop => "stop",
            Self::Request(..) => "request",
        }
    }

    fn details(&self) -> String {
        match self {
            Self::Questionnaire
            | Self::Calendar
            | Self::Appointment
            | Self::Resume
            | Self::Stop => String::new(),
            Self::Request(proposal, staff) => format!(".{proposal}.{staff}"),
        }
    }

    fn read<'a>(name: &str, parts: &mut impl Iterator<Item = &'a str>) -> Result<Self, BadLink> {
        let mut next = || parts.next().ok_or(BadLink::Unknown);
        Ok(match name {
            "questionnaire" => Self::Questionnaire,
            "calendar" => Self::Calendar,
            "appointment" => Self::Appointment,
            "resume" => Self::Resume,
            "stop" => Self::Stop,
            "request" => Self::Request(
                ProposalId::parse(next()?).map_err(|_| BadLink::Unknown)?,
                StaffId::parse(next()?).map_err(|_| BadLink::Unknown)?,
            ),
            _ => return Err(BadLink::Unknown),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn practice(id: &str) -> PracticeId {
        PracticeId::parse(id).unwrap()
    }

    #[test]
    fn a_link_opens_one_door_of_one_practice_until_its_day() {
        let key = LinkKeys::new(LinkSecret::new([7; 32]));
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let email = EmailAddress::parse("Ana@example.org").unwrap();
        let client = key.client(&practice("a"), &email);
        assert_eq!(
            client,
            key.client(&practice("a"), &EmailAddress::parse("ana@EXAMPLE.org").unwrap())
        );
        assert_ne!(client, key.client(&practice("b"), &email));

        let link = key.link(&practice("a"), &client, &Purpose::Calendar, now + TimeDelta::days(1));
        let read =
            |practice_id, name, link: &str, at| key.read(&practice(practice_id), name, link, at);
        assert_eq!(read("a", "calendar", &link, now).unwrap().client, client);
        assert_eq!(read("a", "questionnaire", &link, now), Err(BadLink::Unknown));
        assert_eq!(read("b", "calendar", &link, now), Err(BadLink::Unknown));
        assert_eq!(read("a", "calendar", &link, now + TimeDelta::days(1)), Err(BadLink::Expired));
        for at in 0..link.len() {
            let mut altered = link.clone().into_bytes();
            altered[at] = if altered[at] == b'0' { b'1' } else { b'0' };
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(read("a", "calendar", &altered, now), Err(BadLink::Unknown), "byte {at}");
        }
        for hostile in ["", ".", "....", "%00", &"x".repeat(10_000)] {
            assert_eq!(read("a", "calendar", hostile, now), Err(BadLink::Unknown));
        }
    }

    #[test]
    fn a_request_link_names_its_request_and_reader() {
        let key = LinkKeys::new(LinkSecret::new([7; 32]));
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let client = ClientId::parse("c").unwrap();
        let purpose =
            Purpose::Request(ProposalId::parse("p").unwrap(), StaffId::parse("mara-l").unwrap());
        let link = key.link(&practice("a"), &client, &purpose, now + TimeDelta::days(1));
        assert_eq!(key.read(&practice("a"), "request", &link, now).unwrap().purpose, purpose);
    }
}

//! The secrets that sign links: one of the house, and one of each practice.
//!
//! A practice's secret is made from the house's and the practice's id, and tells nothing of either
//! or of another practice's: it goes with the practice when it moves. There it is kept beside those that
//! are made, or no link in a letter that has left would open and no client be known again. What is for
//! the house alone (sign-ins, sessions) is signed with the house's own, which leaves with a copy of the
//! whole house and with nothing else.
//!
//! As text they are what the parameter store keeps, and what a data folder keeps: the house's secret on
//! the first line, then a line for each practice that brought its own. A comma does as well as the end
//! of a line, for where a text has only one.
//!
//! ```text
//! 3f0c…64 hexadecimal digits…9a
//! harbour 77b1…64 hexadecimal digits…04
//! ```

use std::{collections::BTreeMap, fmt, sync::Arc};

use domain::PracticeId;

/// A secret that signs links: 32 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkSecret([u8; 32]);

/// Says nothing of what it is.
impl fmt::Debug for LinkSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkSecret(…)")
    }
}

impl LinkSecret {
    /// The secret of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The secret that 64 hexadecimal digits spell.
    pub fn from_hex(digits: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(digits, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// Its 64 hexadecimal digits.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The secrets of a house. Clones share them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkKeys {
    house: LinkSecret,
    practices: Arc<BTreeMap<PracticeId, LinkSecret>>,
}

/// Why a text has no secrets. It never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadLinkKeys {
    /// The first line is no secret.
    #[error("its first line has 64 hexadecimal digits, such as `openssl rand -hex 32` prints")]
    House,
    /// A later line is no practice with its secret.
    #[error("its line {0} has the id of a practice, a space and 64 hexadecimal digits")]
    Practice(usize),
    /// A practice has two lines.
    #[error("its line {0} names a practice for the second time")]
    Twice(usize),
}

impl LinkKeys {
    /// A house none of whose practices brought a secret.
    pub fn new(house: LinkSecret) -> Self {
        Self { house, practices: Arc::default() }
    }

    /// The secrets that a text spells, also where its lines are joined by commas, or by `\n` as a copy
    /// spells them.
    ///
    /// # Errors
    /// Which line is not as it should be.
    pub fn parse(text: &str) -> Result<Self, BadLinkKeys> {
        let text = text.replace("\\n", "\n");
        let mut lines = text.trim_ascii_end().split(['\n', ',']).map(str::trim_ascii);
        let house = lines.next().and_then(LinkSecret::from_hex);
        let mut practices = BTreeMap::new();
        for (line, number) in lines.zip(2..) {
            let (id, hex) = line.split_once(' ').ok_or(BadLinkKeys::Practice(number))?;
            let id = PracticeId::parse(id).map_err(|_| BadLinkKeys::Practice(number))?;
            let secret = LinkSecret::from_hex(hex).ok_or(BadLinkKeys::Practice(number))?;
            if practices.insert(id, secret).is_some() {
                return Err(BadLinkKeys::Twice(number));
            }
        }
        Ok(Self { house: house.ok_or(BadLinkKeys::House)?, practices: Arc::new(practices) })
    }

    /// The text that [`LinkKeys::parse`] reads.
    pub fn to_text(&self) -> String {
        self.practices.iter().fold(format!("{}\n", self.house.to_hex()), |text, (id, secret)| {
            text + &format!("{id} {}\n", secret.to_hex())
        })
    }

    /// The secret of the house itself.
    pub(crate) fn house(&self) -> &LinkSecret {
        &self.house
    }

    /// The secret that the links of this practice are signed with.
    pub fn of(&self, practice: &PracticeId) -> LinkSecret {
        self.practices.get(practice).cloned().unwrap_or_else(|| self.house.for_practice(practice))
    }

    /// The same secrets, and this one for a practice.
    #[must_use]
    pub fn with(&self, practice: PracticeId, secret: LinkSecret) -> Self {
        let mut practices = BTreeMap::clone(&self.practices);
        if secret == self.house.for_practice(&practice) {
            practices.remove(&practice);
        } else {
            practices.insert(practice, secret);
        }
        Self { house: self.house.clone(), practices: Arc::new(practices) }
    }

    /// The same secrets without what a practice brought.
    #[must_use]
    pub fn without(&self, practice: &PracticeId) -> Self {
        self.with(practice.clone(), self.house.for_practice(practice))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn practice(id: &str) -> PracticeId {
        PracticeId::parse(id).unwrap()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let house = LinkKeys::new(LinkSecret::new([7; 32]));
        let keys = house.with(practice("harbour"), LinkSecret::new([9; 32]));
        assert_eq!(LinkKeys::parse(&keys.to_text()), Ok(keys.clone()));
        let on_one_line = keys.to_text().trim_end().replace('\n', ",");
        assert_eq!(LinkKeys::parse(&on_one_line), Ok(keys.clone()));
        assert_eq!(keys.of(&practice("harbour")), LinkSecret::new([9; 32]));
        assert_eq!(keys.of(&practice("haven")), house.of(&practice("haven")));
        assert_eq!(keys.without(&practice("harbour")), house);
        // What the house makes anyway needs no line.
        assert_eq!(house.with(practice("harbour"), house.of(&practice("harbour"))), house);
    }

    #[test]
    fn what_a_practice_takes_along_signs_for_nobody_else() {
        let house = LinkKeys::new(LinkSecret::new([7; 32]));
        let [harbour, haven] = ["harbour", "haven"].map(practice);
        assert_ne!(house.of(&harbour), house.of(&haven));
        // Somebody who was given the secret of one practice, and tries it for everything.
        let taken = house.of(&harbour);
        let thief = LinkKeys::new(taken.clone()).with(haven.clone(), taken.clone());
        let thief = thief.with(harbour.clone(), taken);
        assert_eq!(thief.word_of(&harbour, &["feed"]), house.word_of(&harbour, &["feed"]));
        assert!(!house.is_word_of(&haven, &["feed"], &thief.word_of(&haven, &["feed"])));
        assert!(!house.is_word(&["session"], &thief.word(&["session"])));
        assert!(!house.is_code(&["sign-in"], &thief.code(&["sign-in"])));
    }

    #[test]
    fn a_text_that_is_no_key_is_named_by_its_line_and_not_repeated() {
        let hex = "0f".repeat(32);
        let cases = [
            (String::new(), BadLinkKeys::House),
            (hex[1..].to_owned(), BadLinkKeys::House),
            (format!("{}g", &hex[1..]), BadLinkKeys::House),
            (format!("{}é", &hex[2..]), BadLinkKeys::House),
            (format!("{hex}\nharbour"), BadLinkKeys::Practice(2)),
            (format!("{hex}\nhar#bour {hex}"), BadLinkKeys::Practice(2)),
            (format!("{hex}\nharbour {hex}\nhaven {}", &hex[2..]), BadLinkKeys::Practice(3)),
            (format!("{hex}\nharbour {hex}\nharbour {hex}"), BadLinkKeys::Twice(3)),
        ];
        for (text, bad) in cases {
            assert_eq!(LinkKeys::parse(&text), Err(bad), "{text}");
        }
        let upper = format!("  {}\r\n", hex.to_uppercase());
        assert_eq!(LinkKeys::parse(&upper), Ok(LinkKeys::new(LinkSecret::new([0x0f; 32]))));
        assert_eq!(format!("{:?}", LinkSecret::new([7; 32])), "LinkSecret(…)");
    }
}

//! The one place where chance comes in.

/// Draws bytes that nobody can guess.
pub trait Chance: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);

    /// A number, every one as likely as any other.
    fn number(&self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_be_bytes(bytes)
    }
}

/// The operating system's random numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) {
        #[expect(clippy::disallowed_methods, reason = "this is the chance that everybody asks")]
        getrandom::fill(bytes).expect("without random numbers no link would be safe");
    }
}

/// A word of 128 bits in 26 lower-case letters and digits.
pub(crate) fn word(chance: &dyn Chance) -> String {
    let mut bytes = [0; 16];
    chance.fill(&mut bytes);
    base32(bytes)
}

/// 128 bits in 26 letters and digits (Crockford's alphabet in lower case, most significant first).
pub(crate) fn base32(bytes: [u8; 16]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let number = u128::from_be_bytes(bytes);
    (0..26)
        .rev()
        .map(|digit| {
            let index = usize::try_from((number >> (5 * digit)) & 31).unwrap_or_default();
            char::from(ALPHABET[index])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_every_bit() {
        assert_eq!(base32([0; 16]), "0".repeat(26));
        assert_eq!(base32([255; 16]), format!("7{}", "z".repeat(25)));
        assert_eq!(base32(1_u128.to_be_bytes()), format!("{}1", "0".repeat(25)));
    }
}

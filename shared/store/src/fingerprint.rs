//! Short hashes over texts.

use sha2::{Digest as _, Sha256};

/// The first 128 bits of SHA-256 over the parts, as 32 hex digits.
pub(crate) fn fingerprint(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        // The length in front keeps two parts from being read as one.
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hex::encode(&hasher.finalize()[..16])
}

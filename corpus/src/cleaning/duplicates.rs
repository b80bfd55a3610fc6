//! The same text twice teaches a model to recite. Texts are compared by the first 16 bytes of their
//! SHA-256: among a billion documents two different ones agree with a probability of 10⁻²¹.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

#[derive(Debug, Default)]
pub struct Seen(HashSet<[u8; 16]>);

impl Seen {
    /// Whether no earlier text was the same.
    pub fn is_new(&mut self, text: &str) -> bool {
        let digest = Sha256::digest(text.as_bytes());
        let mut prefix = [0; 16];
        prefix.copy_from_slice(&digest[..16]);
        self.0.insert(prefix)
    }
}

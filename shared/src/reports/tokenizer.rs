//! How a vocabulary fits its corpus.

use serde::{Deserialize, Serialize};

/// `report/report.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TokenizerReport {
    pub vocabulary_size: u32,
    /// Of UTF-8, over the first documents of the corpus: more is better.
    pub bytes_per_token: f64,
    /// An eojeol is what stands between blanks: fewer is better.
    pub tokens_per_eojeol: f64,
    pub measured_bytes: u64,
    /// In bytes, a leading space included.
    pub longest_tokens: Vec<String>,
    pub segmentations: Vec<Segmentation>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segmentation {
    pub text: String,
    /// Each token's text; U+FFFD where a token is a piece of a character.
    pub tokens: Vec<String>,
}

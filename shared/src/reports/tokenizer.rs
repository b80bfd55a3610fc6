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
    /// Whether the measured documents and texts that are hard to keep came back from their tokens.
    /// Absent in reports of workers that did not try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_trip: Option<RoundTrip>,
}

/// Texts that were cut into tokens and put together again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundTrip {
    pub texts: u64,
    /// That did not come back to the byte.
    pub changed: u64,
    /// The first of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segmentation {
    pub text: String,
    /// Each token's text; U+FFFD where a token is a piece of a character.
    pub tokens: Vec<String>,
}

//! A dataset as files: shards (`shard-00000.jsonl.zst`, …) with one document per line, and the
//! `dataset.json` that says what they are and which bytes they have.

use serde::{Deserialize, Serialize};

use crate::artifacts::{FileName, Purpose, Sha256};
use crate::documents::Document;

/// The manifest's name in its folder.
pub const MANIFEST_FILE: &str = "dataset.json";

/// What `dataset.json` holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetManifest {
    pub purpose: Purpose,
    pub sources: Vec<SourceRecord>,
    pub shards: Vec<ShardRecord>,
    pub documents: u64,
    /// Bytes of UTF-8 that a reader would see, without the JSON around them.
    pub text_bytes: u64,
}

/// Where some of the documents come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRecord {
    pub label: String,
    pub licence_note: String,
    pub purpose: Purpose,
    /// Of the one input file as it was given; of a folder, over the sorted lines `sha256  label`.
    pub sha256: Sha256,
    pub files: u64,
    /// Of the input files as they were given, packed if they were packed.
    pub size_bytes: u64,
    /// The field or column that the text was read from, where the format has fields.
    pub text_field: Option<String>,
    /// Documents of this source in the dataset, and the bytes of their text.
    pub documents: u64,
    pub text_bytes: u64,
}

/// One file of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardRecord {
    pub file: FileName,
    pub rows: u64,
    pub size_bytes: u64,
    pub unpacked_bytes: u64,
    pub sha256: Sha256,
}

/// A row of what a curation dropped; it also reads as a [`Document`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DroppedDocument {
    pub rule: String,
    #[serde(flatten)]
    pub document: Document,
}

//! Artifacts: content-addressed files with a kind, a purpose and a lineage.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{ArtifactId, CohortId, JobId, UserId};
use crate::spec::JobSpec;

/// What an artifact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArtifactKind {
    /// Bytes as somebody uploaded them.
    Source,
    /// Imported rows: shards and a `dataset.json`.
    Dataset,
    /// Curated rows that may be trained on: shards and a `dataset.json`.
    Corpus,
    /// `tokenizer.json` and `tokenizer_config.json`.
    Tokenizer,
    /// A Hugging Face model folder.
    Model,
    /// What a job found out, for people to read.
    Report,
}

/// What a source and everything made from it may be used for. It is inherited: one evaluation
/// parent makes an evaluation child, so that a benchmark never leaks into pretraining.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    #[default]
    Training,
    Evaluation,
}

/// The lower-case hexadecimal SHA-256 of some bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("pattern" = "^[0-9a-f]{64}$"))]
pub struct Sha256(String);

impl Sha256 {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Sha256 {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 64 && text.bytes().all(hexadecimal) {
            Ok(Self(text))
        } else {
            Err("a SHA-256 is 64 lower-case hexadecimal digits".to_owned())
        }
    }
}

impl From<Sha256> for String {
    fn from(sha256: Sha256) -> Self {
        sha256.0
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A file's name inside an artifact. It is a label that a worker may use as a path below a folder
/// of its own, so it is restricted: 1–4 parts of `[A-Za-z0-9._-]`, none starting with a dot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,3}$"))]
pub struct FileName(String);

impl FileName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for FileName {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let part_is_plain = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        };
        let parts: Vec<&str> = text.split('/').collect();
        if text.len() <= 200 && parts.len() <= 4 && parts.into_iter().all(part_is_plain) {
            Ok(Self(text))
        } else {
            Err(format!(
                "{text:?} is no artifact file name: use letters, digits, '.', '_', '-' and at most three '/'"
            ))
        }
    }
}

impl From<FileName> for String {
    fn from(name: FileName) -> Self {
        name.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One file of an artifact or of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArtifactFile {
    pub name: FileName,
    pub sha256: Sha256,
    pub size_bytes: u64,
}

/// An artifact as its owner sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Artifact {
    pub artifact_id: ArtifactId,
    pub kind: ArtifactKind,
    pub purpose: Purpose,
    /// Shown to people; never a path.
    pub label: String,
    pub owner: UserId,
    pub cohort_id: CohortId,
    /// SHA-256 over the sorted `sha256  name` lines of its files.
    pub sha256: Sha256,
    pub size_bytes: u64,
    pub files: Vec<ArtifactFile>,
    pub lineage: Lineage,
    pub created_at_microseconds: i64,
    /// Set when the owner deleted it: the tombstone keeps the lineage of its descendants readable.
    pub deleted_at_microseconds: Option<i64>,
    /// Set while it is a published model: everybody may read its files.
    pub published_at_microseconds: Option<i64>,
}

/// Where an artifact came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Lineage {
    pub parents: Vec<ArtifactId>,
    /// Absent for an upload.
    pub job_id: Option<JobId>,
    pub output: Option<String>,
    pub spec: Option<JobSpec>,
    pub code_version: Option<String>,
    pub seed: Option<u64>,
}

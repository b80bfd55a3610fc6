//! What a model was made from, as it stands beside the weights and goes wherever they go: it is known
//! without any server, and says what the server calls it where there was one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::artifacts::Sha256;
use crate::datasets::SourceRecord;
use crate::ids::{ArtifactId, JobId};
use crate::spec::{ImportModelSpec, PretrainSpec};

/// The record's name in a model's folder.
pub const PROVENANCE_FILE: &str = "provenance.json";

/// What `provenance.json` holds. The same code, spec and inputs give the same record; the hashes are
/// those of artifacts: over the sorted lines `sha256  name` of their files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    pub code_version: String,
    /// Every choice, the seed among them.
    pub spec: PretrainSpec,
    pub corpus: CorpusOrigin,
    pub tokenizer_sha256: Sha256,
    /// Absent when it was trained at a terminal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<JobOrigin>,
}

/// What `provenance.json` says: of a model that was trained here, or of one that came from elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ModelOrigin {
    Trained(Box<Provenance>),
    Imported(ImportedOrigin),
}

/// What is known of a model that somebody uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedOrigin {
    pub code_version: String,
    /// What was said about it, its terms among that.
    pub imported: ImportModelSpec,
    /// The files as they came.
    pub files: Vec<ImportedFile>,
    /// Absent when it was imported at a terminal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<JobOrigin>,
}

/// A file as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedFile {
    pub name: String,
    pub sha256: Sha256,
    pub size_bytes: u64,
}

/// The text that was trained on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorpusOrigin {
    pub sha256: Sha256,
    pub documents: u64,
    pub text_bytes: u64,
    pub sources: Vec<SourceRecord>,
}

/// The numbers that a server gave to the job and to what it read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobOrigin {
    pub job_id: JobId,
    pub inputs: BTreeMap<String, ArtifactId>,
}

//! Artifacts, for the people who own them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Access, Endpoint, Method};
use crate::artifacts::{Artifact, ArtifactKind, FileName, Purpose, Sha256};
use crate::documents::Document;
use crate::ids::{ArtifactId, CohortId};

/// Makes a source artifact of bytes that the caller uploaded ([`super::bytes::UPLOAD`]). Knowing a
/// hash grants nothing: bytes that the caller never uploaded are refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateArtifact {
    pub cohort_id: CohortId,
    pub label: String,
    #[serde(default)]
    pub purpose: Purpose,
    pub files: Vec<UploadedFile>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UploadedFile {
    pub name: FileName,
    pub sha256: Sha256,
}

impl Endpoint for CreateArtifact {
    type Reply = Artifact;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/artifacts";
    const ACCESS: Access = Access::SignedIn;
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetArtifact {
    pub artifact_id: ArtifactId,
}

impl Endpoint for GetArtifact {
    type Reply = Artifact;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/artifacts/{artifact_id}";
    const ACCESS: Access = Access::SignedIn;
}

/// My artifacts, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListArtifacts {
    pub kind: Option<ArtifactKind>,
    pub before: Option<ArtifactId>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArtifactList {
    pub artifacts: Vec<Artifact>,
}

impl Endpoint for ListArtifacts {
    type Reply = ArtifactList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/artifacts";
    const ACCESS: Access = Access::SignedIn;
}

/// Removes the artifact's label and the right to its bytes; leaves a tombstone for the lineage.
/// Bytes that nothing refers to go after a grace period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeleteArtifact {
    pub artifact_id: ArtifactId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeletedArtifact {
    /// Artifacts made from it; they stay.
    pub descendants: Vec<ArtifactId>,
}

impl Endpoint for DeleteArtifact {
    type Reply = DeletedArtifact;
    const METHOD: Method = Method::Delete;
    const ROUTE: &'static str = "/api/v1/artifacts/{artifact_id}";
    const ACCESS: Access = Access::SignedIn;
}

/// Rows of a dataset or corpus, in order, some at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListRows {
    pub artifact_id: ArtifactId,
    /// The number of the first row to look at; 0 when absent.
    pub start: Option<u64>,
    /// At most 100; 20 when absent.
    pub limit: Option<u32>,
    /// Only rows that this rule dropped; they are looked for from `start` on.
    pub rule: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RowList {
    pub rows: Vec<Row>,
    /// Rows of the whole dataset.
    pub total: u64,
    /// Where the next request starts; absent after the last row. A page may have fewer rows than
    /// asked for, even none, and still have a next one: a request looks at a limited number of bytes.
    pub next: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Row {
    /// Counted from 0.
    pub number: u64,
    pub document: Document,
    /// Texts were cut to [`ROW_CHARACTERS`] characters; the files hold all of them.
    pub cut: bool,
    /// The rule that dropped it, in what a curation dropped.
    pub rule: Option<String>,
}

/// Characters of each text of a row that is listed.
pub const ROW_CHARACTERS: usize = 4_000;

impl Endpoint for ListRows {
    type Reply = RowList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/artifacts/{artifact_id}/rows";
    const ACCESS: Access = Access::SignedIn;
}

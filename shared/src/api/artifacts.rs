//! Artifacts, for the people who own them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Access, Endpoint, Method};
use crate::artifacts::{Artifact, ArtifactKind, FileName, Purpose, Sha256};
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

//! What is stored, by whom, and what will be removed; for operators.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::users::User;
use super::{Access, Endpoint, Method};
use crate::artifacts::ArtifactKind;
use crate::ids::{ArtifactId, CohortId, UserId};

/// Who stores how much, the largest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetStorage {
    /// People and artifacts listed, at most 200; 50 when absent.
    pub limit: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Storage {
    /// Each once, whoever uses them.
    pub stored_bytes: u64,
    pub stored_files: u64,
    /// Of the disk that the files lie on; absent where it cannot be asked.
    pub disk: Option<Disk>,
    /// Nothing refers to them any more.
    pub unreferenced: Unreferenced,
    pub people: Vec<StorageOfPerson>,
    pub people_count: u64,
    pub cohorts: Vec<StorageOfCohort>,
    pub artifacts: Vec<LargeArtifact>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Disk {
    pub free_bytes: u64,
    pub total_bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Unreferenced {
    pub files: u64,
    pub size_bytes: u64,
    /// When the first of them may be removed.
    pub first_at_microseconds: Option<i64>,
    /// When the last of them may be removed.
    pub last_at_microseconds: Option<i64>,
    /// Bytes that nothing refers to are kept this long.
    pub grace_seconds: f64,
    /// They are looked for this often.
    pub every_seconds: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StorageOfPerson {
    pub user_id: UserId,
    pub name: String,
    pub used_bytes: u64,
    pub quota_bytes: u64,
}

/// By artifacts and checkpoints of the class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StorageOfCohort {
    pub cohort_id: CohortId,
    pub name: String,
    pub used_bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LargeArtifact {
    pub artifact_id: ArtifactId,
    pub kind: ArtifactKind,
    pub label: String,
    pub owner_name: String,
    pub cohort_name: String,
    pub size_bytes: u64,
    pub created_at_microseconds: i64,
}

impl Endpoint for GetStorage {
    type Reply = Storage;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/storage";
    const ACCESS: Access = Access::Operator;
}

/// How many bytes a person may store. What is stored above it stays; only new bytes are refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetStorageQuota {
    pub user_id: UserId,
    /// At most 2⁵⁰.
    pub storage_quota_bytes: u64,
}

pub const STORAGE_QUOTA_LIMIT_BYTES: u64 = 1 << 50;

impl Endpoint for SetStorageQuota {
    type Reply = User;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/users/{user_id}/storage-quota";
    const ACCESS: Access = Access::Operator;
}

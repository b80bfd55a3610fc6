//! Published models: what visitors may read of, fetch and talk to.
//!
//! Publishing opens one model to everybody, with the files that it has and nothing else: its lineage,
//! its owner's other artifacts and the jobs behind it stay as private as they were.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sessions::Done;
use super::{Access, Endpoint, Method};
use crate::artifacts::ArtifactFile;
use crate::ids::ArtifactId;

/// Opens a model to everybody, or changes what is said of it. Only its owner may, and only a model
/// that has [`BROWSER_FILES`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PublishModel {
    pub artifact_id: ArtifactId,
    /// 1 to [`NAME_LIMIT_CHARACTERS`], without control characters.
    pub name: String,
    /// At most [`DESCRIPTION_LIMIT_CHARACTERS`]; plain text.
    pub description: String,
}

pub const NAME_LIMIT_CHARACTERS: usize = 100;
pub const DESCRIPTION_LIMIT_CHARACTERS: usize = 2_000;

/// What a browser needs to run a model.
pub const BROWSER_FILES: [&str; 3] = ["config.json", "model.safetensors", "tokenizer.json"];

/// Whether these are the files of a model that a browser can run.
pub fn runs_in_a_browser(files: &[ArtifactFile]) -> bool {
    BROWSER_FILES.into_iter().all(|name| files.iter().any(|file| file.name.as_str() == name))
}

/// A model as visitors see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PublishedModel {
    pub artifact_id: ArtifactId,
    pub name: String,
    pub description: String,
    /// The name of whoever published it.
    pub publisher: String,
    pub size_bytes: u64,
    /// Fetched from [`super::bytes::PUBLISHED_FILE`].
    pub files: Vec<ArtifactFile>,
    pub published_at_microseconds: i64,
}

impl Endpoint for PublishModel {
    type Reply = PublishedModel;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/models/{artifact_id}";
    const ACCESS: Access = Access::SignedIn;
}

/// Closes a published model again; for its owner, instructors of its cohort and operators.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawModel {
    pub artifact_id: ArtifactId,
}

impl Endpoint for WithdrawModel {
    type Reply = Done;
    const METHOD: Method = Method::Delete;
    const ROUTE: &'static str = "/api/v1/models/{artifact_id}";
    const ACCESS: Access = Access::SignedIn;
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetPublishedModel {
    pub artifact_id: ArtifactId,
}

impl Endpoint for GetPublishedModel {
    type Reply = PublishedModel;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/models/{artifact_id}";
    const ACCESS: Access = Access::Public;
}

/// Everybody's published models, by falling artifact number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListPublishedModels {
    pub before: Option<ArtifactId>,
    /// At most 100; 50 when absent.
    pub limit: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PublishedModelList {
    pub models: Vec<PublishedModel>,
}

impl Endpoint for ListPublishedModels {
    type Reply = PublishedModelList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/models";
    const ACCESS: Access = Access::Public;
}

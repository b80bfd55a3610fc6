//! The few routes that carry raw bytes or a stream instead of JSON. They stand in the same access
//! test and in openapi.json as the endpoints.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Access, Method};
use crate::artifacts::Sha256;

/// A route beside the endpoint table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteRoute {
    pub name: &'static str,
    pub method: Method,
    pub route: &'static str,
    pub access: Access,
    pub summary: &'static str,
}

/// Body: the bytes. Reply: [`Uploaded`].
pub const UPLOAD: ByteRoute = ByteRoute {
    name: "Upload",
    method: Method::Post,
    route: "/api/v1/uploads",
    access: Access::SignedIn,
    summary: "Stores the body and tells its SHA-256; the caller may then make an artifact of it.",
};

pub const ARTIFACT_FILE: ByteRoute = ByteRoute {
    name: "DownloadArtifactFile",
    method: Method::Get,
    route: "/api/v1/artifacts/{artifact_id}/files/{*file_name}",
    access: Access::SignedIn,
    summary: "The bytes of one file of an artifact, as an attachment; Range is honoured.",
};

pub const PUBLISHED_FILE: ByteRoute = ByteRoute {
    name: "DownloadPublishedFile",
    method: Method::Get,
    route: "/api/v1/models/{artifact_id}/files/{*file_name}",
    access: Access::Public,
    summary: "The bytes of one file of a published model, as an attachment; Range is honoured.",
};

pub const JOB_EVENT_STREAM: ByteRoute = ByteRoute {
    name: "StreamJobEvents",
    method: Method::Get,
    route: "/api/v1/jobs/{job_id}/events/stream",
    access: Access::SignedIn,
    summary: "Server-sent events: `id` is the stream number, `data` a StreamEvent; resumes after Last-Event-ID or ?after=.",
};

/// Body: the bytes, which must have that SHA-256. Reply: [`Uploaded`].
pub const LEASE_UPLOAD: ByteRoute = ByteRoute {
    name: "UploadForLease",
    method: Method::Put,
    route: "/api/v1/lease/files/{sha256}",
    access: Access::Lease,
    summary: "Stores a file of an output or a checkpoint of the lease's attempt.",
};

pub const LEASE_INPUT_FILE: ByteRoute = ByteRoute {
    name: "DownloadLeaseInput",
    method: Method::Get,
    route: "/api/v1/lease/inputs/{input}/{*file_name}",
    access: Access::Lease,
    summary: "The bytes of one file of one of the lease's inputs.",
};

pub const LEASE_CHECKPOINT_FILE: ByteRoute = ByteRoute {
    name: "DownloadLeaseCheckpoint",
    method: Method::Get,
    route: "/api/v1/lease/checkpoint/{*file_name}",
    access: Access::Lease,
    summary: "The bytes of one file of the checkpoint that the lease resumes from.",
};

pub const ALL: [ByteRoute; 7] = [
    UPLOAD,
    ARTIFACT_FILE,
    PUBLISHED_FILE,
    JOB_EVENT_STREAM,
    LEASE_UPLOAD,
    LEASE_INPUT_FILE,
    LEASE_CHECKPOINT_FILE,
];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Uploaded {
    pub sha256: Sha256,
    pub size_bytes: u64,
}

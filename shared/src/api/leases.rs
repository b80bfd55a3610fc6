//! What a worker may do with a lease. The lease's token is the credential
//! (`Authorization: Bearer …`); it names the job and the attempt.
//!
//! Once another attempt has begun, or the job was cancelled or has ended by a report, every call
//! answers 409 `lease_lost`. Before that, a late renewal revives the lease.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sessions::Done;
use super::{Access, Endpoint, Method};
use crate::artifacts::{ArtifactFile, ArtifactKind, Purpose};
use crate::events::AttemptEvent;
use crate::ids::{ArtifactId, JobId};
use crate::spec::JobSpec;

/// The right to run one attempt and to report on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Lease {
    pub job_id: JobId,
    pub attempt: u32,
    pub token: String,
    /// The lease runs out this long after the claim or the latest renewal.
    pub lease_seconds: f64,
    /// Renew this often.
    pub renewal_seconds: f64,
    pub spec: JobSpec,
    pub inputs: Vec<LeaseInput>,
    /// The newest checkpoint of an earlier attempt.
    pub resume_from: Option<StoredCheckpoint>,
    /// The attempt's process is stopped after this long.
    pub time_limit_seconds: f64,
    /// The attempt's process is stopped above this.
    pub memory_limit_bytes: u64,
}

/// One named input, bound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LeaseInput {
    pub name: String,
    pub artifact_id: ArtifactId,
    pub kind: ArtifactKind,
    pub purpose: Purpose,
    pub label: String,
    pub files: Vec<ArtifactFile>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StoredCheckpoint {
    pub step: u64,
    pub files: Vec<ArtifactFile>,
}

/// Says that the attempt lives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RenewLease {}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RenewReply {
    Continue,
    /// Stop and finish with [`AttemptOutcome::Cancelled`].
    Cancel,
    /// Save a checkpoint, stop and finish with [`AttemptOutcome::GivenBack`]: the worker is drained.
    GiveBack,
}

impl Endpoint for RenewLease {
    type Reply = RenewReply;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/lease/renew";
    const ACCESS: Access = Access::Lease;
}

/// Appends to the job's stream. Events that the server has already are skipped by number; a gap is
/// refused (409 `event_gap`), so what arrives is complete and in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AppendEvents {
    pub events: Vec<AttemptEvent>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AppendReply {
    /// The highest event number of this attempt that is stored.
    pub stored_event_number: u64,
}

impl Endpoint for AppendEvents {
    type Reply = AppendReply;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/lease/events";
    const ACCESS: Access = Access::Lease;
}

/// Registers a complete checkpoint whose files this lease has uploaded
/// ([`super::bytes::LEASE_UPLOAD`]). Call it after the events up to its step were appended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SaveCheckpoint {
    pub step: u64,
    pub files: Vec<ArtifactFile>,
}

impl Endpoint for SaveCheckpoint {
    type Reply = Done;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/lease/checkpoint";
    const ACCESS: Access = Access::Lease;
}

/// Ends the attempt; afterwards the lease is gone. Asking again with the same outcome answers the
/// same, so that a lost reply does no harm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FinishAttempt {
    pub outcome: AttemptOutcome,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum AttemptOutcome {
    /// The files were uploaded with this lease.
    Succeeded {
        outputs: Vec<Output>,
        code_version: String,
    },
    /// The spec or the data cannot work: the job fails at once.
    FailedForUser {
        message: String,
    },
    /// The machine failed: the job is tried again until its limit.
    FailedTransiently {
        message: String,
    },
    Cancelled,
    /// The worker leaves (drain, preemption): back into the queue, uncounted.
    GivenBack {
        message: String,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Output {
    /// As in `JobSpec::outputs`.
    pub name: String,
    pub purpose: Purpose,
    pub files: Vec<ArtifactFile>,
}

impl Endpoint for FinishAttempt {
    type Reply = Done;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/lease/finish";
    const ACCESS: Access = Access::Lease;
}

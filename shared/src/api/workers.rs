//! Workers: their accounts, for operators, and the claim, for themselves.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::leases::Lease;
use super::sessions::Done;
use super::{Access, Endpoint, Method};
use crate::ids::{JobId, WorkerId};
use crate::spec::{JobKind, TrainingSpeed};

/// Makes a worker account and its token, shown once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateWorker {
    /// Unique among workers, 1–100 characters.
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WorkerToken {
    pub worker_id: WorkerId,
    pub token: String,
}

impl Endpoint for CreateWorker {
    type Reply = WorkerToken;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/workers";
    const ACCESS: Access = Access::Operator;
}

/// A new token; the old one stops working at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RotateWorkerToken {
    pub worker_id: WorkerId,
}

impl Endpoint for RotateWorkerToken {
    type Reply = WorkerToken;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/workers/{worker_id}/token";
    const ACCESS: Access = Access::Operator;
}

/// The worker claims nothing more and its leases are refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RevokeWorker {
    pub worker_id: WorkerId,
}

impl Endpoint for RevokeWorker {
    type Reply = Done;
    const METHOD: Method = Method::Delete;
    const ROUTE: &'static str = "/api/v1/workers/{worker_id}";
    const ACCESS: Access = Access::Operator;
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListWorkers {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WorkerList {
    pub workers: Vec<Worker>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Worker {
    pub worker_id: WorkerId,
    pub name: String,
    pub revoked: bool,
    /// From its latest claim.
    pub capabilities: Option<Capabilities>,
    pub seen_at_microseconds: Option<i64>,
    /// Whether it takes new work, and what becomes of what it runs.
    pub drain: Option<Drain>,
    pub running_job: Option<JobId>,
}

/// How a worker leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Drain {
    /// It finishes what it runs and takes nothing more.
    Finish,
    /// It saves a checkpoint of what it runs and gives that back, uncounted.
    Now,
}

/// Lets a worker take no more work, or take work again (without `drain`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetWorkerDrain {
    pub worker_id: WorkerId,
    pub drain: Option<Drain>,
}

impl Endpoint for SetWorkerDrain {
    type Reply = Done;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/workers/{worker_id}/drain";
    const ACCESS: Access = Access::Operator;
}

impl Endpoint for ListWorkers {
    type Reply = WorkerList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/workers";
    const ACCESS: Access = Access::Operator;
}

/// What the worker's machine has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Capabilities {
    pub code_version: String,
    pub cores: u32,
    /// Jobs whose estimate is above it go to other workers; 0 takes every job.
    pub memory_bytes: u64,
    pub free_memory_bytes: u64,
    pub gpus: Vec<Gpu>,
    /// Of the NVIDIA kernel driver, when there is one.
    pub driver_version: Option<String>,
    /// Whether this build can use the GPUs.
    pub cuda: bool,
    /// Of training steps, measured with the threads that attempts get; none where nothing was measured.
    #[serde(default)]
    pub training_speeds: Vec<TrainingSpeed>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gpu {
    pub name: String,
    pub memory_bytes: u64,
    pub free_memory_bytes: u64,
}

/// What the workers that live now can do, so that a training can be estimated before it is submitted. It
/// names nobody: workers are known to operators.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetTrainingSpeeds {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TrainingSpeeds {
    /// One for each worker that asked for work of late or runs a job; in no order.
    pub workers: Vec<LiveWorker>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LiveWorker {
    /// 0 takes every job.
    pub memory_bytes: u64,
    pub cores: u32,
    pub gpus: Vec<Gpu>,
    /// Of the NVIDIA kernel driver, when there is one.
    pub driver_version: Option<String>,
    /// Whether its build can use the GPUs.
    pub cuda: bool,
    pub training_speeds: Vec<TrainingSpeed>,
}

impl Endpoint for GetTrainingSpeeds {
    type Reply = TrainingSpeeds;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/training-speeds";
    const ACCESS: Access = Access::SignedIn;
}

/// Asks for work; waits up to `wait_seconds` for some.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimJob {
    pub kinds: Vec<JobKind>,
    pub spec_version: u32,
    pub capabilities: Capabilities,
    /// At most 30.
    pub wait_seconds: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimReply {
    pub lease: Option<Lease>,
}

impl Endpoint for ClaimJob {
    type Reply = ClaimReply;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/worker/claim";
    const ACCESS: Access = Access::Worker;
}

//! Jobs and pipelines, for the people who run them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Access, Endpoint, Method};
use crate::events::StreamEvent;
use crate::ids::{ArtifactId, CohortId, JobId, PipelineId, UserId};
use crate::spec::JobSpec;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// For the jobs that it depends on.
    Waiting,
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

impl JobState {
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Queued, Self::Running, Self::Succeeded, Self::Failed, Self::Cancelled];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing will change any more.
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// What a named input of a job is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InputBinding {
    Artifact(ArtifactId),
    /// An output of a job that is already in the queue; the job waits for it.
    JobOutput {
        job_id: JobId,
        output: String,
    },
    /// An output of an earlier job of the same pipeline, by its name there.
    PipelineOutput {
        job: String,
        output: String,
    },
}

/// Submits one job. The same key again returns the same job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateJob {
    pub cohort_id: CohortId,
    pub spec: JobSpec,
    pub inputs: BTreeMap<String, InputBinding>,
    /// Chosen by the caller, 1–100 characters; unique among the caller's jobs.
    pub idempotency_key: String,
}

impl Endpoint for CreateJob {
    type Reply = Job;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/jobs";
    const ACCESS: Access = Access::SignedIn;
}

/// Submits jobs that feed each other, all or none. The same key again returns the same pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreatePipeline {
    pub cohort_id: CohortId,
    pub title: String,
    /// In an order in which each comes after those that it takes inputs from.
    pub jobs: Vec<PipelineJob>,
    pub idempotency_key: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PipelineJob {
    /// Its name within the pipeline.
    pub name: String,
    pub spec: JobSpec,
    pub inputs: BTreeMap<String, InputBinding>,
    /// Jobs of the pipeline to wait for although nothing is taken from them.
    #[serde(default)]
    pub depends_on: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Pipeline {
    pub pipeline_id: PipelineId,
    pub title: String,
    pub jobs: Vec<Job>,
}

impl Endpoint for CreatePipeline {
    type Reply = Pipeline;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/pipelines";
    const ACCESS: Access = Access::SignedIn;
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetPipeline {
    pub pipeline_id: PipelineId,
}

impl Endpoint for GetPipeline {
    type Reply = Pipeline;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/pipelines/{pipeline_id}";
    const ACCESS: Access = Access::SignedIn;
}

/// A job as its owner, the assistants and instructors of its cohort and operators see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Job {
    pub job_id: JobId,
    pub pipeline_id: Option<PipelineId>,
    /// Its name within the pipeline, or the kind.
    pub name: String,
    pub owner: UserId,
    pub cohort_id: CohortId,
    pub spec: JobSpec,
    pub inputs: BTreeMap<String, InputBinding>,
    pub depends_on: Vec<JobId>,
    pub state: JobState,
    /// Why a queued job has not begun; absent when it is only not yet its turn.
    pub waits_for: Option<WaitsFor>,
    /// Why it failed or was cancelled, for people.
    pub reason: Option<String>,
    /// Attempts begun so far.
    pub attempt: u32,
    /// Attempts that failed and counted.
    pub failures: u32,
    pub failure_limit: u32,
    pub cancel_requested: bool,
    /// Jobs of a higher one are claimed first; 0 is usual.
    #[serde(default)]
    pub priority: i32,
    /// What it will need of a worker's memory, by its estimate.
    #[serde(default)]
    pub memory_bytes: u64,
    pub outputs: BTreeMap<String, ArtifactId>,
    pub created_at_microseconds: i64,
    pub started_at_microseconds: Option<i64>,
    pub ended_at_microseconds: Option<i64>,
}

/// What keeps a queued job from being claimed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum WaitsFor {
    /// The end of the pause after a failed attempt.
    Pause { until_microseconds: i64 },
    /// A worker: none asks for work.
    Worker,
    /// A worker with more memory than the largest has that is there.
    Memory { needed_bytes: u64, largest_worker_bytes: u64 },
    /// Other jobs of its owner: as many run as may at a time.
    OwnersOtherJobs { running_limit: u32 },
    /// The end of a reservation: the workers that could take it are set apart for another class.
    Reservation { until_microseconds: i64 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetJob {
    pub job_id: JobId,
}

impl Endpoint for GetJob {
    type Reply = Job;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/jobs/{job_id}";
    const ACCESS: Access = Access::SignedIn;
}

/// My jobs, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListJobs {
    pub state: Option<JobState>,
    pub before: Option<JobId>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JobList {
    pub jobs: Vec<Job>,
}

impl Endpoint for ListJobs {
    type Reply = JobList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/jobs";
    const ACCESS: Access = Access::SignedIn;
}

/// A waiting or queued job ends now; a running one is asked to stop. Jobs that depend on it are
/// cancelled with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CancelJob {
    pub job_id: JobId,
}

impl Endpoint for CancelJob {
    type Reply = Job;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/jobs/{job_id}/cancel";
    const ACCESS: Access = Access::SignedIn;
}

/// A job that failed or was cancelled is queued again: it goes on from its newest checkpoint, or
/// begins anew where there is none any more. Jobs that were cancelled with it, before they began,
/// wait again. A job that has not ended stays as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ResumeJob {
    pub job_id: JobId,
}

impl Endpoint for ResumeJob {
    type Reply = Job;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/jobs/{job_id}/resume";
    const ACCESS: Access = Access::SignedIn;
}

/// Jobs of a higher priority are claimed before all others, whoever owns them. For operators.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetJobPriority {
    pub job_id: JobId,
    /// From −[`PRIORITY_LIMIT`] to [`PRIORITY_LIMIT`]; 0 is usual.
    pub priority: i32,
}

pub const PRIORITY_LIMIT: i32 = 1000;

impl Endpoint for SetJobPriority {
    type Reply = Job;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/jobs/{job_id}/priority";
    const ACCESS: Access = Access::Operator;
}

/// The job's events after a stream number, in order. [`super::bytes::JOB_EVENT_STREAM`] is the same
/// as server-sent events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListJobEvents {
    pub job_id: JobId,
    pub after: Option<u64>,
    /// At most 1000; 500 when absent.
    pub limit: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EventList {
    pub events: Vec<StreamEvent>,
}

impl Endpoint for ListJobEvents {
    type Reply = EventList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/jobs/{job_id}/events";
    const ACCESS: Access = Access::SignedIn;
}

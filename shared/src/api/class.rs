//! A class as it works now, for those who teach it: who is where, who is stuck, what queues and what fails.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::jobs::{JobState, WaitsFor};
use super::{Access, Endpoint, Method, Role};
use crate::ids::{ArtifactId, CohortId, JobId, UserId};
use crate::spec::JobKind;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetClassView {
    pub cohort_id: CohortId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClassView {
    pub as_of_microseconds: i64,
    /// By name.
    pub learners: Vec<LearnerNow>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LearnerNow {
    pub learner: UserId,
    pub name: String,
    /// The latest of what they read, answered or submitted.
    pub seen_at_microseconds: Option<i64>,
    /// The section that they read last.
    pub reading: Option<SectionNow>,
    /// What they answered last.
    pub answer: Option<AnswerNow>,
    /// Also those that wait for others.
    pub queued_jobs: u32,
    pub running_jobs: u32,
    pub training: Option<TrainingNow>,
    pub flags: Vec<Flag>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SectionNow {
    pub week: u32,
    /// The `id` of its heading.
    pub section: String,
    /// As the course's folder calls it; the id where it knows none.
    pub title: String,
    pub at_microseconds: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerNow {
    pub week: u32,
    pub question: String,
    /// As the lesson counts it from 1; absent where the course has no such question any more.
    pub number: Option<u32>,
    pub attempt: u32,
    pub judged: AnswerStanding,
    pub at_microseconds: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerStanding {
    /// It earned something.
    Right,
    Wrong,
    /// Somebody is to mark it.
    Waits,
}

/// The training that was submitted last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TrainingNow {
    pub job_id: JobId,
    pub state: JobState,
    /// The training loss, thinned: at most [`CURVE_POINTS`], and the latest.
    pub curve: Vec<LossPoint>,
}

/// Of a small curve.
pub const CURVE_POINTS: usize = 32;

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LossPoint {
    pub step: u64,
    /// Nats per token.
    pub loss: f64,
}

/// What whoever teaches should look at. Each is a fact of what is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Flag {
    /// The question that they answered last was wrong more than once.
    WrongAgain { week: u32, question: String, number: Option<u32>, attempt: u32 },
    /// The last job of its kind failed; so did as many before it since one succeeded, itself counted.
    Failing { job_id: JobId, job_kind: JobKind, reason: String, in_a_row: u32 },
    /// Queued for longer than [`LONG_WAIT_SECONDS`].
    WaitsLong { job_id: JobId, since_microseconds: i64, waits_for: Option<WaitsFor> },
    /// The last training ended because loss or gradients were not finite any more.
    Diverged { job_id: JobId },
    /// The gradients of the last training have been next to nothing for [`FLAT_STEPS`] reported steps.
    FlatGradient { job_id: JobId, step: u64 },
    /// The last training's tokenizer learned from another text than the one that it trains on.
    OtherTokenizer { job_id: JobId, tokenizer: ArtifactId },
    /// Among what the last training learns from are the very bytes that the class keeps for evaluation.
    Contaminated { job_id: JobId, source: ArtifactId },
}

pub const LONG_WAIT_SECONDS: i64 = 300;
pub const FLAT_STEPS: u32 = 20;

impl Endpoint for GetClassView {
    type Reply = ClassView;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/view";
    const ACCESS: Access = Access::Cohort(Role::Assistant);
}

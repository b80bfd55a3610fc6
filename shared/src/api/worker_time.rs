//! How long learners may keep workers busy.
//!
//! What counts is the time that attempts ran within the last [`WINDOW_DAYS`] days, times the GPUs that the worker
//! has; a worker without a GPU counts once. Attempts whose worker fell silent are nobody's fault and count nothing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sessions::Done;
use super::{Access, Endpoint, Method, Role};
use crate::ids::{CohortId, UserId};

pub const WINDOW_DAYS: i64 = 7;
pub const MINUTES_LIMIT: u32 = 100_000;

/// What one has used of the class's workers and what one may use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetMyWorkerTime {
    pub cohort_id: CohortId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WorkerTime {
    pub used_seconds: u64,
    /// The class's limit and what was granted within the window; none where there is no limit.
    pub allowed_seconds: Option<u64>,
}

impl WorkerTime {
    /// Whether nothing more may be submitted.
    pub fn is_used_up(&self) -> bool {
        self.allowed_seconds.is_some_and(|allowed| self.used_seconds >= allowed)
    }
}

impl Endpoint for GetMyWorkerTime {
    type Reply = WorkerTime;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/worker-time/mine";
    const ACCESS: Access = Access::Cohort(Role::Learner);
}

/// Everybody's in the class, who used most first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListWorkerTime {
    pub cohort_id: CohortId,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WorkerTimeList {
    /// Of each learner within the window; none where there is no limit.
    pub minutes_per_learner: Option<u32>,
    pub members: Vec<MemberWorkerTime>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MemberWorkerTime {
    pub user_id: UserId,
    pub name: String,
    /// The limit is for learners alone.
    pub role: Role,
    pub used_seconds: u64,
    pub granted_minutes: u64,
}

impl Endpoint for ListWorkerTime {
    type Reply = WorkerTimeList;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/worker-time";
    const ACCESS: Access = Access::Cohort(Role::Assistant);
}

/// Sets how many minutes each learner may keep workers busy within the window; without a number there is no limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetWorkerTimeLimit {
    pub cohort_id: CohortId,
    /// At most [`MINUTES_LIMIT`].
    pub minutes_per_learner: Option<u32>,
}

impl Endpoint for SetWorkerTimeLimit {
    type Reply = Done;
    const METHOD: Method = Method::Put;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/worker-time";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}

/// Gives a member more minutes, from now on until the window has passed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GrantWorkerTime {
    pub cohort_id: CohortId,
    pub user_id: UserId,
    /// 1–[`MINUTES_LIMIT`].
    pub minutes: u32,
}

impl Endpoint for GrantWorkerTime {
    type Reply = Done;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/members/{user_id}/worker-time";
    const ACCESS: Access = Access::Cohort(Role::Instructor);
}

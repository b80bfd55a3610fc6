//! The queue as a whole, for those who teach a class or run the server, and the hours for which workers are set
//! apart for a class.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::jobs::{JobState, WaitsFor};
use super::sessions::Done;
use super::{Access, Endpoint, Method, Role};
use crate::ids::{CohortId, JobId, ReservationId, UserId, WorkerId};

/// The queue of all classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetQueue {
    /// Jobs of each list, at most 200; 50 when absent.
    pub limit: Option<u32>,
}

impl Endpoint for GetQueue {
    type Reply = Queue;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/queue";
    const ACCESS: Access = Access::Operator;
}

/// The queue as far as it is the class's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GetCohortQueue {
    pub cohort_id: CohortId,
    /// Jobs of each list, at most 200; 50 when absent.
    pub limit: Option<u32>,
}

impl Endpoint for GetCohortQueue {
    type Reply = Queue;
    const METHOD: Method = Method::Get;
    const ROUTE: &'static str = "/api/v1/cohorts/{cohort_id}/queue";
    const ACCESS: Access = Access::Cohort(Role::Assistant);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Queue {
    pub running: QueuePart,
    /// In the order in which they would be claimed if no job ended meanwhile.
    pub queued: QueuePart,
    /// For jobs that they depend on.
    pub waiting: QueuePart,
    /// Those that have not ended, soonest first.
    pub reservations: Vec<Reservation>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QueuePart {
    /// How many there are, listed or not.
    pub count: u64,
    pub jobs: Vec<QueueEntry>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QueueEntry {
    pub job_id: JobId,
    /// Its name within its pipeline, or its kind.
    pub name: String,
    pub owner: UserId,
    pub owner_name: String,
    pub cohort_id: CohortId,
    pub cohort_name: String,
    pub state: JobState,
    /// From 1, over all classes; of queued jobs.
    pub place: Option<u64>,
    pub priority: i32,
    pub attempt: u32,
    pub cancel_requested: bool,
    /// That runs it.
    pub worker_name: Option<String>,
    pub waits_for: Option<WaitsFor>,
    pub created_at_microseconds: i64,
    /// Of the attempt that runs.
    pub attempt_started_at_microseconds: Option<i64>,
}

/// Workers that claim only jobs of one class, from a time on until another. What they run when it begins goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reservation {
    pub reservation_id: ReservationId,
    pub cohort_id: CohortId,
    pub cohort_name: String,
    pub workers: Vec<ReservedWorker>,
    pub begins_at_microseconds: i64,
    pub ends_at_microseconds: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReservedWorker {
    pub worker_id: WorkerId,
    pub name: String,
}

/// A worker is set apart for one class at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CreateReservation {
    pub cohort_id: CohortId,
    /// 1–100 workers.
    pub worker_ids: Vec<WorkerId>,
    pub begins_at_microseconds: i64,
    /// At most [`RESERVATION_LIMIT_DAYS`] days after its begin.
    pub ends_at_microseconds: i64,
}

pub const RESERVATION_LIMIT_DAYS: i64 = 7;

impl Endpoint for CreateReservation {
    type Reply = Reservation;
    const METHOD: Method = Method::Post;
    const ROUTE: &'static str = "/api/v1/reservations";
    const ACCESS: Access = Access::Operator;
}

/// Ends a reservation now, or before it begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CancelReservation {
    pub reservation_id: ReservationId,
}

impl Endpoint for CancelReservation {
    type Reply = Done;
    const METHOD: Method = Method::Delete;
    const ROUTE: &'static str = "/api/v1/reservations/{reservation_id}";
    const ACCESS: Access = Access::Operator;
}

//! The endpoint table: every route of the backend with its request, reply and access rule.
//!
//! A request value *is* the endpoint. Fields named in `ROUTE` travel in the path, the others in the
//! query (GET, DELETE; flat) or in a JSON body (POST, PUT). Streams and raw bytes are the few
//! routes beside it ([`bytes`]).

pub mod accounts;
pub mod announcements;
pub mod artifacts;
pub mod audit;
pub mod bytes;
pub mod certificates;
pub mod class;
pub mod cohorts;
pub mod encoding;
mod endpoint;
pub mod error;
pub mod first_steps;
pub mod gradebook;
pub mod invitations;
pub mod jobs;
pub mod leases;
pub mod lessons;
pub mod models;
pub mod notifications;
pub mod openapi;
pub mod preferences;
pub mod questions;
pub mod queue;
pub mod sessions;
pub mod storage;
pub mod table;
pub mod users;
pub mod worker_time;
pub mod workers;

pub use endpoint::{Access, Endpoint, Method, Role};
pub use error::{ErrorBody, ErrorCode};

/// The path in front of every route but `/healthz`; a worker that speaks another gets 426.
pub const API_PREFIX: &str = "/api/v1";

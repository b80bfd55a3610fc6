//! The queue.
//!
//! ```text
//!            parents succeed         claim                       finish
//!  waiting ──────────────▶ queued ─────────▶ running ──┬──▶ succeeded
//!     │                     ▲ ▲ │              │ │ │   ├──▶ failed      user's error, or the limit is reached
//!     │                     │ │ │ late renewal │ │ │   └──▶ cancelled   asked for, and the worker stopped
//!     │                     │ │ └──────────────┘ │ │
//!     │                     │ └── lease ran out ─┘ │     counted
//!     │                     └─ failed, given back ─┘     counted, with a wait; uncounted
//!     └──▶ cancelled ◀── queued                          asked for, or a parent failed or was cancelled
//!
//!  waiting or queued ◀── failed, cancelled               asked for: the job is resumed
//!            running ◀── failed                          late renewal, when a lease that ran out was the last failure
//! ```
//!
//! Invariants, each held by a CHECK constraint or a test:
//! - Every change of `jobs.state` is one function of [`transition`]; it appends a `StateChanged` event
//!   in the same transaction.
//! - `attempt` only grows. Reports count only from the job's current attempt, while the job runs or
//!   its lease has run out and no other attempt has begun (then any report revives the lease, and what
//!   the failure had cancelled waits again).
//! - `failures` counts attempts that failed or whose lease ran out; at `failure_limit` the job fails.
//!   A revived lease takes its count back, a drained attempt was never counted.
//! - A job runs only when all jobs it depends on have succeeded. A job that fails or is cancelled
//!   cancels everything that depends on it, in the same transaction; [`dependents::settle`] finds what
//!   a resumption at the same moment hid from it.
//! - A worker gets only jobs that its machine's memory can hold ([`memory`]); why a queued job has not
//!   begun is told with the job ([`waits`]).
//! - A worker that is drained gets nothing; one that is set apart for a class ([`reservations`]) gets only jobs of
//!   that class, and goes on with what it runs.
//! - A lease never hands out an evaluation artifact to be trained on.
//! - Locks are taken in one order: advisory locks ([`crate::db::lock`]), then job rows by rising id.

pub mod bindings;
pub mod cancel;
pub mod claim;
pub mod dependents;
pub mod finish;
pub mod lease;
pub mod live;
mod memory;
pub mod overview;
pub mod priority;
pub mod reservations;
pub mod resume;
pub mod submit;
pub mod sweep;
pub mod transition;
pub mod waits;
pub mod worker_time;

//! The job kinds. Each is one function from a validated spec and a context to files below the
//! context's output folders; whether an agent or a person at a terminal called makes no difference.

pub mod checkpoints;
mod context;
mod error;

pub use context::{Announce, Announcement, Checkpoint, JobContext, StopFlag, StopReason};
pub use error::JobError;

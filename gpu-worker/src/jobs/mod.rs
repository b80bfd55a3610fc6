//! The job kinds. Each is one function from a validated spec and a context to files below the
//! context's output folders; whether an agent or a person at a terminal called makes no difference.

mod context;
mod error;

pub use context::{Checkpoint, JobContext, StopReason};
pub use error::JobError;

//! The job kinds. Each is one function from a validated spec and a context to files below the
//! context's output folders; whether an agent or a person at a terminal called makes no difference.

pub mod checkpoints;
mod context;
mod error;
pub mod import;
pub mod pretrain;
mod progress;

use shared::spec::JobSpec;

pub use context::{Announce, Announcement, Checkpoint, JobContext, StopFlag, StopReason};
pub use error::JobError;

/// Runs a validated spec to its end.
pub fn run(spec: &JobSpec, context: &JobContext) -> Result<(), JobError> {
    match spec {
        JobSpec::Import(spec) => import::run(spec, context),
        JobSpec::Pretrain(spec) => pretrain::run(spec, context),
        other => Err(JobError::user(format!("this build has no {} jobs", other.kind().as_str()))),
    }
}

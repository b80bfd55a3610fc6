//! The job kinds. Each is one function from a validated spec and a context to files below the
//! context's output folders; whether an agent or a person at a terminal called makes no difference.

pub mod checkpoints;
mod context;
pub mod curate;
mod error;
pub mod export;
pub mod import;
pub mod import_model;
pub mod pretrain;
mod progress;
pub mod train_tokenizer;

use shared::spec::JobSpec;

pub use context::{Announce, Announcement, Checkpoint, JobContext, StopFlag, StopReason};
pub use error::JobError;

/// Runs a validated spec to its end.
pub fn run(spec: &JobSpec, context: &JobContext) -> Result<(), JobError> {
    match spec {
        JobSpec::Import(spec) => import::run(spec, context),
        JobSpec::Curate(spec) => curate::run(spec, context),
        JobSpec::TrainTokenizer(spec) => train_tokenizer::run(spec, context),
        JobSpec::Pretrain(spec) => pretrain::run(spec, context),
        JobSpec::Export(spec) => export::run(spec, context),
        JobSpec::ImportModel(spec) => import_model::run(spec, context),
    }
}

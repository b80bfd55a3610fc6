//! From token ids and random weights to a trained model, one pure step at a time.

pub mod adamw;
pub mod average;
pub mod clip;
pub mod loss;
pub mod muon;
pub mod optimizer;
pub mod packing;
mod recompute;
pub mod schedule;
mod statistics;
mod tape;
mod trainable;
mod trainer;

pub use trainable::Trainable;
pub use trainer::{Evaluation, Saved, StepOutcome, Trainer, TrainerSettings};

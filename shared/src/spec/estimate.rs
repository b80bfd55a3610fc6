//! What a job will need, computed from its spec alone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A forecast. Fields that make no sense for a kind of job are absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Estimate {
    /// Trainable parameters; equals the built model's count exactly.
    pub parameters: Option<u64>,
    /// Peak resident memory of the attempt.
    pub memory_bytes: u64,
    /// Tokens that will be trained on.
    pub tokens: Option<u64>,
    pub floating_point_operations: Option<f64>,
    pub tokens_per_second: Option<f64>,
    /// Of the training steps; validation, samples and checkpoints come on top.
    pub seconds: Option<f64>,
}

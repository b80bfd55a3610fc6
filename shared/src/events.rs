//! What a running job tells its watchers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::jobs::JobState;
use crate::ids::JobId;
use crate::spec::Estimate;

/// How the reason begins of a training that ended because loss or gradients were not finite any more.
pub const DIVERGED: &str = "training diverged";

/// One thing that happened in a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum JobEvent {
    /// Written by the server itself at every change of state.
    StateChanged {
        state: JobState,
        reason: Option<String>,
    },
    /// Written by the server itself when an attempt of a training begins: what it will need on the worker
    /// that took it. The latest one counts.
    Estimated {
        estimate: Estimate,
    },
    Progress {
        done: u64,
        total: Option<u64>,
        unit: ProgressUnit,
        seconds_left: Option<f64>,
    },
    /// Values of one training step. Charts key by `(series, step)`; the later attempt wins.
    Metrics {
        step: u64,
        values: BTreeMap<Series, f64>,
    },
    /// How the groups of parameters fared in one step.
    ParameterStatistics {
        step: u64,
        groups: Vec<GroupStatistics>,
    },
    /// What the model wrote at this step.
    Sample {
        step: u64,
        prompt: String,
        text: String,
    },
    Log {
        level: LogLevel,
        message: String,
    },
    /// This attempt continues from the checkpoint of `step`.
    Resumed {
        step: u64,
    },
    /// A complete checkpoint of `step` is stored; another worker may continue from it.
    CheckpointSaved {
        step: u64,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Series {
    /// Mean nats per target token of the step.
    TrainingLoss,
    /// Mean nats per target token over the validation rows.
    ValidationLoss,
    /// Validation: Σ nats / (ln 2 · Σ raw bytes of the target tokens), special tokens excluded.
    BitsPerByte,
    TokensPerSecond,
    /// Global L2 norm before clipping.
    GradientNorm,
    LearningRate,
    /// Resident memory of the attempt's process.
    MemoryBytes,
    /// Mean nats per target of the batch that the pre-flight learns by heart; its steps count for
    /// themselves.
    PreflightLoss,
}

/// One group of parameters in one step. Every number is finite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GroupStatistics {
    pub group: ParameterGroup,
    /// L2 norm before clipping.
    pub gradient_norm: f64,
    /// L2 norm before the update.
    pub weight_norm: f64,
    /// L2 norm of the update, divided by `weight_norm`.
    pub update_ratio: f64,
    /// Share of the inner units of a feed-forward layer that no token of the batch moved; absent in
    /// other groups.
    pub dead_unit_share: Option<f64>,
}

/// Layers count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ParameterGroup {
    /// Of tokens and, where they are learned, of positions; with tied embeddings the head too.
    Embedding,
    Attention {
        layer: u32,
    },
    FeedForward {
        layer: u32,
    },
    /// Scales and biases of all norms.
    Norms,
    Head,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProgressUnit {
    Files,
    Documents,
    Bytes,
    Merges,
    Steps,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    Info,
    Warning,
    Error,
}

/// An event as a worker sends it. Numbers count from 1 within the attempt, without gaps, so that
/// sending the same batch twice changes nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AttemptEvent {
    pub event_number: u64,
    #[serde(flatten)]
    pub event: JobEvent,
}

/// An event as watchers receive it. `stream_number` counts from 1 within the job, without gaps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StreamEvent {
    pub stream_number: u64,
    pub job_id: JobId,
    /// 0 for the server's own events before the first attempt.
    pub attempt: u32,
    pub at_microseconds: i64,
    #[serde(flatten)]
    pub event: JobEvent,
}

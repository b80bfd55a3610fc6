//! What a pretraining came to.

use serde::{Deserialize, Serialize};

/// `model/training.json`: where the weights come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainingRecord {
    pub step: u64,
    /// Target tokens that were trained on, repetitions counted.
    pub tokens: u64,
    pub parameters: u64,
    /// Of all attempts.
    pub seconds: f64,
    /// Mean nats per token of the last step.
    pub training_loss: Option<f64>,
    pub validation_loss: Option<f64>,
    pub bits_per_byte: Option<f64>,
    pub seed: u64,
    /// The weights are an average with this decay, not those of the last step.
    #[serde(default)]
    pub weight_average_decay: Option<f64>,
}

/// `report/report.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PretrainReport {
    pub training: TrainingRecord,
    pub corpus_training_documents: u64,
    /// Tokens that are predicted in one pass over the training documents.
    pub corpus_training_tokens: u64,
    pub corpus_held_out_documents: u64,
    pub corpus_held_out_tokens: u64,
    /// Over the whole training, evaluations and checkpoints included.
    pub tokens_per_second: f64,
    pub evaluations: Vec<EvaluationRecord>,
    pub samples: Vec<Sample>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    pub prompt: String,
    pub text: String,
}

/// One evaluation, as checkpoints and reports keep it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EvaluationRecord {
    pub step: u64,
    /// Mean nats per target token.
    pub validation_loss: f64,
    /// Over raw bytes of text; special tokens excluded.
    pub bits_per_byte: f64,
    /// Target tokens.
    pub tokens: u64,
}

//! How rotary positions are stretched for texts longer than a model was trained on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Problems;

/// What becomes of the frequencies of rotary positions; `rope_scaling` in Hugging Face's `LlamaConfig`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "rope_type", rename_all = "snake_case", deny_unknown_fields)]
pub enum RopeScaling {
    /// Every frequency divided by `factor`.
    Linear { factor: f64 },
    /// As Llama 3.1 and later: waves that turn more than `high_freq_factor` times within
    /// `original_context_length` stay, those that turn less than `low_freq_factor` times are divided by
    /// `factor`, and between them it goes over smoothly.
    Llama3 {
        factor: f64,
        low_freq_factor: f64,
        high_freq_factor: f64,
        /// `original_max_position_embeddings`: tokens that the model had read at once before.
        original_context_length: u32,
    },
}

impl RopeScaling {
    pub(super) fn validate(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        match *self {
            Self::Linear { factor } => problems.range(factor, 1.0, 1e6, "factor"),
            Self::Llama3 { factor, low_freq_factor, high_freq_factor, original_context_length } => {
                problems.range(factor, 1.0, 1e6, "factor");
                problems.range(low_freq_factor, 1e-3, 1e6, "low_freq_factor");
                problems.range(high_freq_factor, 1e-3, 1e6, "high_freq_factor");
                problems.range(original_context_length, 2, 1 << 20, "original_context_length");
                // Of a factor that is wrong by itself, their order says nothing.
                if low_freq_factor > 0.0 && low_freq_factor <= 1e6 && high_freq_factor <= 1e6 {
                    problems.require(
                        high_freq_factor <= 0.0 || high_freq_factor > low_freq_factor,
                        "high_freq_factor",
                        format!(
                            "{high_freq_factor} must be above low_freq_factor, which is {low_freq_factor}"
                        ),
                    );
                }
            }
        }
        problems.into_result()
    }
}

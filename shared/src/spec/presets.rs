//! Shapes that are known to work: `tiny` for tests and a first look, `small` for a model that
//! writes Korean after a quarter of an hour on two cores.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Activations, AdamWSpec, ArchitectureSpec, BatchSpec, CheckpointSpec, Decay, LlamaSpec, Precision,
    PretrainSpec, SampleSpec, ScheduleSpec, StatisticsSpec, TrainTokenizerSpec, ValidationSpec,
};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    Tiny,
    #[default]
    Small,
}

impl Preset {
    /// Documents of the generated corpus that suit the preset.
    pub fn corpus_documents(self) -> u64 {
        match self {
            Self::Tiny => 2_000,
            Self::Small => 28_000,
        }
    }

    pub fn tokenizer(self) -> TrainTokenizerSpec {
        TrainTokenizerSpec::new(match self {
            Self::Tiny => 1_000,
            Self::Small => 4_000,
        })
    }

    pub fn pretrain(self) -> PretrainSpec {
        let vocabulary_size = self.tokenizer().vocabulary_size;
        let model = |context_length, hidden_size, layers, heads, feed_forward_size| {
            ArchitectureSpec::Llama(LlamaSpec {
                vocabulary_size,
                context_length,
                hidden_size,
                layers,
                heads,
                key_value_heads: heads / 2,
                feed_forward_size,
                rope_theta: 10_000.0,
                rms_norm_epsilon: 1e-5,
                tied_embeddings: true,
            })
        };
        match self {
            Self::Tiny => with(model(128, 64, 2, 4, 172), 600, 8, 3e-3, 150),
            Self::Small => with(model(256, 192, 4, 6, 512), 2_700, 8, 4e-3, 300),
        }
    }
}

/// The training that all shapes share.
pub(super) fn with(
    model: ArchitectureSpec,
    steps: u64,
    rows: u32,
    learning_rate: f64,
    every_steps: u64,
) -> PretrainSpec {
    PretrainSpec {
        model,
        steps,
        batch: BatchSpec { rows, accumulation_steps: 1 },
        optimizer: AdamWSpec {
            learning_rate,
            beta1: 0.9,
            beta2: 0.95,
            epsilon: 1e-8,
            weight_decay: 0.1,
            gradient_clip_norm: 1.0,
        },
        schedule: ScheduleSpec {
            warmup_steps: steps / 20,
            final_learning_rate_ratio: 0.05,
            decay: Decay::Cosine,
        },
        validation: ValidationSpec { document_share: 0.02, every_steps, rows_limit: 64 },
        checkpoint: CheckpointSpec { every_steps },
        samples: SampleSpec {
            prompts: vec!["옛날 어느 마을에 ".to_owned(), "오늘 아침, ".to_owned()],
            maximum_tokens: 80,
            temperature: 0.8,
            top_p: 0.95,
        },
        precision: Precision::F32,
        muon: None,
        weight_average: None,
        activations: Activations::Kept,
        statistics: StatisticsSpec::default(),
        preflight: None,
        seed: 20_261_123,
    }
}

//! *pretrain*: random weights → a language model of the corpus.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ArchitectureSpec, Estimate, Problems};

/// Everything that the outcome depends on besides the inputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PretrainSpec {
    pub model: ArchitectureSpec,
    /// Optimiser steps.
    pub steps: u64,
    pub batch: BatchSpec,
    pub optimizer: AdamWSpec,
    pub schedule: ScheduleSpec,
    pub validation: ValidationSpec,
    pub checkpoint: CheckpointSpec,
    pub samples: SampleSpec,
    #[serde(default)]
    pub precision: Precision,
    /// Takes the matrices of the blocks over from AdamW.
    #[serde(default)]
    pub muon: Option<MuonSpec>,
    /// What is validated on, sampled from and put out is then the average, not the last weights.
    #[serde(default)]
    pub weight_average: Option<WeightAverageSpec>,
    #[serde(default)]
    pub activations: Activations,
    #[serde(default)]
    pub statistics: StatisticsSpec,
    /// Before the first step, a copy of the model has to learn one batch by heart.
    #[serde(default)]
    pub preflight: Option<PreflightSpec>,
    /// Weights, document order and samples follow from it.
    pub seed: u64,
}

/// Tokens per optimiser step = `rows × accumulation_steps × context_length`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchSpec {
    /// Rows of `context_length` tokens in one forward and backward pass.
    pub rows: u32,
    /// Passes whose gradients are averaged into one step.
    pub accumulation_steps: u32,
}

/// What the matrix products of linear layers and of the head, and Muon's, round their operands to. Weights,
/// sums, moments and everything else are f32 in any case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    #[default]
    F32,
    /// 8 bits of mantissa instead of 24: faster on processors that have instructions for it, f32 elsewhere.
    Bf16,
}

/// Decoupled weight decay (Loshchilov & Hutter 2019); norms and other vectors are not decayed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdamWSpec {
    /// The peak, reached at the end of the warm-up.
    pub learning_rate: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub epsilon: f64,
    pub weight_decay: f64,
    /// Gradients of a larger global L2 norm are scaled down to it.
    pub gradient_clip_norm: f64,
}

/// Muon (Jordan et al. 2024) for the matrices inside of the blocks: momentum whose singular values are
/// all brought near 1. Embedding, head and vectors stay with AdamW; both rates follow the schedule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MuonSpec {
    /// The peak. A step of a matrix `[out, in]` is scaled by `√max(1, out / in)`.
    pub learning_rate: f64,
    /// Nesterov's.
    pub momentum: f64,
    pub weight_decay: f64,
    /// Newton-Schulz iterations.
    pub iterations: u32,
}

/// An exponential moving average of the weights: `a ← d a + (1 − d) w` after every step t, with
/// `d = min(decay, (1 + t) / (10 + t))`, so that a short run forgets its beginning too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WeightAverageSpec {
    pub decay: f64,
}

/// What the backward pass needs of the forward pass. The results are the same bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Activations {
    #[default]
    Kept,
    /// Only the input of every block is kept, the rest is computed again (Chen et al. 2016): less
    /// memory for about a fifth more time.
    Recomputed,
}

/// How the groups of parameters fare: norms of gradients, sizes of updates, dead units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatisticsSpec {
    /// Steps between them.
    pub every_steps: u64,
}

impl Default for StatisticsSpec {
    fn default() -> Self {
        Self { every_steps: 10 }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreflightSpec {
    /// At most this many steps on the one batch.
    pub steps: u32,
}

/// Linear warm-up to the peak, then down to `final_learning_rate_ratio` of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleSpec {
    pub warmup_steps: u64,
    pub final_learning_rate_ratio: f64,
    #[serde(default)]
    pub decay: Decay,
}

/// How the learning rate falls.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Decay {
    /// From the end of the warm-up on.
    #[default]
    Cosine,
    /// Warm-up, stable, decay (Hu et al. 2024): the peak is held, and the last `decay_steps` fall in a
    /// straight line. What was trained before the fall can be trained on.
    WarmupStableDecay { decay_steps: u64 },
}

/// Documents are split, never rows of tokens, so that no document is on both sides. Documents that
/// are marked held-out are validated on in any case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidationSpec {
    /// Share of the unmarked documents that is held out, chosen by the hash of their text; 0 holds
    /// out the marked ones only.
    pub document_share: f64,
    /// Steps between evaluations; the first and the last step are always evaluated.
    pub every_steps: u64,
    /// At most this many rows are evaluated, the same ones each time.
    pub rows_limit: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckpointSpec {
    /// Steps between checkpoints; one is also saved before every evaluation.
    pub every_steps: u64,
}

/// What the model is asked to continue at every evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleSpec {
    /// Texts to continue.
    pub prompts: Vec<String>,
    pub maximum_tokens: u32,
    /// 0 picks the likeliest token.
    pub temperature: f64,
    /// Nucleus sampling: the smallest set of tokens whose probability reaches it.
    pub top_p: f64,
}

/// As the head's kernel on the CPU has it.
const LOGITS_AT_A_TIME: u64 = 1 << 22;
/// The program, the tokenizer, the documents of a course's corpus, samples.
const BESIDES_BYTES: u64 = 112 << 20;

impl PretrainSpec {
    pub fn tokens_per_step(&self) -> u64 {
        (u64::from(self.batch.rows) * u64::from(self.batch.accumulation_steps))
            .saturating_mul(u64::from(self.model.context_length()))
    }

    /// Whether the groups of parameters are told of `step`, counted from 1: of the first and the last one, and
    /// of those in between that the spec says.
    pub fn has_statistics(&self, step: u64) -> bool {
        step == 1 || step == self.steps || step.is_multiple_of(self.statistics.every_steps)
    }

    pub(super) fn validate(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        if let Err(inner) = self.model.validate() {
            problems.nest("model", inner);
        }
        problems.range(self.steps, 1, 100_000_000, "steps");
        problems.range(self.batch.rows, 1, 65_536, "batch.rows");
        problems.range(self.batch.accumulation_steps, 1, 65_536, "batch.accumulation_steps");
        let optimizer = &self.optimizer;
        problems.require(
            optimizer.learning_rate > 0.0 && optimizer.learning_rate <= 1.0,
            "optimizer.learning_rate",
            "choose a value above 0 and at most 1",
        );
        problems.range(optimizer.beta1, 0.0, 0.9999, "optimizer.beta1");
        problems.range(optimizer.beta2, 0.0, 0.999_999, "optimizer.beta2");
        problems.range(optimizer.epsilon, 1e-15, 1e-2, "optimizer.epsilon");
        problems.range(optimizer.weight_decay, 0.0, 10.0, "optimizer.weight_decay");
        problems.range(optimizer.gradient_clip_norm, 1e-6, 1e6, "optimizer.gradient_clip_norm");
        problems.require(
            self.steps == 0 || self.schedule.warmup_steps <= self.steps,
            "schedule.warmup_steps",
            format!(
                "a warm-up of {} steps does not fit into {} steps",
                self.schedule.warmup_steps, self.steps
            ),
        );
        if let Decay::WarmupStableDecay { decay_steps } = self.schedule.decay {
            let warmup_steps = self.schedule.warmup_steps;
            problems.require(
                warmup_steps > self.steps || decay_steps <= self.steps - warmup_steps,
                "schedule.decay.decay_steps",
                format!(
                    "a warm-up of {warmup_steps} and a decay of {decay_steps} steps do not fit into {} steps",
                    self.steps
                ),
            );
        }
        problems.range(
            self.schedule.final_learning_rate_ratio,
            0.0,
            1.0,
            "schedule.final_learning_rate_ratio",
        );
        if let Some(muon) = &self.muon {
            problems.require(
                muon.learning_rate > 0.0 && muon.learning_rate <= 1.0,
                "muon.learning_rate",
                "choose a value above 0 and at most 1",
            );
            problems.range(muon.momentum, 0.0, 0.9999, "muon.momentum");
            problems.range(muon.weight_decay, 0.0, 10.0, "muon.weight_decay");
            problems.range(muon.iterations, 1, 20, "muon.iterations");
        }
        if let Some(average) = &self.weight_average {
            problems.range(average.decay, 0.0, 0.999_999, "weight_average.decay");
        }
        problems.range(self.statistics.every_steps, 1, 100_000_000, "statistics.every_steps");
        if let Some(preflight) = &self.preflight {
            problems.range(preflight.steps, 1, 10_000, "preflight.steps");
        }
        problems.range(self.validation.document_share, 0.0, 0.5, "validation.document_share");
        problems.range(self.validation.every_steps, 1, 100_000_000, "validation.every_steps");
        problems.range(self.validation.rows_limit, 1, 1_000_000, "validation.rows_limit");
        problems.range(self.checkpoint.every_steps, 1, 100_000_000, "checkpoint.every_steps");
        let samples = &self.samples;
        problems.require(samples.prompts.len() <= 16, "samples.prompts", "at most 16 prompts");
        for (index, prompt) in samples.prompts.iter().enumerate() {
            problems.require(
                !prompt.is_empty() && prompt.len() <= 4096,
                &format!("samples.prompts.{index}"),
                "a prompt has 1 to 4096 bytes",
            );
        }
        problems.range(samples.maximum_tokens, 1, 4096, "samples.maximum_tokens");
        problems.range(samples.temperature, 0.0, 10.0, "samples.temperature");
        problems.require(
            samples.top_p > 0.0 && samples.top_p <= 1.0,
            "samples.top_p",
            "choose a value above 0 and at most 1",
        );
        problems.into_result()
    }

    /// What the training holds at its peak on the CPU, without the program and its documents: never below the bytes
    /// that it asks for (`model/tests/memory.rs`), and a tenth more for what the allocator keeps between them.
    pub fn training_memory_bytes(&self) -> u64 {
        let parameters = self.model.parameter_count();
        // Weights, gradients and two moments in f32. Muon has one moment of the matrices that it takes over.
        let saved = self.muon.as_ref().map_or(0, |_| self.model.block_matrix_parameters());
        let average = self.weight_average.as_ref().map_or(0, |_| parameters);
        let of_parameters = parameters.saturating_mul(4).saturating_sub(saved).saturating_add(average);

        let of_token = self.model.activations_per_token();
        let layers = u64::from(self.model.layers());
        let blocks = match self.activations {
            Activations::Kept => layers.saturating_mul(of_token.block),
            Activations::Recomputed => {
                layers.saturating_mul(of_token.block_input).saturating_add(of_token.block)
            }
        };
        let pass_tokens = u64::from(self.batch.rows) * u64::from(self.model.context_length());
        // On the way back the widest tensor exists a few times for a moment: its gradient as it comes in and as
        // it is made, what is made again, the parts of attention.
        let of_tokens =
            blocks.saturating_add(of_token.outside.saturating_add(of_token.widest.saturating_mul(4)));

        // The head takes the tokens a chunk at a time; products pack what they multiply.
        let vocabulary = u64::from(self.model.vocabulary_size());
        let logits = LOGITS_AT_A_TIME.max(256 * vocabulary).min(pass_tokens.saturating_mul(vocabulary));
        let table = vocabulary.saturating_mul(u64::from(self.model.hidden_size()));

        let numbers = of_parameters
            .saturating_add(pass_tokens.saturating_mul(of_tokens))
            .saturating_add(logits)
            .saturating_add(table.saturating_mul(2));
        let bytes = numbers.saturating_mul(4);
        bytes.saturating_add(bytes / 10)
    }

    pub(super) fn estimate(&self, flops_per_second: f64) -> Estimate {
        let parameters = self.model.parameter_count();
        let tokens = self.steps.saturating_mul(self.tokens_per_step());
        let operations = tokens as f64 * self.model.training_flops_per_token();
        Estimate {
            parameters: Some(parameters),
            // Measured in docs/benchmarks.md.
            memory_bytes: self.training_memory_bytes().saturating_add(BESIDES_BYTES),
            tokens: Some(tokens),
            floating_point_operations: Some(operations),
            tokens_per_second: (flops_per_second > 0.0)
                .then(|| flops_per_second / self.model.training_flops_per_token()),
            seconds: (flops_per_second > 0.0).then(|| operations / flops_per_second),
        }
    }
}

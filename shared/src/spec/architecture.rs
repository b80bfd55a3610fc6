//! The shapes of the architectures, and what follows from them by arithmetic.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problems, RopeScaling};

/// Which architecture, and its shape.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "architecture", rename_all = "snake_case")]
pub enum ArchitectureSpec {
    Llama(LlamaSpec),
    Gpt2(Gpt2Spec),
}

/// A Llama-style decoder: RMSNorm, rotary positions, grouped-query attention, SwiGLU.
/// The field names of Hugging Face's `LlamaConfig` are noted where ours are plainer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LlamaSpec {
    /// `vocab_size`; must equal the tokenizer's.
    pub vocabulary_size: u32,
    /// `max_position_embeddings`: tokens per training row and at most per generation.
    pub context_length: u32,
    /// `hidden_size`.
    pub hidden_size: u32,
    /// `num_hidden_layers`.
    pub layers: u32,
    /// `num_attention_heads`.
    pub heads: u32,
    /// `num_key_value_heads`: `heads` for multi-head, 1 for multi-query attention.
    pub key_value_heads: u32,
    /// `intermediate_size`.
    pub feed_forward_size: u32,
    /// `rope_theta`.
    pub rope_theta: f64,
    /// `rope_scaling`: absent for positions as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rope_scaling: Option<RopeScaling>,
    /// `rms_norm_eps`.
    pub rms_norm_epsilon: f64,
    /// `tie_word_embeddings`: the head is the embedding's matrix.
    pub tied_embeddings: bool,
}

/// A GPT-2-style decoder: LayerNorm before each half of a block, learned positions, multi-head attention,
/// GELU, biases everywhere but in the head. The field names of Hugging Face's `GPT2Config` are noted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gpt2Spec {
    /// `vocab_size`; must equal the tokenizer's.
    pub vocabulary_size: u32,
    /// `n_positions`: tokens per training row and at most per generation; each has a learned vector.
    pub context_length: u32,
    /// `n_embd`.
    pub hidden_size: u32,
    /// `n_layer`.
    pub layers: u32,
    /// `n_head`.
    pub heads: u32,
    /// `n_inner`.
    pub feed_forward_size: u32,
    /// `layer_norm_epsilon`.
    pub layer_norm_epsilon: f64,
    /// `tie_word_embeddings`: the head is the embedding's matrix.
    pub tied_embeddings: bool,
}

impl ArchitectureSpec {
    pub fn vocabulary_size(&self) -> u32 {
        match self {
            Self::Llama(llama) => llama.vocabulary_size,
            Self::Gpt2(gpt2) => gpt2.vocabulary_size,
        }
    }

    /// For a tokenizer of another size.
    pub fn set_vocabulary_size(&mut self, vocabulary_size: u32) {
        match self {
            Self::Llama(llama) => llama.vocabulary_size = vocabulary_size,
            Self::Gpt2(gpt2) => gpt2.vocabulary_size = vocabulary_size,
        }
    }

    pub fn context_length(&self) -> u32 {
        match self {
            Self::Llama(llama) => llama.context_length,
            Self::Gpt2(gpt2) => gpt2.context_length,
        }
    }

    pub fn hidden_size(&self) -> u32 {
        match self {
            Self::Llama(llama) => llama.hidden_size,
            Self::Gpt2(gpt2) => gpt2.hidden_size,
        }
    }

    pub fn layers(&self) -> u32 {
        match self {
            Self::Llama(llama) => llama.layers,
            Self::Gpt2(gpt2) => gpt2.layers,
        }
    }

    /// Trainable parameters, exactly.
    pub fn parameter_count(&self) -> u64 {
        match self {
            Self::Llama(llama) => llama.parameter_count(),
            Self::Gpt2(gpt2) => gpt2.parameter_count(),
        }
    }

    pub fn validate(&self) -> Result<(), Problems> {
        match self {
            Self::Llama(llama) => llama.validate(),
            Self::Gpt2(gpt2) => gpt2.validate(),
        }
    }

    /// Floating-point operations to train on one token: forward 2, backward 4 per weight used in a
    /// matrix product, and the two products of attention over half a context on average.
    pub fn training_flops_per_token(&self) -> f64 {
        match self {
            Self::Llama(llama) => llama.training_flops_per_token(),
            Self::Gpt2(gpt2) => gpt2.training_flops_per_token(),
        }
    }

    /// What one token of a training row holds until its backward pass, on the CPU.
    pub fn activations_per_token(&self) -> ActivationsPerToken {
        match self {
            Self::Llama(llama) => llama.activations_per_token(),
            Self::Gpt2(gpt2) => gpt2.activations_per_token(),
        }
    }

    /// Weights of all blocks' matrices.
    pub fn block_matrix_parameters(&self) -> u64 {
        let of_block = match self {
            Self::Llama(llama) => llama.block_matrix_parameters(),
            Self::Gpt2(gpt2) => gpt2.block_matrix_parameters(),
        };
        of_block.saturating_mul(u64::from(self.layers()))
    }
}

/// Numbers, each of four bytes, with the fused kernels. The composed form (other devices) holds more: a tensor for
/// every step of a norm, and attention's weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivationsPerToken {
    /// What a block is given, `hidden_size`.
    pub block_input: u64,
    /// Everything that a block remembers for its backward pass, its input included.
    pub block: u64,
    /// Before the first block and behind the last one.
    pub outside: u64,
    /// The widest tensor.
    pub widest: u64,
}

impl LlamaSpec {
    /// Width of one head.
    pub fn head_size(&self) -> u32 {
        self.hidden_size / self.heads.max(1)
    }

    pub fn parameter_count(&self) -> u64 {
        let hidden = u128::from(self.hidden_size);
        let embedding = u128::from(self.vocabulary_size) * hidden;
        let matrices = if self.tied_embeddings { 1 } else { 2 };
        let norms = (2 * u128::from(self.layers) + 1) * hidden;
        let blocks = u128::from(self.layers) * u128::from(self.block_matrix_parameters());
        saturate(matrices * embedding + blocks + norms)
    }

    /// Weights of one block's seven matrices: q, k, v, o, gate, up, down.
    fn block_matrix_parameters(&self) -> u64 {
        let hidden = u128::from(self.hidden_size);
        let key_value = u128::from(self.head_size()) * u128::from(self.key_value_heads);
        let feed_forward = u128::from(self.feed_forward_size);
        saturate(2 * hidden * hidden + 2 * hidden * key_value + 3 * hidden * feed_forward)
    }

    fn training_flops_per_token(&self) -> f64 {
        let layers = f64::from(self.layers);
        let head = f64::from(self.vocabulary_size) * f64::from(self.hidden_size);
        let attention = layers * f64::from(self.hidden_size) * f64::from(self.context_length);
        6.0 * (layers * self.block_matrix_parameters() as f64 + head + attention)
    }

    fn activations_per_token(&self) -> ActivationsPerToken {
        let hidden = u64::from(self.hidden_size);
        let feed_forward = u64::from(self.feed_forward_size);
        let key_value = u64::from(self.head_size()) * u64::from(self.key_value_heads);
        ActivationsPerToken {
            block_input: hidden,
            // What the two norms are given, queries, what is mixed; keys and values; gate and up.
            block: 4 * hidden + 2 * key_value + 2 * feed_forward,
            // What the final norm is given, makes and hands back.
            outside: 3 * hidden,
            widest: hidden.max(feed_forward),
        }
    }

    fn validate(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        problems.range(self.vocabulary_size, 2, 1 << 20, "vocabulary_size");
        problems.range(self.context_length, 2, 1 << 20, "context_length");
        problems.range(self.hidden_size, 2, 1 << 16, "hidden_size");
        problems.range(self.layers, 1, 512, "layers");
        problems.range(self.heads, 1, 1024, "heads");
        problems.range(self.key_value_heads, 1, 1024, "key_value_heads");
        problems.range(self.feed_forward_size, 1, 1 << 20, "feed_forward_size");
        problems.range(self.rope_theta, 1.0, 1e12, "rope_theta");
        if let Some(Err(inner)) = self.rope_scaling.map(|scaling| scaling.validate()) {
            problems.nest("rope_scaling", inner);
        }
        problems.range(self.rms_norm_epsilon, 1e-12, 1e-1, "rms_norm_epsilon");
        // Of a width that is wrong by itself, heads say nothing.
        if self.heads > 0 && self.hidden_size > 1 {
            problems.require(
                self.hidden_size.is_multiple_of(self.heads)
                    && self.head_size().is_multiple_of(2)
                    && self.head_size() > 0,
                "heads",
                format!(
                    "hidden_size {} must split into {} heads of an even width (rotary positions turn pairs)",
                    self.hidden_size, self.heads
                ),
            );
        }
        if self.key_value_heads > 0 {
            problems.require(
                self.heads.is_multiple_of(self.key_value_heads),
                "key_value_heads",
                format!("{} heads cannot share {} key-value heads evenly", self.heads, self.key_value_heads),
            );
        }
        check_parameter_count(self.parameter_count(), &mut problems);
        problems.into_result()
    }
}

impl Gpt2Spec {
    /// Width of one head.
    pub fn head_size(&self) -> u32 {
        self.hidden_size / self.heads.max(1)
    }

    pub fn parameter_count(&self) -> u64 {
        let hidden = u128::from(self.hidden_size);
        let tokens = if self.tied_embeddings { 1 } else { 2 } * u128::from(self.vocabulary_size);
        let tables = (tokens + u128::from(self.context_length)) * hidden;
        // c_attn 3, c_proj 1, the feed-forward's c_proj 1; each norm a weight and a bias.
        let biases = 5 * hidden + u128::from(self.feed_forward_size);
        let block = u128::from(self.block_matrix_parameters()) + biases + 4 * hidden;
        saturate(tables + u128::from(self.layers) * block + 2 * hidden)
    }

    /// Weights of one block's four matrices: c_attn (q, k and v), c_proj, c_fc, c_proj.
    fn block_matrix_parameters(&self) -> u64 {
        let hidden = u128::from(self.hidden_size);
        saturate(4 * hidden * hidden + 2 * hidden * u128::from(self.feed_forward_size))
    }

    fn training_flops_per_token(&self) -> f64 {
        let layers = f64::from(self.layers);
        let head = f64::from(self.vocabulary_size) * f64::from(self.hidden_size);
        let attention = layers * f64::from(self.hidden_size) * f64::from(self.context_length);
        6.0 * (layers * self.block_matrix_parameters() as f64 + head + attention)
    }

    fn activations_per_token(&self) -> ActivationsPerToken {
        let hidden = u64::from(self.hidden_size);
        let feed_forward = u64::from(self.feed_forward_size);
        ActivationsPerToken {
            block_input: hidden,
            // What the two norms are given, queries, keys and values, what is mixed; the feed-forward before
            // GELU.
            block: 6 * hidden + feed_forward,
            // What the final norm is given, makes and hands back.
            outside: 3 * hidden,
            widest: (3 * hidden).max(feed_forward),
        }
    }

    fn validate(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        problems.range(self.vocabulary_size, 2, 1 << 20, "vocabulary_size");
        problems.range(self.context_length, 2, 1 << 20, "context_length");
        problems.range(self.hidden_size, 2, 1 << 16, "hidden_size");
        problems.range(self.layers, 1, 512, "layers");
        problems.range(self.heads, 1, 1024, "heads");
        problems.range(self.feed_forward_size, 1, 1 << 20, "feed_forward_size");
        problems.range(self.layer_norm_epsilon, 1e-12, 1e-1, "layer_norm_epsilon");
        if self.heads > 0 && self.hidden_size > 1 {
            problems.require(
                self.hidden_size.is_multiple_of(self.heads) && self.head_size() > 0,
                "heads",
                format!("hidden_size {} must split into {} heads evenly", self.hidden_size, self.heads),
            );
        }
        check_parameter_count(self.parameter_count(), &mut problems);
        problems.into_result()
    }
}

fn check_parameter_count(count: u64, problems: &mut Problems) {
    let rule = "more than 20 billion parameters: choose a smaller shape";
    problems.require(count <= 20_000_000_000, "hidden_size", rule);
}

/// A spec that does not validate may be absurd; its figures are then merely huge, never a panic.
fn saturate(value: u128) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

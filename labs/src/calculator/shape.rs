//! Six architectures and their numbers.

use serde::Deserialize;
use shared::spec::{ArchitectureSpec, Gpt2Spec, LlamaSpec};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Architecture {
    Gpt2,
    Llama,
    Mamba,
    Rwkv7,
    Deepseek,
    Gru,
}

impl Architecture {
    pub const ALL: [Self; 6] = [Self::Gpt2, Self::Llama, Self::Mamba, Self::Rwkv7, Self::Deepseek, Self::Gru];
}

/// The numbers of all architectures; each uses its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    pub architecture: Architecture,
    pub vocabulary: u64,
    pub context: u64,
    pub layers: u64,
    /// Of attention and of RWKV; the width is theirs times the size of one.
    pub heads: u64,
    pub head_size: u64,
    pub key_value_heads: u64,
    pub feed_forward: u64,
    /// The width where no heads make it.
    pub width: u64,
    /// Mamba: numbers that a channel remembers.
    pub state: u64,
    pub convolution: u64,
    pub expand: u64,
    /// DeepSeek: ranks of queries and of keys and values, rotary numbers of a head.
    pub query_rank: u64,
    pub key_value_rank: u64,
    pub rope_size: u64,
    pub experts: u64,
    pub chosen: u64,
    pub expert_size: u64,
    pub dense_layers: u64,
    pub is_tied: bool,
}

impl Shape {
    /// A size that trains in the course.
    pub fn small(architecture: Architecture) -> Self {
        let common = Self {
            architecture,
            vocabulary: 4096,
            context: 256,
            layers: 6,
            heads: 4,
            head_size: 64,
            key_value_heads: 2,
            feed_forward: 704,
            width: 256,
            state: 16,
            convolution: 4,
            expand: 2,
            query_rank: 96,
            key_value_rank: 64,
            rope_size: 16,
            experts: 8,
            chosen: 2,
            expert_size: 176,
            dense_layers: 1,
            is_tied: true,
        };
        match architecture {
            Architecture::Gpt2 => Self { feed_forward: 1024, ..common },
            Architecture::Rwkv7 => Self { feed_forward: 1024, is_tied: false, ..common },
            Architecture::Gru => Self { layers: 2, ..common },
            _ => common,
        }
    }

    /// A model that was published: GPT-2, TinyLlama, Mamba-130M, RWKV-7 World 0.1B, DeepSeek-V3. The GRU's is one
    /// of the size of Zaremba's (arXiv 1409.2329).
    pub fn published(architecture: Architecture) -> Self {
        let small = Self::small(architecture);
        match architecture {
            Architecture::Gpt2 => {
                Self { vocabulary: 50_257, context: 1024, layers: 12, heads: 12, feed_forward: 3072, ..small }
            }
            Architecture::Llama => Self {
                vocabulary: 32_000,
                context: 2048,
                layers: 22,
                heads: 32,
                key_value_heads: 4,
                feed_forward: 5632,
                is_tied: false,
                ..small
            },
            Architecture::Mamba => {
                Self { vocabulary: 50_280, context: 2048, layers: 24, width: 768, ..small }
            }
            Architecture::Rwkv7 => {
                Self { vocabulary: 65_536, context: 4096, layers: 12, heads: 12, feed_forward: 3072, ..small }
            }
            Architecture::Deepseek => Self {
                vocabulary: 129_280,
                context: 4096,
                layers: 61,
                heads: 128,
                head_size: 128,
                width: 7168,
                feed_forward: 18_432,
                query_rank: 1536,
                key_value_rank: 512,
                rope_size: 64,
                experts: 256,
                chosen: 8,
                expert_size: 2048,
                dense_layers: 3,
                is_tied: false,
                ..small
            },
            Architecture::Gru => {
                Self { vocabulary: 10_000, context: 35, layers: 2, width: 650, is_tied: false, ..small }
            }
        }
    }

    /// Numbers that stand for one token between the layers.
    pub fn hidden(&self) -> u64 {
        match self.architecture {
            Architecture::Gpt2 | Architecture::Llama | Architecture::Rwkv7 => self.heads * self.head_size,
            Architecture::Mamba | Architecture::Deepseek | Architecture::Gru => self.width,
        }
    }

    /// The spec of a job, for the architectures that jobs train.
    pub fn spec(&self) -> Option<ArchitectureSpec> {
        let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        match self.architecture {
            Architecture::Gpt2 => Some(ArchitectureSpec::Gpt2(Gpt2Spec {
                vocabulary_size: number(self.vocabulary),
                context_length: number(self.context),
                hidden_size: number(self.hidden()),
                layers: number(self.layers),
                heads: number(self.heads),
                feed_forward_size: number(self.feed_forward),
                layer_norm_epsilon: 1e-5,
                tied_embeddings: self.is_tied,
            })),
            Architecture::Llama => Some(ArchitectureSpec::Llama(LlamaSpec {
                vocabulary_size: number(self.vocabulary),
                context_length: number(self.context),
                hidden_size: number(self.hidden()),
                layers: number(self.layers),
                heads: number(self.heads),
                key_value_heads: number(self.key_value_heads),
                feed_forward_size: number(self.feed_forward),
                rope_theta: 10_000.0,
                rope_scaling: None,
                rms_norm_epsilon: 1e-5,
                tied_embeddings: self.is_tied,
            })),
            _ => None,
        }
    }
}

/// One number of an architecture, between two bounds.
#[derive(Debug, Clone, Copy)]
pub struct Knob {
    pub label: &'static str,
    pub bounds: (u64, u64),
    pub step: u64,
    pub get: fn(&Shape) -> u64,
    pub set: fn(&mut Shape, u64),
}

macro_rules! knob {
    ($label:expr, $field:ident, $low:expr, $high:expr, $step:expr) => {
        Knob {
            label: $label,
            bounds: ($low, $high),
            step: $step,
            get: |shape| shape.$field,
            set: |shape, value| shape.$field = value,
        }
    };
}

/// What an architecture is set by, the most telling first.
pub fn knobs(architecture: Architecture) -> Vec<Knob> {
    use super::words as w;
    let layers = knob!(w::LAYERS, layers, 1, 64, 1);
    let heads = knob!(w::HEADS, heads, 1, 128, 1);
    let head_size = knob!(w::HEAD_SIZE, head_size, 16, 128, 16);
    let feed_forward = knob!(w::FEED_FORWARD, feed_forward, 64, 20_480, 64);
    let width = knob!(w::WIDTH, width, 32, 8192, 2);
    let vocabulary = knob!(w::VOCABULARY, vocabulary, 256, 131_072, 1);
    let context = knob!(w::CONTEXT, context, 16, 32_768, 1);
    let mut knobs = match architecture {
        Architecture::Gpt2 => vec![layers, heads, head_size, feed_forward],
        Architecture::Llama => {
            let shared = Knob {
                label: w::KEY_VALUE_HEADS,
                bounds: (1, 128),
                step: 1,
                get: |shape| shape.key_value_heads,
                // Query heads share evenly: the nearest number below that divides theirs.
                set: |shape, value| {
                    let divides = |count: &u64| shape.heads.is_multiple_of(*count);
                    shape.key_value_heads = (1..=value.min(shape.heads)).rev().find(divides).unwrap_or(1);
                },
            };
            vec![layers, heads, head_size, shared, feed_forward]
        }
        Architecture::Mamba => vec![
            layers,
            width,
            knob!(w::STATE, state, 4, 128, 4),
            knob!(w::EXPAND, expand, 1, 4, 1),
            knob!(w::CONVOLUTION, convolution, 2, 8, 1),
        ],
        Architecture::Rwkv7 => vec![layers, heads, feed_forward],
        Architecture::Deepseek => vec![
            layers,
            width,
            heads,
            head_size,
            knob!(w::QUERY_RANK, query_rank, 16, 2048, 16),
            knob!(w::KEY_VALUE_RANK, key_value_rank, 16, 1024, 16),
            knob!(w::ROPE_SIZE, rope_size, 8, 128, 8),
            knob!(w::EXPERTS, experts, 1, 256, 1),
            knob!(w::CHOSEN, chosen, 1, 16, 1),
            knob!(w::EXPERT_SIZE, expert_size, 16, 4096, 16),
            knob!(w::DENSE_LAYERS, dense_layers, 0, 8, 1),
            feed_forward,
        ],
        Architecture::Gru => vec![layers, width],
    };
    knobs.extend([vocabulary, context]);
    knobs
}

impl Shape {
    /// The numbers that depend on others follow them.
    pub fn fitted(mut self) -> Self {
        while !self.heads.is_multiple_of(self.key_value_heads.max(1)) {
            self.key_value_heads -= 1;
        }
        self.key_value_heads = self.key_value_heads.max(1);
        self.chosen = self.chosen.min(self.experts);
        self.dense_layers = self.dense_layers.min(self.layers);
        self
    }
}

//! What follows from a shape by arithmetic. GPT-2 and Llama are counted by the functions of the jobs
//! (`shared::spec`); the others by the definitions of their reference implementations:
//! Mamba `mamba_ssm/modules/mamba_simple.py`, RWKV-7 `RWKV-v7/train_temp/src/model.py`,
//! DeepSeek-V3 `inference/model.py`, GRU `torch.nn.GRU`.

use super::shape::{Architecture, Shape};
use super::words as w;

/// A part of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub name: &'static str,
    /// In the letters that the lab explains.
    pub formula: &'static str,
    pub parameters: u64,
    /// Weights that one token meets in matrix products.
    pub used: u64,
}

/// Mamba: ⌈d/16⌉ numbers make the step of every channel.
const STEP_RANK_OF_WIDTH: u64 = 16;
/// Per number of a state and token: forget, write, read. Forward; the backward pass takes twice that.
const STATE_OPERATIONS: f64 = 9.0;
const NUMBER_BYTES: f64 = 4.0;
/// Weights and caches of inference: half precision.
const HALF_BYTES: f64 = 2.0;

/// RWKV-7's ranks by width: decay, rate, value, gate. Halves round to even, as Python's do.
fn rwkv_ranks(width: u64) -> [u64; 4] {
    let root = (width as f64).sqrt();
    [2.5, 2.5, 1.7, 5.0].map(|scale| ((scale * root / 32.0).round_ties_even() as u64 * 32).max(32))
}

/// A part in which every parameter is a weight of a matrix that each token meets.
fn matrix(name: &'static str, formula: &'static str, parameters: u64) -> Part {
    Part { name, formula, parameters, used: parameters }
}

/// Norms, biases, tables: no token multiplies a matrix by them.
fn vector(name: &'static str, formula: &'static str, parameters: u64) -> Part {
    Part { name, formula, parameters, used: 0 }
}

impl Shape {
    pub fn parts(&self) -> Vec<Part> {
        let (d, layers) = (self.hidden(), self.layers);
        let table = self.vocabulary * d;
        let embedding = vector(w::EMBEDDING, "V·d", table);
        let head = match self.is_tied {
            true => Part { name: w::HEAD, formula: w::TIED, parameters: 0, used: table },
            false => matrix(w::HEAD, "V·d", table),
        };
        let mut parts = vec![embedding];
        parts.extend(match self.architecture {
            Architecture::Gpt2 => vec![
                vector(w::POSITIONS, "T·d", self.context * d),
                matrix(w::ATTENTION, "L·4d²", layers * 4 * d * d),
                matrix(w::FEED_FORWARD_PART, "L·2df", layers * 2 * d * self.feed_forward),
                vector(w::NORMS_AND_BIASES, "L·(9d + f) + 2d", layers * (9 * d + self.feed_forward) + 2 * d),
            ],
            Architecture::Llama => vec![
                matrix(
                    w::ATTENTION,
                    "L·(2d² + 2d·h·k)",
                    layers * (2 * d * d + 2 * d * self.head_size * self.key_value_heads),
                ),
                matrix(w::FEED_FORWARD_PART, "L·3df", layers * 3 * d * self.feed_forward),
                vector(w::NORMS, "(2L + 1)·d", (2 * layers + 1) * d),
            ],
            Architecture::Mamba => self.mamba(),
            Architecture::Rwkv7 => self.rwkv7(),
            Architecture::Deepseek => self.deepseek(),
            Architecture::Gru => {
                vec![matrix(w::GATES, "L·6d²", layers * 6 * d * d), vector(w::BIASES, "L·6d", layers * 6 * d)]
            }
        });
        parts.push(head);
        parts
    }

    fn mamba(&self) -> Vec<Part> {
        let (d, layers) = (self.hidden(), self.layers);
        let inner = self.expand * d;
        let rank = d.div_ceil(STEP_RANK_OF_WIDTH);
        vec![
            matrix(w::MAMBA_IN, "L·2d·e", layers * 2 * d * inner),
            vector(w::MAMBA_CONVOLUTION, "L·e(c + 1)", layers * inner * (self.convolution + 1)),
            matrix(w::MAMBA_CHOICE, "L·e(r + 2N)", layers * inner * (rank + 2 * self.state)),
            Part {
                name: w::MAMBA_STEP,
                formula: "L·e(r + 1)",
                parameters: layers * inner * (rank + 1),
                used: layers * inner * rank,
            },
            vector(w::MAMBA_STATE, "L·e(N + 1)", layers * inner * (self.state + 1)),
            matrix(w::MAMBA_OUT, "L·e·d", layers * inner * d),
            vector(w::NORMS, "(L + 1)·d", (layers + 1) * d),
        ]
    }

    fn rwkv7(&self) -> Vec<Part> {
        let (d, layers) = (self.hidden(), self.layers);
        let [decay, rate, value, gate] = rwkv_ranks(d);
        // The first layer mixes no earlier value in.
        let small = layers * 2 * d * (decay + rate + value + gate) - 2 * d * value;
        vec![
            matrix(w::RWKV_MIX, "L·4d²", layers * 4 * d * d),
            matrix(w::RWKV_SMALL, "L·2d(r_w + r_a + r_v + r_g)", small),
            matrix(w::RWKV_CHANNEL, "L·2df", layers * 2 * d * self.feed_forward),
            vector(w::RWKV_VECTORS, "L·19d + 3d", layers * 19 * d - d + 4 * d),
        ]
    }

    fn deepseek(&self) -> Vec<Part> {
        let (d, layers, heads) = (self.hidden(), self.layers, self.heads);
        let (nope, rope, value) = (self.head_size, self.rope_size, self.head_size);
        let queries = self.query_rank * (d + heads * (nope + rope));
        let keys_and_values = d * (self.key_value_rank + rope) + self.key_value_rank * heads * (nope + value);
        let expert = 3 * d * self.expert_size;
        let sparse = layers.saturating_sub(self.dense_layers);
        vec![
            matrix(w::MLA_QUERIES, "L·r_q(d + h(k + k_r))", layers * queries),
            matrix(w::MLA_KEYS, "L·(d(r_kv + k_r) + r_kv·2hk)", layers * keys_and_values),
            matrix(w::MLA_OUT, "L·hk·d", layers * heads * value * d),
            matrix(w::DENSE, "L_d·3df", self.dense_layers * 3 * d * self.feed_forward),
            Part {
                name: w::EXPERTS_PART,
                formula: "(L − L_d)·(E + 1)·3d·f_e",
                parameters: sparse * (self.experts + 1) * expert,
                used: sparse * (self.chosen + 1) * expert,
            },
            matrix(w::ROUTER, "(L − L_d)·E·d", sparse * self.experts * d),
            vector(
                w::NORMS,
                "L·(2d + r_q + r_kv) + d",
                layers * (2 * d + self.query_rank + self.key_value_rank) + d,
            ),
        ]
    }

    pub fn parameters(&self) -> u64 {
        match self.spec() {
            Some(spec) => spec.parameter_count(),
            None => self.parts().iter().map(|part| part.parameters).sum(),
        }
    }

    /// Parameters that take part in one token: with experts, those that were chosen.
    pub fn active_parameters(&self) -> u64 {
        let idle = |part: &Part| {
            let is_experts = part.name == w::EXPERTS_PART;
            if is_experts { part.parameters - part.used } else { 0 }
        };
        self.parameters() - self.parts().iter().map(idle).sum::<u64>()
    }

    /// Floating-point operations to train on one token: six for each weight in a matrix product, and what mixing the
    /// tokens takes.
    pub fn training_flops_per_token(&self) -> f64 {
        if let Some(spec) = self.spec() {
            return spec.training_flops_per_token();
        }
        let used: u64 = self.parts().iter().map(|part| part.used).sum();
        6.0 * used as f64 + 3.0 * self.mixing_flops()
    }

    /// Forward, for one token: over half of the context on average, or over the state.
    fn mixing_flops(&self) -> f64 {
        let layers = self.layers as f64;
        match self.architecture {
            Architecture::Gpt2 | Architecture::Llama => 2.0 * layers * (self.hidden() * self.context) as f64,
            Architecture::Deepseek => {
                layers * (self.context * self.heads * (2 * self.head_size + self.rope_size)) as f64
            }
            Architecture::Mamba => {
                STATE_OPERATIONS * layers * (self.expand * self.hidden() * self.state) as f64
            }
            Architecture::Rwkv7 => STATE_OPERATIONS * layers * (self.hidden() * self.head_size) as f64,
            Architecture::Gru => 0.0,
        }
    }

    /// Numbers that one token of a row holds for its backward pass.
    pub fn activations_per_token(&self) -> u64 {
        let (d, layers) = (self.hidden(), self.layers);
        if let Some(spec) = self.spec() {
            let held = spec.activations_per_token();
            return layers * held.block + held.outside;
        }
        let block = match self.architecture {
            // Norm, both halves of the projection, before and after the convolution, choices, gates, output.
            Architecture::Mamba => 3 * d + self.expand * d * 6 + 2 * self.state,
            // Six shifted inputs, r w k v a g, their mixes; the channel half.
            Architecture::Rwkv7 => 20 * d + 2 * self.feed_forward,
            Architecture::Deepseek => {
                let attention = self.query_rank
                    + self.key_value_rank
                    + self.heads * (4 * self.head_size + 2 * self.rope_size);
                8 * d + attention + 3 * self.expert_size * (self.chosen + 1)
            }
            // Three gates, the candidate, the state.
            _ => 8 * d,
        };
        layers * block + 4 * d
    }

    /// Numbers kept for one token of the context while writing; nothing where a state of fixed size is kept.
    pub fn cache_per_token(&self) -> u64 {
        let layers = self.layers;
        match self.architecture {
            Architecture::Gpt2 => 2 * layers * self.hidden(),
            Architecture::Llama => 2 * layers * self.key_value_heads * self.head_size,
            Architecture::Deepseek => layers * (self.key_value_rank + self.rope_size),
            Architecture::Mamba | Architecture::Rwkv7 | Architecture::Gru => 0,
        }
    }

    /// Numbers kept whatever the context.
    pub fn fixed_state(&self) -> u64 {
        let (d, layers) = (self.hidden(), self.layers);
        match self.architecture {
            Architecture::Mamba => layers * self.expand * d * (self.state + self.convolution - 1),
            Architecture::Rwkv7 => layers * d * (self.head_size + 2),
            Architecture::Gru => layers * d,
            _ => 0,
        }
    }

    /// Bytes to write a text of so many tokens: weights in half precision, and what is remembered.
    pub fn inference_bytes(&self, tokens: f64) -> f64 {
        HALF_BYTES * (self.parameters() as f64 + self.remembered(tokens))
    }

    /// Bytes of what is remembered of so many tokens.
    pub fn remembered_bytes(&self, tokens: f64) -> f64 {
        HALF_BYTES * self.remembered(tokens)
    }

    fn remembered(&self, tokens: f64) -> f64 {
        self.cache_per_token() as f64 * tokens + self.fixed_state() as f64
    }

    /// Bytes of a training with AdamW in single precision, by what they are for.
    pub fn training_bytes(&self, rows: u64) -> [(&'static str, f64); 4] {
        let weights = NUMBER_BYTES * self.parameters() as f64;
        let tokens = (rows * self.context) as f64;
        [
            (w::WEIGHTS, weights),
            (w::GRADIENTS, weights),
            (w::MOMENTS, 2.0 * weights),
            (w::ACTIVATIONS, NUMBER_BYTES * tokens * self.activations_per_token() as f64),
        ]
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::super::shape::knobs;
    use super::{Architecture, Shape, rwkv_ranks};

    fn published(architecture: Architecture) -> u64 {
        Shape::published(architecture).parameters()
    }

    /// Of the published files: `transformers`' `num_parameters()` of gpt2, TinyLlama-1.1B and mamba-130m-hf; the
    /// sum over the tensors of RWKV-x070-World-0.1B; DeepSeek-V3's without its extra prediction layer.
    #[wasm_bindgen_test]
    fn published_models_have_as_many_parameters_as_their_files() {
        assert_eq!(published(Architecture::Gpt2), 124_439_808);
        assert_eq!(published(Architecture::Llama), 1_100_048_384);
        assert_eq!(published(Architecture::Mamba), 129_135_360);
        assert_eq!(published(Architecture::Rwkv7), 191_034_624);
        assert_eq!(published(Architecture::Deepseek), 671_026_404_352);
        // 2 × 3 × (650 × 650 + 650 × 650 + 2 × 650) of torch.nn.GRU, and two tables of 10,000 × 650.
        assert_eq!(published(Architecture::Gru), 2 * 3 * (2 * 650 * 650 + 2 * 650) + 2 * 10_000 * 650);
    }

    #[wasm_bindgen_test]
    fn the_parts_are_the_whole() {
        for architecture in Architecture::ALL {
            for shape in [Shape::small(architecture), Shape::published(architecture)] {
                let sum: u64 = shape.parts().iter().map(|part| part.parameters).sum();
                assert_eq!(sum, shape.parameters(), "{architecture:?}");
            }
        }
    }

    /// The report says 37 billion (arXiv 2412.19437, section 1).
    #[wasm_bindgen_test]
    fn a_token_of_deepseek_meets_few_of_its_experts() {
        let active = Shape::published(Architecture::Deepseek).active_parameters() as f64;
        assert!((36.5e9..38.0e9).contains(&active), "{active}");
        let llama = Shape::published(Architecture::Llama);
        assert_eq!(llama.active_parameters(), llama.parameters());
    }

    #[wasm_bindgen_test]
    fn used_weights_are_what_the_jobs_count() {
        for architecture in [Architecture::Gpt2, Architecture::Llama] {
            let shape = Shape::published(architecture);
            let used: u64 = shape.parts().iter().map(|part| part.used).sum();
            let here = 6.0 * used as f64 + 3.0 * shape.mixing_flops();
            let there = shape.training_flops_per_token();
            assert!((here / there - 1.0).abs() < 1e-12, "{architecture:?}: {here} {there}");
        }
    }

    /// DeepSeek-V2's report: 93 % less than 67B's grouped attention; V3 keeps 576 numbers a layer.
    #[wasm_bindgen_test]
    fn what_is_remembered_grows_with_attention_only() {
        let deepseek = Shape::published(Architecture::Deepseek);
        assert_eq!(deepseek.cache_per_token(), 61 * 576);
        for architecture in [Architecture::Mamba, Architecture::Rwkv7, Architecture::Gru] {
            let shape = Shape::published(architecture);
            assert_eq!(shape.remembered_bytes(10.0), shape.remembered_bytes(1e6));
        }
        let mamba = Shape::published(Architecture::Mamba);
        assert_eq!(mamba.fixed_state(), 24 * 1536 * (16 + 3));
    }

    #[wasm_bindgen_test]
    fn ranks_are_those_of_the_reference() {
        assert_eq!(rwkv_ranks(768), [64, 64, 32, 128]);
        assert_eq!(rwkv_ranks(1024), [64, 64, 64, 160]);
        assert_eq!(rwkv_ranks(2048), [128, 128, 64, 224]);
    }

    #[wasm_bindgen_test]
    fn every_knob_moves_its_number_within_its_bounds() {
        for architecture in Architecture::ALL {
            for knob in knobs(architecture) {
                for start in [Shape::small(architecture), Shape::published(architecture)] {
                    let value = (knob.get)(&start);
                    assert!((knob.bounds.0..=knob.bounds.1).contains(&value), "{}: {value}", knob.label);
                    let mut shape = start;
                    (knob.set)(&mut shape, knob.bounds.0);
                    let shape = shape.fitted();
                    assert_eq!((knob.get)(&shape), knob.bounds.0, "{}", knob.label);
                    assert!(shape.parameters() > 0);
                }
            }
        }
    }
}

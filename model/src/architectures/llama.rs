//! Llama (Touvron et al. 2023; grouped-query attention as in Llama 2), as Hugging Face's
//! `LlamaForCausalLM` (`transformers/models/llama/modeling_llama.py`) computes it.
//!
//! ```text
//! x  = E[token]                                              [tokens, hidden]
//! for every block:
//!     h  = rms_norm(x)
//!     q  = rope(h Wqᵀ)    k = rope(h Wkᵀ)    v = h Wvᵀ       [tokens, (key_value_)heads · head_size]
//!     x += causal_attention(q, k, v) Woᵀ
//!     h  = rms_norm(x)
//!     x += (silu(h Wgateᵀ) ⊙ h Wupᵀ) Wdownᵀ                  [tokens, feed_forward] inside
//! logits = rms_norm(x) Wheadᵀ                                [tokens, vocabulary]
//! ```

use shared::events::ParameterGroup;
use shared::spec::LlamaSpec;

use super::{Initialization, Parameter};
use crate::Result;
use crate::batch::Batch;
use crate::kernels::rope;
use crate::ops::{AttentionShape, Embedding, Linear, Ops, RotaryAngles, Weight};
use crate::state::State;
use crate::weights::Layout;

/// The weights, by their place.
#[derive(Debug, Clone)]
pub struct Llama<T> {
    pub spec: LlamaSpec,
    embedding: Embedding<T>,
    blocks: Vec<Block<T>>,
    final_norm: T,
    head: Linear<T>,
}

#[derive(Debug, Clone)]
struct Block<T> {
    attention_norm: T,
    query: Linear<T>,
    key: Linear<T>,
    value: Linear<T>,
    output: Linear<T>,
    feed_forward_norm: T,
    gate: Linear<T>,
    up: Linear<T>,
    down: Linear<T>,
}

/// Names and shapes of the weights, `[out, in]`, in the order of the forward pass.
pub fn parameters(spec: &LlamaSpec) -> Vec<Parameter> {
    let size = |value: u32| value as usize;
    let (vocabulary, hidden) = (size(spec.vocabulary_size), size(spec.hidden_size));
    let feed_forward = size(spec.feed_forward_size);
    let key_value = size(spec.head_size()) * size(spec.key_value_heads);
    let residual = Initialization::Residual { layers: spec.layers };
    let mut list = Vec::new();
    let mut add = |name: String, shape: Vec<usize>, initialization| {
        list.push(Parameter { name, shape, layout: Layout::Plain, initialization });
    };
    add("model.embed_tokens.weight".to_owned(), vec![vocabulary, hidden], Initialization::Normal);
    for i in 0..spec.layers {
        let at = |name: &str| format!("model.layers.{i}.{name}.weight");
        add(at("input_layernorm"), vec![hidden], Initialization::Ones);
        add(at("self_attn.q_proj"), vec![hidden, hidden], Initialization::Normal);
        add(at("self_attn.k_proj"), vec![key_value, hidden], Initialization::Normal);
        add(at("self_attn.v_proj"), vec![key_value, hidden], Initialization::Normal);
        add(at("self_attn.o_proj"), vec![hidden, hidden], residual);
        add(at("post_attention_layernorm"), vec![hidden], Initialization::Ones);
        add(at("mlp.gate_proj"), vec![feed_forward, hidden], Initialization::Normal);
        add(at("mlp.up_proj"), vec![feed_forward, hidden], Initialization::Normal);
        add(at("mlp.down_proj"), vec![hidden, feed_forward], residual);
    }
    add("model.norm.weight".to_owned(), vec![hidden], Initialization::Ones);
    if !spec.tied_embeddings {
        add("lm_head.weight".to_owned(), vec![vocabulary, hidden], Initialization::Normal);
    }
    list
}

/// The group of a parameter, by its Hugging Face name.
pub fn group(name: &str) -> Option<ParameterGroup> {
    let Some(name) = name.strip_prefix("model.") else {
        return (name == "lm_head.weight").then_some(ParameterGroup::Head);
    };
    let Some((layer, part)) = name.strip_prefix("layers.").and_then(|name| name.split_once('.')) else {
        return match name.split('.').next()? {
            "embed_tokens" => Some(ParameterGroup::Embedding),
            "norm" => Some(ParameterGroup::Norms),
            _ => None,
        };
    };
    let layer = layer.parse().ok()?;
    match part.split('.').next()? {
        "self_attn" => Some(ParameterGroup::Attention { layer }),
        "mlp" => Some(ParameterGroup::FeedForward { layer }),
        "input_layernorm" | "post_attention_layernorm" => Some(ParameterGroup::Norms),
        _ => None,
    }
}

impl<T: Clone> Llama<T> {
    /// Puts the weights in their places; `weight` finds one by its Hugging Face name.
    pub fn new(spec: &LlamaSpec, mut weight: impl FnMut(&str) -> Result<Weight<T>>) -> Result<Self> {
        let embedding = weight("model.embed_tokens.weight")?;
        let mut block = |i: u32| -> Result<Block<T>> {
            let mut at = |name: &str| weight(&format!("model.layers.{i}.{name}.weight"));
            let mut linear = |name: &str| -> Result<Linear<T>> { Ok(at(name)?.linear(None)) };
            let (query, key) = (linear("self_attn.q_proj")?, linear("self_attn.k_proj")?);
            let (value, output) = (linear("self_attn.v_proj")?, linear("self_attn.o_proj")?);
            let (gate, up) = (linear("mlp.gate_proj")?, linear("mlp.up_proj")?);
            let down = linear("mlp.down_proj")?;
            let mut norm = |name: &str| at(name)?.vector(name);
            let (attention_norm, feed_forward_norm) =
                (norm("input_layernorm")?, norm("post_attention_layernorm")?);
            Ok(Block { attention_norm, query, key, value, output, feed_forward_norm, gate, up, down })
        };
        let blocks = (0..spec.layers).map(&mut block).collect::<Result<_>>()?;
        let final_norm = weight("model.norm.weight")?.vector("model.norm.weight")?;
        let head = if spec.tied_embeddings { embedding.clone() } else { weight("lm_head.weight")? };
        Ok(Self {
            spec: spec.clone(),
            embedding: embedding.embedding(),
            blocks,
            final_norm,
            head: head.linear(None),
        })
    }

    pub fn attention_shape(&self) -> AttentionShape {
        AttentionShape {
            heads: self.spec.heads as usize,
            key_value_heads: self.spec.key_value_heads as usize,
            head_size: self.spec.head_size() as usize,
        }
    }

    /// Tokens → `[tokens, hidden]`.
    pub fn embed<O: Ops<Tensor = T>>(&self, ops: &O, batch: &Batch) -> Result<T> {
        ops.embedding(&batch.tokens, &self.embedding)
    }

    /// The rotations of the batch's positions, for every block.
    pub fn rotary_angles<O: Ops<Tensor = T>>(&self, ops: &O, batch: &Batch) -> Result<RotaryAngles<T>> {
        let LlamaSpec { rope_theta, rope_scaling, .. } = self.spec;
        let frequencies = rope::frequencies(self.spec.head_size() as usize, rope_theta, rope_scaling);
        ops.rotary_angles(&batch.positions, &frequencies)
    }

    /// Block `i`: `[tokens, hidden]` → `[tokens, hidden]`. Its keys and values go to `state`.
    #[allow(clippy::too_many_arguments)]
    pub fn block<O: Ops<Tensor = T>>(
        &self,
        i: usize,
        ops: &O,
        x: &T,
        angles: &RotaryAngles<T>,
        batch: &Batch,
        state: &mut State<T>,
        probe: &mut dyn FnMut(&str, &T),
    ) -> Result<T> {
        let block = &self.blocks[i];
        let epsilon = self.spec.rms_norm_epsilon;
        let shape = self.attention_shape();

        let h = ops.rms_norm(x, &block.attention_norm, epsilon)?;
        let queries = ops.rope(&ops.linear(&h, &block.query)?, angles)?;
        let keys = ops.rope(&ops.linear(&h, &block.key)?, angles)?;
        let values = ops.linear(&h, &block.value)?;
        probe(&format!("blocks.{i}.queries"), &queries);
        probe(&format!("blocks.{i}.keys"), &keys);
        let attended = state.extend(ops, i, batch, &keys, &values)?;
        let mixed =
            ops.causal_attention(&queries, &attended.keys, &attended.values, shape, &attended.segments)?;
        probe(&format!("blocks.{i}.attention"), &mixed);
        let x = ops.add(x, &ops.linear(&mixed, &block.output)?)?;

        let h = ops.rms_norm(&x, &block.feed_forward_norm, epsilon)?;
        let inner = ops.swiglu(&ops.linear(&h, &block.gate)?, &ops.linear(&h, &block.up)?)?;
        probe(&format!("blocks.{i}.feed_forward"), &inner);
        let x = ops.add(&x, &ops.linear(&inner, &block.down)?)?;
        probe(&format!("blocks.{i}"), &x);
        Ok(x)
    }

    pub fn final_norm<O: Ops<Tensor = T>>(&self, ops: &O, x: &T) -> Result<T> {
        ops.rms_norm(x, &self.final_norm, self.spec.rms_norm_epsilon)
    }

    /// The weights that turn hidden states into logits.
    pub fn head(&self) -> &Linear<T> {
        &self.head
    }

    /// The final hidden states of a batch, `[tokens, hidden]`, ready for the head.
    pub fn hidden<O: Ops<Tensor = T>>(
        &self,
        ops: &O,
        batch: &Batch,
        state: &mut State<T>,
        probe: &mut dyn FnMut(&str, &T),
    ) -> Result<T> {
        batch.check(self.spec.vocabulary_size, self.spec.context_length)?;
        let angles = self.rotary_angles(ops, batch)?;
        let mut x = self.embed(ops, batch)?;
        probe("embedding", &x);
        for i in 0..self.blocks.len() {
            x = self.block(i, ops, &x, &angles, batch, state, probe)?;
        }
        self.final_norm(ops, &x)
    }
}

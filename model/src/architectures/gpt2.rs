//! GPT-2 (Radford et al. 2019), as Hugging Face's `GPT2LMHeadModel`
//! (`transformers/models/gpt2/modeling_gpt2.py`) computes it, without dropout.
//!
//! ```text
//! x  = E[token] + P[position]                                [tokens, hidden]
//! for every block:
//!     h  = layer_norm(x)
//!     [q k v] = h Wattnᵀ + battn                             [tokens, 3 · hidden], a third each
//!     x += causal_attention(q, k, v) Wprojᵀ + bproj
//!     h  = layer_norm(x)
//!     x += gelu(h Wfcᵀ + bfc) Wprojᵀ + bproj                 [tokens, feed_forward] inside
//! logits = layer_norm(x) Wheadᵀ                              [tokens, vocabulary]
//! ```
//!
//! A bias of the keys moves all scores of a query alike, and the softmax takes it out again: its part of
//! `battn` has no gradient but rounding.

use shared::events::ParameterGroup;
use shared::spec::Gpt2Spec;

use super::{Initialization, Parameter};
use crate::Result;
use crate::batch::Batch;
use crate::ops::{AttentionShape, Embedding, Linear, Ops, Weight};
use crate::state::State;
use crate::weights::Layout;

/// The weights, by their place.
#[derive(Debug, Clone)]
pub struct Gpt2<T> {
    pub spec: Gpt2Spec,
    embedding: Embedding<T>,
    positions: Embedding<T>,
    blocks: Vec<Block<T>>,
    final_norm: Norm<T>,
    head: Linear<T>,
}

#[derive(Debug, Clone)]
struct Block<T> {
    attention_norm: Norm<T>,
    /// Queries, keys and values in one product.
    attention: Linear<T>,
    output: Linear<T>,
    feed_forward_norm: Norm<T>,
    up: Linear<T>,
    down: Linear<T>,
}

#[derive(Debug, Clone)]
struct Norm<T> {
    weight: T,
    bias: T,
}

/// Names and shapes of the weights, matrices `[out, in]`, in the order of the forward pass. Files have
/// the matrices inside of the blocks as `[in, out]`: GPT-2's `Conv1D`.
pub fn parameters(spec: &Gpt2Spec) -> Vec<Parameter> {
    let size = |value: u32| value as usize;
    let (vocabulary, hidden) = (size(spec.vocabulary_size), size(spec.hidden_size));
    let feed_forward = size(spec.feed_forward_size);
    let residual = Initialization::Residual { layers: spec.layers };
    let mut list = Vec::new();
    let mut add = |name: String, shape: Vec<usize>, layout, initialization| {
        list.push(Parameter { name, shape, layout, initialization });
    };
    add("transformer.wte.weight".to_owned(), vec![vocabulary, hidden], Layout::Plain, Initialization::Normal);
    let positions = vec![size(spec.context_length), hidden];
    add("transformer.wpe.weight".to_owned(), positions, Layout::Plain, Initialization::Normal);
    for i in 0..spec.layers {
        let attention = ("attn.c_attn", [3 * hidden, hidden], Initialization::Normal);
        let output = ("attn.c_proj", [hidden, hidden], residual);
        let up = ("mlp.c_fc", [feed_forward, hidden], Initialization::Normal);
        let down = ("mlp.c_proj", [hidden, feed_forward], residual);
        for (norm, matrices) in [("ln_1", [attention, output]), ("ln_2", [up, down])] {
            let at = |name: &str| format!("transformer.h.{i}.{name}");
            add(at(&format!("{norm}.weight")), vec![hidden], Layout::Plain, Initialization::Ones);
            add(at(&format!("{norm}.bias")), vec![hidden], Layout::Plain, Initialization::Zeros);
            for (name, shape, initialization) in matrices {
                add(at(&format!("{name}.weight")), shape.into(), Layout::Transposed, initialization);
                add(at(&format!("{name}.bias")), vec![shape[0]], Layout::Plain, Initialization::Zeros);
            }
        }
    }
    add("transformer.ln_f.weight".to_owned(), vec![hidden], Layout::Plain, Initialization::Ones);
    add("transformer.ln_f.bias".to_owned(), vec![hidden], Layout::Plain, Initialization::Zeros);
    if !spec.tied_embeddings {
        add("lm_head.weight".to_owned(), vec![vocabulary, hidden], Layout::Plain, Initialization::Normal);
    }
    list
}

/// The group of a parameter, by its Hugging Face name.
pub fn group(name: &str) -> Option<ParameterGroup> {
    let Some(name) = name.strip_prefix("transformer.") else {
        return (name == "lm_head.weight").then_some(ParameterGroup::Head);
    };
    let Some((layer, part)) = name.strip_prefix("h.").and_then(|name| name.split_once('.')) else {
        return match name.split('.').next()? {
            "wte" | "wpe" => Some(ParameterGroup::Embedding),
            "ln_f" => Some(ParameterGroup::Norms),
            _ => None,
        };
    };
    let layer = layer.parse().ok()?;
    match part.split('.').next()? {
        "attn" => Some(ParameterGroup::Attention { layer }),
        "mlp" => Some(ParameterGroup::FeedForward { layer }),
        "ln_1" | "ln_2" => Some(ParameterGroup::Norms),
        _ => None,
    }
}

impl<T: Clone> Gpt2<T> {
    /// Puts the weights in their places; `weight` finds one by its Hugging Face name.
    pub fn new(spec: &Gpt2Spec, mut weight: impl FnMut(&str) -> Result<Weight<T>>) -> Result<Self> {
        let embedding = weight("transformer.wte.weight")?;
        let positions = weight("transformer.wpe.weight")?;
        // A weight and the bias beside it.
        let mut pair = |name: &str| -> Result<(Weight<T>, T)> {
            let mut at = |part: &str| weight(&format!("transformer.{name}.{part}"));
            Ok((at("weight")?, at("bias")?.vector(name)?))
        };
        let norm = |name: &str, (weight, bias): (Weight<T>, T)| -> Result<Norm<T>> {
            Ok(Norm { weight: weight.vector(name)?, bias })
        };
        let mut block = |i: u32| -> Result<Block<T>> {
            let mut pair = |name: &str| pair(&format!("h.{i}.{name}"));
            let attention_norm = norm("ln_1", pair("ln_1")?)?;
            let feed_forward_norm = norm("ln_2", pair("ln_2")?)?;
            let mut linear = |name: &str| -> Result<Linear<T>> {
                let (weight, bias) = pair(name)?;
                Ok(weight.linear(Some(bias)))
            };
            let (attention, output) = (linear("attn.c_attn")?, linear("attn.c_proj")?);
            let (up, down) = (linear("mlp.c_fc")?, linear("mlp.c_proj")?);
            Ok(Block { attention_norm, attention, output, feed_forward_norm, up, down })
        };
        let blocks = (0..spec.layers).map(&mut block).collect::<Result<_>>()?;
        let final_norm = norm("ln_f", pair("ln_f")?)?;
        let head = if spec.tied_embeddings { embedding.clone() } else { weight("lm_head.weight")? };
        Ok(Self {
            spec: spec.clone(),
            embedding: embedding.embedding(),
            positions: positions.embedding(),
            blocks,
            final_norm,
            head: head.linear(None),
        })
    }

    /// Tokens and their places → `[tokens, hidden]`.
    pub fn embed<O: Ops<Tensor = T>>(&self, ops: &O, batch: &Batch) -> Result<T> {
        let tokens = ops.embedding(&batch.tokens, &self.embedding)?;
        ops.add(&tokens, &ops.embedding(&batch.positions, &self.positions)?)
    }

    pub fn attention_shape(&self) -> AttentionShape {
        let heads = self.spec.heads as usize;
        AttentionShape { heads, key_value_heads: heads, head_size: self.spec.head_size() as usize }
    }

    /// Block `i`: `[tokens, hidden]` → `[tokens, hidden]`. Its keys and values go to `state`.
    pub fn block<O: Ops<Tensor = T>>(
        &self,
        i: usize,
        ops: &O,
        x: &T,
        batch: &Batch,
        state: &mut State<T>,
        probe: &mut dyn FnMut(&str, &T),
    ) -> Result<T> {
        let block = &self.blocks[i];
        let (shape, hidden) = (self.attention_shape(), self.spec.hidden_size as usize);

        let together = ops.linear(&self.norm(ops, x, &block.attention_norm)?, &block.attention)?;
        probe(&format!("blocks.{i}.queries_keys_values"), &together);
        let mixed = if batch.state_slots.is_empty() {
            ops.self_attention(&together, shape, &batch.segments())?
        } else {
            let third = |index: usize| ops.narrow_columns(&together, index * hidden, hidden);
            let attended = state.extend(ops, i, batch, &third(1)?, &third(2)?)?;
            ops.causal_attention(&third(0)?, &attended.keys, &attended.values, shape, &attended.segments)?
        };
        probe(&format!("blocks.{i}.attention"), &mixed);
        let x = ops.add(x, &ops.linear(&mixed, &block.output)?)?;

        let up = ops.linear(&self.norm(ops, &x, &block.feed_forward_norm)?, &block.up)?;
        let inner = ops.gelu(&up)?;
        probe(&format!("blocks.{i}.feed_forward"), &inner);
        let x = ops.add(&x, &ops.linear(&inner, &block.down)?)?;
        probe(&format!("blocks.{i}"), &x);
        Ok(x)
    }

    fn norm<O: Ops<Tensor = T>>(&self, ops: &O, x: &T, norm: &Norm<T>) -> Result<T> {
        ops.layer_norm(x, &norm.weight, &norm.bias, self.spec.layer_norm_epsilon)
    }

    pub fn final_norm<O: Ops<Tensor = T>>(&self, ops: &O, x: &T) -> Result<T> {
        self.norm(ops, x, &self.final_norm)
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
        let mut x = self.embed(ops, batch)?;
        probe("embedding", &x);
        for i in 0..self.blocks.len() {
            x = self.block(i, ops, &x, batch, state, probe)?;
        }
        self.final_norm(ops, &x)
    }
}

//! The architectures, one readable file each, and what is the same for all of them.

pub mod gpt2;
pub mod llama;

use std::collections::BTreeMap;

use candle_core::{DType, Device, Tensor};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use shared::events::ParameterGroup;
use shared::spec::ArchitectureSpec;

pub use gpt2::Gpt2;
pub use llama::Llama;

use crate::batch::Batch;
use crate::ops::{AttentionShape, Linear, Ops, RotaryAngles, Weight};
use crate::state::State;
use crate::weights::Layout;
use crate::{Error, Result};

/// A trainable tensor before it exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Hugging Face's name.
    pub name: String,
    pub shape: Vec<usize>,
    /// In files; here it has `shape`.
    pub layout: Layout,
    pub initialization: Initialization,
}

/// How a parameter starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initialization {
    Zeros,
    Ones,
    /// N(0, 0.02).
    Normal,
    /// N(0, 0.02 / √(2 · layers)): it writes to the residual stream, twice per layer (GPT-2).
    Residual {
        layers: u32,
    },
}

/// Every parameter of an architecture, in the order of the forward pass.
pub fn parameters(spec: &ArchitectureSpec) -> Vec<Parameter> {
    match spec {
        ArchitectureSpec::Llama(llama) => llama::parameters(llama),
        ArchitectureSpec::Gpt2(gpt2) => gpt2::parameters(gpt2),
    }
}

/// The group that a parameter is counted in; `None` for a name that the architecture does not have.
pub fn group(spec: &ArchitectureSpec, name: &str) -> Option<ParameterGroup> {
    match spec {
        ArchitectureSpec::Llama(_) => llama::group(name),
        ArchitectureSpec::Gpt2(_) => gpt2::group(name),
    }
}

/// Weights by Hugging Face name.
pub type Weights = BTreeMap<String, Tensor>;

/// Random weights. The same seed gives the same bits on every device; types other than f32 get the
/// rounded values.
pub fn random_weights(spec: &ArchitectureSpec, seed: u64, dtype: DType, device: &Device) -> Result<Weights> {
    let mut random = ChaCha12Rng::seed_from_u64(seed);
    parameters(spec)
        .into_iter()
        .map(|parameter| {
            let count = parameter.shape.iter().product();
            let values: Vec<f32> = match parameter.initialization {
                Initialization::Zeros => vec![0.0; count],
                Initialization::Ones => vec![1.0; count],
                Initialization::Normal => normal(&mut random, count, 0.02),
                Initialization::Residual { layers } => {
                    normal(&mut random, count, 0.02 / (2.0 * f64::from(layers)).sqrt())
                }
            };
            let tensor = Tensor::from_vec(values, parameter.shape, device)?.to_dtype(dtype)?;
            Ok((parameter.name, tensor))
        })
        .collect()
}

/// Box and Muller's pairs, in f64.
fn normal(random: &mut impl Rng, count: usize, deviation: f64) -> Vec<f32> {
    let mut values = Vec::with_capacity(count + 1);
    while values.len() < count {
        let radius = (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
        let angle = std::f64::consts::TAU * random.random::<f64>();
        values.push((deviation * radius * angle.cos()) as f32);
        values.push((deviation * radius * angle.sin()) as f32);
    }
    values.truncate(count);
    values
}

/// A model of any architecture.
#[derive(Debug, Clone)]
pub enum Model<T> {
    Llama(Llama<T>),
    Gpt2(Gpt2<T>),
}

impl<T: Clone> Model<T> {
    /// Puts weights in their places.
    ///
    /// # Errors
    /// [`Error::Weights`] naming the first parameter that is missing.
    pub fn new(spec: &ArchitectureSpec, weights: &BTreeMap<String, T>) -> Result<Self> {
        Self::place(spec, |name| weights.get(name).cloned().map(Weight::Dense))
    }

    /// [`new`](Self::new) for weights of which some are quantized.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn of_weights(spec: &ArchitectureSpec, weights: &BTreeMap<String, Weight<T>>) -> Result<Self> {
        Self::place(spec, |name| weights.get(name).cloned())
    }

    fn place(spec: &ArchitectureSpec, find: impl Fn(&str) -> Option<Weight<T>>) -> Result<Self> {
        let weight =
            |name: &str| find(name).ok_or_else(|| Error::Weights(format!("the tensor {name:?} is missing")));
        match spec {
            ArchitectureSpec::Llama(llama) => Ok(Self::Llama(Llama::new(llama, weight)?)),
            ArchitectureSpec::Gpt2(gpt2) => Ok(Self::Gpt2(Gpt2::new(gpt2, weight)?)),
        }
    }

    pub fn vocabulary_size(&self) -> usize {
        match self {
            Self::Llama(llama) => llama.spec.vocabulary_size as usize,
            Self::Gpt2(gpt2) => gpt2.spec.vocabulary_size as usize,
        }
    }

    pub fn context_length(&self) -> usize {
        match self {
            Self::Llama(llama) => llama.spec.context_length as usize,
            Self::Gpt2(gpt2) => gpt2.spec.context_length as usize,
        }
    }

    /// Blocks.
    pub fn layers(&self) -> usize {
        match self {
            Self::Llama(llama) => llama.spec.layers as usize,
            Self::Gpt2(gpt2) => gpt2.spec.layers as usize,
        }
    }

    pub fn attention_shape(&self) -> AttentionShape {
        match self {
            Self::Llama(llama) => llama.attention_shape(),
            Self::Gpt2(gpt2) => gpt2.attention_shape(),
        }
    }

    /// A state with `slots` empty sequences.
    pub fn empty_state(&self, slots: usize) -> State<T> {
        match self {
            Self::Llama(llama) => State::empty(slots, llama.spec.layers as usize),
            Self::Gpt2(gpt2) => State::empty(slots, gpt2.spec.layers as usize),
        }
    }

    /// The final hidden states, `[tokens, hidden]`. `probe` sees intermediate tensors by name.
    pub fn hidden<O: Ops<Tensor = T>>(
        &self,
        ops: &O,
        batch: &Batch,
        state: &mut State<T>,
        probe: &mut dyn FnMut(&str, &T),
    ) -> Result<T> {
        match self {
            Self::Llama(llama) => llama.hidden(ops, batch, state, probe),
            Self::Gpt2(gpt2) => gpt2.hidden(ops, batch, state, probe),
        }
    }

    /// The rotations of the batch's positions, where positions are rotated: every block takes them.
    pub fn rotary_angles<O: Ops<Tensor = T>>(
        &self,
        ops: &O,
        batch: &Batch,
    ) -> Result<Option<RotaryAngles<T>>> {
        match self {
            Self::Llama(llama) => llama.rotary_angles(ops, batch).map(Some),
            Self::Gpt2(_) => Ok(None),
        }
    }

    /// What goes into the first block, `[tokens, hidden]`.
    pub fn embed<O: Ops<Tensor = T>>(&self, ops: &O, batch: &Batch) -> Result<T> {
        match self {
            Self::Llama(llama) => llama.embed(ops, batch),
            Self::Gpt2(gpt2) => gpt2.embed(ops, batch),
        }
    }

    /// Block `i` of sequences that remember nothing: `[tokens, hidden]` → `[tokens, hidden]`. `angles` are
    /// [`rotary_angles`](Self::rotary_angles) of the same batch; they are made here if they are not given.
    pub fn block<O: Ops<Tensor = T>>(
        &self,
        i: usize,
        ops: &O,
        x: &T,
        angles: Option<&RotaryAngles<T>>,
        batch: &Batch,
        probe: &mut dyn FnMut(&str, &T),
    ) -> Result<T> {
        let state = &mut State::none();
        match (self, angles) {
            (Self::Llama(llama), Some(angles)) => llama.block(i, ops, x, angles, batch, state, probe),
            (Self::Llama(llama), None) => {
                llama.block(i, ops, x, &llama.rotary_angles(ops, batch)?, batch, state, probe)
            }
            (Self::Gpt2(gpt2), _) => gpt2.block(i, ops, x, batch, state, probe),
        }
    }

    /// What comes out of the last block → the final hidden states.
    pub fn final_norm<O: Ops<Tensor = T>>(&self, ops: &O, x: &T) -> Result<T> {
        match self {
            Self::Llama(llama) => llama.final_norm(ops, x),
            Self::Gpt2(gpt2) => gpt2.final_norm(ops, x),
        }
    }

    /// The weights that turn hidden states into logits.
    pub fn head(&self) -> &Linear<T> {
        match self {
            Self::Llama(llama) => llama.head(),
            Self::Gpt2(gpt2) => gpt2.head(),
        }
    }

    /// `[tokens, vocabulary]` scores of the token that follows each token.
    pub fn logits<O: Ops<Tensor = T>>(&self, ops: &O, batch: &Batch, state: &mut State<T>) -> Result<T> {
        let hidden = self.hidden(ops, batch, state, &mut |_, _| {})?;
        ops.linear(&hidden, self.head())
    }
}

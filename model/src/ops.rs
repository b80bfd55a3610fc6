//! The layer-level operations that architectures are written in, and the weights that they take.
//!
//! Ops record synchronously. Rows are tokens: unless said otherwise a tensor is `[tokens, width]`.

use std::sync::Arc;

use crate::kernels::quantized_linear::QuantizedMatrix;
use crate::{Error, Result};

/// A device that can run a model.
pub trait Ops {
    type Tensor: Clone;

    /// Rows of the table: `[tokens, hidden]`.
    fn embedding(&self, ids: &[u32], table: &Embedding<Self::Tensor>) -> Result<Self::Tensor>;

    /// `x Wᵀ + b`: `[tokens, in]` → `[tokens, out]`.
    fn linear(&self, x: &Self::Tensor, linear: &Linear<Self::Tensor>) -> Result<Self::Tensor>;

    /// Root-mean-square normalisation of every row, scaled by `weight` `[width]`.
    fn rms_norm(&self, x: &Self::Tensor, weight: &Self::Tensor, epsilon: f64) -> Result<Self::Tensor>;

    /// Every row with mean 0 and variance 1, scaled by `weight` and moved by `bias`, each `[width]`.
    fn layer_norm(
        &self,
        x: &Self::Tensor,
        weight: &Self::Tensor,
        bias: &Self::Tensor,
        epsilon: f64,
    ) -> Result<Self::Tensor>;

    /// The rotation of every position by the `frequencies` of a head, `[head_size / 2]`; made once per batch,
    /// used by every layer.
    fn rotary_angles(&self, positions: &[u32], frequencies: &[f64]) -> Result<RotaryAngles<Self::Tensor>>;

    /// Turns every head of `x` `[tokens, heads · head_size]` by its token's angles.
    fn rope(&self, x: &Self::Tensor, angles: &RotaryAngles<Self::Tensor>) -> Result<Self::Tensor>;

    /// Softmax attention of each segment's queries over its keys, never to the future.
    /// `queries` `[tokens, heads · head_size]`, `keys` and `values`
    /// `[key tokens, key_value_heads · head_size]` → `[tokens, heads · head_size]`.
    fn causal_attention(
        &self,
        queries: &Self::Tensor,
        keys: &Self::Tensor,
        values: &Self::Tensor,
        shape: AttentionShape,
        segments: &[Segment],
    ) -> Result<Self::Tensor>;

    /// [`Ops::causal_attention`] of sequences that remember nothing, with as many heads of keys and values as
    /// of queries; `together` `[tokens, 3 · heads · head_size]` holds the three side by side.
    fn self_attention(
        &self,
        together: &Self::Tensor,
        shape: AttentionShape,
        segments: &[Segment],
    ) -> Result<Self::Tensor> {
        let width = shape.heads * shape.head_size;
        let third = |index: usize| self.narrow_columns(together, index * width, width);
        self.causal_attention(&third(0)?, &third(1)?, &third(2)?, shape, segments)
    }

    /// `silu(gate) ⊙ up`.
    fn swiglu(&self, gate: &Self::Tensor, up: &Self::Tensor) -> Result<Self::Tensor>;

    /// `½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))`, elementwise.
    fn gelu(&self, x: &Self::Tensor) -> Result<Self::Tensor>;

    /// Elementwise sum of equal shapes.
    fn add(&self, left: &Self::Tensor, right: &Self::Tensor) -> Result<Self::Tensor>;

    /// The rows `indices` of `x`, in that order.
    fn select_rows(&self, x: &Self::Tensor, indices: &[u32]) -> Result<Self::Tensor>;

    /// Rows `start .. start + length`.
    fn narrow_rows(&self, x: &Self::Tensor, start: usize, length: usize) -> Result<Self::Tensor>;

    /// Columns `start .. start + width` of every row.
    fn narrow_columns(&self, x: &Self::Tensor, start: usize, width: usize) -> Result<Self::Tensor>;

    /// The rows of all parts, one part after the other.
    fn concatenate_rows(&self, parts: &[&Self::Tensor]) -> Result<Self::Tensor>;

    /// A tensor that begins with the first `length` rows of `buffer` and `rows` behind them. It may have more rows,
    /// whose values are nobody's matter, and it may be `buffer` itself, written to behind `length`, where `behind`
    /// allows that.
    fn append_rows(
        &self,
        buffer: &Self::Tensor,
        length: usize,
        rows: &Self::Tensor,
        behind: Behind,
    ) -> Result<Self::Tensor> {
        let _ = behind;
        self.concatenate_rows(&[&self.narrow_rows(buffer, 0, length)?, rows])
    }
}

/// Whose the rows of a buffer are behind those that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// Nobody reads them; the caller may have them written.
    Mine,
    /// Somebody else may have written there.
    Others,
}

/// A weight as it comes from a file, before it has a place.
#[derive(Debug, Clone)]
pub enum Weight<T> {
    Dense(T),
    Quantized(Arc<QuantizedMatrix>),
}

impl<T> Weight<T> {
    pub fn linear(self, bias: Option<T>) -> Linear<T> {
        match self {
            Self::Dense(weight) => Linear::Dense { weight, bias },
            Self::Quantized(weight) => Linear::Quantized { weight, bias },
        }
    }

    pub fn embedding(self) -> Embedding<T> {
        match self {
            Self::Dense(weight) => Embedding::Dense { weight },
            Self::Quantized(weight) => Embedding::Quantized { weight },
        }
    }

    /// A norm's scale or a bias; these are never quantized.
    ///
    /// # Errors
    /// [`Error::Weights`] naming the one that is.
    pub fn vector(self, name: &str) -> Result<T> {
        match self {
            Self::Dense(weight) => Ok(weight),
            Self::Quantized(_) => Err(Error::Weights(format!("the tensor {name:?} must not be quantized"))),
        }
    }
}

/// A weight matrix as `linear` takes it. Other forms of storing it (with an adapter) are further
/// variants: architectures do not change for them.
#[derive(Debug, Clone)]
pub enum Linear<T> {
    /// `weight` is `[out, in]`, `bias` `[out]`.
    Dense { weight: T, bias: Option<T> },
    /// The same in blocks of few bits; not trained, and on the CPU never unpacked.
    Quantized { weight: Arc<QuantizedMatrix>, bias: Option<T> },
}

/// A table of vectors as `embedding` takes it.
#[derive(Debug, Clone)]
pub enum Embedding<T> {
    /// `weight` is `[vocabulary, hidden]`.
    Dense {
        weight: T,
    },
    Quantized {
        weight: Arc<QuantizedMatrix>,
    },
}

/// `cos(pθᵢ)` and `sin(pθᵢ)`, each `[tokens, head_size / 2]`.
#[derive(Debug, Clone)]
pub struct RotaryAngles<T> {
    pub cosines: T,
    pub sines: T,
}

/// How the width of queries, keys and values splits into heads. Head `h` of the queries reads head
/// `h / (heads / key_value_heads)` of keys and values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttentionShape {
    pub heads: usize,
    pub key_value_heads: usize,
    pub head_size: usize,
}

impl AttentionShape {
    /// Query heads that share one key-value head.
    pub fn group_size(self) -> usize {
        self.heads / self.key_value_heads
    }
}

/// The queries of one sequence and the keys that they may see. The last query sees every key of the
/// segment, the one before it all but the last, and so on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    pub query_start: usize,
    pub query_length: usize,
    pub key_start: usize,
    /// At least `query_length`; what is more was remembered from earlier batches.
    pub key_length: usize,
}

//! Per head, with scale `s = 1/√head_size` and key-value head `h / group` (grouped-query attention,
//! Ainslie et al. 2023; group 1 is multi-head, one key-value head is multi-query):
//! `Sᵢⱼ = s qᵢ·kⱼ` for keys j up to the query's own place, `P = softmax(S)`, `yᵢ = Σⱼ Pᵢⱼ vⱼ`.
//! Backward: `dV = Pᵀ dY`, `dP = dY Vᵀ`, `dSᵢⱼ = Pᵢⱼ (dPᵢⱼ − Σₗ Pᵢₗ dPᵢₗ)`, `dQ = s dS K`, `dK = s dSᵀ Q`.
//! A segment's queries see its own keys only; query i of a segment sees its first
//! `key_length − query_length + i + 1` keys.

pub mod cpu;
mod single_query;
pub mod weights;

use candle_core::{D, DType, Result, Tensor};

use super::narrow_columns;
use crate::ops::{AttentionShape, Segment};

/// Query by query and head by head.
pub fn reference(
    queries: &[f64],
    keys: &[f64],
    values: &[f64],
    shape: AttentionShape,
    segments: &[Segment],
) -> Vec<f64> {
    let AttentionShape { heads, key_value_heads, head_size } = shape;
    let (query_width, key_width) = (heads * head_size, key_value_heads * head_size);
    let scale = 1.0 / (head_size as f64).sqrt();
    let mut y = vec![0.0; queries.len()];
    for segment in segments {
        for query in 0..segment.query_length {
            let visible = segment.key_length - segment.query_length + query + 1;
            for head in 0..heads {
                let start = (segment.query_start + query) * query_width + head * head_size;
                let key_at = |key: usize| {
                    (segment.key_start + key) * key_width + head / shape.group_size() * head_size
                };
                let score = |key: usize| -> f64 {
                    let pairs = queries[start..][..head_size].iter().zip(&keys[key_at(key)..]);
                    scale * pairs.map(|(q, k)| q * k).sum::<f64>()
                };
                let scores: Vec<f64> = (0..visible).map(score).collect();
                let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let weights: Vec<f64> = scores.iter().map(|score| (score - largest).exp()).collect();
                let total: f64 = weights.iter().sum();
                for (key, weight) in weights.iter().enumerate() {
                    for i in 0..head_size {
                        y[start + i] += weight / total * values[key_at(key) + i];
                    }
                }
            }
        }
    }
    y
}

/// Segments padded to a rectangle, one batched product per side. `queries` `[tokens, heads ·
/// head_size]`, `keys` and `values` `[key tokens, key_value_heads · head_size]`.
pub fn composed(
    queries: &Tensor,
    keys: &Tensor,
    values: &Tensor,
    shape: AttentionShape,
    segments: &[Segment],
) -> Result<Tensor> {
    let AttentionShape { heads, key_value_heads, head_size } = shape;
    let group = shape.group_size();
    let count = segments.len();
    let device = queries.device();
    let longest = |length: fn(&Segment) -> usize| segments.iter().map(length).max().unwrap_or(0);
    let (query_length, key_length) = (longest(|s| s.query_length), longest(|s| s.key_length));

    // Padding repeats a segment's first row; padded keys are masked, padded queries dropped again.
    let padded = |start: fn(&Segment) -> usize, length: fn(&Segment) -> usize, longest: usize| {
        let rows = segments.iter().flat_map(move |segment| {
            (0..longest).map(move |i| (start(segment) + if i < length(segment) { i } else { 0 }) as u32)
        });
        Tensor::from_vec(rows.collect::<Vec<u32>>(), count * longest, device)
    };
    let query_rows = padded(|s| s.query_start, |s| s.query_length, query_length)?;
    let key_rows = padded(|s| s.key_start, |s| s.key_length, key_length)?;
    let kept: Vec<u32> = segments
        .iter()
        .enumerate()
        .flat_map(|(index, segment)| {
            (0..segment.query_length)
                .map(move |i| (segment.query_start + i, (index * query_length + i) as u32))
        })
        .collect::<std::collections::BTreeMap<usize, u32>>()
        .into_values()
        .collect();

    let q = queries
        .index_select(&query_rows, 0)?
        .reshape((count, query_length, key_value_heads, group, head_size))?
        .permute((0, 2, 3, 1, 4))?
        .contiguous()?
        .reshape((count * key_value_heads, group * query_length, head_size))?;
    let by_head = |rows: &Tensor| -> Result<Tensor> {
        rows.index_select(&key_rows, 0)?
            .reshape((count, key_length, key_value_heads, head_size))?
            .transpose(1, 2)?
            .contiguous()?
            .reshape((count * key_value_heads, key_length, head_size))
    };
    let (k, v) = (by_head(keys)?, by_head(values)?);

    let scores = (q.matmul(&k.t()?)? * (1.0 / (head_size as f64).sqrt()))?;
    let mask = mask(segments, query_length, key_length, scores.dtype(), device)?;
    let scores =
        scores.reshape((count, key_value_heads * group, query_length, key_length))?.broadcast_add(&mask)?;
    let largest = scores.max_keepdim(D::Minus1)?.detach();
    let weights = scores.broadcast_sub(&largest)?.exp()?;
    let weights = weights.broadcast_div(&weights.sum_keepdim(D::Minus1)?)?;
    weights
        .reshape((count * key_value_heads, group * query_length, key_length))?
        .matmul(&v)?
        .reshape((count, key_value_heads, group, query_length, head_size))?
        .permute((0, 3, 1, 2, 4))?
        .contiguous()?
        .reshape((count * query_length, heads * head_size))?
        .index_select(&Tensor::from_vec(kept, queries.dim(0)?, device)?, 0)
}

/// 0 where a query sees a key, −∞ elsewhere: `[segments, 1, query_length, key_length]`.
fn mask(
    segments: &[Segment],
    query_length: usize,
    key_length: usize,
    dtype: DType,
    device: &candle_core::Device,
) -> Result<Tensor> {
    let mut values = Vec::with_capacity(segments.len() * query_length * key_length);
    for segment in segments {
        let remembered = segment.key_length - segment.query_length;
        for query in 0..query_length {
            let visible = (remembered + query + 1).min(segment.key_length);
            values.extend((0..key_length).map(|key| if key < visible { 0.0f32 } else { f32::NEG_INFINITY }));
        }
    }
    Tensor::from_vec(values, (segments.len(), 1, query_length, key_length), device)?.to_dtype(dtype)
}

/// `together` `[tokens, 3 · heads · head_size]`: queries, keys and values side by side.
pub fn composed_together(together: &Tensor, shape: AttentionShape, segments: &[Segment]) -> Result<Tensor> {
    let width = shape.heads * shape.head_size;
    let third = |index: usize| narrow_columns::composed(together, index * width, width);
    composed(&third(0)?, &third(1)?, &third(2)?, shape, segments)
}

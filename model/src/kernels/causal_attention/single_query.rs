//! Attention of sequences that have one query each, as when tokens are written: keys and values are read once and
//! in the order in which they lie, all heads of a row at a time.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::cpu::{Inputs, softmax};
use crate::kernels::dots::dots;
use crate::ops::Segment;

/// Keys, and then values, that a pass over the heads takes at a time.
const KEYS: usize = 4;
/// Multiplications that are worth a task of their own.
const TASK_PRODUCTS: usize = 1 << 15;

/// Over the threads of the current pool; the same bits on any number of them.
pub fn forward(inputs: &Inputs<'_>, segments: &[Segment], tokens: usize) -> Vec<f32> {
    let shape = inputs.shape;
    let (width, group_width) = (shape.heads * shape.head_size, shape.group_size() * shape.head_size);
    let mut y = vec![0.0; tokens * width];
    for segment in segments {
        let products = 2 * segment.key_length * width;
        let pieces = rayon::current_num_threads().min(products / TASK_PRODUCTS).max(1);
        let heads = shape.key_value_heads.div_ceil(pieces);
        let y = &mut y[segment.query_start * width..][..width];
        let part = |(index, y)| {
            let part = Part { inputs, segment: *segment, first_head: index * heads, y };
            Arch::new().dispatch(part);
        };
        if pieces == 1 {
            part((0, y));
        } else {
            y.par_chunks_mut(heads * group_width).enumerate().for_each(part);
        }
    }
    y
}

/// Some key-value heads of a segment, with the outputs of all query heads that read them.
struct Part<'a> {
    inputs: &'a Inputs<'a>,
    segment: Segment,
    first_head: usize,
    y: &'a mut [f32],
}

impl WithSimd for Part<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { inputs, segment, first_head, y } = self;
        let (head_size, group, stride) =
            (inputs.shape.head_size, inputs.shape.group_size(), inputs.key_stride);
        let scale = 1.0 / (head_size as f32).sqrt();
        let query = segment.query_start * inputs.query_stride + first_head * group * head_size;
        let queries = &inputs.queries[query..][..y.len()];
        let start = |key: usize, head: usize| {
            (segment.key_start + key) * stride + (first_head + head / group) * head_size
        };

        // Of each head the scores of all keys, then their weights.
        let keys = segment.key_length;
        let mut weights = vec![0.0; y.len() / head_size * keys];
        let whole = keys / KEYS * KEYS;
        for key in (0..whole).step_by(KEYS) {
            for (head, query) in queries.chunks_exact(head_size).enumerate() {
                let rows = &inputs.keys[start(key, head)..];
                let [scores] = dots::<S, KEYS, 1>(simd, query, rows, stride, head_size);
                for (weight, score) in weights[head * keys + key..][..KEYS].iter_mut().zip(scores) {
                    *weight = scale * score;
                }
            }
        }
        for key in whole..keys {
            for (head, query) in queries.chunks_exact(head_size).enumerate() {
                let row = &inputs.keys[start(key, head)..];
                let [[score]] = dots::<S, 1, 1>(simd, query, row, stride, head_size);
                weights[head * keys + key] = scale * score;
            }
        }
        weights.chunks_exact_mut(keys).for_each(softmax);

        for key in (0..keys).step_by(KEYS) {
            for (head, y) in y.chunks_exact_mut(head_size).enumerate() {
                let weights = &weights[head * keys + key..(head + 1) * keys];
                add_weighted(y, weights, &inputs.values[start(key, head)..], stride);
            }
        }
    }
}

/// `y += Σ weights[i] · row i` of the next [`KEYS`] rows, or of as many as there are weights.
#[inline(always)]
fn add_weighted(y: &mut [f32], weights: &[f32], rows: &[f32], stride: usize) {
    let row = |index: usize| &rows[index * stride..][..y.len()];
    if let [a, b, c, d, ..] = weights {
        let rows = [row(0), row(1), row(2), row(3)];
        for (i, y) in y.iter_mut().enumerate() {
            *y += a * rows[0][i] + b * rows[1][i] + c * rows[2][i] + d * rows[3][i];
        }
    } else {
        for (index, weight) in weights.iter().enumerate() {
            let row = &rows[index * stride..][..y.len()];
            for (y, value) in y.iter_mut().zip(row) {
                *y += weight * value;
            }
        }
    }
}

//! Attention by blocks of queries: the masked half is skipped, nothing of size `tokens²` outlives a
//! block, the backward pass makes the weights again (the idea of Dao et al. 2022).

use candle_core::{CpuStorage, CustomOp1, CustomOp3, Layout, Result, Shape, Tensor};
use rayon::prelude::*;

use super::single_query;
use crate::kernels::matrix_product::{Destination, Matrix, multiply};
use crate::kernels::slices::{ROWS_PER_CHUNK, exp, f32_slice, tensor, vectorized, with_slices, written_once};
use crate::ops::{AttentionShape, Segment};

/// Queries whose scores are held at a time.
const BLOCK: usize = 64;

struct CausalAttentionOp {
    shape: AttentionShape,
    segments: Vec<Segment>,
}

/// Shapes as in [`super::composed`].
pub fn fused(
    queries: &Tensor,
    keys: &Tensor,
    values: &Tensor,
    shape: AttentionShape,
    segments: &[Segment],
) -> Result<Tensor> {
    let op = CausalAttentionOp { shape, segments: segments.to_vec() };
    queries.contiguous()?.apply_op3(&keys.contiguous()?, &values.contiguous()?, op)
}

impl CustomOp3 for CausalAttentionOp {
    fn name(&self) -> &'static str {
        "causal_attention"
    }

    fn cpu_fwd(
        &self,
        queries: &CpuStorage,
        queries_layout: &Layout,
        keys: &CpuStorage,
        keys_layout: &Layout,
        values: &CpuStorage,
        values_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (query_stride, key_stride) = self.widths();
        let inputs = Inputs {
            shape: self.shape,
            queries: f32_slice(queries, queries_layout)?,
            keys: f32_slice(keys, keys_layout)?,
            values: f32_slice(values, values_layout)?,
            query_stride,
            key_stride,
        };
        let tokens = queries_layout.shape().dims2()?.0;
        Ok((CpuStorage::F32(self.forward(&inputs, tokens)), queries_layout.shape().clone()))
    }

    fn bwd(
        &self,
        queries: &Tensor,
        keys: &Tensor,
        values: &Tensor,
        _y: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let [dq, dk, dv] = self.gradients(queries, keys, values, dy)?;
        Ok((Some(dq), Some(dk), Some(dv)))
    }
}

/// `dq`, `dk` and `dv` of [`fused`].
pub fn gradients(
    (queries, keys, values): (&Tensor, &Tensor, &Tensor),
    shape: AttentionShape,
    segments: &[Segment],
    dy: &Tensor,
) -> Result<[Tensor; 3]> {
    CausalAttentionOp { shape, segments: segments.to_vec() }.gradients(queries, keys, values, dy)
}

/// Reads the three where they lie and writes their gradients to where they belong, instead of a copy, a
/// gradient with zeros beside it and a sum for each.
struct SelfAttentionOp(CausalAttentionOp);

/// Shapes as in [`super::composed_together`].
pub fn fused_together(together: &Tensor, shape: AttentionShape, segments: &[Segment]) -> Result<Tensor> {
    let op = SelfAttentionOp(CausalAttentionOp { shape, segments: segments.to_vec() });
    together.contiguous()?.apply_op1(op)
}

impl SelfAttentionOp {
    fn inputs<'a>(&self, together: &'a [f32]) -> Inputs<'a> {
        let shape = self.0.shape;
        let width = shape.heads * shape.head_size;
        Inputs {
            shape,
            queries: together,
            keys: &together[width..],
            values: &together[2 * width..],
            query_stride: 3 * width,
            key_stride: 3 * width,
        }
    }

    fn gradient(&self, together: &Tensor, dy: &Tensor) -> Result<Tensor> {
        let width = self.0.shape.heads * self.0.shape.head_size;
        with_slices([together, dy], |[values, dy]| {
            let inputs = self.inputs(values);
            let found = self.0.backward(&inputs, dy);
            let pieces = found.iter().flat_map(|(task, found)| {
                let queries = inputs.query_piece(*task, &found.queries);
                let [keys, values] = [&found.keys, &found.values].map(|part| inputs.key_piece(*task, part));
                [queries, keys.moved(width), values.moved(2 * width)]
            });
            tensor(gathered(values.len(), 3 * width, &pieces.collect::<Vec<_>>()), together.shape())
        })
    }
}

impl CustomOp1 for SelfAttentionOp {
    fn name(&self) -> &'static str {
        "self_attention"
    }

    fn cpu_fwd(&self, together: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (tokens, columns) = layout.shape().dims2()?;
        let width = self.0.shape.heads * self.0.shape.head_size;
        if columns != 3 * width || self.0.shape.group_size() != 1 {
            candle_core::bail!("self_attention: {columns} columns are no three of {width}");
        }
        let y = self.0.forward(&self.inputs(f32_slice(together, layout)?), tokens);
        Ok((CpuStorage::F32(y), (tokens, width).into()))
    }

    fn bwd(&self, together: &Tensor, _y: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        self.gradient(together, dy).map(Some)
    }
}

/// Of [`fused_together`], shaped like `together`.
pub fn gradient_together(
    together: &Tensor,
    shape: AttentionShape,
    segments: &[Segment],
    dy: &Tensor,
) -> Result<Tensor> {
    SelfAttentionOp(CausalAttentionOp { shape, segments: segments.to_vec() }).gradient(together, dy)
}

/// One key-value head of one segment, with all query heads that read it.
#[derive(Clone, Copy)]
struct Task {
    segment: Segment,
    key_value_head: usize,
}

impl CausalAttentionOp {
    /// Of a token's queries, and of its keys or values.
    fn widths(&self) -> (usize, usize) {
        let AttentionShape { heads, key_value_heads, head_size } = self.shape;
        (heads * head_size, key_value_heads * head_size)
    }

    fn forward(&self, inputs: &Inputs<'_>, tokens: usize) -> Vec<f32> {
        if self.segments.iter().all(|segment| segment.query_length == 1) {
            return single_query::forward(inputs, &self.segments, tokens);
        }
        let tasks = self.tasks();
        let parts: Vec<Vec<f32>> = tasks.par_iter().map(|task| inputs.forward(*task)).collect();
        let pieces = tasks.iter().zip(&parts).map(|(task, part)| inputs.query_piece(*task, part));
        let width = self.widths().0;
        gathered(tokens * width, width, &pieces.collect::<Vec<_>>())
    }

    fn gradients(
        &self,
        queries: &Tensor,
        keys: &Tensor,
        values: &Tensor,
        dy: &Tensor,
    ) -> Result<[Tensor; 3]> {
        with_slices([queries, keys, values, dy], |[q, k, v, dy]| {
            let (query_stride, key_stride) = self.widths();
            let shape = self.shape;
            let inputs = Inputs { shape, queries: q, keys: k, values: v, query_stride, key_stride };
            let found = self.backward(&inputs, dy);
            let of_queries = found.iter().map(|(task, found)| inputs.query_piece(*task, &found.queries));
            let of_keys = found.iter().map(|(task, found)| inputs.key_piece(*task, &found.keys));
            let of_values = found.iter().map(|(task, found)| inputs.key_piece(*task, &found.values));
            Ok([
                tensor(gathered(q.len(), query_stride, &of_queries.collect::<Vec<_>>()), queries.shape())?,
                tensor(gathered(k.len(), key_stride, &of_keys.collect::<Vec<_>>()), keys.shape())?,
                tensor(gathered(v.len(), key_stride, &of_values.collect::<Vec<_>>()), values.shape())?,
            ])
        })
    }

    fn backward<'a>(&self, inputs: &Inputs<'a>, dy: &'a [f32]) -> Vec<(Task, Gradients)> {
        self.tasks().into_par_iter().map(|task| (task, inputs.backward(task, dy))).collect()
    }

    fn tasks(&self) -> Vec<Task> {
        let heads = 0..self.shape.key_value_heads;
        self.segments
            .iter()
            .flat_map(|segment| {
                heads.clone().map(|key_value_head| Task { segment: *segment, key_value_head })
            })
            .collect()
    }
}

pub(super) struct Inputs<'a> {
    pub shape: AttentionShape,
    pub queries: &'a [f32],
    pub keys: &'a [f32],
    pub values: &'a [f32],
    /// From one token's queries to the next one's.
    pub query_stride: usize,
    /// From one token's keys, or values, to the next one's.
    pub key_stride: usize,
}

/// A task's share, each with its own heads side by side.
struct Gradients {
    queries: Vec<f32>,
    keys: Vec<f32>,
    values: Vec<f32>,
}

/// A block of queries of one head.
#[derive(Clone, Copy)]
struct Block {
    /// First query, counted from the segment's start.
    first: usize,
    rows: usize,
    /// Keys that the first query sees; each later one sees one more.
    visible_to_first: usize,
    /// Keys that the last query sees.
    visible: usize,
}

fn blocks(segment: Segment) -> impl Iterator<Item = Block> {
    (0..segment.query_length).step_by(BLOCK).map(move |first| {
        let rows = BLOCK.min(segment.query_length - first);
        let visible_to_first = segment.key_length - segment.query_length + first + 1;
        Block { first, rows, visible_to_first, visible: visible_to_first + rows - 1 }
    })
}

impl<'a> Inputs<'a> {
    /// A block's rows of `values` that has a head for each of the queries', tokens `stride` apart.
    fn head_block(
        &self,
        values: &'a [f32],
        stride: usize,
        task: Task,
        group_head: usize,
        block: Block,
    ) -> Matrix<'a> {
        let head = task.key_value_head * self.shape.group_size() + group_head;
        let row = task.segment.query_start + block.first;
        Matrix::rows(values, row * stride + head * self.shape.head_size, stride)
    }

    fn query_block(&self, task: Task, group_head: usize, block: Block) -> Matrix<'a> {
        self.head_block(self.queries, self.query_stride, task, group_head, block)
    }

    /// A task's rows of `values` that has the keys' shape.
    fn key_rows(&self, values: &'a [f32], task: Task) -> Matrix<'a> {
        let column = task.key_value_head * self.shape.head_size;
        Matrix::rows(values, task.segment.key_start * self.key_stride + column, self.key_stride)
    }

    /// `P` of a block, `[rows, visible]`, zero above the diagonal.
    fn weights(&self, task: Task, group_head: usize, block: Block, weights: &mut Vec<f32>) {
        let head_size = self.shape.head_size;
        weights.clear();
        weights.resize(block.rows * block.visible, 0.0);
        multiply(
            (block.rows, block.visible, head_size),
            1.0 / (head_size as f32).sqrt(),
            self.query_block(task, group_head, block),
            self.key_rows(self.keys, task).transposed(),
            weights,
            0,
            block.visible,
            Destination::Overwrite,
        );
        vectorized(|| softmax_rows(weights, block));
    }

    fn forward(&self, task: Task) -> Vec<f32> {
        let (head_size, group) = (self.shape.head_size, self.shape.group_size());
        let width = group * head_size;
        let mut y = vec![0.0; task.segment.query_length * width];
        let mut weights = Vec::new();
        for group_head in 0..group {
            for block in blocks(task.segment) {
                self.weights(task, group_head, block, &mut weights);
                multiply(
                    (block.rows, head_size, block.visible),
                    1.0,
                    Matrix::rows(&weights, 0, block.visible),
                    self.key_rows(self.values, task),
                    &mut y,
                    block.first * width + group_head * head_size,
                    width,
                    Destination::Overwrite,
                );
            }
        }
        y
    }

    fn backward(&self, task: Task, dy: &'a [f32]) -> Gradients {
        let (head_size, group) = (self.shape.head_size, self.shape.group_size());
        let width = group * head_size;
        let scale = 1.0 / (head_size as f32).sqrt();
        let keys = task.segment.key_length * head_size;
        let mut gradients = Gradients {
            queries: vec![0.0; task.segment.query_length * width],
            keys: vec![0.0; keys],
            values: vec![0.0; keys],
        };
        let (mut weights, mut dscores) = (Vec::new(), Vec::new());
        for group_head in 0..group {
            for block in blocks(task.segment) {
                let Block { rows, visible, .. } = block;
                self.weights(task, group_head, block, &mut weights);
                let dy_stride = self.shape.heads * head_size;
                let dy = self.head_block(dy, dy_stride, task, group_head, block);
                let p = Matrix::rows(&weights, 0, visible);
                let to_values = &mut gradients.values;
                let sizes = (visible, head_size, rows);
                multiply(sizes, 1.0, p.transposed(), dy, to_values, 0, head_size, Destination::Add);
                dscores.clear();
                dscores.resize(rows * visible, 0.0);
                let values = self.key_rows(self.values, task).transposed();
                let sizes = (rows, visible, head_size);
                multiply(sizes, 1.0, dy, values, &mut dscores, 0, visible, Destination::Overwrite);
                vectorized(|| softmax_backward_rows(&mut dscores, &weights, block));
                let ds = Matrix::rows(&dscores, 0, visible);
                multiply(
                    (rows, head_size, visible),
                    scale,
                    ds,
                    self.key_rows(self.keys, task),
                    &mut gradients.queries,
                    block.first * width + group_head * head_size,
                    width,
                    Destination::Overwrite,
                );
                multiply(
                    (visible, head_size, rows),
                    scale,
                    ds.transposed(),
                    self.query_block(task, group_head, block),
                    &mut gradients.keys,
                    0,
                    head_size,
                    Destination::Add,
                );
            }
        }
        gradients
    }

    /// Where a task's share of what has the queries' heads belongs.
    fn query_piece<'b>(&self, task: Task, values: &'b [f32]) -> Piece<'b> {
        let width = self.shape.group_size() * self.shape.head_size;
        Piece { row: task.segment.query_start, column: task.key_value_head * width, width, values }
    }

    /// Where a task's share of what has the keys' heads belongs.
    fn key_piece<'b>(&self, task: Task, values: &'b [f32]) -> Piece<'b> {
        let width = self.shape.head_size;
        Piece { row: task.segment.key_start, column: task.key_value_head * width, width, values }
    }
}

/// Rows of some columns of a whole, from a row on.
struct Piece<'a> {
    row: usize,
    column: usize,
    width: usize,
    values: &'a [f32],
}

impl Piece<'_> {
    fn moved(self, columns: usize) -> Self {
        Self { column: self.column + columns, ..self }
    }

    /// Adds what lies in `rows`, the rows of the whole from `first` on.
    fn add_to(&self, rows: &mut [f32], stride: usize, first: usize) {
        let start = self.row.max(first);
        let end = (self.row + self.values.len() / self.width).min(first + rows.len() / stride);
        for row in start..end {
            let part = &self.values[(row - self.row) * self.width..][..self.width];
            let whole = &mut rows[(row - first) * stride + self.column..][..self.width];
            whole.iter_mut().zip(part).for_each(|(sum, value)| *sum += value);
        }
    }
}

/// The sum of the pieces, each where it belongs.
fn gathered(length: usize, stride: usize, pieces: &[Piece<'_>]) -> Vec<f32> {
    written_once(length, ROWS_PER_CHUNK * stride, |index, rows| {
        pieces.iter().for_each(|piece| piece.add_to(rows, stride, index * ROWS_PER_CHUNK));
    })
}

#[inline(always)]
fn softmax_rows(scores: &mut [f32], block: Block) {
    for (row, scores) in scores.chunks_exact_mut(block.visible).enumerate() {
        let (seen, unseen) = scores.split_at_mut(block.visible_to_first + row);
        softmax(seen);
        unseen.fill(0.0);
    }
}

/// In place.
#[inline(always)]
pub(super) fn softmax(scores: &mut [f32]) {
    let mut largest = [f32::NEG_INFINITY; 16];
    let mut lanes = scores.chunks_exact(16);
    for values in &mut lanes {
        for (largest, value) in largest.iter_mut().zip(values) {
            *largest = if *value > *largest { *value } else { *largest };
        }
    }
    let largest = largest.iter().chain(lanes.remainder()).copied().fold(f32::NEG_INFINITY, f32::max);
    for score in scores.iter_mut() {
        *score = exp(*score - largest);
    }
    let scale = 1.0 / sum(scores);
    for weight in scores.iter_mut() {
        *weight *= scale;
    }
}

/// `dP` → `dS`, in place.
#[inline(always)]
fn softmax_backward_rows(dweights: &mut [f32], weights: &[f32], block: Block) {
    let rows = dweights.chunks_exact_mut(block.visible).zip(weights.chunks_exact(block.visible));
    for (dweights, weights) in rows {
        let mut lanes = [0.0f32; 16];
        let (mut left, mut right) = (dweights.chunks_exact(16), weights.chunks_exact(16));
        for (left, right) in (&mut left).zip(&mut right) {
            for ((sum, left), right) in lanes.iter_mut().zip(left).zip(right) {
                *sum += left * right;
            }
        }
        let tail: f32 = left.remainder().iter().zip(right.remainder()).map(|(l, r)| l * r).sum();
        let projection = lanes.iter().sum::<f32>() + tail;
        for (dweight, weight) in dweights.iter_mut().zip(weights) {
            *dweight = weight * (*dweight - projection);
        }
    }
}

#[inline(always)]
fn sum(values: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 16];
    let mut chunks = values.chunks_exact(16);
    for values in &mut chunks {
        for (lane, value) in lanes.iter_mut().zip(values) {
            *lane += value;
        }
    }
    lanes.iter().sum::<f32>() + chunks.remainder().iter().sum::<f32>()
}

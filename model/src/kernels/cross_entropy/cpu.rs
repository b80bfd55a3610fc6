//! Three passes over each row of logits while it is in the cache; the gradient overwrites them.

use candle_core::{CpuStorage, CustomOp2, CustomOp3, Layout, Result, Shape, Tensor};
use rayon::prelude::*;
use shared::spec::Precision;

use super::Wanted;
use crate::kernels::linear::cpu::sum_of_rows;
use crate::kernels::matrix_product::{Destination, Matrix, multiply_whole};
use crate::kernels::slices::{VALUES_PER_CHUNK, exp, tensor, vectorized, with_slices, written_once};

/// `[tokens]` nats of `logits` `[tokens, vocabulary]`.
pub fn nats(logits: &Tensor, targets: &[u32]) -> Result<Vec<f32>> {
    let vocabulary = logits.dim(1)?;
    with_slices([logits], |[logits]| {
        let rows = logits.par_chunks_exact(vocabulary).zip(targets);
        Ok(rows.map(|(row, target)| vectorized(|| row_nats(row, *target))).collect())
    })
}

/// `[tokens]` nats and the gradients of `Σ_t weights[t] nats[t]`.
pub struct Found {
    pub nats: Vec<f32>,
    pub hidden: Option<Tensor>,
    pub weight: Option<Tensor>,
    pub bias: Option<Tensor>,
}

/// Cross-entropy of `hidden weightᵀ + bias`, `rows_per_chunk` rows at a time in one buffer: the product, the
/// gradient in its place, and of that the products that are wanted.
pub fn with_head(
    (hidden, weight, bias): (&Tensor, &Tensor, Option<&Tensor>),
    targets: &[u32],
    weights: &[f32],
    rows_per_chunk: usize,
    precision: Precision,
    wanted: Wanted,
) -> Result<Found> {
    let ((tokens, width), vocabulary) = (hidden.dims2()?, weight.dim(0)?);
    let bias = bias.map(|bias| bias.detach().to_vec1::<f32>()).transpose()?;
    let zeros =
        |wanted: bool, length| written_once(if wanted { length } else { 0 }, VALUES_PER_CHUNK, |_, _| {});
    let mut dhidden = zeros(wanted.hidden, tokens * width);
    let mut dweight = zeros(wanted.weight, vocabulary * width);
    let mut dbias = zeros(wanted.bias, vocabulary);
    let mut nats = Vec::with_capacity(tokens);
    let mut buffer = zeros(true, rows_per_chunk.min(tokens) * vocabulary);
    with_slices([hidden, weight], |[hidden, weight]| {
        for start in (0..tokens).step_by(rows_per_chunk) {
            let rows = rows_per_chunk.min(tokens - start);
            let logits = &mut buffer[..rows * vocabulary];
            let states = Matrix::rows(&hidden[start * width..][..rows * width], 0, width);
            let head = Matrix::rows(weight, 0, width);
            let mode = match &bias {
                None => Destination::Overwrite,
                Some(bias) => {
                    logits.par_chunks_exact_mut(vocabulary).for_each(|row| row.copy_from_slice(bias));
                    Destination::Add
                }
            };
            multiply_whole(precision, (rows, vocabulary, width), states, head.transposed(), logits, mode);
            let of_rows = targets[start..][..rows].par_iter().zip(&weights[start..][..rows]);
            let found = logits.par_chunks_exact_mut(vocabulary).zip(of_rows);
            nats.par_extend(
                found.map(|(row, (target, weight))| vectorized(|| row_gradient(row, *target, *weight))),
            );
            let gradient = Matrix::rows(logits, 0, vocabulary);
            if wanted.hidden {
                let part = &mut dhidden[start * width..][..rows * width];
                let sizes = (rows, width, vocabulary);
                multiply_whole(precision, sizes, gradient, head, part, Destination::Overwrite);
            }
            if wanted.weight {
                let sizes = (vocabulary, width, rows);
                multiply_whole(
                    precision,
                    sizes,
                    gradient.transposed(),
                    states,
                    &mut dweight,
                    Destination::Add,
                );
            }
            if wanted.bias {
                let sums = sum_of_rows(logits, vocabulary);
                dbias.iter_mut().zip(sums).for_each(|(sum, value)| *sum += value);
            }
        }
        Ok(())
    })?;
    let gradient =
        |wanted: bool, values: Vec<f32>, shape: &[usize]| wanted.then(|| tensor(values, shape)).transpose();
    Ok(Found {
        nats,
        hidden: gradient(wanted.hidden, dhidden, &[tokens, width])?,
        weight: gradient(wanted.weight, dweight, &[vocabulary, width])?,
        bias: gradient(wanted.bias, dbias, &[vocabulary])?,
    })
}

/// A scalar that carries gradients made elsewhere: whatever comes in scales them.
pub struct Carrier {
    pub value: f32,
    /// Of the op's arguments, in their order.
    pub gradients: [Option<Tensor>; 3],
}

impl Carrier {
    fn scaled(&self, index: usize, incoming: &Tensor) -> Result<Option<Tensor>> {
        let scale = f64::from(incoming.to_scalar::<f32>()?);
        let Some(gradient) = &self.gradients[index] else { return Ok(None) };
        Ok(Some(if scale == 1.0 { gradient.clone() } else { (gradient * scale)? }))
    }

    fn scalar(&self) -> Result<(CpuStorage, Shape)> {
        Ok((CpuStorage::F32(vec![self.value]), Shape::from(())))
    }
}

impl CustomOp2 for Carrier {
    fn name(&self) -> &'static str {
        "cross_entropy"
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout, _: &CpuStorage, _: &Layout) -> Result<(CpuStorage, Shape)> {
        self.scalar()
    }

    fn bwd(
        &self,
        _hidden: &Tensor,
        _weight: &Tensor,
        _loss: &Tensor,
        incoming: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        Ok((self.scaled(0, incoming)?, self.scaled(1, incoming)?))
    }
}

impl CustomOp3 for Carrier {
    fn name(&self) -> &'static str {
        "cross_entropy_with_bias"
    }

    fn cpu_fwd(
        &self,
        _: &CpuStorage,
        _: &Layout,
        _: &CpuStorage,
        _: &Layout,
        _: &CpuStorage,
        _: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        self.scalar()
    }

    fn bwd(
        &self,
        _hidden: &Tensor,
        _weight: &Tensor,
        _bias: &Tensor,
        _loss: &Tensor,
        incoming: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        Ok((self.scaled(0, incoming)?, self.scaled(1, incoming)?, self.scaled(2, incoming)?))
    }
}

#[inline(always)]
fn largest(row: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; 16];
    let mut chunks = row.chunks_exact(16);
    for values in &mut chunks {
        for (lane, value) in lanes.iter_mut().zip(values) {
            *lane = if *value > *lane { *value } else { *lane };
        }
    }
    lanes.iter().chain(chunks.remainder()).copied().fold(f32::NEG_INFINITY, f32::max)
}

#[inline(always)]
fn row_nats(row: &[f32], target: u32) -> f32 {
    let largest = largest(row);
    let mut lanes = [0.0f32; 16];
    let mut chunks = row.chunks_exact(16);
    for values in &mut chunks {
        for (lane, value) in lanes.iter_mut().zip(values) {
            *lane += exp(value - largest);
        }
    }
    let tail: f32 = chunks.remainder().iter().map(|value| exp(value - largest)).sum();
    largest + (lanes.iter().sum::<f32>() + tail).ln() - row[target as usize]
}

#[inline(always)]
fn row_gradient(row: &mut [f32], target: u32, weight: f32) -> f32 {
    let largest = largest(row);
    let of_target = row[target as usize];
    let mut lanes = [0.0f32; 16];
    let mut chunks = row.chunks_exact_mut(16);
    for values in &mut chunks {
        for (lane, value) in lanes.iter_mut().zip(values) {
            *value = exp(*value - largest);
            *lane += *value;
        }
    }
    let mut total = lanes.iter().sum::<f32>();
    for value in chunks.into_remainder() {
        *value = exp(*value - largest);
        total += *value;
    }
    let scale = weight / total;
    for value in row.iter_mut() {
        *value *= scale;
    }
    row[target as usize] -= weight;
    largest + total.ln() - of_target
}

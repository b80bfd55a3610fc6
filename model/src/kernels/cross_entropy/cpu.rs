//! Three passes over each row of logits while it is in the cache; the gradient overwrites them.

use std::sync::Mutex;

use candle_core::{CpuStorage, InplaceOp1, Layout, Result, Tensor};
use rayon::prelude::*;

use crate::kernels::slices::{exp, vectorized, with_slices};

/// `[tokens]` nats of `logits` `[tokens, vocabulary]`.
pub fn nats(logits: &Tensor, targets: &[u32]) -> Result<Vec<f32>> {
    let vocabulary = logits.dim(1)?;
    with_slices([logits], |[logits]| {
        let rows = logits.par_chunks_exact(vocabulary).zip(targets);
        Ok(rows.map(|(row, target)| vectorized(|| row_nats(row, *target))).collect())
    })
}

/// `[tokens]` nats; `logits`, which nothing else may use, become the gradient of
/// `Σ_t weights[t] nats[t]`.
pub fn nats_and_gradient(logits: &Tensor, targets: &[u32], weights: &[f32]) -> Result<Vec<f32>> {
    let op = GradientOp { targets, weights, nats: Mutex::new(Vec::new()) };
    logits.inplace_op1(&op)?;
    op.nats.into_inner().map_err(|_| candle_core::Error::Msg("a thread panicked in cross_entropy".to_owned()))
}

struct GradientOp<'a> {
    targets: &'a [u32],
    weights: &'a [f32],
    nats: Mutex<Vec<f32>>,
}

impl InplaceOp1 for GradientOp<'_> {
    fn name(&self) -> &'static str {
        "cross_entropy_gradient"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        let (tokens, vocabulary) = layout.shape().dims2()?;
        let (CpuStorage::F32(values), Some((start, end))) = (storage, layout.contiguous_offsets()) else {
            candle_core::bail!("cross_entropy needs contiguous f32 logits")
        };
        if tokens != self.targets.len() || tokens != self.weights.len() {
            candle_core::bail!("cross_entropy: {tokens} rows for {} targets", self.targets.len())
        }
        let rows = values[start..end].par_chunks_exact_mut(vocabulary);
        let nats = rows
            .zip(self.targets.par_iter().zip(self.weights))
            .map(|(row, (target, weight))| vectorized(|| row_gradient(row, *target, *weight)))
            .collect();
        if let Ok(mut slot) = self.nats.lock() {
            *slot = nats;
        }
        Ok(())
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

//! AdamW (Loshchilov & Hutter 2019), in the order of `torch.optim.AdamW`. At step t, with gradient g:
//!
//! ```text
//! w ← w (1 − η λ)                  λ = 0 for vectors: norms and biases are not decayed
//! m ← β₁ m + (1 − β₁) g
//! v ← β₂ v + (1 − β₂) g²
//! w ← w − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
//! ```
//!
//! Weights and moments have one type; in training that is f32 whatever the products run in.

use candle_core::{Tensor, Var};
use rayon::prelude::*;
use shared::spec::AdamWSpec;

use crate::Result;
use crate::candle_ops::Forms;
use crate::kernels::slices::{VALUES_PER_CHUNK as CHUNK, vectorized, with_slice_mut, with_slices};

/// What a step is made with, besides tensors.
#[derive(Debug, Clone, Copy)]
pub struct Update<'a> {
    pub settings: &'a AdamWSpec,
    pub learning_rate: f64,
    /// Counted from 1.
    pub step: u64,
    /// From clipping.
    pub gradient_scale: f64,
    pub forms: Forms,
}

/// The numbers of one step.
#[derive(Debug, Clone, Copy)]
struct Step {
    beta1: f32,
    beta2: f32,
    epsilon: f64,
    gradient_scale: f64,
    learning_rate: f64,
    decay: f64,
    /// `1 − β₁ᵗ`, `1 − β₂ᵗ`.
    corrections: (f64, f64),
}

/// Moves one weight, and its first and second moment, `[2, …shape]`.
pub fn step(weight: &Var, moments: &mut Tensor, gradient: &Tensor, update: Update<'_>) -> Result<()> {
    let Update { settings, learning_rate, step, gradient_scale, forms } = update;
    let exponent = step as f64;
    let is_matrix = weight.rank() >= 2;
    let numbers = Step {
        beta1: settings.beta1 as f32,
        beta2: settings.beta2 as f32,
        epsilon: settings.epsilon,
        gradient_scale,
        learning_rate,
        decay: if is_matrix { settings.weight_decay } else { 0.0 },
        corrections: (1.0 - settings.beta1.powf(exponent), 1.0 - settings.beta2.powf(exponent)),
    };
    if forms.fuses(&[weight, moments, gradient]) {
        with_slices([gradient], |[gradient]| {
            with_slice_mut(moments, |moments| {
                with_slice_mut(weight, |weight| fused(weight, moments, gradient, numbers))
            })
        })?;
    } else {
        *moments = composed(weight, moments, gradient, settings, numbers)?;
    }
    Ok(())
}

/// The formula as it stands; returns the new moments.
fn composed(
    weight: &Var,
    moments: &Tensor,
    gradient: &Tensor,
    settings: &AdamWSpec,
    step: Step,
) -> Result<Tensor> {
    let gradient = (gradient * step.gradient_scale)?;
    let (beta1, beta2) = (settings.beta1, settings.beta2);
    let first = ((moments.get(0)? * beta1)? + (&gradient * (1.0 - beta1))?)?;
    let second = ((moments.get(1)? * beta2)? + (gradient.sqr()? * (1.0 - beta2))?)?;
    let root = ((second.sqrt()? / step.corrections.1.sqrt())? + step.epsilon)?;
    let change = ((&first / root)? * (step.learning_rate / step.corrections.0))?;
    let decayed = (weight.as_detached_tensor() * (1.0 - step.learning_rate * step.decay))?;
    weight.set(&(decayed - change)?)?;
    Ok(Tensor::stack(&[first, second], 0)?)
}

/// One pass over the four.
fn fused(weight: &mut [f32], moments: &mut [f32], gradient: &[f32], step: Step) -> candle_core::Result<()> {
    if weight.len() != gradient.len() || moments.len() != 2 * gradient.len() {
        candle_core::bail!("adamw: a gradient or moments that do not fit their weight")
    }
    let (first, second) = moments.split_at_mut(gradient.len());
    let moments = first.par_chunks_mut(CHUNK).zip(second.par_chunks_mut(CHUNK));
    let chunks = weight.par_chunks_mut(CHUNK).zip(moments).zip(gradient.par_chunks(CHUNK));
    chunks.for_each(|((weight, (first, second)), gradient)| {
        vectorized(|| move_values(weight, first, second, gradient, step));
    });
    Ok(())
}

#[inline(always)]
fn move_values(weight: &mut [f32], first: &mut [f32], second: &mut [f32], gradient: &[f32], step: Step) {
    let Step { beta1, beta2, learning_rate, decay, corrections, .. } = step;
    let (scale, epsilon) = (step.gradient_scale as f32, step.epsilon as f32);
    let kept = (1.0 - learning_rate * decay) as f32;
    let rate = (learning_rate / corrections.0) as f32;
    let root_scale = (1.0 / corrections.1.sqrt()) as f32;
    let moments = first.iter_mut().zip(second);
    for ((weight, (first, second)), gradient) in weight.iter_mut().zip(moments).zip(gradient) {
        let gradient = gradient * scale;
        *first = beta1 * *first + (1.0 - beta1) * gradient;
        *second = beta2 * *second + (1.0 - beta2) * gradient * gradient;
        let root = second.sqrt() * root_scale + epsilon;
        *weight = *weight * kept - rate * *first / root;
    }
}

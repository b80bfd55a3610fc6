//! `nats[t] = ln Σᵥ exp(z[t, v]) − z[t, target[t]]`, z the logits `[tokens, vocabulary]`.
//! Backward: `dz[t, v] = w[t] (softmax(z[t])[v] − [v = target[t]])` for a loss `Σ_t w[t] nats[t]`.

pub mod cpu;

use candle_core::{D, Result, Tensor};

/// Which gradients are asked for: of the hidden states, of the head and of its bias.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub hidden: bool,
    pub weight: bool,
    pub bias: bool,
}

/// Row by row.
pub fn reference(logits: &[f64], targets: &[u32], vocabulary: usize) -> Vec<f64> {
    let rows = logits.chunks_exact(vocabulary).zip(targets);
    rows.map(|(row, target)| {
        let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = row.iter().map(|value| (value - largest).exp()).sum();
        largest + total.ln() - row[*target as usize]
    })
    .collect()
}

/// `[tokens]` nats, differentiable in the logits.
pub fn composed(logits: &Tensor, targets: &Tensor) -> Result<Tensor> {
    let largest = logits.max_keepdim(D::Minus1)?.detach();
    let shifted = logits.broadcast_sub(&largest)?;
    let log_total = shifted.exp()?.sum(D::Minus1)?.log()?;
    let of_target = shifted.gather(&targets.unsqueeze(1)?, 1)?.squeeze(1)?;
    log_total - of_target
}

/// `[tokens]` nats and the logits' gradient for the row weights `[tokens]`, without a graph.
pub fn composed_gradient(logits: &Tensor, targets: &Tensor, weights: &Tensor) -> Result<(Tensor, Tensor)> {
    let nats = composed(logits, targets)?;
    let shifted = logits.broadcast_sub(&logits.max_keepdim(D::Minus1)?)?.exp()?;
    let softmax = shifted.broadcast_div(&shifted.sum_keepdim(D::Minus1)?)?;
    let hits = Tensor::ones((targets.dim(0)?, 1), logits.dtype(), logits.device())?;
    let gradient = softmax.scatter_add(&targets.unsqueeze(1)?, &hits.neg()?, 1)?;
    Ok((nats, gradient.broadcast_mul(&weights.unsqueeze(1)?)?))
}

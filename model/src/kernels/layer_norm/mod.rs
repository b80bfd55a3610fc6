//! `y = x̂ ⊙ w + b`, `x̂ = (x − μ) r`, `μ = mean(x)`, `r = 1 / √(mean((x − μ)²) + ε)`, per row of width n
//! (Ba, Kiros & Hinton 2016).
//! Backward, with `g = w ⊙ dy`: `dx = r (g − mean(g) − x̂ mean(g ⊙ x̂))`, `dw = Σ_t dy ⊙ x̂`, `db = Σ_t dy`.

pub mod cpu;

use candle_core::{D, Result, Tensor};

/// Row by row.
pub fn reference(x: &[f64], weight: &[f64], bias: &[f64], epsilon: f64) -> Vec<f64> {
    let width = weight.len();
    x.chunks_exact(width)
        .flat_map(|row| {
            let mean = row.iter().sum::<f64>() / width as f64;
            let variance = row.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / width as f64;
            let scale = 1.0 / (variance + epsilon).sqrt();
            let columns = row.iter().zip(weight).zip(bias);
            columns.map(move |((value, weight), bias)| (value - mean) * scale * weight + bias)
        })
        .collect()
}

/// `x` `[tokens, width]`, `weight` and `bias` `[width]`.
pub fn composed(x: &Tensor, weight: &Tensor, bias: &Tensor, epsilon: f64) -> Result<Tensor> {
    let centered = x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?;
    let variance = centered.sqr()?.mean_keepdim(D::Minus1)?;
    let normalized = centered.broadcast_div(&(variance + epsilon)?.sqrt()?)?;
    normalized.broadcast_mul(weight)?.broadcast_add(bias)
}

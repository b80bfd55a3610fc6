//! `y = x · r ⊙ w`, `r = 1 / √(mean(x²) + ε)`, per row of width n (Zhang & Sennrich 2019).
//! Backward: `dx = r (w ⊙ dy) − x · r³/n · Σ (w ⊙ dy ⊙ x)`, `dw = Σ_t dy ⊙ x · r`.

pub mod cpu;

use candle_core::{D, Result, Tensor};

/// Row by row.
pub fn reference(x: &[f64], weight: &[f64], epsilon: f64) -> Vec<f64> {
    let width = weight.len();
    x.chunks_exact(width)
        .flat_map(|row| {
            let mean_square = row.iter().map(|value| value * value).sum::<f64>() / width as f64;
            let scale = 1.0 / (mean_square + epsilon).sqrt();
            row.iter().zip(weight).map(move |(value, weight)| value * scale * weight)
        })
        .collect()
}

/// `x` `[tokens, width]`, `weight` `[width]`.
pub fn composed(x: &Tensor, weight: &Tensor, epsilon: f64) -> Result<Tensor> {
    let mean_square = x.sqr()?.mean_keepdim(D::Minus1)?;
    let root = (mean_square + epsilon)?.sqrt()?;
    x.broadcast_div(&root)?.broadcast_mul(weight)
}

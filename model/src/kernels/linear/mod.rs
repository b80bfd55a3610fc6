//! `y = x Wᵀ + b`, x `[tokens, in]`, W `[out, in]`, b `[out]`.
//! Backward: `dx = dy W`, `dW = dyᵀ x`, `db = Σ_t dy[t]`.

pub mod cpu;
mod few_rows;

use candle_core::{Result, Tensor};

/// Three plain loops.
pub fn reference(x: &[f64], weight: &[f64], bias: Option<&[f64]>, width: usize) -> Vec<f64> {
    let outputs = weight.len() / width;
    let mut y = Vec::with_capacity(x.len() / width * outputs);
    for row in x.chunks_exact(width) {
        for (index, column) in weight.chunks_exact(width).enumerate() {
            let dot: f64 = row.iter().zip(column).map(|(a, b)| a * b).sum();
            y.push(dot + bias.map_or(0.0, |bias| bias[index]));
        }
    }
    y
}

/// Candle's product with the transposed view of the weight. Its backward pass makes `dW` also for a
/// weight that is not trained, and throws it away.
pub fn composed(x: &Tensor, weight: &Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
    let y = x.matmul(&weight.t()?)?;
    bias.map_or(Ok(y.clone()), |bias| y.broadcast_add(bias))
}

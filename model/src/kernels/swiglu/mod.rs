//! `y = silu(g) ⊙ u`, `silu(g) = g σ(g)`, `σ(g) = 1 / (1 + e⁻ᵍ)` (Shazeer 2020).
//! Backward: `dg = dy ⊙ u ⊙ σ(g) (1 + g (1 − σ(g)))`, `du = dy ⊙ silu(g)`.

pub mod cpu;

use candle_core::{Result, Tensor};

/// Element by element.
pub fn reference(gate: &[f64], up: &[f64]) -> Vec<f64> {
    gate.iter().zip(up).map(|(gate, up)| gate / (1.0 + (-gate).exp()) * up).collect()
}

/// Any equal shapes.
pub fn composed(gate: &Tensor, up: &Tensor) -> Result<Tensor> {
    let sigmoid = (gate.neg()?.exp()? + 1.0)?.recip()?;
    (gate * sigmoid)?.mul(up)
}

//! `y = silu(g) ⊙ u`, `silu(g) = g σ(g)`, `σ(g) = 1 / (1 + e⁻ᵍ)` (Shazeer 2020).
//! Backward: `dg = dy ⊙ u ⊙ σ(g) (1 + g (1 − σ(g)))`, `du = dy ⊙ silu(g)`.

pub mod cpu;

use candle_core::{Result, Tensor};

/// Element by element.
pub fn reference(gate: &[f64], up: &[f64]) -> Vec<f64> {
    gate.iter().zip(up).map(|(gate, up)| gate / (1.0 + (-gate).exp()) * up).collect()
}

/// Any equal shapes. `σ(g) = ½ + ½ tanh(g / 2)`: through `e⁻ᵍ`, the chain rule would multiply 0 by ∞ where
/// a gate is closed far enough.
pub fn composed(gate: &Tensor, up: &Tensor) -> Result<Tensor> {
    let sigmoid = (((gate * 0.5)?.tanh()? * 0.5)? + 0.5)?;
    (gate * sigmoid)?.mul(up)
}

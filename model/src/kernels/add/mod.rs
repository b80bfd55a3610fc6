//! `y = a + b`, equal shapes. Backward: `da = dy`, `db = dy`.

pub mod cpu;

use candle_core::{Result, Tensor};

/// Element by element.
pub fn reference(left: &[f64], right: &[f64]) -> Vec<f64> {
    left.iter().zip(right).map(|(left, right)| left + right).collect()
}

/// Any equal shapes.
pub fn composed(left: &Tensor, right: &Tensor) -> Result<Tensor> {
    left + right
}

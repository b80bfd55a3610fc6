//! `y = ½ x (1 + tanh(u))`, `u = √(2/π) (x + 0.044715 x³)` (Hendrycks & Gimpel 2016; `gelu_new` in Hugging
//! Face's configurations). With `σ(z) = 1 / (1 + e⁻ᶻ)` the same is `x σ(2u)`.
//! Backward, with `s = σ(2u)`: `dx = dy (s + x s (1 − s) 2u′)`, `u′ = √(2/π) (1 + 3 · 0.044715 x²)`.

pub mod cpu;

use candle_core::{Result, Tensor};

/// √(2/π).
const SLOPE: f64 = 0.797_884_560_802_865_4;
const CUBIC: f64 = 0.044_715;

/// Element by element.
pub fn reference(x: &[f64]) -> Vec<f64> {
    x.iter().map(|x| 0.5 * x * (1.0 + (SLOPE * (x + CUBIC * x.powi(3))).tanh())).collect()
}

/// Any shape.
pub fn composed(x: &Tensor) -> Result<Tensor> {
    let u = x.mul(&x.sqr()?.affine(SLOPE * CUBIC, SLOPE)?)?;
    x.mul(&u.tanh()?.affine(0.5, 0.5)?)
}

//! `y = x Wᵀ` with W `[out, in]` in blocks of 32 weights of a row ([`Format`]): W is never unpacked,
//! so that writing a token reads a fifth to a quarter of the bytes of f32.
//!
//! ```text
//! w = d (u − o) + m        u the code of 4 or 8 bits, o the format's offset (q8_0 128, q4_0 8, q4_1 0)
//! x ≈ e (254 q + r) / 254  q = round(x / e), e = max|x| / 127, per block too; r = round(254 (x / e − q))
//! y = Σ_blocks d (Σ u t − o Σ t) e / 254 + m (Σ t) e / 254        with t = 254 q + r
//! ```
//!
//! `q` and `r` have eight bits each, the sums are of whole numbers and exact. ggml rounds `x` to `q` alone;
//! with the second eight bits a product costs twice the multiplications, which hide behind the reading
//! of the weights when a token is written, and a small model says what it says unpacked.
//!
//! A **panel** is 16 rows whose blocks lie side by side: four codes of row 0, four of row 1, …, so that
//! one vector holds 16 rows × 4 weights, meets the same four `q`, and every lane sums up a row of its
//! own. No lane ever has to be added to another.

mod activations;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
pub mod cpu;
mod matrix;
mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;

use candle_core::{DType, Result, Tensor};

pub use cpu::Instructions;
pub use matrix::QuantizedMatrix;

/// Three plain loops over the unpacked weights; nothing of `x` is rounded.
pub fn reference(x: &[f64], weight: &QuantizedMatrix) -> Vec<f64> {
    let weights: Vec<f64> = weight.dequantize().into_iter().map(f64::from).collect();
    super::linear::reference(x, &weights, None, weight.width())
}

/// Unpacked to `x`'s device and type, then multiplied: differentiates with respect to `x`.
pub fn composed(x: &Tensor, weight: &QuantizedMatrix) -> Result<Tensor> {
    super::linear::composed(x, &dense(weight, x.dtype(), x.device())?, None)
}

/// The weights as a tensor `[out, in]`.
pub fn dense(weight: &QuantizedMatrix, dtype: DType, device: &candle_core::Device) -> Result<Tensor> {
    let shape = (weight.rows(), weight.width());
    Tensor::from_vec(weight.dequantize(), shape, device)?.to_dtype(dtype)
}

//! One folder per op. `mod.rs` opens with the formula and holds the plain reference implementation
//! (f64 slices) and the composed form: candle operations that differentiate on any device and in any
//! float type. `cpu.rs`, where there is one, is a fused f32 form for the CPU with a hand-written
//! backward pass, tested against the composed one. `kernel.wgsl` is the forward pass for the GPU.
//! `bfloat16_product` is no op but what `linear` and the head multiply with when a spec asks for bf16.

pub mod add;
pub mod bfloat16_product;
pub mod causal_attention;
pub mod cross_entropy;
pub mod embedding;
pub mod gelu;
pub mod layer_norm;
pub mod linear;
pub mod narrow_columns;
pub mod quantized_linear;
pub mod rms_norm;
pub mod rope;
pub mod swiglu;

pub(crate) mod dots;
pub(crate) mod matrix_product;
pub(crate) mod slices;

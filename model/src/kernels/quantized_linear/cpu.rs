//! The product over all panels, in the caller's thread pool, with the best instructions of the machine.

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};
use rayon::prelude::*;
use std::sync::Arc;

use super::activations::Activations;
use super::matrix::{PANEL, QuantizedMatrix};
use super::portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use super::simd128;
#[cfg(target_arch = "x86_64")]
use super::{avx2, avx512};
use crate::kernels::slices::{f32_slice, vectorized};

/// Rows of `x` that share what is loaded of a panel.
#[cfg(target_arch = "x86_64")]
const TILE: usize = 4;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
const TILE: usize = 2;
/// Bytes of weights that are worth a task of their own.
const TASK_BYTES: usize = 32 << 10;

/// Which form of the kernel runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instructions {
    Avx512Vnni,
    Avx2,
    /// WebAssembly's 128-bit vectors, which are a choice of the build.
    Simd128,
    Portable,
}

impl Instructions {
    pub const ALL: [Self; 4] = [Self::Avx512Vnni, Self::Avx2, Self::Simd128, Self::Portable];

    /// Whether this machine has them.
    pub fn are_available(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512Vnni => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512vnni")
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => {
                is_x86_feature_detected!("avx2")
                    && is_x86_feature_detected!("fma")
                    && is_x86_feature_detected!("f16c")
            }
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx512Vnni | Self::Avx2 => false,
            Self::Simd128 => cfg!(all(target_arch = "wasm32", target_feature = "simd128")),
            Self::Portable => true,
        }
    }

    /// The best that this machine has.
    pub fn best() -> Self {
        Self::ALL.into_iter().find(|form| form.are_available()).unwrap_or(Self::Portable)
    }
}

/// `x` `[tokens, in]` times the transposed weight; the same on any number of threads. What
/// `instructions` the machine does not have are replaced by its best.
pub fn product(x: &[f32], weight: &QuantizedMatrix, instructions: Instructions) -> Vec<f32> {
    let (width, outputs) = (weight.width(), weight.rows());
    let tokens = x.len() / width;
    let instructions = if instructions.are_available() { instructions } else { Instructions::best() };
    let x = Activations::new(&x[..tokens * width], width);
    // Panel after panel, in each token after token: the order in which they are made.
    let mut made = vec![0.0; weight.panels() * PANEL * tokens];
    let panel_values = PANEL * tokens;
    let panel_bytes = weight.size_bytes() / weight.panels().max(1);
    let run = |first: usize, made: &mut [f32]| {
        for (index, made) in made.chunks_exact_mut(panel_values).enumerate() {
            panel(weight, first + index, &x, made, instructions);
        }
    };
    if rayon::current_num_threads() == 1 || weight.size_bytes() * tokens <= 2 * TASK_BYTES {
        run(0, &mut made);
    } else {
        // A few pieces per thread, so that one that was held up does not hold up the others.
        let pieces = 4 * rayon::current_num_threads();
        let panels = weight.panels().div_ceil(pieces).max(TASK_BYTES.div_ceil(panel_bytes * tokens));
        let pieces = made.par_chunks_mut(panels * panel_values).enumerate();
        pieces.for_each(|(index, made)| run(index * panels, made));
    }
    if tokens == 1 {
        made.truncate(outputs);
        return made;
    }
    let mut y = vec![0.0; tokens * outputs];
    for (index, panel) in made.chunks_exact(panel_values).enumerate() {
        let start = index * PANEL;
        let count = PANEL.min(outputs - start);
        for (token, values) in panel.chunks_exact(PANEL).enumerate() {
            y[token * outputs + start..][..count].copy_from_slice(&values[..count]);
        }
    }
    y
}

/// A panel's outputs for every token.
fn panel(
    weight: &QuantizedMatrix,
    index: usize,
    x: &Activations,
    made: &mut [f32],
    instructions: Instructions,
) {
    let (format, panel) = (weight.format(), weight.panel(index));
    let (made, _) = made.as_chunks_mut::<PANEL>();
    match instructions {
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx512Vnni => {
            for (tile, made) in made.chunks_mut(TILE).enumerate() {
                let row = |n: usize| x.row(tile * TILE + n);
                // SAFETY: `product` uses these instructions only where the machine has them; the matrix
                // is of a quantized format, as its constructor checks, and `x` was cut to its width.
                #[allow(unsafe_code)]
                unsafe {
                    if let [a, b, c, d] = made {
                        [*a, *b, *c, *d] = avx512::panel(format, panel, [row(0), row(1), row(2), row(3)]);
                    } else {
                        for (n, made) in made.iter_mut().enumerate() {
                            [*made] = avx512::panel(format, panel, [row(n)]);
                        }
                    }
                }
            }
        }
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx2 => {
            for (token, made) in made.iter_mut().enumerate() {
                // SAFETY: as above.
                #[allow(unsafe_code)]
                unsafe {
                    *made = avx2::panel(format, panel, x.row(token));
                }
            }
        }
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        Instructions::Simd128 => {
            for (tile, made) in made.chunks_mut(TILE).enumerate() {
                let row = |n: usize| x.row(tile * TILE + n);
                match made {
                    [a, b] => [*a, *b] = simd128::panel(format, panel, [row(0), row(1)]),
                    made => {
                        for (n, made) in made.iter_mut().enumerate() {
                            [*made] = simd128::panel(format, panel, [row(n)]);
                        }
                    }
                }
            }
        }
        _ => {
            for (token, made) in made.iter_mut().enumerate() {
                let row = x.row(token);
                *made = vectorized(
                    #[inline(always)]
                    || portable::panel(format, panel, row),
                );
            }
        }
    }
}

struct QuantizedLinearOp {
    weight: Arc<QuantizedMatrix>,
}

/// `x` `[tokens, in]` of f32 on the CPU → `[tokens, out]`. Has no backward pass: where a gradient is
/// wanted the composed form runs.
pub fn fused(x: &Tensor, weight: &Arc<QuantizedMatrix>) -> Result<Tensor> {
    x.contiguous()?.apply_op1_no_bwd(&QuantizedLinearOp { weight: weight.clone() })
}

impl CustomOp1 for QuantizedLinearOp {
    fn name(&self) -> &'static str {
        "quantized_linear"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (tokens, width) = layout.shape().dims2()?;
        if width != self.weight.width() {
            candle_core::bail!("linear: {width} inputs for a weight of {}", self.weight.width());
        }
        let y = product(f32_slice(x, layout)?, &self.weight, Instructions::best());
        Ok((CpuStorage::F32(y), (tokens, self.weight.rows()).into()))
    }
}

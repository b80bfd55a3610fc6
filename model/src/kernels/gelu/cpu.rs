//! One pass forward, one backward, with an exponential that vectorizes in place of the tanh.

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};

use super::{CUBIC, SLOPE};
use crate::kernels::slices::{
    VALUES_PER_CHUNK as CHUNK, chunk_of, exp, f32_slice, tensor, vectorized, with_slices, written_once,
};

struct GeluOp;

/// Any shape.
pub fn fused(x: &Tensor) -> Result<Tensor> {
    x.contiguous()?.apply_op1(GeluOp)
}

impl CustomOp1 for GeluOp {
    fn name(&self) -> &'static str {
        "gelu"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let x = f32_slice(x, layout)?;
        let y = written_once(x.len(), CHUNK, |index, y| {
            vectorized(|| forward(y, chunk_of(x, CHUNK, index)));
        });
        Ok((CpuStorage::F32(y), layout.shape().clone()))
    }

    fn bwd(&self, x: &Tensor, _y: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        gradient(x, dy).map(Some)
    }
}

/// `dx`.
pub fn gradient(x: &Tensor, dy: &Tensor) -> Result<Tensor> {
    with_slices([x, dy], |[xs, dys]| {
        let dx = written_once(xs.len(), CHUNK, |index, dx| {
            let of_chunk = |values| chunk_of(values, CHUNK, index);
            vectorized(|| backward(dx, of_chunk(xs), of_chunk(dys)));
        });
        tensor(dx, x.shape())
    })
}

/// `2u`.
#[inline(always)]
fn twice_inner(x: f32) -> f32 {
    2.0 * SLOPE as f32 * (x + CUBIC as f32 * x * x * x)
}

#[inline(always)]
fn forward(y: &mut [f32], x: &[f32]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y = x / (1.0 + exp(-twice_inner(*x)));
    }
}

#[inline(always)]
fn backward(dx: &mut [f32], x: &[f32], dy: &[f32]) {
    for (dx, (x, dy)) in dx.iter_mut().zip(x.iter().zip(dy)) {
        let sigmoid = 1.0 / (1.0 + exp(-twice_inner(*x)));
        let slope = 2.0 * SLOPE as f32 * (1.0 + 3.0 * CUBIC as f32 * x * x);
        *dx = dy * (sigmoid + x * sigmoid * (1.0 - sigmoid) * slope);
    }
}

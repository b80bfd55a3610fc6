//! One pass; the backward pass is the same one with the sines negated.

use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape, Tensor};

use crate::kernels::slices::{
    ROWS_PER_CHUNK, chunk_of, f32_slice, tensor, vectorized, with_slices, written_once,
};
use crate::ops::RotaryAngles;

struct RopeOp;

/// `x` `[tokens, heads · head_size]`.
pub fn fused(x: &Tensor, angles: &RotaryAngles<Tensor>) -> Result<Tensor> {
    x.contiguous()?.apply_op3(&angles.cosines, &angles.sines, RopeOp)
}

impl CustomOp3 for RopeOp {
    fn name(&self) -> &'static str {
        "rope"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        cosines: &CpuStorage,
        cosines_layout: &Layout,
        sines: &CpuStorage,
        sines_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (tokens, width) = x_layout.shape().dims2()?;
        let half = cosines_layout.shape().dims2()?.1;
        let x = f32_slice(x, x_layout)?;
        let (cosines, sines) = (f32_slice(cosines, cosines_layout)?, f32_slice(sines, sines_layout)?);
        let y = turn(x, width, cosines, sines, half, 1.0);
        Ok((CpuStorage::F32(y), (tokens, width).into()))
    }

    fn bwd(
        &self,
        _x: &Tensor,
        cosines: &Tensor,
        sines: &Tensor,
        _y: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        Ok((Some(gradient(cosines, sines, dy)?), None, None))
    }
}

/// `dx`.
pub fn gradient(cosines: &Tensor, sines: &Tensor, dy: &Tensor) -> Result<Tensor> {
    let (width, half) = (dy.dim(1)?, cosines.dim(1)?);
    with_slices([dy, cosines, sines], |[dys, cosines, sines]| {
        tensor(turn(dys, width, cosines, sines, half, -1.0), dy.shape())
    })
}

fn turn(x: &[f32], width: usize, cosines: &[f32], sines: &[f32], half: usize, direction: f32) -> Vec<f32> {
    let (rows, angles) = (ROWS_PER_CHUNK * width, ROWS_PER_CHUNK * half);
    written_once(x.len(), rows, |index, y| {
        let (x, of_chunk) = (chunk_of(x, rows, index), |values| chunk_of(values, angles, index));
        vectorized(|| turn_rows(y, x, width, of_chunk(cosines), of_chunk(sines), half, direction));
    })
}

#[inline(always)]
fn turn_rows(
    y: &mut [f32],
    x: &[f32],
    width: usize,
    cosines: &[f32],
    sines: &[f32],
    half: usize,
    direction: f32,
) {
    let angles = cosines.chunks_exact(half).zip(sines.chunks_exact(half));
    for ((y, x), (cos, sin)) in y.chunks_exact_mut(width).zip(x.chunks_exact(width)).zip(angles) {
        for (y, x) in y.chunks_exact_mut(2 * half).zip(x.chunks_exact(2 * half)) {
            let ((y1, y2), (x1, x2)) = (y.split_at_mut(half), x.split_at(half));
            for i in 0..half {
                let sin = direction * sin[i];
                y1[i] = x1[i] * cos[i] - x2[i] * sin;
                y2[i] = x2[i] * cos[i] + x1[i] * sin;
            }
        }
    }
}

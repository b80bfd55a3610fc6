//! One pass forward, one backward, instead of a tensor per step of the formula.

use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};

use crate::kernels::slices::{
    ROWS_PER_CHUNK, chunk_of, f32_slice, sum, tensor, vectorized, with_slices, written, written_once,
};

struct RmsNormOp {
    epsilon: f32,
}

/// `x` `[tokens, width]`, `weight` `[width]`.
pub fn fused(x: &Tensor, weight: &Tensor, epsilon: f64) -> Result<Tensor> {
    x.contiguous()?.apply_op2(weight, RmsNormOp { epsilon: epsilon as f32 })
}

impl CustomOp2 for RmsNormOp {
    fn name(&self) -> &'static str {
        "rms_norm"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (x, weight) = (f32_slice(x, x_layout)?, f32_slice(weight, weight_layout)?);
        let chunk = ROWS_PER_CHUNK * weight.len();
        let y = written_once(x.len(), chunk, |index, y| {
            vectorized(|| forward_rows(y, chunk_of(x, chunk, index), weight, self.epsilon));
        });
        Ok((CpuStorage::F32(y), x_layout.shape().clone()))
    }

    fn bwd(
        &self,
        x: &Tensor,
        weight: &Tensor,
        _y: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let [dx, dw] = gradients(x, weight, dy, self.epsilon)?;
        Ok((Some(dx), weight.track_op().then_some(dw)))
    }
}

/// `dx` and `dw`.
pub fn gradients(x: &Tensor, weight: &Tensor, dy: &Tensor, epsilon: f32) -> Result<[Tensor; 2]> {
    with_slices([x, weight, dy], |[xs, ws, dys]| {
        let chunk = ROWS_PER_CHUNK * ws.len();
        let ([dx], partial) = written(xs.len(), chunk, |index, [dx]| {
            let of_chunk = |values| chunk_of(values, chunk, index);
            let mut dw = vec![0.0; ws.len()];
            vectorized(|| backward_rows(dx, &mut dw, of_chunk(xs), ws, of_chunk(dys), epsilon));
            dw
        });
        let mut dw = vec![0.0; ws.len()];
        for part in &partial {
            for (sum, value) in dw.iter_mut().zip(part) {
                *sum += value;
            }
        }
        Ok([tensor(dx, x.shape())?, tensor(dw, weight.shape())?])
    })
}

#[inline(always)]
fn forward_rows(y: &mut [f32], x: &[f32], weight: &[f32], epsilon: f32) {
    let width = weight.len();
    for (y, x) in y.chunks_exact_mut(width).zip(x.chunks_exact(width)) {
        let mean_square = sum(|i| x[i] * x[i], width) / width as f32;
        let scale = 1.0 / (mean_square + epsilon).sqrt();
        for ((y, x), weight) in y.iter_mut().zip(x).zip(weight) {
            *y = x * scale * weight;
        }
    }
}

#[inline(always)]
fn backward_rows(dx: &mut [f32], dw: &mut [f32], x: &[f32], weight: &[f32], dy: &[f32], epsilon: f32) {
    let width = weight.len();
    let rows = x.chunks_exact(width).zip(dy.chunks_exact(width));
    for (dx, (x, dy)) in dx.chunks_exact_mut(width).zip(rows) {
        let mean_square = sum(|i| x[i] * x[i], width) / width as f32;
        let scale = 1.0 / (mean_square + epsilon).sqrt();
        let projection = sum(|i| weight[i] * dy[i] * x[i], width);
        let along = scale * scale * scale * projection / width as f32;
        for i in 0..width {
            dx[i] = scale * weight[i] * dy[i] - along * x[i];
            dw[i] += dy[i] * x[i] * scale;
        }
    }
}

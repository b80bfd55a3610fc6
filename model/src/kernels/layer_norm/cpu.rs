//! Three passes over a row that stays in the cache, instead of a tensor per step of the formula.

use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape, Tensor};

use crate::kernels::slices::{
    ROWS_PER_CHUNK, chunk_of, f32_slice, sum, tensor, vectorized, with_slices, written, written_once,
};

struct LayerNormOp {
    epsilon: f32,
}

/// `x` `[tokens, width]`, `weight` and `bias` `[width]`.
pub fn fused(x: &Tensor, weight: &Tensor, bias: &Tensor, epsilon: f64) -> Result<Tensor> {
    x.contiguous()?.apply_op3(weight, bias, LayerNormOp { epsilon: epsilon as f32 })
}

impl CustomOp3 for LayerNormOp {
    fn name(&self) -> &'static str {
        "layer_norm"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
        bias: &CpuStorage,
        bias_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let x = f32_slice(x, x_layout)?;
        let (weight, bias) = (f32_slice(weight, weight_layout)?, f32_slice(bias, bias_layout)?);
        let chunk = ROWS_PER_CHUNK * weight.len();
        let y = written_once(x.len(), chunk, |index, y| {
            vectorized(|| forward_rows(y, chunk_of(x, chunk, index), weight, bias, self.epsilon));
        });
        Ok((CpuStorage::F32(y), x_layout.shape().clone()))
    }

    fn bwd(
        &self,
        x: &Tensor,
        weight: &Tensor,
        bias: &Tensor,
        _y: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let [dx, dw, db] = gradients(x, weight, bias, dy, self.epsilon)?;
        Ok((Some(dx), Some(dw), Some(db)))
    }
}

/// `dx`, `dw` and `db`.
pub fn gradients(
    x: &Tensor,
    weight: &Tensor,
    bias: &Tensor,
    dy: &Tensor,
    epsilon: f32,
) -> Result<[Tensor; 3]> {
    with_slices([x, weight, dy], |[xs, ws, dys]| {
        let width = ws.len();
        let chunk = ROWS_PER_CHUNK * width;
        // Of each chunk of rows `dw`, and `db` behind it.
        let ([dx], partial) = written(xs.len(), chunk, |index, [dx]| {
            let of_chunk = |values| chunk_of(values, chunk, index);
            let mut sums = vec![0.0; 2 * width];
            let (dw, db) = sums.split_at_mut(width);
            vectorized(|| backward_rows(dx, dw, db, of_chunk(xs), ws, of_chunk(dys), epsilon));
            sums
        });
        let mut dw = vec![0.0; 2 * width];
        for part in &partial {
            for (sum, value) in dw.iter_mut().zip(part) {
                *sum += value;
            }
        }
        let db = dw.split_off(width);
        Ok([tensor(dx, x.shape())?, tensor(dw, weight.shape())?, tensor(db, bias.shape())?])
    })
}

/// Mean and `r` of a row.
#[inline(always)]
fn statistics(x: &[f32], epsilon: f32) -> (f32, f32) {
    let width = x.len();
    let mean = sum(|i| x[i], width) / width as f32;
    let variance = sum(|i| (x[i] - mean) * (x[i] - mean), width) / width as f32;
    (mean, 1.0 / (variance + epsilon).sqrt())
}

#[inline(always)]
fn forward_rows(y: &mut [f32], x: &[f32], weight: &[f32], bias: &[f32], epsilon: f32) {
    let width = weight.len();
    for (y, x) in y.chunks_exact_mut(width).zip(x.chunks_exact(width)) {
        let (mean, scale) = statistics(x, epsilon);
        for ((y, x), (weight, bias)) in y.iter_mut().zip(x).zip(weight.iter().zip(bias)) {
            *y = (x - mean) * scale * weight + bias;
        }
    }
}

#[inline(always)]
fn backward_rows(
    dx: &mut [f32],
    dw: &mut [f32],
    db: &mut [f32],
    x: &[f32],
    weight: &[f32],
    dy: &[f32],
    epsilon: f32,
) {
    let width = weight.len();
    let rows = x.chunks_exact(width).zip(dy.chunks_exact(width));
    for (dx, (x, dy)) in dx.chunks_exact_mut(width).zip(rows) {
        let (mean, scale) = statistics(x, epsilon);
        let gradient_mean = sum(|i| weight[i] * dy[i], width) / width as f32;
        let along = sum(|i| weight[i] * dy[i] * (x[i] - mean) * scale, width) / width as f32;
        for i in 0..width {
            let normalized = (x[i] - mean) * scale;
            dx[i] = scale * (weight[i] * dy[i] - gradient_mean - normalized * along);
            dw[i] += dy[i] * normalized;
            db[i] += dy[i];
        }
    }
}

//! Three products in the layouts that the tensors have, the bias added on the way, its gradient summed in
//! one pass. Candle's own backward pass makes the transpose of `dW` and copies it, and keeps `x Wᵀ` beside
//! `x Wᵀ + b`.

use candle_core::{CpuStorage, CustomOp2, CustomOp3, Layout, Result, Shape, Tensor};
use rayon::prelude::*;
use shared::spec::Precision;

use super::few_rows;
use crate::kernels::matrix_product::{Destination, Matrix, multiply_whole};
use crate::kernels::slices::{ROWS_PER_CHUNK, f32_slice, tensor, vectorized, with_slices};

struct LinearOp {
    precision: Precision,
}

/// `x` `[tokens, in]`, `weight` `[out, in]`, `bias` `[out]` → `[tokens, out]`.
pub fn fused(x: &Tensor, weight: &Tensor, bias: Option<&Tensor>, precision: Precision) -> Result<Tensor> {
    let (x, weight, op) = (x.contiguous()?, weight.contiguous()?, LinearOp { precision });
    match bias {
        Some(bias) => x.apply_op3(&weight, &bias.contiguous()?, op),
        None => x.apply_op2(&weight, op),
    }
}

impl LinearOp {
    fn forward(
        &self,
        (x, x_layout): (&CpuStorage, &Layout),
        (weight, weight_layout): (&CpuStorage, &Layout),
        bias: Option<(&CpuStorage, &Layout)>,
    ) -> Result<(CpuStorage, Shape)> {
        let (tokens, width) = x_layout.shape().dims2()?;
        let (outputs, weight_width) = weight_layout.shape().dims2()?;
        if width != weight_width {
            candle_core::bail!("linear: {width} inputs for a weight of {weight_width}");
        }
        let (x, weight) = (f32_slice(x, x_layout)?, f32_slice(weight, weight_layout)?);
        let (mut y, mode) = match bias {
            None => (vec![0.0; tokens * outputs], Destination::Overwrite),
            Some((bias, layout)) => {
                let bias = f32_slice(bias, layout)?;
                if bias.len() != outputs {
                    candle_core::bail!("linear: a bias of {} for {outputs} outputs", bias.len());
                }
                (bias.repeat(tokens), Destination::Add)
            }
        };
        if self.precision == Precision::F32 && few_rows::is_faster(tokens) {
            few_rows::add_product(x, weight, width, &mut y);
        } else {
            let weight = Matrix::rows(weight, 0, width).transposed();
            let sizes = (tokens, outputs, width);
            multiply_whole(self.precision, sizes, Matrix::rows(x, 0, width), weight, &mut y, mode);
        }
        Ok((CpuStorage::F32(y), (tokens, outputs).into()))
    }

    /// `dx` and `dW`. A product that nothing asks for, of a weight that is not trained or below the first
    /// one that is, is not made.
    fn backward(&self, x: &Tensor, weight: &Tensor, dy: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let ((tokens, width), outputs) = (x.dims2()?, weight.dim(0)?);
        with_slices([x, weight, dy], |[xs, weights, dys]| {
            let mut gradients = (None, None);
            if x.track_op() {
                let mut dx = vec![0.0; tokens * width];
                let (dy, weight) = (Matrix::rows(dys, 0, outputs), Matrix::rows(weights, 0, width));
                let sizes = (tokens, width, outputs);
                multiply_whole(self.precision, sizes, dy, weight, &mut dx, Destination::Overwrite);
                gradients.0 = Some(tensor(dx, x.shape())?);
            }
            if weight.track_op() {
                let mut dw = vec![0.0; outputs * width];
                let (dy, x) = (Matrix::rows(dys, 0, outputs).transposed(), Matrix::rows(xs, 0, width));
                let sizes = (outputs, width, tokens);
                multiply_whole(self.precision, sizes, dy, x, &mut dw, Destination::Overwrite);
                gradients.1 = Some(tensor(dw, weight.shape())?);
            }
            Ok(gradients)
        })
    }
}

impl CustomOp2 for LinearOp {
    fn name(&self) -> &'static str {
        "linear"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        self.forward((x, x_layout), (weight, weight_layout), None)
    }

    fn bwd(
        &self,
        x: &Tensor,
        weight: &Tensor,
        _y: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        self.backward(x, weight, dy)
    }
}

impl CustomOp3 for LinearOp {
    fn name(&self) -> &'static str {
        "linear_with_bias"
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
        self.forward((x, x_layout), (weight, weight_layout), Some((bias, bias_layout)))
    }

    fn bwd(
        &self,
        x: &Tensor,
        weight: &Tensor,
        bias: &Tensor,
        _y: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let (dx, dw) = self.backward(x, weight, dy)?;
        let db = bias
            .track_op()
            .then(|| with_slices([dy], |[dy]| tensor(sum_of_rows(dy, bias.elem_count()), bias.shape())));
        Ok((dx, dw, db.transpose()?))
    }
}

/// `Σ_t rows[t]`, by chunks of a fixed number of rows.
pub fn sum_of_rows(rows: &[f32], width: usize) -> Vec<f32> {
    let add = |mut sums: Vec<f32>, rows: &[f32]| {
        vectorized(|| {
            for row in rows.chunks_exact(width) {
                add_to(&mut sums, row);
            }
        });
        sums
    };
    let chunks = rows.par_chunks(4 * ROWS_PER_CHUNK * width);
    let parts: Vec<Vec<f32>> = chunks.map(|chunk| add(vec![0.0; width], chunk)).collect();
    parts.iter().fold(vec![0.0; width], |sums, part| add(sums, part))
}

#[inline(always)]
fn add_to(sums: &mut [f32], row: &[f32]) {
    for (sum, value) in sums.iter_mut().zip(row) {
        *sum += value;
    }
}

//! Three products in the layouts that the tensors have, the bias added on the way, its gradient summed in
//! one pass. Candle's own backward pass makes the transpose of `dW` and copies it, and keeps `x Wᵀ` beside
//! `x Wᵀ + b`.

use candle_core::{CpuStorage, CustomOp2, CustomOp3, Layout, Result, Shape, Tensor};
use rayon::prelude::*;
use shared::spec::Precision;

use super::few_rows;
use crate::kernels::matrix_product::{Destination, Matrix, multiply_whole, product_whole};
use crate::kernels::slices::{ROWS_PER_CHUNK, f32_slice, tensor, vectorized, with_slices, written_once};

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
        let bias = match bias {
            None => None,
            Some((bias, layout)) => {
                let bias = f32_slice(bias, layout)?;
                if bias.len() != outputs {
                    candle_core::bail!("linear: a bias of {} for {outputs} outputs", bias.len());
                }
                Some(bias)
            }
        };
        let is_few = self.precision == Precision::F32 && few_rows::is_faster(tokens);
        let rows_of_bias = |bias: &[f32]| {
            written_once(tokens * outputs, ROWS_PER_CHUNK * outputs, |_, rows| {
                rows.chunks_exact_mut(outputs).for_each(|row| row.copy_from_slice(bias));
            })
        };
        let y = if is_few {
            let mut y = bias.map_or_else(|| vec![0.0; tokens * outputs], rows_of_bias);
            few_rows::add_product(x, weight, width, &mut y);
            y
        } else {
            let weight = Matrix::rows(weight, 0, width).transposed();
            let (x, sizes) = (Matrix::rows(x, 0, width), (tokens, outputs, width));
            match bias.map(rows_of_bias) {
                None => product_whole(self.precision, sizes, x, weight),
                Some(mut y) => {
                    multiply_whole(self.precision, sizes, x, weight, &mut y, Destination::Add);
                    y
                }
            }
        };
        Ok((CpuStorage::F32(y), (tokens, outputs).into()))
    }

    /// `dx` and `dW`. A product that nothing asks for, of a weight that is not trained or below the first
    /// one that is, is not made.
    fn backward(&self, x: &Tensor, weight: &Tensor, dy: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let dx = x.track_op().then(|| input_gradient(weight, dy, self.precision)).transpose()?;
        let dw = weight.track_op().then(|| {
            let mut dw = vec![0.0; weight.elem_count()];
            add_weight_gradient(x, dy, self.precision, &mut dw, Destination::Overwrite)?;
            tensor(dw, weight.shape())
        });
        Ok((dx, dw.transpose()?))
    }
}

/// `dx = dy W`.
pub fn input_gradient(weight: &Tensor, dy: &Tensor, precision: Precision) -> Result<Tensor> {
    let (tokens, (outputs, width)) = (dy.dim(0)?, weight.dims2()?);
    with_slices([weight, dy], |[weight, dy]| {
        let (dy, weight) = (Matrix::rows(dy, 0, outputs), Matrix::rows(weight, 0, width));
        tensor(product_whole(precision, (tokens, width, outputs), dy, weight), (tokens, width))
    })
}

/// `dW = [dW +] dyᵀ x`.
pub fn add_weight_gradient(
    x: &Tensor,
    dy: &Tensor,
    precision: Precision,
    dw: &mut [f32],
    mode: Destination,
) -> Result<()> {
    let ((tokens, width), outputs) = (x.dims2()?, dy.dim(1)?);
    with_slices([x, dy], |[x, dy]| {
        let (dy, x) = (Matrix::rows(dy, 0, outputs).transposed(), Matrix::rows(x, 0, width));
        multiply_whole(precision, (outputs, width, tokens), dy, x, dw, mode);
        Ok(())
    })
}

/// `db = Σ_t dy[t]`.
pub fn bias_gradient(dy: &Tensor) -> Result<Tensor> {
    let outputs = dy.dim(1)?;
    with_slices([dy], |[dy]| tensor(sum_of_rows(dy, outputs), outputs))
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
        let db = bias.track_op().then(|| bias_gradient(dy));
        Ok((dx, dw, db.transpose()?))
    }
}

/// `Σ_t rows[t]`, by chunks of a fixed number of rows.
pub fn sum_of_rows(rows: &[f32], width: usize) -> Vec<f32> {
    let add = |mut sums: Vec<f32>, rows: &[f32]| {
        vectorized(|| {
            for row in rows.chunks_exact(width) {
                add_row(&mut sums, row);
            }
        });
        sums
    };
    let chunks = rows.par_chunks(4 * ROWS_PER_CHUNK * width);
    let parts: Vec<Vec<f32>> = chunks.map(|chunk| add(vec![0.0; width], chunk)).collect();
    parts.iter().fold(vec![0.0; width], |sums, part| add(sums, part))
}

#[inline(always)]
fn add_row(sums: &mut [f32], row: &[f32]) {
    for (sum, value) in sums.iter_mut().zip(row) {
        *sum += value;
    }
}

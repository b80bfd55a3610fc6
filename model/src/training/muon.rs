//! Muon (Jordan et al. 2024, <https://kellerjordan.github.io/posts/muon/>), in the order of
//! `torch.optim.Muon`. For a matrix W `[out, in]` with gradient G:
//!
//! ```text
//! M ← μ M + (1 − μ) G
//! U = μ M + (1 − μ) G                            Nesterov's look ahead
//! X = U / max(‖U‖, 1e-7)                         Frobenius: no singular value is above 1
//! X ← a X + (b A + c A²) X,  A = X Xᵀ            as often as asked: a = 3.4445, b = −4.7750, c = 2.0315
//! W ← W (1 − η λ) − η √max(1, out / in) X
//! ```
//!
//! The quintic pulls every singular value towards 1 (into 0.7 … 1.2, and no further: its slope at 0 is
//! what counts), so that a step moves all directions of a matrix alike, the rare ones too. Where there are
//! more rows than columns it works on Xᵀ, whose A is the smaller one.
//!
//! Its products are `2 · iterations · (2 min² max + min³)` operations per matrix and step, whatever the
//! batch: cheap beside a large one. With `precision: bf16` they are rounded as PyTorch always rounds them.

use std::sync::Mutex;

use candle_core::{CpuStorage, DType, InplaceOp2, Layout, Tensor, Var};
use rayon::prelude::*;
use shared::spec::{MuonSpec, Precision};

use crate::Result;
use crate::candle_ops::Forms;
use crate::kernels::matrix_product::{Destination, Matrix, multiply_whole};
use crate::kernels::slices::{f32_slice, f32_slice_mut, tensor, vectorized};

const A: f64 = 3.4445;
const B: f64 = -4.7750;
const C: f64 = 2.0315;
/// The norm of a gradient that is nothing.
const SMALLEST_NORM: f64 = 1e-7;
const CHUNK: usize = 1 << 14;

/// How many matrices one above the other a parameter is to Muon; 0 leaves it to AdamW.
///
/// Embedding and head are tables of rows that have little to do with each other, vectors have no singular
/// values: only the matrices inside of the blocks are moved. GPT-2's queries, keys and values lie in one
/// matrix and are three all the same. Brought near 1 together, the largest of them would take the others'
/// share: practice is a third by itself.
pub fn matrices(name: &str, shape: &[usize]) -> usize {
    let is_in_block = name.starts_with("model.layers.") || name.starts_with("transformer.h.");
    match (is_in_block, shape) {
        (true, [rows, _]) if name.ends_with("attn.c_attn.weight") && rows.is_multiple_of(3) => 3,
        (true, [_, _]) => 1,
        _ => 0,
    }
}

/// What a step is made with, besides tensors.
#[derive(Debug, Clone, Copy)]
pub struct Update<'a> {
    pub settings: &'a MuonSpec,
    pub learning_rate: f64,
    /// From clipping.
    pub gradient_scale: f64,
    pub forms: Forms,
}

/// Moves one parameter of `matrices` matrices, and its momentum `[1, …shape]`.
pub fn step(
    weight: &Var,
    momentum: &mut Tensor,
    gradient: &Tensor,
    matrices: usize,
    update: Update<'_>,
) -> Result<()> {
    let Update { settings, learning_rate, forms, .. } = update;
    let (rows, columns) = weight.dims2()?;
    let rows = rows / matrices.max(1);
    let kept = 1.0 - learning_rate * settings.weight_decay;
    let rate = learning_rate * (rows as f64 / columns as f64).max(1.0).sqrt();
    if !forms.fuses(&[weight, momentum, gradient]) {
        return composed(weight, momentum, gradient, (matrices, kept, rate), update);
    }
    let gradient = gradient.contiguous()?;
    let ahead = Ahead::new(settings.momentum, update.gradient_scale, gradient.elem_count());
    momentum.inplace_op2(&gradient, &ahead)?;
    let mut direction = ahead.values.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    for matrix in direction.chunks_exact_mut((rows * columns).max(1)) {
        orthogonalize(matrix, (rows, columns), settings.iterations, forms.precision());
    }
    let direction = tensor(direction, weight.shape())?;
    weight.inplace_op2(&direction, &Move { kept: kept as f32, rate: rate as f32 })?;
    Ok(())
}

/// The formula as it stands.
fn composed(
    weight: &Var,
    momentum: &mut Tensor,
    gradient: &Tensor,
    (matrices, kept, rate): (usize, f64, f64),
    update: Update<'_>,
) -> Result<()> {
    let settings = update.settings;
    let fresh = (gradient * (update.gradient_scale * (1.0 - settings.momentum)))?;
    let moment = ((momentum.get(0)? * settings.momentum)? + &fresh)?;
    let ahead = ((&moment * settings.momentum)? + fresh)?;
    *momentum = moment.unsqueeze(0)?;
    let parts = ahead.chunk(matrices, 0)?;
    let parts: Vec<Tensor> =
        parts.iter().map(|part| composed_orthogonalize(part, settings.iterations)).collect::<Result<_>>()?;
    let direction = Tensor::cat(&parts, 0)?;
    weight.set(&((weight.as_detached_tensor() * kept)? - (direction * rate)?)?)?;
    Ok(())
}

fn composed_orthogonalize(matrix: &Tensor, iterations: u32) -> Result<Tensor> {
    let (rows, columns) = matrix.dims2()?;
    let lying = if rows > columns { matrix.t()?.contiguous()? } else { matrix.clone() };
    let norm = lying.sqr()?.sum_all()?.sqrt()?.to_dtype(DType::F64)?.to_scalar::<f64>()?;
    let mut x = (lying / norm.max(SMALLEST_NORM))?;
    for _ in 0..iterations {
        let gram = x.matmul(&x.t()?)?;
        let polynomial = ((&gram * B)? + (gram.matmul(&gram)? * C)?)?;
        x = ((&x * A)? + polynomial.matmul(&x)?)?;
    }
    Ok(if rows > columns { x.t()?.contiguous()? } else { x })
}

/// Brings the singular values of `values` `[rows, columns]` near 1, in place.
pub fn orthogonalize(
    values: &mut [f32],
    (rows, columns): (usize, usize),
    iterations: u32,
    precision: Precision,
) {
    let norm = sum_of_squares(values).sqrt().max(SMALLEST_NORM);
    scale(values, (1.0 / norm) as f32);
    let (short, long) = (rows.min(columns), rows.max(columns));
    let mut gram = vec![0.0; short * short];
    let mut polynomial = vec![0.0; short * short];
    let mut next = vec![0.0; values.len()];
    for _ in 0..iterations {
        // A lying matrix is X itself. A standing one is Xᵀ; as A is its own transpose, it is
        // multiplied from the other side.
        let x = Matrix::rows(values, 0, columns);
        let (left, right) = if rows > columns { (x.transposed(), x) } else { (x, x.transposed()) };
        multiply_whole(precision, (short, short, long), left, right, &mut gram, Destination::Overwrite);

        // b A + c A² as b / c · A + A², then all of it times c.
        scaled_copy(&gram, (B / C) as f32, &mut polynomial);
        let square = Matrix::rows(&gram, 0, short);
        multiply_whole(precision, (short, short, short), square, square, &mut polynomial, Destination::Add);
        scale(&mut polynomial, C as f32);

        scaled_copy(values, A as f32, &mut next);
        let polynomial = Matrix::rows(&polynomial, 0, short);
        let x = Matrix::rows(values, 0, columns);
        let (left, right, inner) =
            if rows > columns { (x, polynomial, columns) } else { (polynomial, x, rows) };
        multiply_whole(precision, (rows, columns, inner), left, right, &mut next, Destination::Add);
        values.copy_from_slice(&next);
    }
}

fn scale(values: &mut [f32], factor: f32) {
    values
        .par_chunks_mut(CHUNK)
        .for_each(|chunk| vectorized(|| chunk.iter_mut().for_each(|value| *value *= factor)));
}

fn scaled_copy(from: &[f32], factor: f32, to: &mut [f32]) {
    to.par_chunks_mut(CHUNK).zip(from.par_chunks(CHUNK)).for_each(|(to, from)| {
        vectorized(|| to.iter_mut().zip(from).for_each(|(to, from)| *to = factor * from));
    });
}

/// Grouped by fixed chunks, so that the result does not depend on the number of threads.
fn sum_of_squares(values: &[f32]) -> f64 {
    let parts: Vec<f64> = values.par_chunks(CHUNK).map(super::clip::chunk_sum_of_squares).collect();
    parts.iter().sum()
}

/// Updates the momentum and keeps Nesterov's look ahead.
struct Ahead {
    momentum: f32,
    gradient_scale: f32,
    /// An operation in place has one tensor to write to; this is the second.
    values: Mutex<Vec<f32>>,
}

impl Ahead {
    fn new(momentum: f64, gradient_scale: f64, length: usize) -> Self {
        let values = Mutex::new(vec![0.0; length]);
        Self { momentum: momentum as f32, gradient_scale: gradient_scale as f32, values }
    }
}

impl InplaceOp2 for Ahead {
    fn name(&self) -> &'static str {
        "muon_momentum"
    }

    fn cpu_fwd(
        &self,
        momentum: &mut CpuStorage,
        momentum_layout: &Layout,
        gradient: &CpuStorage,
        gradient_layout: &Layout,
    ) -> candle_core::Result<()> {
        let gradient = f32_slice(gradient, gradient_layout)?;
        let moments = f32_slice_mut(momentum, momentum_layout)?;
        let mut ahead = self.values.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if moments.len() != gradient.len() || ahead.len() != gradient.len() {
            candle_core::bail!("muon: a gradient that does not fit its momentum")
        }
        let (keeps, takes) = (self.momentum, (1.0 - self.momentum) * self.gradient_scale);
        moments
            .par_chunks_mut(CHUNK)
            .zip(ahead.par_chunks_mut(CHUNK))
            .zip(gradient.par_chunks(CHUNK))
            .for_each(|((moments, ahead), gradient)| {
                vectorized(|| {
                    for ((moment, ahead), gradient) in moments.iter_mut().zip(ahead).zip(gradient) {
                        let fresh = takes * gradient;
                        *moment = keeps * *moment + fresh;
                        *ahead = keeps * *moment + fresh;
                    }
                });
            });
        Ok(())
    }
}

/// `w ← kept · w − rate · x`
struct Move {
    kept: f32,
    rate: f32,
}

impl InplaceOp2 for Move {
    fn name(&self) -> &'static str {
        "muon_weight"
    }

    fn cpu_fwd(
        &self,
        weight: &mut CpuStorage,
        weight_layout: &Layout,
        direction: &CpuStorage,
        direction_layout: &Layout,
    ) -> candle_core::Result<()> {
        let direction = f32_slice(direction, direction_layout)?;
        let weight = f32_slice_mut(weight, weight_layout)?;
        if weight.len() != direction.len() {
            candle_core::bail!("muon: a direction that does not fit its weight")
        }
        let (kept, rate) = (self.kept, self.rate);
        weight.par_chunks_mut(CHUNK).zip(direction.par_chunks(CHUNK)).for_each(|(weight, direction)| {
            vectorized(|| {
                for (weight, direction) in weight.iter_mut().zip(direction) {
                    *weight = kept * *weight - rate * direction;
                }
            });
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values that no two rows share, of rank min(rows, columns).
    fn matrix(rows: usize, columns: usize) -> Vec<f32> {
        (0..rows * columns).map(|i| ((i * i * 7 + i * 13) % 101) as f32 / 50.0 - 1.0).collect()
    }

    /// Every singular value then lies in about 0.7 … 1.2, and so does the length of `Q v` for each v of
    /// length 1 on the shorter side: here for its axes.
    #[test]
    fn every_direction_of_a_matrix_comes_near_length_one() {
        for (rows, columns) in [(5, 5), (4, 11), (11, 4), (1, 6)] {
            for precision in [Precision::F32, Precision::Bf16] {
                let mut values = matrix(rows, columns);
                orthogonalize(&mut values, (rows, columns), 8, precision);
                let short = rows.min(columns);
                for direction in 0..short {
                    let lengths: f32 = (0..rows.max(columns))
                        .map(|at| {
                            let index = if rows > columns {
                                at * columns + direction
                            } else {
                                direction * columns + at
                            };
                            values[index] * values[index]
                        })
                        .sum();
                    let length = lengths.sqrt();
                    assert!((0.65..1.25).contains(&length), "{rows} × {columns}, {precision:?}: {length}");
                }
            }
        }
    }

    #[test]
    fn a_matrix_and_its_transpose_are_brought_to_transposes() {
        let (rows, columns) = (9, 4);
        let mut standing = matrix(rows, columns);
        let mut lying: Vec<f32> =
            (0..rows * columns).map(|i| standing[i % rows * columns + i / rows]).collect();
        orthogonalize(&mut standing, (rows, columns), 5, Precision::F32);
        orthogonalize(&mut lying, (columns, rows), 5, Precision::F32);
        for row in 0..rows {
            for column in 0..columns {
                let (one, other) = (standing[row * columns + column], lying[column * rows + row]);
                assert!((one - other).abs() < 1e-4, "{one} {other}");
            }
        }
    }

    #[test]
    fn a_gradient_of_zeros_moves_nothing() {
        let mut values = vec![0.0; 12];
        orthogonalize(&mut values, (3, 4), 5, Precision::F32);
        assert_eq!(values, vec![0.0; 12]);
    }
}

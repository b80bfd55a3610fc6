//! Matrix products of parts of slices, for kernels that cut a tensor into blocks, and of whole ones over
//! all threads.

use shared::spec::Precision;

use super::bfloat16_product;
use super::slices::{VALUES_PER_CHUNK, written_once};

/// A matrix inside of a slice: `at(i, j) = values[offset + i · row_stride + j · column_stride]`.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    pub values: &'a [f32],
    pub offset: usize,
    pub row_stride: usize,
    pub column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// Rows of `row_stride` values that lie one after the other.
    pub fn rows(values: &'a [f32], offset: usize, row_stride: usize) -> Self {
        Self { values, offset, row_stride, column_stride: 1 }
    }

    pub fn transposed(self) -> Self {
        Self { row_stride: self.column_stride, column_stride: self.row_stride, ..self }
    }

    pub fn assert_holds(&self, rows: usize, columns: usize) {
        let last = self.offset + (rows - 1) * self.row_stride + (columns - 1) * self.column_stride;
        assert!(last < self.values.len(), "a matrix reaches beyond its slice");
    }
}

/// What happens to the values that the destination holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    Overwrite,
    Add,
}

/// `left · right` over the threads of the current pool, `[m, n]`, row by row, in a new vector.
pub fn product_whole(
    precision: Precision,
    (m, n, k): (usize, usize, usize),
    left: Matrix<'_>,
    right: Matrix<'_>,
) -> Vec<f32> {
    let mut product = written_once(m * n, VALUES_PER_CHUNK, |_, _| {});
    multiply_whole(precision, (m, n, k), left, right, &mut product, Destination::Overwrite);
    product
}

/// `destination = [destination +] left · right` over the threads of the current pool, with `left` `[m, k]`,
/// `right` `[k, n]` and `destination` `[m, n]`, row by row. Without instructions for bf16 nothing is rounded.
pub fn multiply_whole(
    precision: Precision,
    (m, n, k): (usize, usize, usize),
    left: Matrix<'_>,
    right: Matrix<'_>,
    destination: &mut [f32],
    mode: Destination,
) {
    assert_eq!(destination.len(), m * n);
    if k == 0 && mode == Destination::Overwrite {
        destination.fill(0.0);
    }
    if m == 0 || n == 0 || k == 0 {
        return;
    }
    let is_done =
        precision == Precision::Bf16 && bfloat16_product::multiply((m, n, k), left, right, destination, mode);
    if !is_done {
        let threads = match rayon::current_num_threads() {
            1 => gemm::Parallelism::None,
            threads => gemm::Parallelism::Rayon(threads),
        };
        multiply_over(threads, (m, n, k), 1.0, left, right, destination, 0, n, mode);
    }
}

/// `destination = [destination +] scale · left · right` on the calling thread, with `left` `[m, k]`,
/// `right` `[k, n]` and the destination's rows `row_stride` values apart from `offset` on.
#[allow(clippy::too_many_arguments)]
pub fn multiply(
    (m, n, k): (usize, usize, usize),
    scale: f32,
    left: Matrix<'_>,
    right: Matrix<'_>,
    destination: &mut [f32],
    offset: usize,
    row_stride: usize,
    mode: Destination,
) {
    let alone = gemm::Parallelism::None;
    multiply_over(alone, (m, n, k), scale, left, right, destination, offset, row_stride, mode);
}

#[allow(clippy::too_many_arguments)]
fn multiply_over(
    threads: gemm::Parallelism,
    (m, n, k): (usize, usize, usize),
    scale: f32,
    left: Matrix<'_>,
    right: Matrix<'_>,
    destination: &mut [f32],
    offset: usize,
    row_stride: usize,
    mode: Destination,
) {
    if m == 0 || n == 0 || k == 0 {
        return;
    }
    left.assert_holds(m, k);
    right.assert_holds(k, n);
    assert!(row_stride >= n && offset + (m - 1) * row_stride + n <= destination.len());
    // SAFETY: the assertions above bound every index that gemm computes from these strides; the
    // destination is borrowed mutably, so it cannot overlap the operands.
    #[allow(unsafe_code)]
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            destination.as_mut_ptr().add(offset),
            1,
            row_stride as isize,
            mode == Destination::Add,
            left.values.as_ptr().add(left.offset),
            left.column_stride as isize,
            left.row_stride as isize,
            right.values.as_ptr().add(right.offset),
            right.column_stride as isize,
            right.row_stride as isize,
            1.0f32,
            scale,
            false,
            false,
            false,
            threads,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_product_adds_to_its_rows_and_touches_nothing_else() {
        let left: Vec<f32> = (0..12).map(|value| value as f32).collect();
        let right: Vec<f32> = (0..8).map(|value| value as f32 - 3.0).collect();
        let mut destination = vec![1.0f32; 12];
        // left: 2 × 2 from (1, 1) of a 3 × 4 matrix; right: the transpose of a 2 × 2 block.
        multiply(
            (2, 2, 2),
            0.5,
            Matrix::rows(&left, 5, 4),
            Matrix::rows(&right, 0, 2).transposed(),
            &mut destination,
            1,
            6,
            Destination::Add,
        );
        let dot = |a: [f32; 2], b: [f32; 2]| 1.0 + 0.5 * (a[0] * b[0] + a[1] * b[1]);
        let mut expected = vec![1.0f32; 12];
        expected[1] = dot([5.0, 6.0], [-3.0, -2.0]);
        expected[2] = dot([5.0, 6.0], [-1.0, 0.0]);
        expected[7] = dot([9.0, 10.0], [-3.0, -2.0]);
        expected[8] = dot([9.0, 10.0], [-1.0, 0.0]);
        assert_eq!(destination, expected);
    }
}

//! `C = A B` with the operands rounded to bfloat16 and the sums in f32:
//! `cᵢⱼ = Σₖ bf16(aᵢₖ) bf16(bₖⱼ)`. bf16 is an f32 that lost the lower 16 of its 23 bits of mantissa: the same
//! range, two to three decimal digits. Processors with AVX-512 BF16 multiply and add two pairs where f32 has
//! one, so a product takes about half the time; README.md says how.

#[cfg(target_arch = "x86_64")]
mod pack;
#[cfg(target_arch = "x86_64")]
mod tile;

#[cfg(target_arch = "x86_64")]
use rayon::prelude::*;

use super::matrix_product::{Destination, Matrix};

/// Rounds to the nearest bf16, ties to the even one.
pub fn rounded(value: f32) -> f32 {
    if value.is_nan() {
        return value;
    }
    let bits = value.to_bits();
    let to_even = 0x7fff + ((bits >> 16) & 1);
    f32::from_bits(bits.wrapping_add(to_even) & 0xffff_0000)
}

/// Three plain loops over rounded operands; `left` `[m, k]` and `right` `[k, n]` row by row.
pub fn reference((m, n, k): (usize, usize, usize), left: &[f32], right: &[f32]) -> Vec<f64> {
    let mut product = vec![0.0; m * n];
    for i in 0..m {
        for j in 0..n {
            let terms =
                (0..k).map(|p| f64::from(rounded(left[i * k + p])) * f64::from(rounded(right[p * n + j])));
            product[i * n + j] = terms.sum();
        }
    }
    product
}

/// Whether this processor has the instructions.
pub fn is_available() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512bf16")
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        false
    }
}

/// `destination = [destination +] left · right` over the threads of the current pool; `destination` is
/// `[m, n]`, row by row. Returns false, and has done nothing, where the instructions are missing.
pub(crate) fn multiply(
    sizes: (usize, usize, usize),
    left: Matrix<'_>,
    right: Matrix<'_>,
    destination: &mut [f32],
    mode: Destination,
) -> bool {
    #[cfg(target_arch = "x86_64")]
    if is_available() {
        multiply_by_tiles(sizes, left, right, destination, mode);
        return true;
    }
    let _ = (sizes, left, right, destination, mode);
    false
}

/// Rows of `left` that one task packs and multiplies: with [`DEPTH`] they fill a part of the second cache.
#[cfg(target_arch = "x86_64")]
const TASK_ROWS: usize = 8 * tile::ROWS;
/// Terms of the sums that are taken at a time, so that the packed columns of a tile stay in the first cache.
#[cfg(target_arch = "x86_64")]
const DEPTH: usize = 256;

#[cfg(target_arch = "x86_64")]
fn multiply_by_tiles(
    (m, n, k): (usize, usize, usize),
    left: Matrix<'_>,
    right: Matrix<'_>,
    destination: &mut [f32],
    mode: Destination,
) {
    if m == 0 || n == 0 {
        return;
    }
    assert!(k > 0 && destination.len() == m * n);
    left.assert_holds(m, k);
    right.assert_holds(k, n);
    let panels = n.div_ceil(tile::COLUMNS);
    let pairs = k.div_ceil(2);
    // All of `right`: of every tile's columns the pairs of rows one after the other.
    let mut packed = vec![0u32; panels * pairs * tile::COLUMNS];
    packed.par_chunks_mut(pairs * tile::COLUMNS).enumerate().for_each(|(panel, packed)| {
        let first = panel * tile::COLUMNS;
        pack::panel::<{ tile::COLUMNS }>(
            packed,
            right.transposed(),
            first,
            tile::COLUMNS.min(n - first),
            0,
            k,
        );
    });
    let one_task = |row: usize, destination: &mut [f32]| {
        let rows = destination.len() / n;
        let mut packed_rows = vec![0u32; rows.div_ceil(tile::ROWS) * (DEPTH / 2) * tile::PACKED_ROWS];
        for start in (0..k).step_by(DEPTH) {
            let depth = DEPTH.min(k - start);
            let pairs_here = depth.div_ceil(2);
            let row_panel = pairs_here * tile::PACKED_ROWS;
            for (index, packed) in packed_rows.chunks_exact_mut(row_panel).enumerate() {
                let first = index * tile::ROWS;
                if first >= rows {
                    break;
                }
                let count = tile::ROWS.min(rows - first);
                pack::panel::<{ tile::PACKED_ROWS }>(packed, left, row + first, count, start, depth);
            }
            let adds = mode == Destination::Add || start > 0;
            for panel in 0..panels {
                let column = panel * tile::COLUMNS;
                let columns = tile::COLUMNS.min(n - column);
                let right =
                    &packed[(panel * pairs + start / 2) * tile::COLUMNS..][..pairs_here * tile::COLUMNS];
                for first in (0..rows).step_by(tile::ROWS) {
                    let left = &packed_rows[first / tile::ROWS * row_panel..][..row_panel];
                    let size = (tile::ROWS.min(rows - first), columns);
                    tile::multiply(size, left, right, &mut destination[first * n + column..], n, adds);
                }
            }
        }
    };
    destination
        .par_chunks_mut(TASK_ROWS * n)
        .enumerate()
        .for_each(|(index, destination)| one_task(index * TASK_ROWS, destination));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        (0..count).map(|_| next()).collect()
    }

    #[test]
    fn a_value_is_rounded_to_the_nearest_and_ties_to_even() {
        let at = |bits: u32| f32::from_bits(bits);
        assert_eq!(rounded(1.0), 1.0);
        assert_eq!(rounded(at(0x3f80_8000)), at(0x3f80_0000), "a tie, down to the even one");
        assert_eq!(rounded(at(0x3f81_8000)), at(0x3f82_0000), "a tie, up to the even one");
        assert_eq!(rounded(at(0x3f80_8001)), at(0x3f81_0000));
    }

    /// Sizes around a tile, a task and a depth, in every layout that a linear layer's passes need.
    #[test]
    fn products_of_rounded_operands_are_the_reference_s_on_odd_sizes() {
        if !is_available() {
            return;
        }
        let sizes =
            [(1, 1, 1), (3, 5, 7), (14, 32, 2), (15, 33, 257), (113, 40, 300), (130, 100, 513), (2, 70, 1)];
        for (m, n, k) in sizes {
            let (left, right) = (random(m * k, 1), random(k * n, 2));
            let turned = |values: &[f32], rows: usize, columns: usize| -> Vec<f32> {
                (0..columns * rows).map(|i| values[i % rows * columns + i / rows]).collect()
            };
            let (left_turned, right_turned) = (turned(&left, m, k), turned(&right, k, n));
            let expected = reference((m, n, k), &left, &right);
            let lefts = [Matrix::rows(&left, 0, k), Matrix::rows(&left_turned, 0, m).transposed()];
            let rights = [Matrix::rows(&right, 0, n), Matrix::rows(&right_turned, 0, k).transposed()];
            for left in lefts {
                for right in rights {
                    for (mode, before) in [(Destination::Overwrite, f32::NAN), (Destination::Add, 2.0)] {
                        let mut product = vec![before; m * n];
                        assert!(multiply((m, n, k), left, right, &mut product, mode));
                        let added = if mode == Destination::Add { 2.0 } else { 0.0 };
                        for (product, expected) in product.iter().zip(&expected) {
                            let error = (f64::from(*product) - expected - added).abs();
                            assert!(error < 1e-5 * (k as f64).sqrt() + 1e-6, "{m}×{n}×{k}: off by {error:e}");
                        }
                    }
                }
            }
        }
    }
}

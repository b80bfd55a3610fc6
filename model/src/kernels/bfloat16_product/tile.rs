//! The innermost loops: a tile of 14 rows and 32 columns whose sums stay in 28 of the 32 registers.

use std::arch::x86_64::{
    __m512bh, __m512i, __mmask16, _mm512_add_ps, _mm512_dpbf16_ps, _mm512_loadu_si512, _mm512_mask_storeu_ps,
    _mm512_maskz_loadu_ps, _mm512_set1_epi32, _mm512_setzero_ps,
};
use std::mem::transmute;

/// Rows of a tile.
pub const ROWS: usize = 14;
/// Rows that a packed panel has room for: a whole register, so that packing writes registers.
pub const PACKED_ROWS: usize = 16;
/// Columns of a tile, two registers of f32.
pub const COLUMNS: usize = 32;

/// `destination = [destination +] left · right` for one tile of at most [`ROWS`] × [`COLUMNS`], rows
/// `stride` apart. `left` holds [`PACKED_ROWS`] and `right` [`COLUMNS`] pairs of bf16 per pair of terms.
pub fn multiply(
    (rows, columns): (usize, usize),
    left: &[u32],
    right: &[u32],
    destination: &mut [f32],
    stride: usize,
    adds: bool,
) {
    let pairs = right.len() / COLUMNS;
    assert!((1..=ROWS).contains(&rows) && (1..=COLUMNS).contains(&columns));
    assert!(left.len() >= pairs * PACKED_ROWS && destination.len() >= (rows - 1) * stride + columns);
    let (left, right, destination) = (left.as_ptr(), right.as_ptr(), destination.as_mut_ptr());
    // SAFETY: the caller has asked `is_available`; the assertions bound every row, column and pair, and
    // partial rows are read and written under a mask.
    #[allow(unsafe_code)]
    unsafe {
        match rows {
            13.. => tile::<14>(rows, columns, pairs, left, right, destination, stride, adds),
            9.. => tile::<12>(rows, columns, pairs, left, right, destination, stride, adds),
            5.. => tile::<8>(rows, columns, pairs, left, right, destination, stride, adds),
            _ => tile::<4>(rows, columns, pairs, left, right, destination, stride, adds),
        }
    }
}

/// The first `rows` of `R` rows count.
///
/// # Safety
/// The processor has the instructions; the pointers reach as far as [`multiply`] asserts.
#[allow(unsafe_code, clippy::too_many_arguments)]
#[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
unsafe fn tile<const R: usize>(
    rows: usize,
    columns: usize,
    pairs: usize,
    left: *const u32,
    right: *const u32,
    destination: *mut f32,
    stride: usize,
    adds: bool,
) {
    let mut sums = [[_mm512_setzero_ps(); 2]; R];
    for pair in 0..pairs {
        // SAFETY: `pair < pairs`; registers of integers and of bf16 pairs are the same 64 bytes.
        unsafe {
            let columns = right.add(pair * COLUMNS);
            let columns: [__m512bh; 2] = [
                transmute::<__m512i, __m512bh>(_mm512_loadu_si512(columns.cast())),
                transmute::<__m512i, __m512bh>(_mm512_loadu_si512(columns.add(16).cast())),
            ];
            for (row, sums) in sums.iter_mut().enumerate() {
                let value = *left.add(pair * PACKED_ROWS + row);
                let value: __m512bh = transmute::<__m512i, __m512bh>(_mm512_set1_epi32(value.cast_signed()));
                sums[0] = _mm512_dpbf16_ps(sums[0], value, columns[0]);
                sums[1] = _mm512_dpbf16_ps(sums[1], value, columns[1]);
            }
        }
    }
    let mask = |first: usize| -> __mmask16 {
        let count = columns.saturating_sub(first).min(16);
        ((1u32 << count) - 1) as __mmask16
    };
    let masks = [mask(0), mask(16)];
    for (row, sums) in sums.iter().enumerate().take(rows) {
        for (half, (sum, mask)) in sums.iter().zip(masks).enumerate() {
            // SAFETY: what lies outside of the destination is masked, and masked lanes are not touched.
            unsafe {
                let at = destination.add(row * stride).wrapping_add(16 * half);
                let before = if adds { _mm512_maskz_loadu_ps(mask, at) } else { _mm512_setzero_ps() };
                _mm512_mask_storeu_ps(at, mask, _mm512_add_ps(*sum, before));
            }
        }
    }
}

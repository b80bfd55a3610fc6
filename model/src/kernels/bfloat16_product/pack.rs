//! Rounds a part of a matrix to bf16 and lays it out as the tiles read it: two terms of a sum side by side
//! in 32 bits, then the same two terms of the next row (of `left`) or column (of `right`), then the next
//! two terms. A *lane* is such a row or column.

use std::arch::x86_64::{
    __m256bh, __m256i, __m512, __m512bh, __m512i, __mmask16, _mm512_cvtepu16_epi32, _mm512_cvtne2ps_pbh,
    _mm512_cvtneps_pbh, _mm512_maskz_loadu_ps, _mm512_or_si512, _mm512_setzero_ps, _mm512_setzero_si512,
    _mm512_shuffle_i32x4, _mm512_slli_epi32, _mm512_storeu_si512, _mm512_unpackhi_epi32,
    _mm512_unpackhi_epi64, _mm512_unpacklo_epi32, _mm512_unpacklo_epi64,
};
use std::mem::transmute;

use crate::kernels::matrix_product::Matrix;

/// Lanes `first .. first + count` of `lanes` (its rows) and the terms (its columns) `start .. start + depth`
/// into `packed`, `LANES` per pair of terms, zero where there is no lane or no second term.
pub fn panel<const LANES: usize>(
    packed: &mut [u32],
    lanes: Matrix<'_>,
    first: usize,
    count: usize,
    start: usize,
    depth: usize,
) {
    assert!(LANES.is_multiple_of(16) && count >= 1 && count <= LANES && depth >= 1);
    assert!(packed.len() >= depth.div_ceil(2) * LANES);
    assert!(lanes.column_stride == 1 || lanes.row_stride == 1, "one direction of a matrix must be dense");
    let part =
        Matrix { offset: lanes.offset + first * lanes.row_stride + start * lanes.column_stride, ..lanes };
    part.assert_holds(count, depth);
    let values = part.values[part.offset..].as_ptr();
    for sixteen in 0..LANES / 16 {
        let count = count.saturating_sub(16 * sixteen).min(16);
        let packed = packed[16 * sixteen..].as_mut_ptr();
        // SAFETY: the caller has asked `is_available`; `assert_holds` bounds all lanes and terms that are read,
        // under masks where they are fewer than sixteen; the length of `packed` was asserted.
        #[allow(unsafe_code)]
        unsafe {
            let values = values.wrapping_add(16 * sixteen * part.row_stride);
            if part.column_stride == 1 {
                terms_are_dense::<LANES>(packed, values, part.row_stride, count, depth);
            } else {
                lanes_are_dense::<LANES>(packed, values, part.column_stride, count, depth);
            }
        }
    }
}

fn mask(count: usize) -> __mmask16 {
    ((1u32 << count.min(16)) - 1) as __mmask16
}

/// Sixteen lanes whose terms lie one after the other: 32 terms of each are rounded, then the 16 × 16 pairs
/// turned.
///
/// # Safety
/// The processor has the instructions and `count` lanes have `depth` terms.
#[allow(unsafe_code)]
#[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
unsafe fn terms_are_dense<const LANES: usize>(
    packed: *mut u32,
    values: *const f32,
    lane_stride: usize,
    count: usize,
    depth: usize,
) {
    for start in (0..depth).step_by(32) {
        let terms = (depth - start).min(32);
        let masks = [mask(terms), mask(terms.saturating_sub(16))];
        let mut pairs = [_mm512_setzero_si512(); 16];
        for (lane, pairs) in pairs.iter_mut().enumerate().take(count) {
            // SAFETY: the lane exists and absent terms are masked.
            unsafe {
                let at = values.add(lane * lane_stride + start);
                let low = _mm512_maskz_loadu_ps(masks[0], at);
                let high = _mm512_maskz_loadu_ps(masks[1], at.wrapping_add(16));
                *pairs = transmute::<__m512bh, __m512i>(_mm512_cvtne2ps_pbh(high, low));
            }
        }
        let turned = turned(pairs);
        for (pair, lanes) in turned.iter().enumerate().take(terms.div_ceil(2)) {
            // SAFETY: `packed` has room for every pair of terms.
            unsafe { _mm512_storeu_si512(packed.add((start / 2 + pair) * LANES).cast(), *lanes) };
        }
    }
}

/// Sixteen lanes that lie one beside the other in every term.
///
/// # Safety
/// The processor has the instructions and `depth` terms have `count` lanes.
#[allow(unsafe_code)]
#[target_feature(enable = "avx512f,avx512bw,avx512bf16")]
unsafe fn lanes_are_dense<const LANES: usize>(
    packed: *mut u32,
    values: *const f32,
    term_stride: usize,
    count: usize,
    depth: usize,
) {
    let mask = mask(count);
    let rounded = |values: __m512| -> __m512i {
        // SAFETY: both are 32 bytes of sixteen bf16.
        let halves = unsafe { transmute::<__m256bh, __m256i>(_mm512_cvtneps_pbh(values)) };
        _mm512_cvtepu16_epi32(halves)
    };
    for pair in 0..depth.div_ceil(2) {
        // SAFETY: the term exists, absent lanes are masked, and `packed` has room for every pair.
        unsafe {
            let even = _mm512_maskz_loadu_ps(mask, values.wrapping_add(2 * pair * term_stride));
            let odd = if 2 * pair + 1 < depth {
                _mm512_maskz_loadu_ps(mask, values.wrapping_add((2 * pair + 1) * term_stride))
            } else {
                _mm512_setzero_ps()
            };
            let pairs = _mm512_or_si512(rounded(even), _mm512_slli_epi32::<16>(rounded(odd)));
            _mm512_storeu_si512(packed.add(pair * LANES).cast(), pairs);
        }
    }
}

/// Rows become columns: 16 × 16 values of 32 bits, by pairs, fours and quarters of registers.
#[target_feature(enable = "avx512f")]
fn turned(rows: [__m512i; 16]) -> [__m512i; 16] {
    let mut twos = rows;
    for i in 0..8 {
        twos[2 * i] = _mm512_unpacklo_epi32(rows[2 * i], rows[2 * i + 1]);
        twos[2 * i + 1] = _mm512_unpackhi_epi32(rows[2 * i], rows[2 * i + 1]);
    }
    // fours[4 g + c]: of each quarter q the column 4 q + c of the rows 4 g .. 4 g + 4.
    let mut fours = twos;
    for g in 0..4 {
        let [a, b, c, d] = [twos[4 * g], twos[4 * g + 1], twos[4 * g + 2], twos[4 * g + 3]];
        fours[4 * g] = _mm512_unpacklo_epi64(a, c);
        fours[4 * g + 1] = _mm512_unpackhi_epi64(a, c);
        fours[4 * g + 2] = _mm512_unpacklo_epi64(b, d);
        fours[4 * g + 3] = _mm512_unpackhi_epi64(b, d);
    }
    let mut columns = fours;
    for c in 0..4 {
        let [a, b, e, f] = [fours[c], fours[4 + c], fours[8 + c], fours[12 + c]];
        // The quarters 0 and 1, then 2 and 3, of two registers each.
        let (ab_low, ab_high) = (_mm512_shuffle_i32x4::<0x44>(a, b), _mm512_shuffle_i32x4::<0xee>(a, b));
        let (ef_low, ef_high) = (_mm512_shuffle_i32x4::<0x44>(e, f), _mm512_shuffle_i32x4::<0xee>(e, f));
        columns[c] = _mm512_shuffle_i32x4::<0x88>(ab_low, ef_low);
        columns[4 + c] = _mm512_shuffle_i32x4::<0xdd>(ab_low, ef_low);
        columns[8 + c] = _mm512_shuffle_i32x4::<0x88>(ab_high, ef_high);
        columns[12 + c] = _mm512_shuffle_i32x4::<0xdd>(ab_high, ef_high);
    }
    columns
}

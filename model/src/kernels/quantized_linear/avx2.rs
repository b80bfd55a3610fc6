//! A panel with AVX2, half of its rows at a time: `vpmaddubsw` adds pairs of products in 16 bits,
//! `vpmaddwd` pairs of these in 32.

#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::activations::{FINE_STEPS, Row};
use super::matrix::{PANEL, Panel, offset};
use crate::gguf::{BLOCK, Format};

/// Sixteen outputs for a row of `x`.
///
/// # Safety
/// The machine has avx2, fma and f16c; the panel is of a quantized `format` and `x` has its width.
#[target_feature(enable = "avx2,fma,f16c")]
pub unsafe fn panel(format: Format, panel: Panel<'_>, x: Row<'_>) -> [f32; PANEL] {
    let low = _mm256_set1_epi8(15);
    let one = _mm256_set1_epi16(1);
    let mut y = [_mm256_setzero_ps(); 2];
    for block in 0..x.scales.len() {
        let mut dots = [_mm256_setzero_si256(); 2];
        // SAFETY: by the caller's promise a panel has 4 or 8 lines, 16 scales and, in q4_1, 16 minimums
        // per block, and a row of `x` twice 32 codes per block; all reads below lie inside of these.
        unsafe {
            let four = |codes: &[i8], at: usize| {
                _mm256_set1_epi32(codes.as_ptr().add(block * BLOCK + 4 * at).cast::<i32>().read_unaligned())
            };
            let line = |at: usize, half: usize| {
                _mm256_load_si256(panel.lines.as_ptr().add(at).cast::<__m256i>().add(half))
            };
            for (half, dot) in dots.iter_mut().enumerate() {
                let mut sums = [_mm256_setzero_si256(); 2];
                for (sum, x) in sums.iter_mut().zip([x.coarse, x.fine]) {
                    if format == Format::Q8_0 {
                        for at in 0..8 {
                            // Two products of 255 · 127 do not fit 16 bits: the code is 2 · its upper
                            // seven bits + its lowest one.
                            let code = line(8 * block + at, half);
                            let seven = _mm256_and_si256(_mm256_srli_epi16::<1>(code), _mm256_set1_epi8(127));
                            let lowest = _mm256_and_si256(code, _mm256_set1_epi8(1));
                            let x = four(x, at);
                            let two = _mm256_set1_epi16(2);
                            let seven = _mm256_madd_epi16(_mm256_maddubs_epi16(seven, x), two);
                            let lowest = _mm256_madd_epi16(_mm256_maddubs_epi16(lowest, x), one);
                            *sum = _mm256_add_epi32(*sum, _mm256_add_epi32(seven, lowest));
                        }
                    } else {
                        for at in 0..4 {
                            let both = line(4 * block + at, half);
                            let lower = _mm256_and_si256(both, low);
                            let upper = _mm256_and_si256(_mm256_srli_epi16::<4>(both), low);
                            // Four products of 15 · 127 fit 16 bits.
                            let pairs = _mm256_add_epi16(
                                _mm256_maddubs_epi16(lower, four(x, at)),
                                _mm256_maddubs_epi16(upper, four(x, at + 4)),
                            );
                            *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(pairs, one));
                        }
                    }
                }
                let whole = _mm256_mullo_epi32(sums[0], _mm256_set1_epi32(FINE_STEPS));
                let zero = _mm256_set1_epi32(-offset(format) * x.sums[block]);
                *dot = _mm256_add_epi32(_mm256_add_epi32(whole, sums[1]), zero);
            }
            let halves = |halves: &[u16], half: usize| {
                _mm256_cvtph_ps(_mm_loadu_si128(halves.as_ptr().add(PANEL * block + 8 * half).cast()))
            };
            for half in 0..2 {
                let scale = _mm256_mul_ps(halves(panel.scales, half), _mm256_set1_ps(x.scales[block]));
                y[half] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(dots[half]), scale, y[half]);
                if format == Format::Q4_1 {
                    let shift = _mm256_set1_ps(x.scales[block] * x.sums[block] as f32);
                    y[half] = _mm256_fmadd_ps(halves(panel.minimums, half), shift, y[half]);
                }
            }
        }
    }
    let mut output = [0.0; PANEL];
    for (output, y) in output.chunks_exact_mut(8).zip(y) {
        // SAFETY: eight f32 are written to a chunk of eight.
        unsafe { _mm256_storeu_ps(output.as_mut_ptr(), y) };
    }
    output
}

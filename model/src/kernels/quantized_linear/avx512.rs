//! A panel with AVX-512 and VNNI: `vpdpbusd` multiplies 64 unsigned by 64 signed bytes and adds each
//! four products to a lane.

#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::activations::{FINE_STEPS, Row};
use super::matrix::{PANEL, Panel, offset};
use crate::gguf::{BLOCK, Format};

/// Sixteen outputs for each of `N` rows of `x`: what is loaded of the panel serves them all.
///
/// # Safety
/// The machine has avx512f, avx512bw, avx512vl and avx512vnni; the panel is of a quantized `format` and
/// every row of `x` has its width.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
pub unsafe fn panel<const N: usize>(format: Format, panel: Panel<'_>, x: [Row<'_>; N]) -> [[f32; PANEL]; N] {
    let blocks = x[0].scales.len();
    let low = _mm512_set1_epi8(15);
    let mut y = [_mm512_setzero_ps(); N];
    for block in 0..blocks {
        let mut coarse = [_mm512_setzero_si512(); N];
        let mut fine = [_mm512_setzero_si512(); N];
        for (fine, x) in fine.iter_mut().zip(&x) {
            *fine = _mm512_set1_epi32(-offset(format) * x.sums[block]);
        }
        // SAFETY: by the caller's promise a panel has 4 or 8 lines, 16 scales and, in q4_1, 16 minimums
        // per block, and a row of `x` twice 32 codes per block; all reads below lie inside of these.
        unsafe {
            let four = |codes: &[i8], at: usize| {
                _mm512_set1_epi32(codes.as_ptr().add(block * BLOCK + 4 * at).cast::<i32>().read_unaligned())
            };
            if format == Format::Q8_0 {
                let lines = panel.lines.as_ptr().add(8 * block);
                for at in 0..8 {
                    let line = _mm512_load_si512(lines.add(at).cast());
                    for n in 0..N {
                        coarse[n] = _mm512_dpbusd_epi32(coarse[n], line, four(x[n].coarse, at));
                        fine[n] = _mm512_dpbusd_epi32(fine[n], line, four(x[n].fine, at));
                    }
                }
            } else {
                let lines = panel.lines.as_ptr().add(4 * block);
                for at in 0..4 {
                    let both = _mm512_load_si512(lines.add(at).cast());
                    let lower = _mm512_and_si512(both, low);
                    let upper = _mm512_and_si512(_mm512_srli_epi16::<4>(both), low);
                    for n in 0..N {
                        coarse[n] = _mm512_dpbusd_epi32(coarse[n], lower, four(x[n].coarse, at));
                        fine[n] = _mm512_dpbusd_epi32(fine[n], lower, four(x[n].fine, at));
                        coarse[n] = _mm512_dpbusd_epi32(coarse[n], upper, four(x[n].coarse, at + 4));
                        fine[n] = _mm512_dpbusd_epi32(fine[n], upper, four(x[n].fine, at + 4));
                    }
                }
            }
            let halves = |halves: &[u16]| {
                _mm512_cvtph_ps(_mm256_loadu_si256(halves.as_ptr().add(PANEL * block).cast()))
            };
            let scales = halves(panel.scales);
            for n in 0..N {
                let scale = _mm512_mul_ps(scales, _mm512_set1_ps(x[n].scales[block]));
                let whole = _mm512_mullo_epi32(coarse[n], _mm512_set1_epi32(FINE_STEPS));
                let dot = _mm512_cvtepi32_ps(_mm512_add_epi32(whole, fine[n]));
                y[n] = _mm512_fmadd_ps(dot, scale, y[n]);
            }
            if format == Format::Q4_1 {
                let minimums = halves(panel.minimums);
                for n in 0..N {
                    let shift = x[n].scales[block] * x[n].sums[block] as f32;
                    y[n] = _mm512_fmadd_ps(minimums, _mm512_set1_ps(shift), y[n]);
                }
            }
        }
    }
    let mut outputs = [[0.0; PANEL]; N];
    for (output, y) in outputs.iter_mut().zip(y) {
        // SAFETY: sixteen f32 are written to an array of sixteen.
        unsafe { _mm512_storeu_ps(output.as_mut_ptr(), y) };
    }
    outputs
}

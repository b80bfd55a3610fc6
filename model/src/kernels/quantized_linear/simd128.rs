//! A panel with WebAssembly's 128-bit vectors: `i32x4.dot_i16x8_s` multiplies eight times 16 bits and adds
//! pairs of products. `t = 254 q + r` fits 16 bits, so one product per weight is enough.
//!
//! Four codes of a row are two pairs of bytes: the lower byte of both is where the mask is, the upper one
//! comes down by a shift. Codes 0 and 2 meet `t₀ t₂`, codes 1 and 3 `t₁ t₃`, and each lane of the sum is a
//! row.

#![allow(unsafe_code)]

use std::arch::wasm32::*;

use super::activations::Row;
use super::matrix::{Line, PANEL, Panel, lines_per_block, offset};
use crate::gguf::{BLOCK, Format};

/// Vectors of four rows.
const FOURS: usize = PANEL / 4;

/// Sixteen outputs for each of `N` rows of `x`: what is loaded of the panel serves them all.
pub fn panel<const N: usize>(format: Format, panel: Panel<'_>, x: [Row<'_>; N]) -> [[f32; PANEL]; N] {
    let mut y = [[f32x4_splat(0.0); N]; FOURS];
    for (block, lines) in panel.lines.chunks_exact(lines_per_block(format)).enumerate() {
        let zeros = x.map(|x| i32x4_splat(-offset(format) * x.sums[block]));
        let mut dots = [zeros; FOURS];
        let pairs = x.map(|x| pairs_of_block(x, block));
        for (at, line) in lines.iter().enumerate() {
            for (four, dots) in dots.iter_mut().enumerate() {
                let codes = load(line, four);
                let (even, odd) = (v128_and(codes, u16x8_splat(0xff)), u16x8_shr(codes, 8));
                if format == Format::Q8_0 {
                    for (sum, pairs) in dots.iter_mut().zip(&pairs) {
                        *sum = i32x4_add(*sum, dot(even, odd, pairs[at]));
                    }
                } else {
                    let low = u16x8_splat(15);
                    let lower = (v128_and(even, low), v128_and(odd, low));
                    let upper = (u16x8_shr(even, 4), u16x8_shr(odd, 4));
                    for (sum, pairs) in dots.iter_mut().zip(&pairs) {
                        let lower = dot(lower.0, lower.1, pairs[at]);
                        let upper = dot(upper.0, upper.1, pairs[at + 4]);
                        *sum = i32x4_add(*sum, i32x4_add(lower, upper));
                    }
                }
            }
        }
        for (four, (y, dots)) in y.iter_mut().zip(dots).enumerate() {
            let at = block * PANEL + 4 * four;
            let scales = halves(panel.scales, at);
            for ((y, dot), x) in y.iter_mut().zip(dots).zip(&x) {
                let scale = f32x4_mul(scales, f32x4_splat(x.scales[block]));
                *y = f32x4_add(*y, f32x4_mul(f32x4_convert_i32x4(dot), scale));
            }
            if format == Format::Q4_1 {
                let minimums = halves(panel.minimums, at);
                for (y, x) in y.iter_mut().zip(&x) {
                    let shift = f32x4_splat(x.scales[block] * x.sums[block] as f32);
                    *y = f32x4_add(*y, f32x4_mul(minimums, shift));
                }
            }
        }
    }
    let mut outputs = [[0.0; PANEL]; N];
    for (four, y) in y.into_iter().enumerate() {
        for (output, y) in outputs.iter_mut().zip(y) {
            output[4 * four..][..4].copy_from_slice(&lanes(y));
        }
    }
    outputs
}

/// `[t₀ t₂]` and `[t₁ t₃]` of every four `t` of a block.
#[inline(always)]
fn pairs_of_block(x: Row<'_>, block: usize) -> [[i32; 2]; BLOCK / 4] {
    let pairs = &x.pairs[block * BLOCK / 4..][..BLOCK / 4];
    std::array::from_fn(|at| pairs[at])
}

#[inline(always)]
fn dot(even: v128, odd: v128, pair: [i32; 2]) -> v128 {
    i32x4_add(i32x4_dot_i16x8(even, i32x4_splat(pair[0])), i32x4_dot_i16x8(odd, i32x4_splat(pair[1])))
}

/// The codes of rows `4 · four ..` of a line.
#[inline(always)]
fn load(line: &Line, four: usize) -> v128 {
    let bytes: &[u8] = &line.0[16 * four..][..16];
    // SAFETY: sixteen bytes are read of a slice of sixteen.
    unsafe { v128_load(bytes.as_ptr().cast()) }
}

/// Four f16 as f32: exponent and mantissa moved to where f32 has them, then times 2¹¹² for the difference
/// of the exponents' zeros, which is right for subnormal numbers too. What is infinite would come out
/// finite; no scale of a usable model is.
#[inline(always)]
fn halves(values: &[u16], at: usize) -> v128 {
    let four = &values[at..][..4];
    // SAFETY: eight bytes are read of a slice of four times two.
    let bits = unsafe { v128_load64_zero(four.as_ptr().cast()) };
    let bits = u32x4_extend_low_u16x8(bits);
    let magnitude = i32x4_shl(v128_and(bits, i32x4_splat(0x7fff)), 13);
    let sign = i32x4_shl(v128_and(bits, i32x4_splat(0x8000)), 16);
    const TWO_TO_112: f32 = f32::from_bits((127 + 112) << 23);
    v128_or(f32x4_mul(magnitude, f32x4_splat(TWO_TO_112)), sign)
}

#[inline(always)]
fn lanes(vector: v128) -> [f32; 4] {
    [
        f32x4_extract_lane::<0>(vector),
        f32x4_extract_lane::<1>(vector),
        f32x4_extract_lane::<2>(vector),
        f32x4_extract_lane::<3>(vector),
    ]
}

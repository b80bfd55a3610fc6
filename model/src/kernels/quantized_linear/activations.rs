//! Rows of `x`, rounded to twice eight bits per block of 32.

use rayon::prelude::*;

use crate::gguf::BLOCK;
use crate::kernels::slices::vectorized;

/// Rows of equal width.
pub struct Activations {
    /// `q`.
    coarse: Vec<i8>,
    /// `r`.
    fine: Vec<i8>,
    /// `t` of every four weights as `[t₀ t₂]` and `[t₁ t₃]`, each 16 bits; only where a kernel reads them.
    #[cfg(target_arch = "wasm32")]
    pairs: Vec<[i32; 2]>,
    /// `e / 254` per block.
    scales: Vec<f32>,
    /// `Σ t` per block.
    sums: Vec<i32>,
    width: usize,
}

/// One of them.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub coarse: &'a [i8],
    pub fine: &'a [i8],
    #[cfg(target_arch = "wasm32")]
    pub pairs: &'a [[i32; 2]],
    pub scales: &'a [f32],
    pub sums: &'a [i32],
}

impl Activations {
    /// `width` is a multiple of a block's.
    pub fn new(x: &[f32], width: usize) -> Self {
        let blocks = x.len() / BLOCK;
        let (mut coarse, mut fine) = (vec![0; x.len()], vec![0; x.len()]);
        let (mut scales, mut sums) = (vec![0.0; blocks], vec![0; blocks]);
        let quantize =
            |coarse: &mut [i8], fine: &mut [i8], scales: &mut [f32], sums: &mut [i32], x: &[f32]| {
                vectorized(
                    #[inline(always)]
                    || round_blocks(coarse, fine, scales, sums, x),
                );
            };
        if x.len() <= width {
            quantize(&mut coarse, &mut fine, &mut scales, &mut sums, x);
        } else {
            let row_blocks = width / BLOCK;
            let scales = scales.par_chunks_mut(row_blocks).zip(sums.par_chunks_mut(row_blocks));
            let codes = coarse.par_chunks_mut(width).zip(fine.par_chunks_mut(width));
            codes.zip(scales).zip(x.par_chunks(width)).for_each(|(((coarse, fine), (scales, sums)), x)| {
                quantize(coarse, fine, scales, sums, x);
            });
        }
        #[cfg(target_arch = "wasm32")]
        let pairs = pairs(&coarse, &fine);
        Self {
            coarse,
            fine,
            #[cfg(target_arch = "wasm32")]
            pairs,
            scales,
            sums,
            width,
        }
    }

    pub fn row(&self, index: usize) -> Row<'_> {
        let blocks = self.width / BLOCK;
        Row {
            coarse: &self.coarse[index * self.width..][..self.width],
            fine: &self.fine[index * self.width..][..self.width],
            #[cfg(target_arch = "wasm32")]
            pairs: &self.pairs[index * self.width / 4..][..self.width / 4],
            scales: &self.scales[index * blocks..][..blocks],
            sums: &self.sums[index * blocks..][..blocks],
        }
    }
}

#[cfg(target_arch = "wasm32")]
fn pairs(coarse: &[i8], fine: &[i8]) -> Vec<[i32; 2]> {
    let whole = |q: i8, r: i8| FINE_STEPS * i32::from(q) + i32::from(r);
    let two = |first: i32, second: i32| (first & 0xffff) | (second << 16);
    let fours = coarse.as_chunks::<4>().0.iter().zip(fine.as_chunks::<4>().0);
    fours
        .map(|(q, r)| {
            let t: [i32; 4] = std::array::from_fn(|at| whole(q[at], r[at]));
            [two(t[0], t[2]), two(t[1], t[3])]
        })
        .collect()
}

/// Steps of `r` in one of `q`.
pub const FINE_STEPS: i32 = 254;

#[inline(always)]
fn round_blocks(coarse: &mut [i8], fine: &mut [i8], scales: &mut [f32], sums: &mut [i32], x: &[f32]) {
    // Adding and subtracting 1.5 · 2²³ rounds to an integer and leaves it in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let codes = coarse.chunks_exact_mut(BLOCK).zip(fine.chunks_exact_mut(BLOCK));
    let outputs = codes.zip(scales).zip(sums);
    for ((((coarse, fine), scale), sum), x) in outputs.zip(x.chunks_exact(BLOCK)) {
        let mut lanes = [0.0f32; 16];
        for half in x.chunks_exact(16) {
            for (lane, value) in lanes.iter_mut().zip(half) {
                *lane = lane.max(value.abs());
            }
        }
        let largest = lanes.iter().copied().fold(0.0, f32::max);
        *scale = largest / (127 * FINE_STEPS) as f32;
        // Of a block of almost nothing the inverse would be infinite; it counts as zeros.
        let inverse = if largest > 1e-30 { 127.0 / largest } else { 0.0 };
        let mut total = 0;
        for ((coarse, fine), value) in coarse.iter_mut().zip(fine).zip(x) {
            let value = value * inverse;
            let shifted = value + ROUND;
            let rest = (value - (shifted - ROUND)) * FINE_STEPS as f32 + ROUND;
            let q = shifted.to_bits().wrapping_sub(ROUND.to_bits()) as i32;
            let r = rest.to_bits().wrapping_sub(ROUND.to_bits()) as i32;
            *coarse = q as i8;
            *fine = r as i8;
            total += FINE_STEPS * q + r;
        }
        *sum = total;
    }
}

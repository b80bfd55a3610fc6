//! Rows of `x`, rounded to eight bits per block of 32.

use rayon::prelude::*;

use crate::gguf::BLOCK;
use crate::kernels::slices::vectorized;

/// Rows of equal width.
pub struct Activations {
    codes: Vec<i8>,
    /// `e` per block.
    scales: Vec<f32>,
    /// `Σ q` per block.
    sums: Vec<i32>,
    width: usize,
}

/// One of them.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub codes: &'a [i8],
    pub scales: &'a [f32],
    pub sums: &'a [i32],
}

impl Activations {
    /// `width` is a multiple of a block's.
    pub fn new(x: &[f32], width: usize) -> Self {
        let blocks = x.len() / BLOCK;
        let (mut codes, mut scales, mut sums) = (vec![0; x.len()], vec![0.0; blocks], vec![0; blocks]);
        let quantize = |codes: &mut [i8], scales: &mut [f32], sums: &mut [i32], x: &[f32]| {
            vectorized(
                #[inline(always)]
                || round_blocks(codes, scales, sums, x),
            );
        };
        let row_blocks = width / BLOCK;
        if x.len() <= width {
            quantize(&mut codes, &mut scales, &mut sums, x);
        } else {
            let scales = scales.par_chunks_mut(row_blocks).zip(sums.par_chunks_mut(row_blocks));
            codes
                .par_chunks_mut(width)
                .zip(scales)
                .zip(x.par_chunks(width))
                .for_each(|((codes, (scales, sums)), x)| quantize(codes, scales, sums, x));
        }
        Self { codes, scales, sums, width }
    }

    pub fn row(&self, index: usize) -> Row<'_> {
        let blocks = self.width / BLOCK;
        Row {
            codes: &self.codes[index * self.width..][..self.width],
            scales: &self.scales[index * blocks..][..blocks],
            sums: &self.sums[index * blocks..][..blocks],
        }
    }
}

#[inline(always)]
fn round_blocks(codes: &mut [i8], scales: &mut [f32], sums: &mut [i32], x: &[f32]) {
    // Adding and subtracting 1.5 · 2²³ rounds to an integer and leaves it in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let outputs = codes.chunks_exact_mut(BLOCK).zip(scales).zip(sums);
    for (((codes, scale), sum), x) in outputs.zip(x.chunks_exact(BLOCK)) {
        let mut lanes = [0.0f32; 16];
        for half in x.chunks_exact(16) {
            for (lane, value) in lanes.iter_mut().zip(half) {
                *lane = lane.max(value.abs());
            }
        }
        let largest = lanes.iter().copied().fold(0.0, f32::max);
        *scale = largest / 127.0;
        // Of a block of almost nothing the inverse would be infinite; it counts as zeros.
        let inverse = if largest > 1e-30 { 127.0 / largest } else { 0.0 };
        let mut total = 0;
        for (code, value) in codes.iter_mut().zip(x) {
            let rounded = (value * inverse + ROUND).to_bits().wrapping_sub(ROUND.to_bits()) as i32;
            *code = rounded as i8;
            total += i32::from(rounded as i8);
        }
        *sum = total;
    }
}

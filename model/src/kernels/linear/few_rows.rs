//! `y += x Wᵀ` for few rows of x, as when a token is written or a short text is read. Such a product waits for the
//! weights: they are read once, where they lie and in their order, and nothing is packed.
//!
//! An output is a dot product of a row of x and a row of W. A **tile** is some rows of W, which stay in the
//! first-level cache while the rows of x pass by, four at a time.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use crate::kernels::dots::dots;

/// Rows of x up to which this is no slower than a product that packs its operands.
const ROWS_LIMIT: usize = 48;
/// Rows of x that share what is loaded of a tile.
const TOKENS: usize = 4;
/// Rows of a tile when a single row of x meets it: as many dot products as hide each other's latency.
const ROWS_ALONE: usize = 8;
/// Multiplications that are worth a task of their own.
const TASK_PRODUCTS: usize = 1 << 15;

/// Whether to multiply `tokens` rows of x this way. Measured on x86 only; in WebAssembly the general product stays.
pub fn is_faster(tokens: usize) -> bool {
    tokens <= ROWS_LIMIT && !cfg!(target_arch = "wasm32")
}

/// Adds `x` `[tokens, width]` times the transpose of `weight` `[outputs, width]` to `y` `[tokens, outputs]`, over
/// the threads of the current pool; the same bits on any number of them.
pub fn add_product(x: &[f32], weight: &[f32], width: usize, y: &mut [f32]) {
    if width == 0 || x.is_empty() || weight.is_empty() {
        return;
    }
    let (tokens, outputs) = (x.len() / width, weight.len() / width);
    assert_eq!(y.len(), tokens * outputs);
    let rows: Vec<&mut [f32]> = y.chunks_exact_mut(outputs).collect();
    let threads = rayon::current_num_threads();
    // A few pieces per thread, so that one that was held up does not hold up the others.
    let pieces = (4 * threads).min(weight.len() * tokens / TASK_PRODUCTS);
    if threads == 1 || pieces <= 1 {
        return Arch::new().dispatch(Piece { x, weight, width, y: rows });
    }
    let piece_outputs = outputs.div_ceil(pieces).next_multiple_of(ROWS_ALONE);
    let mut parts: Vec<Piece<'_>> = weight
        .chunks(piece_outputs * width)
        .map(|weight| Piece { x, weight, width, y: Vec::with_capacity(tokens) })
        .collect();
    for row in rows {
        for (part, y) in parts.iter_mut().zip(row.chunks_mut(piece_outputs)) {
            part.y.push(y);
        }
    }
    parts.into_par_iter().for_each(|part| Arch::new().dispatch(part));
}

/// Some rows of the weight, with the outputs that they make in each row of y.
struct Piece<'a> {
    x: &'a [f32],
    weight: &'a [f32],
    width: usize,
    y: Vec<&'a mut [f32]>,
}

impl WithSimd for Piece<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // Sums, a row of loaded values and one more fit into the registers.
        match (self.y.len(), S::REGISTER_COUNT) {
            (1, _) => self.run::<S, ROWS_ALONE>(simd),
            (_, 32..) => self.run::<S, 6>(simd),
            _ => self.run::<S, 2>(simd),
        }
    }
}

impl Piece<'_> {
    #[inline(always)]
    fn run<S: Simd, const R: usize>(mut self, simd: S) {
        let mut tiles = self.weight.chunks_exact(R * self.width);
        for (index, tile) in (&mut tiles).enumerate() {
            self.tile::<S, R>(simd, tile, index * R);
        }
        let first = self.weight.len() / self.width / R * R;
        for (index, row) in tiles.remainder().chunks_exact(self.width).enumerate() {
            self.tile::<S, 1>(simd, row, first + index);
        }
    }

    /// The outputs from `first` on, which are as many as the rows of the tile.
    #[inline(always)]
    fn tile<S: Simd, const R: usize>(&mut self, simd: S, tile: &[f32], first: usize) {
        let width = self.width;
        let mut x = self.x.chunks_exact(TOKENS * width);
        let mut y = self.y.chunks_exact_mut(TOKENS);
        for (x, y) in (&mut x).zip(&mut y) {
            let dots = dots::<S, R, TOKENS>(simd, x, tile, width, width);
            for (y, dots) in y.iter_mut().zip(dots) {
                add(&mut y[first..first + R], &dots);
            }
        }
        for (x, y) in x.remainder().chunks_exact(width).zip(y.into_remainder()) {
            let [dots] = dots::<S, R, 1>(simd, x, tile, width, width);
            add(&mut y[first..first + R], &dots);
        }
    }
}

#[inline(always)]
fn add(sums: &mut [f32], values: &[f32]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

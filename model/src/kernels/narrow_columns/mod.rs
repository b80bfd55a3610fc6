//! `y[t, i] = x[t, start + i]` for `i < width`: a run of columns of `x` `[tokens, all columns]`, as one of
//! several vectors that a fused product made side by side. Backward: `dy` in its columns, zero elsewhere.

use candle_core::{Result, Tensor};

/// Row by row; `columns` in each.
pub fn reference(x: &[f64], columns: usize, start: usize, width: usize) -> Vec<f64> {
    x.chunks_exact(columns).flat_map(|row| &row[start..start + width]).copied().collect()
}

/// `x` `[tokens, columns]` → `[tokens, width]`, copied so that rows lie one after the other.
pub fn composed(x: &Tensor, start: usize, width: usize) -> Result<Tensor> {
    x.narrow(1, start, width)?.contiguous()
}

//! Clipping by the global norm (Pascanu et al. 2013; `torch.nn.utils.clip_grad_norm_`).

use std::collections::BTreeMap;

use candle_core::{DType, Tensor};
use rayon::prelude::*;

use crate::Result;
use crate::candle_ops::Forms;
use crate::kernels::slices::with_slices;

/// The L2 norm over all gradients together, in f64.
pub fn global_norm(gradients: &BTreeMap<String, Tensor>, forms: Forms) -> Result<f64> {
    let mut total = 0.0;
    for gradient in gradients.values() {
        total += if forms.fuses(&[gradient]) {
            with_slices([gradient], |[values]| Ok(sum_of_squares(values)))?
        } else {
            gradient.to_dtype(DType::F64)?.sqr()?.sum_all()?.to_scalar::<f64>()?
        };
    }
    Ok(total.sqrt())
}

/// What gradients of this norm are multiplied with.
pub fn clip_scale(norm: f64, limit: f64) -> f64 {
    (limit / (norm + 1e-6)).min(1.0)
}

/// Grouped by fixed chunks, so that the result does not depend on the number of threads.
fn sum_of_squares(values: &[f32]) -> f64 {
    let parts: Vec<f64> = values
        .par_chunks(1 << 14)
        .map(|chunk| chunk.iter().map(|value| f64::from(*value) * f64::from(*value)).sum())
        .collect();
    parts.iter().sum()
}

//! Clipping by the global norm (Pascanu et al. 2013; `torch.nn.utils.clip_grad_norm_`).

use std::collections::BTreeMap;

use candle_core::{DType, Tensor};
use rayon::prelude::*;

use crate::Result;
use crate::candle_ops::Forms;
use crate::kernels::slices::{vectorized, with_slices};

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
    let parts: Vec<f64> = values.par_chunks(1 << 14).map(chunk_sum_of_squares).collect();
    parts.iter().sum()
}

/// In eight lanes, so that the loop vectorizes; the order is fixed. In f64 no square of an f32 overflows:
/// the sum is not finite exactly if a value is not.
pub(super) fn chunk_sum_of_squares(values: &[f32]) -> f64 {
    vectorized(|| {
        let mut lanes = [0.0f64; 8];
        let (whole, tail) = values.as_chunks::<8>();
        for chunk in whole {
            for (lane, value) in lanes.iter_mut().zip(chunk) {
                *lane += f64::from(*value) * f64::from(*value);
            }
        }
        let tail: f64 = tail.iter().map(|value| f64::from(*value) * f64::from(*value)).sum();
        lanes.iter().sum::<f64>() + tail
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_number_that_is_none_is_found_wherever_it_stands() {
        let clean: Vec<f32> = (0..40_003).map(|i| (i % 17) as f32 - 8.0).collect();
        let expected: f64 = clean.iter().map(|value| f64::from(*value).powi(2)).sum();
        assert_eq!(sum_of_squares(&clean), expected, "whole numbers are added exactly");
        assert!(sum_of_squares(&[f32::MAX; 1_000]).is_finite());
        for at in [0, 9, 16_383, 16_384, 40_000, 40_002] {
            for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                let mut values = clean.clone();
                values[at] = wrong;
                assert!(!sum_of_squares(&values).is_finite(), "{wrong} at {at}");
            }
        }
    }
}

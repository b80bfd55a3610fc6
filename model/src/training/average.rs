//! An exponential moving average of the weights. After step t, with weights w:
//!
//! ```text
//! d = min(decay, (1 + t) / (10 + t))
//! a ← d a + (1 − d) w
//! ```
//!
//! Averaged weights are those of a training with a lower rate, without its slowness (Polyak & Juditsky
//! 1992). The warm-up of d lets an average forget the random weights that it began with: after t
//! steps they count for less than (10 / t)⁹. The average is f32 like the weights: 4 bytes per parameter.

use std::collections::BTreeMap;

use candle_core::{CpuStorage, InplaceOp2, Layout, Var};
use rayon::prelude::*;
use shared::spec::WeightAverageSpec;

use crate::Result;
use crate::candle_ops::Forms;
use crate::kernels::slices::{f32_slice, f32_slice_mut, vectorized};

const CHUNK: usize = 1 << 14;

/// The share that stays after `step`, counted from 1.
pub fn decay(spec: &WeightAverageSpec, step: u64) -> f64 {
    let step = step as f64;
    spec.decay.min((1.0 + step) / (10.0 + step))
}

/// Takes the weights after `step` into the average.
pub fn update(
    average: &BTreeMap<String, Var>,
    weights: &BTreeMap<String, Var>,
    spec: &WeightAverageSpec,
    step: u64,
    forms: Forms,
) -> Result<()> {
    let decay = decay(spec, step);
    for (average, weight) in average.values().zip(weights.values()) {
        if forms.fuses(&[average, weight]) {
            average.inplace_op2(weight, &Average { decay: decay as f32 })?;
        } else {
            let (old, new) = (average.as_detached_tensor(), weight.as_detached_tensor());
            average.set(&((old * decay)? + (new * (1.0 - decay))?)?)?;
        }
    }
    Ok(())
}

struct Average {
    decay: f32,
}

impl InplaceOp2 for Average {
    fn name(&self) -> &'static str {
        "weight_average"
    }

    fn cpu_fwd(
        &self,
        average: &mut CpuStorage,
        average_layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
    ) -> candle_core::Result<()> {
        let weight = f32_slice(weight, weight_layout)?;
        let average = f32_slice_mut(average, average_layout)?;
        if average.len() != weight.len() {
            candle_core::bail!("an average that does not fit its weight")
        }
        let (stays, comes) = (self.decay, 1.0 - self.decay);
        average.par_chunks_mut(CHUNK).zip(weight.par_chunks(CHUNK)).for_each(|(average, weight)| {
            vectorized(|| {
                for (average, weight) in average.iter_mut().zip(weight) {
                    *average = stays * *average + comes * weight;
                }
            });
        });
        Ok(())
    }
}

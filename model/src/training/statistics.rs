//! How the groups of parameters fare in one step.
//!
//! ```text
//! gradient_norm   = √ Σ g²                   before clipping
//! weight_norm     = √ Σ w²                   before the update
//! update_ratio    = √ Σ (w' − w)² / weight_norm
//! dead_unit_share = units u with  max_t |a[t, u]| ≤ 10⁻³ · √ mean a²,  by all units
//! ```
//!
//! `a` `[tokens, feed_forward]` is what goes into a layer's down-projection, over all passes of the step. GELU
//! and SwiGLU are hardly ever exactly zero, and how large they are differs from layer to layer and from
//! step to step, hence a bar that goes with the layer's own root mean square. What stays a thousand times below
//! that adds nothing to the layer's output, and the gradients of the unit's weights are smaller by as much:
//! it does not come back by itself.

use std::collections::BTreeMap;

use candle_core::{DType, Tensor, Var};
use rayon::prelude::*;
use shared::events::{GroupStatistics, ParameterGroup};
use shared::spec::ArchitectureSpec;

use crate::architectures::{self, Weights};
use crate::candle_ops::Forms;
use crate::kernels::slices::{ROWS_PER_CHUNK, vectorized, with_slices};
use crate::{Error, Result};

const DEAD_SHARE_OF_RMS: f64 = 1e-3;
const CHUNK: usize = 1 << 14;

/// Watches one step.
pub(super) struct Observer<'a> {
    spec: &'a ArchitectureSpec,
    forms: Forms,
    groups: BTreeMap<ParameterGroup, Squares>,
    /// By layer.
    units: BTreeMap<u32, Units>,
    failure: Option<Error>,
}

/// Sums of squares.
#[derive(Default)]
struct Squares {
    gradient: f64,
    weight: f64,
    update: f64,
}

/// A feed-forward layer's inner units over the tokens seen so far.
struct Units {
    /// `max_t |a[t, u]|`.
    largest: Vec<f32>,
    squares: f64,
    tokens: usize,
}

impl<'a> Observer<'a> {
    pub fn new(spec: &'a ArchitectureSpec, forms: Forms) -> Self {
        Self { spec, forms, groups: BTreeMap::new(), units: BTreeMap::new(), failure: None }
    }

    /// Looks at what a forward pass computes.
    pub fn see(&mut self, name: &str, tensor: &Tensor) {
        let layer = name.strip_prefix("blocks.").and_then(|name| name.strip_suffix(".feed_forward"));
        let Some(layer) = layer.and_then(|layer| layer.parse().ok()) else { return };
        match Units::of(tensor, self.forms) {
            Ok(units) => match self.units.get_mut(&layer) {
                Some(sum) => sum.add(units),
                None => {
                    self.units.insert(layer, units);
                }
            },
            Err(error) => self.failure = Some(error),
        }
    }

    /// Has `update` change the parameters one after the other and compares each with a copy of what it was,
    /// so that one copy exists at a time.
    pub fn watch(
        &mut self,
        parameters: &BTreeMap<String, Var>,
        gradients: &Weights,
        mut update: impl FnMut(&BTreeMap<String, Var>) -> Result<()>,
    ) -> Result<()> {
        for (name, weight) in parameters {
            let unknown = || Error::Weights(format!("{name:?} belongs to no group of parameters"));
            let group = architectures::group(self.spec, name).ok_or_else(unknown)?;
            let before = weight.as_detached_tensor().copy()?;
            update(&BTreeMap::from([(name.clone(), weight.clone())]))?;
            let squares = self.groups.entry(group).or_default();
            squares.weight += squared(&before, self.forms)?;
            squares.update += squared_difference(&weight.as_detached_tensor(), &before, self.forms)?;
            if let Some(gradient) = gradients.get(name) {
                squares.gradient += squared(gradient, self.forms)?;
            }
        }
        Ok(())
    }

    /// By group. One with a number that is not finite is left out: the next step finds that, too, ends the
    /// training and explains it.
    pub fn into_statistics(self) -> Result<Vec<GroupStatistics>> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let of_group = |(group, squares): (&ParameterGroup, &Squares)| {
            let weight_norm = squares.weight.sqrt();
            let update_ratio = if weight_norm > 0.0 { squares.update.sqrt() / weight_norm } else { 0.0 };
            let dead_unit_share = match group {
                ParameterGroup::FeedForward { layer } => self.units.get(layer).map(Units::dead_share),
                _ => None,
            };
            let gradient_norm = squares.gradient.sqrt();
            GroupStatistics { group: *group, gradient_norm, weight_norm, update_ratio, dead_unit_share }
        };
        let all_finite = |found: &GroupStatistics| {
            let numbers = [found.gradient_norm, found.weight_norm, found.update_ratio];
            numbers.into_iter().chain(found.dead_unit_share).all(f64::is_finite)
        };
        Ok(self.groups.iter().map(of_group).filter(all_finite).collect())
    }
}

impl Units {
    /// Of `activations` `[tokens, units]`.
    fn of(activations: &Tensor, forms: Forms) -> Result<Self> {
        let (tokens, width) = activations.dims2()?;
        if !forms.fuses(&[activations]) {
            let activations = activations.detach();
            let largest = activations.abs()?.max(0)?.to_dtype(DType::F32)?.to_vec1()?;
            return Ok(Self { largest, squares: squared(&activations, forms)?, tokens });
        }
        let nothing = || Self { largest: vec![0.0; width], squares: 0.0, tokens: 0 };
        let parts: Vec<Self> = with_slices([activations], |[values]| {
            let chunks = values.par_chunks(ROWS_PER_CHUNK * width);
            Ok(chunks.map(|rows| vectorized(|| of_rows(nothing(), rows))).collect())
        })?;
        Ok(parts.into_iter().fold(nothing(), |mut sum, part| {
            sum.add(part);
            sum
        }))
    }

    fn add(&mut self, other: Self) {
        for (largest, value) in self.largest.iter_mut().zip(other.largest) {
            *largest = largest.max(value);
        }
        self.squares += other.squares;
        self.tokens += other.tokens;
    }

    fn dead_share(&self) -> f64 {
        let units = self.largest.len().max(1) as f64;
        let root_mean_square = (self.squares / (self.tokens.max(1) as f64 * units)).sqrt();
        let bar = DEAD_SHARE_OF_RMS * root_mean_square;
        self.largest.iter().filter(|largest| f64::from(**largest) <= bar).count() as f64 / units
    }
}

#[inline(always)]
fn of_rows(mut units: Units, rows: &[f32]) -> Units {
    for row in rows.chunks_exact(units.largest.len()) {
        let mut squares = 0.0;
        for (largest, value) in units.largest.iter_mut().zip(row) {
            let size = value.abs();
            *largest = if size > *largest { size } else { *largest };
            squares += f64::from(*value) * f64::from(*value);
        }
        units.squares += squares;
        units.tokens += 1;
    }
    units
}

fn squared(tensor: &Tensor, forms: Forms) -> Result<f64> {
    if !forms.fuses(&[tensor]) {
        return Ok(tensor.detach().to_dtype(DType::F64)?.sqr()?.sum_all()?.to_scalar()?);
    }
    let square = |value: &f32| f64::from(*value) * f64::from(*value);
    let sum = with_slices([tensor], |[values]| {
        let parts: Vec<f64> = values.par_chunks(CHUNK).map(|chunk| chunk.iter().map(square).sum()).collect();
        Ok(parts.iter().sum())
    })?;
    Ok(sum)
}

fn squared_difference(left: &Tensor, right: &Tensor, forms: Forms) -> Result<f64> {
    if !forms.fuses(&[left, right]) {
        return squared(&(left.detach() - right.detach())?, forms);
    }
    let square = |(left, right): (&f32, &f32)| {
        let difference = f64::from(*left) - f64::from(*right);
        difference * difference
    };
    let sum = with_slices([left, right], |[left, right]| {
        let chunks = left.par_chunks(CHUNK).zip(right.par_chunks(CHUNK));
        let parts: Vec<f64> = chunks.map(|(left, right)| left.iter().zip(right).map(square).sum()).collect();
        Ok(parts.iter().sum())
    })?;
    Ok(sum)
}

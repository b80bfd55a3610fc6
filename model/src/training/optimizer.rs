//! Which rule moves which parameter, and what each remembers between steps: AdamW two numbers per
//! weight, Muon one.

use std::collections::BTreeMap;

use candle_core::{Tensor, Var};
use shared::spec::{AdamWSpec, MuonSpec};

use super::{adamw, muon};
use crate::architectures::Weights;
use crate::candle_ops::Forms;
use crate::{Error, Result};

/// `[2, …shape]` for what AdamW moves, `[1, …shape]` for what Muon moves.
pub type Moments = Weights;

/// How the weights are moved.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'a> {
    pub adamw: &'a AdamWSpec,
    /// Takes the matrices of the blocks over.
    pub muon: Option<&'a MuonSpec>,
    /// AdamW's in this step. Muon's keeps in step: it is the same share of its own peak.
    pub learning_rate: f64,
    /// Counted from 1.
    pub step: u64,
    /// From clipping.
    pub gradient_scale: f64,
    pub forms: Forms,
}

/// The shape of what is remembered of a parameter.
pub fn moment_shape(name: &str, shape: &[usize], muon: Option<&MuonSpec>) -> Vec<usize> {
    let count = if muon.is_some() && muon::matrices(name, shape) > 0 { 1 } else { 2 };
    [count].iter().chain(shape).copied().collect()
}

/// All moments zero.
pub fn zero_moments(weights: &BTreeMap<String, Var>, muon: Option<&MuonSpec>) -> Result<Moments> {
    weights
        .iter()
        .map(|(name, weight)| {
            let shape = moment_shape(name, weight.dims(), muon);
            Ok((name.clone(), Tensor::zeros(shape, weight.dtype(), weight.device())?))
        })
        .collect()
}

/// Changes weights and moments by one step.
pub fn step(
    weights: &BTreeMap<String, Var>,
    moments: &mut Moments,
    gradients: &Weights,
    rule: Rule<'_>,
) -> Result<()> {
    let Rule { gradient_scale, forms, learning_rate, .. } = rule;
    let by_adamw =
        adamw::Update { settings: rule.adamw, learning_rate, step: rule.step, gradient_scale, forms };
    let by_muon = rule.muon.map(|settings| {
        let learning_rate = settings.learning_rate * (learning_rate / rule.adamw.learning_rate);
        muon::Update { settings, learning_rate, gradient_scale, forms }
    });
    for (name, weight) in weights {
        let missing = || Error::Weights(format!("there is no gradient or moment for {name:?}"));
        let gradient = gradients.get(name).ok_or_else(missing)?;
        let moments = moments.get_mut(name).ok_or_else(missing)?;
        match (by_muon, muon::matrices(name, weight.dims())) {
            (Some(update), matrices @ 1..) => muon::step(weight, moments, gradient, matrices, update)?,
            _ => adamw::step(weight, moments, gradient, by_adamw)?,
        }
    }
    Ok(())
}

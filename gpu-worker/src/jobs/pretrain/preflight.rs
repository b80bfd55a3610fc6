//! Before the first step: can this model, at this rate, learn one batch by heart? A minute that may save
//! hours. A copy is trained, so the training itself is the same bits with and without it.
//!
//! Passed is below a tenth of the first loss. Knowing how often each token occurs, or which one follows
//! which, leaves half of it or more: so little is only left to a model that remembers the rows. Nothing at
//! all cannot be asked for, since the first words of a document follow from nothing.

use std::collections::BTreeMap;

use model::Device;
use model::architectures::Weights;
use model::training::packing::PackedRows;
use model::training::{Trainer, TrainerSettings};
use shared::events::{JobEvent, LogLevel, Series};
use shared::spec::{PreflightSpec, PretrainSpec};

use super::model_error;
use crate::jobs::{JobContext, JobError};

/// Of the first loss.
const BAR: f64 = 0.1;
/// At most so many steps lead up to the peak of the rate.
const RAMP_STEPS: u32 = 10;
/// Another rate has to take off so many times what this one did to be the reason.
const CLEARLY_MORE: f64 = 1.25;
/// What the learning rate is multiplied with to look for the reason of a failure.
const OTHER_RATES: [f64; 2] = [0.1, 10.0];

/// Everything that a flight starts from.
struct Start<'a> {
    spec: &'a PretrainSpec,
    steps: u32,
    weights: &'a Weights,
    settings: TrainerSettings,
    batch: &'a [PackedRows],
    device: &'a Device,
}

/// Trains a copy of `weights` on `batch` alone.
///
/// # Errors
/// [`JobError::User`] when it does not learn it in the steps that the spec gives. The shape of the curve
/// does not tell a rate that is far too high from a model that is too small, so two other rates are tried
/// before the reason is named.
pub fn run(
    spec: &PretrainSpec,
    preflight: &PreflightSpec,
    context: &JobContext,
    (weights, settings): (&Weights, TrainerSettings),
    batch: &[PackedRows],
    device: &Device,
) -> Result<(), JobError> {
    // It is the last weights that have to know the batch.
    let settings = TrainerSettings { weight_average: None, ..settings };
    let start = Start { spec, steps: preflight.steps, weights, settings, batch, device };
    let tokens: usize = batch.iter().map(PackedRows::counted).sum();
    let tell = |step: u64, loss: f64| {
        let values = BTreeMap::from([(Series::PreflightLoss, loss)]);
        context.emit(JobEvent::Metrics { step, values })
    };
    let losses = fly(&start, 1.0, context, tell)?;
    let (first, last) = ends(&losses);
    let steps = losses.len().saturating_sub(1);
    if last < BAR * first {
        return context.log(
            LogLevel::Info,
            format!(
                "pre-flight: passed after {steps} steps on one batch of {tokens} tokens, its loss went from \
                 {first:.3} to {last:.3}"
            ),
        );
    }
    context.log(
        LogLevel::Info,
        "pre-flight: failed; a tenth of the learning rate and ten times as much will tell why",
    )?;
    let mut others = [0.0; OTHER_RATES.len()];
    for (other, factor) in others.iter_mut().zip(OTHER_RATES) {
        *other = ends(&fly(&start, factor, context, |_, _| Ok(()))?).1;
    }
    let reason = reason((first, last), others);
    Err(JobError::User(format!(
        "pre-flight: failed after {steps} steps on one batch of {tokens} tokens, its loss went from {first:.3} to \
         {} and had to fall below {:.3}. {reason}. Nothing was trained",
        shown(last),
        BAR * first
    )))
}

/// The losses by step, until the batch is known or the steps are over; the last one is infinite where the
/// numbers left their range.
fn fly(
    start: &Start<'_>,
    factor: f64,
    context: &JobContext,
    mut tell: impl FnMut(u64, f64) -> Result<(), JobError>,
) -> Result<Vec<f64>, JobError> {
    let Start { spec, steps, weights, settings, batch, device } = start;
    let mut spec = (*spec).clone();
    spec.optimizer.learning_rate *= factor;
    let mut settings = settings.clone();
    if let Some(muon) = &mut settings.muon {
        muon.learning_rate *= factor;
    }
    let mut trainer = Trainer::with_settings(&spec.model, weights, settings, device).map_err(model_error)?;
    let mut losses: Vec<f64> = Vec::new();
    // The loss of a step is of the weights before it: one more shows what the last one did.
    for step in 1..=steps.saturating_add(1) {
        context.continue_or_stop()?;
        let ramp = f64::from(step) / f64::from(RAMP_STEPS.min(*steps));
        let rate = spec.optimizer.learning_rate * ramp.min(1.0);
        match trainer.train_step(batch, &spec.optimizer, rate) {
            Ok(outcome) => losses.push(outcome.loss),
            Err(model::Error::Diverged { .. }) => {
                losses.push(f64::INFINITY);
                break;
            }
            Err(error) => return Err(model_error(error)),
        }
        let (first, last) = ends(&losses);
        tell(trainer.step() - 1, last)?;
        if last < BAR * first {
            break;
        }
    }
    Ok(losses)
}

fn ends(losses: &[f64]) -> (f64, f64) {
    let infinite = f64::INFINITY;
    (losses.first().copied().unwrap_or(infinite), losses.last().copied().unwrap_or(infinite))
}

fn shown(loss: f64) -> String {
    if loss.is_finite() { format!("{loss:.3}") } else { "∞".to_owned() }
}

/// Why a batch was not learned, by what the other rates came to.
fn reason((first, last): (f64, f64), [at_a_tenth, at_ten_times]: [f64; 2]) -> String {
    let taken_off = |loss: f64| (first - loss).max(0.0);
    let is_better = taken_off(at_a_tenth.min(at_ten_times)) > CLEARLY_MORE * taken_off(last);
    if is_better && at_a_tenth <= at_ten_times {
        format!(
            "At a tenth of the learning rate it came to {}: the rate is too high, lower it",
            shown(at_a_tenth)
        )
    } else if is_better {
        format!(
            "At ten times the learning rate it came to {}: the rate is too low for so few steps. Raise it, or \
             preflight.steps",
            shown(at_ten_times)
        )
    } else {
        format!(
            "Another learning rate does no better ({} at a tenth, {} at ten times): the model is too small for so \
             large a batch, the steps are too few, or weight decay holds it back. Try more preflight.steps, fewer \
             rows, a wider model or less optimizer.weight_decay",
            shown(at_a_tenth),
            shown(at_ten_times)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_rates_say_what_is_wrong() {
        let cases = [
            ((3.2, [0.4, f64::INFINITY]), "too high"),
            ((f64::INFINITY, [2.0, f64::INFINITY]), "too high"),
            ((5.6, [5.7, 5.1]), "too low"),
            ((2.0, [5.0, 1.9]), "no better"),
            ((f64::INFINITY, [f64::INFINITY, f64::INFINITY]), "no better"),
        ];
        for ((loss, others), expected) in cases {
            let reason = reason((5.7, loss), others);
            assert!(reason.contains(expected), "{loss} {others:?}: {reason}");
        }
    }
}

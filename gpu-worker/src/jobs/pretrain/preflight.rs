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
/// The loss has come to rest where the last quarter of the steps took off less than this share.
const AT_REST: f64 = 0.02;
/// A loss above this share of the first has hardly moved: how often each token occurs takes off more.
const HARDLY_MOVED: f64 = 0.9;
/// A loss that has climbed by this share from its lowest.
const CLIMBED: f64 = 1.25;

/// Trains a copy of `weights` on `batch` alone.
///
/// # Errors
/// [`JobError::User`] when it does not learn it in the steps that the spec gives.
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
    let mut trainer = Trainer::with_settings(&spec.model, weights, settings, device).map_err(model_error)?;
    let tokens: usize = batch.iter().map(PackedRows::counted).sum();
    let mut losses: Vec<f64> = Vec::new();
    // The loss of a step is of the weights before it: one more shows what the last one did.
    for step in 1..=preflight.steps.saturating_add(1) {
        context.continue_or_stop()?;
        let ramp = f64::from(step) / f64::from(RAMP_STEPS.min(preflight.steps));
        let rate = spec.optimizer.learning_rate * ramp.min(1.0);
        let loss = match trainer.train_step(batch, &spec.optimizer, rate) {
            Ok(outcome) => outcome.loss,
            Err(model::Error::Diverged { .. }) => {
                return Err(JobError::User(failure(&losses, tokens, Cause::Diverged)));
            }
            Err(error) => return Err(model_error(error)),
        };
        context.emit(JobEvent::Metrics {
            step: trainer.step() - 1,
            values: BTreeMap::from([(Series::PreflightLoss, loss)]),
        })?;
        losses.push(loss);
        let first = losses[0];
        if loss < BAR * first {
            return context.log(
                LogLevel::Info,
                format!(
                    "pre-flight: passed after {} steps on one batch of {tokens} tokens, its loss went from \
                     {first:.3} to {loss:.3}",
                    trainer.step() - 1
                ),
            );
        }
    }
    Err(JobError::User(failure(&losses, tokens, cause(&losses))))
}

/// Why a batch was not learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// Left the range of numbers.
    Diverged,
    /// Climbed, before or after it fell.
    Unsteady,
    /// Still falling at the end, or hardly begun to.
    Slow,
    /// Came to rest above the bar.
    Stuck,
}

/// By the shape of the curve.
fn cause(losses: &[f64]) -> Cause {
    let highest = losses.iter().copied().fold(0.0, f64::max);
    let lowest = losses.iter().copied().fold(f64::INFINITY, f64::min);
    let (first, last) = (losses.first().copied().unwrap_or(0.0), losses.last().copied().unwrap_or(0.0));
    // Above the first loss it knew less than nothing, whatever it came to afterwards.
    if last > lowest * CLIMBED || last > first || highest > first * CLIMBED {
        return Cause::Unsteady;
    }
    let before = losses[losses.len().saturating_sub(1) * 3 / 4];
    if last < before * (1.0 - AT_REST) || last > first * HARDLY_MOVED { Cause::Slow } else { Cause::Stuck }
}

fn failure(losses: &[f64], tokens: usize, cause: Cause) -> String {
    let advice = match cause {
        Cause::Diverged => {
            "It left the range of numbers: the learning rate is far too high. Take a tenth of it, or clip \
             gradients harder"
        }
        Cause::Unsteady => {
            "It climbs instead of falling all the way: the learning rate is too high. Take a third of it, or clip gradients \
             harder"
        }
        Cause::Slow => {
            "It falls too slowly: the learning rate is too low for so few steps. Raise the learning rate \
             or preflight.steps"
        }
        Cause::Stuck => {
            "It has come to rest: the learning rate is too high to settle, the model is too small for so \
             large a batch, or weight decay holds it back. Try a third of the rate first, then fewer rows, a \
             wider model or less optimizer.weight_decay"
        }
    };
    let steps = losses.len().saturating_sub(1);
    let first = losses.first().copied().unwrap_or(f64::NAN);
    let last = losses.last().copied().unwrap_or(f64::NAN);
    format!(
        "pre-flight: failed after {steps} steps on one batch of {tokens} tokens, its loss went from {first:.3} to \
         {last:.3} and had to fall below {:.3}. {advice}. Nothing was trained",
        BAR * first
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_of_the_curve_says_what_is_wrong() {
        let curve = |f: &dyn Fn(f64) -> f64| (0..=40).map(|step| f(f64::from(step))).collect::<Vec<f64>>();
        assert_eq!(cause(&curve(&|step| 6.0 - 0.05 * step)), Cause::Slow);
        assert_eq!(cause(&curve(&|step| 6.0 - 0.001 * step)), Cause::Slow);
        assert_eq!(cause(&curve(&|step| 2.0 + 4.0 * (-step).exp())), Cause::Stuck);
        assert_eq!(cause(&curve(&|step| 2.0 + 0.02 * (step - 10.0).powi(2))), Cause::Unsteady);
        assert_eq!(cause(&curve(&|step| 6.0 + 0.1 * step)), Cause::Unsteady);
        assert_eq!(
            cause(&curve(&|step| if step == 3.0 { 20.0 } else { 3.0 + 3.0 * (-step).exp() })),
            Cause::Unsteady
        );
    }
}

//! A training that comes apart: in numbers that are none, which ends it, or quietly, which is said once.

use std::collections::VecDeque;

use model::training::StepOutcome;
use shared::spec::PretrainSpec;

use super::checkpoint::Progress;
use super::model_error;
use crate::jobs::{JobContext, JobError};

/// Steps that an explanation shows.
const SHOWN: usize = 5;
/// Steps in a row that a training has to be worse than guessing.
const RUN: u32 = 20;
/// Of the loss of a uniform guess: whoever was below had learned something.
const HAD_LEARNED: f64 = 0.75;
/// Nats above a uniform guess. A model that knows nothing is not so sure of what is wrong.
const WORSE_THAN_GUESSING: f64 = 1.0;

/// What the last steps were like.
pub struct Watch {
    recent: VecDeque<StepOutcome>,
    /// The loss of a uniform guess.
    guess: f64,
    /// The lowest loss so far.
    lowest: f64,
    /// Steps in a row above the bar.
    above: u32,
    warned: bool,
}

impl Watch {
    /// An attempt that goes on knows from the evaluations before it how low the loss has been.
    pub fn new(spec: &PretrainSpec, progress: &Progress) -> Self {
        let evaluated = progress.evaluations.iter().map(|evaluation| evaluation.validation_loss);
        Self {
            recent: VecDeque::new(),
            guess: f64::from(spec.model.vocabulary_size()).ln(),
            lowest: evaluated.fold(f64::INFINITY, f64::min),
            above: 0,
            warned: false,
        }
    }

    /// Takes a step in; at most once it answers with a warning.
    pub fn record(&mut self, outcome: StepOutcome) -> Option<String> {
        self.recent.push_back(outcome);
        if self.recent.len() > SHOWN {
            self.recent.pop_front();
        }
        self.lowest = self.lowest.min(outcome.loss);
        let bar = self.guess + WORSE_THAN_GUESSING;
        self.above = if outcome.loss > bar { self.above + 1 } else { 0 };
        if self.warned || self.above < RUN || self.lowest > HAD_LEARNED * self.guess {
            return None;
        }
        self.warned = true;
        Some(format!(
            "the training has come apart: for {RUN} steps up to {} the loss was above {bar:.2}, worse than \
             guessing, and it had been {:.2}. It may not recover: cancel it, and lower the learning rate, lengthen \
             the warm-up or clip gradients harder",
            outcome.step, self.lowest
        ))
    }

    /// What to say of an error of the step that followed.
    pub fn explain(
        &self,
        error: model::Error,
        rate: f64,
        spec: &PretrainSpec,
        context: &JobContext,
    ) -> JobError {
        let model::Error::Diverged { step, .. } = error else { return model_error(error) };
        let kept = match context.latest_checkpoint() {
            Ok(Some(checkpoint)) => {
                format!("The checkpoint of step {}, from before, is kept", checkpoint.step)
            }
            _ => "There is no checkpoint from before".to_owned(),
        };
        JobError::user(format!(
            "{error}. {}. {}. {kept}",
            self.trend(),
            likely_cause(step, rate, spec, &self.recent)
        ))
    }

    fn trend(&self) -> String {
        if self.recent.is_empty() {
            return "It was the first step of this attempt".to_owned();
        }
        let steps = self.recent.iter().map(|outcome| {
            let StepOutcome { step, loss, gradient_norm, .. } = outcome;
            format!("step {step}: loss {loss:.3}, gradient norm {gradient_norm:.3}")
        });
        format!("Before it, {}", steps.collect::<Vec<_>>().join("; "))
    }
}

/// The first that fits.
fn likely_cause(step: u64, rate: f64, spec: &PretrainSpec, recent: &VecDeque<StepOutcome>) -> String {
    let clip = spec.optimizer.gradient_clip_norm;
    let largest = recent.iter().map(|outcome| outcome.gradient_norm).fold(0.0, f64::max);
    let climbed =
        matches!((recent.front(), recent.back()), (Some(first), Some(last)) if last.loss > first.loss);
    if step <= spec.schedule.warmup_steps.max(1) {
        format!("It happened in the first {step} steps, on the way to the peak of the rate: it is too high")
    } else if largest > 10.0 && clip > 10.0 {
        format!("Gradients of a norm of {largest:.1} were not clipped: set optimizer.gradient_clip_norm to 1")
    } else if climbed {
        format!("The loss climbed before: a learning rate of {rate:.2e} is too high here, take a third of it")
    } else {
        format!("It came all of a sudden, at a learning rate of {rate:.2e}: one batch was enough")
    }
}

#[cfg(test)]
mod tests {
    use shared::spec::presets::Preset;

    use super::*;

    /// A watch over a vocabulary of 1,000 tokens, ln 1,000 = 6.9.
    fn watch() -> Watch {
        let spec = Preset::Tiny.pretrain();
        let progress = Progress {
            spec: spec.clone(),
            fingerprint: String::new(),
            seconds: 0.0,
            tokens: 0,
            last_training_loss: None,
            evaluations: Vec::new(),
        };
        Watch::new(&spec, &progress)
    }

    fn warnings(watch: &mut Watch, losses: impl IntoIterator<Item = f64>) -> Vec<String> {
        let steps = losses.into_iter().enumerate();
        steps
            .filter_map(|(index, loss)| {
                let step = index as u64 + 1;
                watch.record(StepOutcome { step, loss, gradient_norm: 1.0, tokens: 1 })
            })
            .collect()
    }

    #[test]
    fn a_training_that_was_good_and_is_worse_than_guessing_is_told_of_once() {
        let losses = std::iter::repeat_n(3.0, 10).chain(std::iter::repeat_n(9.0, 100));
        let found = warnings(&mut watch(), losses);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].contains("for 20 steps up to 30") && found[0].contains("had been 3.00"),
            "{found:?}"
        );
    }

    #[test]
    fn a_bad_batch_a_bad_start_and_a_bad_evening_are_no_divergence() {
        let bad_batches = (0..200).map(|step| if step % 20 < 19 { 9.0 } else { 3.0 });
        assert!(warnings(&mut watch(), std::iter::once(3.0).chain(bad_batches)).is_empty());
        assert!(warnings(&mut watch(), std::iter::repeat_n(9.0, 100)).is_empty(), "it never knew anything");
        let as_bad_as_guessing = std::iter::repeat_n(3.0, 10).chain(std::iter::repeat_n(6.9, 100));
        assert!(warnings(&mut watch(), as_bad_as_guessing).is_empty());
    }

    #[test]
    fn the_cause_follows_from_when_and_how_it_happened() {
        let mut spec = Preset::Tiny.pretrain();
        let steps = |norms: [f64; 2], losses: [f64; 2]| -> VecDeque<StepOutcome> {
            let step = |index: usize| StepOutcome {
                step: 98 + index as u64,
                loss: losses[index],
                gradient_norm: norms[index],
                tokens: 1,
            };
            [step(0), step(1)].into()
        };
        let calm = steps([1.0, 1.0], [4.0, 3.9]);
        assert!(likely_cause(7, 1e-3, &spec, &calm).contains("on the way to the peak"));
        assert!(likely_cause(100, 1e-3, &spec, &steps([1.0, 2.0], [4.0, 5.0])).contains("climbed"));
        assert!(likely_cause(100, 1e-3, &spec, &calm).contains("all of a sudden"));
        spec.optimizer.gradient_clip_norm = 1e6;
        let cause = likely_cause(100, 1e-3, &spec, &steps([1.0, 300.0], [4.0, 5.0]));
        assert!(cause.contains("300.0 were not clipped"), "{cause}");
    }
}

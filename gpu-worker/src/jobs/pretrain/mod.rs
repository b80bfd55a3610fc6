//! *pretrain*: random weights → a language model of the corpus.
//!
//! The data of a step, its learning rate and its losses follow from the spec, the inputs and the
//! step's number alone, so an attempt that goes on from a checkpoint reports the same numbers, bit
//! for bit, as one that was never disturbed. The clock is read for reports only.

mod checkpoint;
pub(crate) mod data;
mod divergence;
mod measure;
mod outputs;
mod preflight;
mod provenance;
#[cfg(test)]
mod tests;
mod validation;

use std::time::Instant;

use model::Device;
use model::training::packing::{PackedRows, Packing};
use model::training::schedule::learning_rate;
use model::training::{StepOutcome, Trainer};
use shared::events::{JobEvent, LogLevel, ProgressUnit};
use shared::spec::PretrainSpec;

use self::checkpoint::Progress;
use self::data::Data;
use self::divergence::Watch;
use self::measure::{Speed, metrics};
use super::{JobContext, JobError, StopReason};

/// Trains until the spec's last step, from the newest checkpoint if there is one. Writes the outputs
/// `model` and `report`.
pub fn run(spec: &PretrainSpec, context: &JobContext) -> Result<(), JobError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(context.threads.max(1))
        .build()
        .map_err(|error| JobError::transient(format!("starting {} threads: {error}", context.threads)))?
        .install(|| train(spec, context, &model::device::best()))
}

fn train(spec: &PretrainSpec, context: &JobContext, device: &Device) -> Result<(), JobError> {
    let data = data::load(spec, context)?;
    let (mut trainer, mut progress) = checkpoint::resume_or_start(spec, context, &data, device)?;
    let mut packing = packing(spec, &data)?;
    let started = Instant::now();
    let seconds_before = progress.seconds;
    let mut speed = Speed::start(trainer.step());
    let mut watch = Watch::new(spec, &progress);
    loop {
        let step = trainer.step();
        let evaluates = is_evaluated(spec, step);
        if evaluates || (step > 0 && step.is_multiple_of(spec.checkpoint.every_steps)) {
            checkpoint::save(context, &trainer, &progress)?;
        }
        if evaluates {
            let evaluation = validation::evaluate(spec, context, &data, &trainer)?;
            progress.record_evaluation(evaluation);
            validation::write_samples(spec, context, &data, &trainer)?;
            speed.pause();
        }
        if step == spec.steps {
            break;
        }
        stop_if_asked(context, &trainer, &progress)?;

        let next = step + 1;
        let rate = learning_rate(&spec.schedule, spec.optimizer.learning_rate, next, spec.steps);
        let passes = passes(spec, &mut packing, next);
        let (outcome, statistics) = if spec.has_statistics(next) {
            let step = trainer.train_step_with_statistics(&passes, &spec.optimizer, rate);
            step.map(|(outcome, groups)| (outcome, Some(groups)))
        } else {
            trainer.train_step(&passes, &spec.optimizer, rate).map(|outcome| (outcome, None))
        }
        .map_err(|error| watch.explain(error, rate, spec, context))?;
        progress.record_step(outcome, seconds_before + started.elapsed().as_secs_f64());
        report_step(spec, context, &mut speed, outcome, rate)?;
        if let Some(groups) = statistics {
            context.emit(JobEvent::ParameterStatistics { step: next, groups })?;
        }
        if let Some(warning) = watch.record(outcome) {
            context.log(LogLevel::Warning, warning)?;
        }
    }
    outputs::write(spec, context, &data, &trainer, &progress)
}

/// Before the first step, after the last one, and in between as the spec says.
fn is_evaluated(spec: &PretrainSpec, step: u64) -> bool {
    step == spec.steps || step.is_multiple_of(spec.validation.every_steps)
}

fn packing<'a>(spec: &PretrainSpec, data: &'a Data) -> Result<Packing<'a>, JobError> {
    let context_length = spec.model.context_length() as usize;
    Packing::new(&data.training, context_length, data.end_of_text, spec.seed).map_err(model_error)
}

/// The rows of a step, counted from 1, one batch per accumulation step.
fn passes(spec: &PretrainSpec, packing: &mut Packing<'_>, step: u64) -> Vec<PackedRows> {
    let rows = u64::from(spec.batch.rows);
    let first_pass = (step - 1) * u64::from(spec.batch.accumulation_steps);
    (first_pass..first_pass + u64::from(spec.batch.accumulation_steps))
        .map(|pass| packing.rows(pass * rows, rows))
        .collect()
}

/// What the pre-flight learns by heart.
fn first_batch(spec: &PretrainSpec, data: &Data) -> Result<Vec<PackedRows>, JobError> {
    Ok(passes(spec, &mut packing(spec, data)?, 1))
}

fn stop_if_asked(context: &JobContext, trainer: &Trainer, progress: &Progress) -> Result<(), JobError> {
    if context.stop.raised() == Some(StopReason::Drain) {
        checkpoint::save(context, trainer, progress)?;
        context.log(LogLevel::Info, format!("stopped after step {}, which is saved", trainer.step()))?;
    }
    context.continue_or_stop()
}

fn report_step(
    spec: &PretrainSpec,
    context: &JobContext,
    speed: &mut Speed,
    outcome: StepOutcome,
    rate: f64,
) -> Result<(), JobError> {
    let tokens_per_second = speed.record(outcome.tokens);
    context.emit(metrics(outcome, rate, tokens_per_second))?;
    if speed.is_report_due() || outcome.step == spec.steps {
        context.emit(JobEvent::Progress {
            done: outcome.step,
            total: Some(spec.steps),
            unit: ProgressUnit::Steps,
            seconds_left: speed.seconds_left(outcome.step, spec.steps),
        })?;
    }
    Ok(())
}

/// Says who can do something about it: the person with the spec, or another attempt.
fn model_error(error: model::Error) -> JobError {
    match error {
        model::Error::Diverged { .. }
        | model::Error::Weights(_)
        | model::Error::Gguf(_)
        | model::Error::Configuration { .. }
        | model::Error::Input(_) => JobError::user(error.to_string()),
        model::Error::Tensor(_) | model::Error::Device(_) => JobError::transient(error.to_string()),
    }
}

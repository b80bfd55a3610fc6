//! `step-<N>/state.safetensors`: weights, moments and step. `step-<N>/progress.json`: what was found so
//! far, and of which spec and inputs, so that nothing else is ever continued from it.

use std::fs;

use model::architectures::random_weights;
use model::training::{StepOutcome, Trainer, TrainerSettings};
use model::{DType, Device};
use serde::{Deserialize, Serialize};
use shared::events::{JobEvent, LogLevel};
use shared::reports::pretrain::EvaluationRecord;
use shared::spec::PretrainSpec;

use super::data::Data;
use super::{first_batch, model_error, preflight};
use crate::jobs::{Checkpoint, JobContext, JobError};
use crate::shards::write_json;

const STATE_FILE: &str = "state.safetensors";
const PROGRESS_FILE: &str = "progress.json";

/// What is known of a training besides its weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    pub spec: PretrainSpec,
    /// See [`Data::fingerprint`].
    pub fingerprint: String,
    /// Of all attempts, up to the last step.
    pub seconds: f64,
    /// Target tokens that were trained on.
    pub tokens: u64,
    pub last_training_loss: Option<f64>,
    pub evaluations: Vec<EvaluationRecord>,
}

impl Progress {
    pub fn record_step(&mut self, outcome: StepOutcome, seconds: f64) {
        self.seconds = seconds;
        self.tokens += outcome.tokens;
        self.last_training_loss = Some(outcome.loss);
    }

    /// An evaluation that is made again after a resume replaces the former one.
    pub fn record_evaluation(&mut self, evaluation: EvaluationRecord) {
        self.evaluations.retain(|former| former.step < evaluation.step);
        self.evaluations.push(evaluation);
    }
}

/// Saves under the trainer's step, unless that is saved already.
pub fn save(context: &JobContext, trainer: &Trainer, progress: &Progress) -> Result<(), JobError> {
    context.save_checkpoint(trainer.step(), |folder| {
        let bytes = model::checkpoint::to_bytes(trainer).map_err(model_error)?;
        let path = folder.join(STATE_FILE);
        fs::write(&path, bytes).map_err(JobError::io(path.display()))?;
        write_json(&folder.join(PROGRESS_FILE), progress)
    })?;
    Ok(())
}

/// The newest checkpoint, or random weights that have passed the pre-flight, if there is one.
///
/// # Errors
/// [`JobError::User`] when the pre-flight fails, or the checkpoint was made with another spec or other inputs.
pub fn resume_or_start(
    spec: &PretrainSpec,
    context: &JobContext,
    data: &Data,
    device: &Device,
) -> Result<(Trainer, Progress), JobError> {
    let settings = TrainerSettings::from(spec);
    if let Some(average) = &spec.weight_average {
        context.log(
            LogLevel::Info,
            format!("validation, samples and the model are of averaged weights, decay {}", average.decay),
        )?;
    }
    let Some(checkpoint) = context.latest_checkpoint()? else {
        let weights = random_weights(&spec.model, spec.seed, DType::F32, device).map_err(model_error)?;
        if let Some(preflight) = &spec.preflight {
            // Before the training has memory of its own, so that the two never need it at once.
            let batch = first_batch(spec, data)?;
            let start = (&weights, settings.clone());
            preflight::run(spec, preflight, context, start, &batch, device)?;
        }
        let trainer = Trainer::with_settings(&spec.model, &weights, settings, device).map_err(model_error)?;
        let progress = Progress {
            spec: spec.clone(),
            fingerprint: data.fingerprint.clone(),
            seconds: 0.0,
            tokens: 0,
            last_training_loss: None,
            evaluations: Vec::new(),
        };
        return Ok((trainer, progress));
    };
    let progress = read_progress(&checkpoint)?;
    if progress.spec != *spec || progress.fingerprint != data.fingerprint {
        return Err(JobError::user(format!(
            "{} was made with {}: continue that training with what it began with, or choose an empty \
             output folder",
            checkpoint.folder.display(),
            if progress.spec == *spec { "another corpus or tokenizer" } else { "another spec" }
        )));
    }
    let path = checkpoint.folder.join(STATE_FILE);
    let bytes = fs::read(&path).map_err(JobError::io(path.display()))?;
    let trainer = model::checkpoint::from_bytes(&bytes, &spec.model, settings, device)
        .map_err(|error| JobError::user(format!("{}: {error}", path.display())))?;
    let step = trainer.step();
    context.emit(JobEvent::Resumed { step })?;
    context.log(LogLevel::Info, format!("resumed from step {step} of {}", spec.steps))?;
    Ok((trainer, progress))
}

fn read_progress(checkpoint: &Checkpoint) -> Result<Progress, JobError> {
    let path = checkpoint.folder.join(PROGRESS_FILE);
    let bytes = fs::read(&path).map_err(JobError::io(path.display()))?;
    serde_json::from_slice(&bytes).map_err(|error| {
        JobError::user(format!(
            "{} is no checkpoint of a pretraining ({error}): choose an empty output folder",
            path.display()
        ))
    })
}

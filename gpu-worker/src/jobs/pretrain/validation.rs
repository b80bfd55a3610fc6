//! What the model knows of documents it has not seen, and what it writes. Neither leaves a trace in
//! the training.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use model::generate::{GenerationOptions, generate};
use model::sampling::Sampling;
use model::training::packing::Packing;
use model::training::{Evaluation, Trainer};
use shared::events::{JobEvent, Series};
use shared::reports::pretrain::EvaluationRecord;
use shared::spec::PretrainSpec;

use super::data::Data;
use super::model_error;
use crate::jobs::{JobContext, JobError};

/// Evaluates the same rows every time: held-out documents in an order of their own, at most
/// `rows_limit` rows.
pub fn evaluate(
    spec: &PretrainSpec,
    context: &JobContext,
    data: &Data,
    trainer: &Trainer,
) -> Result<EvaluationRecord, JobError> {
    let context_length = spec.model.context_length() as usize;
    let mut packing =
        Packing::new(&data.validation, context_length, data.end_of_text, 0).map_err(model_error)?;
    let rows = packing.rows_per_epoch().min(u64::from(spec.validation.rows_limit));
    let per_pass = u64::from(spec.batch.rows);
    let bytes = data.tokenizer.token_bytes();
    let mut sums = Evaluation::default();
    let mut first = 0;
    while first < rows {
        context.continue_or_stop()?;
        let packed = packing.rows(first, per_pass.min(rows - first));
        sums += trainer.evaluate(&packed, |token| bytes.length(token)).map_err(model_error)?;
        first += per_pass;
    }
    let record = EvaluationRecord {
        step: trainer.step(),
        validation_loss: sums.loss(),
        bits_per_byte: sums.bits_per_byte(),
        tokens: sums.tokens,
    };
    context.emit(JobEvent::Metrics {
        step: record.step,
        values: BTreeMap::from([
            (Series::ValidationLoss, record.validation_loss),
            (Series::BitsPerByte, record.bits_per_byte),
        ]),
    })?;
    Ok(record)
}

/// Continues every prompt of the spec; the same step writes the same text.
pub fn write_samples(
    spec: &PretrainSpec,
    context: &JobContext,
    data: &Data,
    trainer: &Trainer,
) -> Result<(), JobError> {
    for prompt in &spec.samples.prompts {
        context.continue_or_stop()?;
        let text = continuation(spec, data, trainer, prompt)?;
        context.emit(JobEvent::Sample { step: trainer.step(), prompt: prompt.clone(), text })?;
    }
    Ok(())
}

/// What the model writes after `prompt`.
pub fn continuation(
    spec: &PretrainSpec,
    data: &Data,
    trainer: &Trainer,
    prompt: &str,
) -> Result<String, JobError> {
    let mut ids = vec![data.end_of_text];
    ids.extend(data.tokenizer.encode(prompt).map_err(model_error)?);
    // A prompt that fills the context is continued from its last half.
    let half = (spec.model.context_length() as usize / 2).max(1);
    let ids = &ids[ids.len().saturating_sub(half)..];
    let options = GenerationOptions {
        maximum_tokens: spec.samples.maximum_tokens as usize,
        sampling: Sampling { temperature: spec.samples.temperature, top_p: spec.samples.top_p },
        seed: spec.seed.wrapping_add(trainer.step()),
        stop_tokens: vec![data.end_of_text],
    };
    let (generated, _) =
        generate(trainer.model(), trainer.ops(), ids, &options, |_| ControlFlow::Continue(()))
            .map_err(model_error)?;
    Ok(data.tokenizer.decode(&generated))
}

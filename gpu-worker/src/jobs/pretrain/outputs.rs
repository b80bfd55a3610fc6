//! The trained model as a Hugging Face folder, and the report for people.

use std::collections::BTreeMap;
use std::fs;

use model::architectures::parameters;
use model::hugging_face::{SpecialIds, to_config};
use model::training::Trainer;
use model::weights;
use shared::reports::REPORT_FILE;
use shared::reports::pretrain::{PretrainReport, Sample, TrainingRecord};
use shared::spec::{PretrainSpec, SpecialToken};

use super::checkpoint::Progress;
use super::data::Data;
use super::validation::continuation;
use super::{model_error, provenance};
use crate::jobs::{JobContext, JobError};
use crate::shards::write_json;

/// Writes `model/{config.json, model.safetensors, training.json, provenance.json}` and
/// `report/report.json`.
pub fn write(
    spec: &PretrainSpec,
    context: &JobContext,
    data: &Data,
    trainer: &Trainer,
    progress: &Progress,
) -> Result<(), JobError> {
    let last = progress.evaluations.last();
    let training = TrainingRecord {
        step: trainer.step(),
        tokens: progress.tokens,
        parameters: spec.model.parameter_count(),
        seconds: progress.seconds,
        training_loss: progress.last_training_loss,
        validation_loss: last.map(|last| last.validation_loss),
        bits_per_byte: last.map(|last| last.bits_per_byte),
        seed: spec.seed,
        weight_average_decay: spec.weight_average.as_ref().map(|average| average.decay),
    };

    let folder = context.output_folder("model")?;
    let padding = data.tokenizer.special_id(SpecialToken::Padding).map_err(model_error)?;
    let special = SpecialIds { end_of_text: data.end_of_text, padding };
    write_json(&folder.join("config.json"), &to_config(&spec.model, special))?;
    let metadata = BTreeMap::from([("format".to_owned(), "pt".to_owned())]);
    let expected: Vec<_> = parameters(&spec.model).into_iter().map(Into::into).collect();
    let bytes = weights::to_bytes(&trainer.evaluated_weights(), &expected, metadata).map_err(model_error)?;
    let path = folder.join("model.safetensors");
    fs::write(&path, bytes).map_err(JobError::io(path.display()))?;
    write_json(&folder.join("training.json"), &training)?;
    provenance::write(spec, context, data, &folder)?;

    let samples = spec
        .samples
        .prompts
        .iter()
        .map(|prompt| Ok(Sample { prompt: prompt.clone(), text: continuation(spec, data, trainer, prompt)? }))
        .collect::<Result<_, JobError>>()?;
    let report = PretrainReport {
        tokens_per_second: progress.tokens as f64 / progress.seconds.max(1e-9),
        training,
        corpus_training_documents: data.training.documents() as u64,
        corpus_training_tokens: data.training.targets() as u64,
        corpus_held_out_documents: data.validation.documents() as u64,
        corpus_held_out_tokens: data.validation.targets() as u64,
        evaluations: progress.evaluations.clone(),
        samples,
    };
    write_json(&context.output_folder("report")?.join(REPORT_FILE), &report)
}

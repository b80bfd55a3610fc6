//! Held-out bits per byte, beside an interpolated Kneser-Ney model that was counted from every
//! training document.

use model::metrics::kneser_ney::KneserNey;
use model::training::packing::Packing;
use model::training::{Evaluation, Trainer};
use serde::Serialize;
use shared::spec::PretrainSpec;

use super::user;
use crate::jobs::JobError;
use crate::jobs::pretrain::data::Data;

const ORDER: usize = 5;

/// Both models on the same held-out tokens. Lower is better.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    pub held_out_documents: usize,
    pub held_out_bytes: u64,
    pub training_tokens: usize,
    pub model_bits_per_byte: f64,
    /// Of the interpolated, modified Kneser-Ney 5-gram.
    pub kneser_ney_bits_per_byte: f64,
    /// 1 − model / n-gram.
    pub share_saved: f64,
}

/// Text only: special tokens are asked of neither model. A document is cut where a row of the model's
/// context ends, to the model's disadvantage.
pub fn compare(spec: &PretrainSpec, data: &Data, trainer: &Trainer) -> Result<Comparison, JobError> {
    let model = evaluate(spec, data, trainer)?;
    let ngram = KneserNey::train(ORDER, spec.model.vocabulary_size(), data.end_of_text, data.training.iter());
    let bytes = data.tokenizer.token_bytes();
    let nats: f64 = data
        .validation
        .iter()
        .map(|document| ngram.score(document, data.end_of_text, |token| bytes.length(token).is_some()).nats)
        .sum();
    let kneser_ney_bits_per_byte = nats / (std::f64::consts::LN_2 * model.text_bytes.max(1) as f64);
    let model_bits_per_byte = model.bits_per_byte();
    Ok(Comparison {
        held_out_documents: data.validation.documents(),
        held_out_bytes: model.text_bytes,
        training_tokens: data.training.targets(),
        model_bits_per_byte,
        kneser_ney_bits_per_byte,
        share_saved: 1.0 - model_bits_per_byte / kneser_ney_bits_per_byte,
    })
}

/// Every held-out row once.
fn evaluate(spec: &PretrainSpec, data: &Data, trainer: &Trainer) -> Result<Evaluation, JobError> {
    let context_length = spec.model.context_length() as usize;
    let mut packing = Packing::new(&data.validation, context_length, data.end_of_text, 0).map_err(user)?;
    let rows = packing.rows_per_epoch();
    let per_pass = u64::from(spec.batch.rows);
    let bytes = data.tokenizer.token_bytes();
    let mut sums = Evaluation::default();
    for first in (0..rows).step_by(per_pass.max(1) as usize) {
        let packed = packing.rows(first, per_pass.min(rows - first));
        sums += trainer.evaluate(&packed, |token| bytes.length(token)).map_err(user)?;
    }
    Ok(sums)
}

//! How good a pretrained model is: against the n-gram model that it has to beat, by its grammar, and
//! by whether it writes sentences of its own.

mod baseline;
mod novelty;
mod particles;

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use model::Device;
use model::architectures::{Model, parameters};
use model::generate::{GenerationOptions, generate};
use model::sampling::Sampling;
use model::tokenizer::Tokenizer;
use model::training::Trainer;
use model::weights::{self, Expected};
use serde::Serialize;
use shared::spec::{PretrainSpec, SpecialToken};

pub use baseline::Comparison;
pub use novelty::Novelty;
pub use particles::Agreement;

use crate::jobs::pretrain::data;
use crate::jobs::{JobContext, JobError};

/// What was found.
#[derive(Debug, Clone, Serialize)]
pub struct Quality {
    pub held_out: Comparison,
    pub particles: Agreement,
    pub sentences: Novelty,
    /// A few of the texts that the last two were measured on.
    pub samples: Vec<String>,
}

/// How much is sampled.
#[derive(Debug, Clone, Copy)]
pub struct Sampled {
    pub texts: u64,
    pub maximum_tokens: usize,
    pub sampling: Sampling,
}

/// Measures the model in the input `model` (with `config.json` and `model.safetensors`) on the
/// inputs `corpus` and `tokenizer` that `spec` was trained on.
///
/// # Errors
/// [`JobError::User`] when the inputs do not belong together.
pub fn measure(spec: &PretrainSpec, context: &JobContext, sampled: Sampled) -> Result<Quality, JobError> {
    let data = data::load(spec, context)?;
    let trainer = load(spec, context.input("model")?)?;
    let held_out = baseline::compare(spec, &data, &trainer)?;
    let texts = write_texts(trainer.model(), &trainer, &data.tokenizer, sampled)?;
    let training = novelty::training_sentences(context.input("corpus")?)?;
    Ok(Quality {
        held_out,
        particles: particles::agreement(&texts),
        sentences: novelty::novelty(&texts, &training),
        samples: texts.into_iter().take(5).collect(),
    })
}

fn load(spec: &PretrainSpec, folder: &Path) -> Result<Trainer, JobError> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).map_err(JobError::io(path.display()))
    };
    let of_model = model::hugging_face::from_config(&read("config.json")?).map_err(user)?;
    if of_model != spec.model {
        return Err(JobError::user(format!("{} was not trained by this spec", folder.display())));
    }
    let expected: Vec<Expected> = parameters(&spec.model).into_iter().map(Expected::from).collect();
    let (weights, _) =
        weights::from_bytes(&read("model.safetensors")?, &expected, &Device::Cpu).map_err(user)?;
    Trainer::from_weights(&spec.model, &weights, &Device::Cpu).map_err(user)
}

/// Texts from the very beginning, drawn with seeds 0, 1, 2, ….
fn write_texts(
    model: &Model<model::Tensor>,
    trainer: &Trainer,
    tokenizer: &Tokenizer,
    sampled: Sampled,
) -> Result<Vec<String>, JobError> {
    let end_of_text = tokenizer.special_id(SpecialToken::EndOfText).map_err(user)?;
    (0..sampled.texts)
        .map(|seed| {
            let options = GenerationOptions {
                maximum_tokens: sampled.maximum_tokens,
                sampling: sampled.sampling,
                seed,
                stop_tokens: vec![end_of_text],
            };
            let (ids, _) =
                generate(model, trainer.ops(), &[end_of_text], &options, |_| ControlFlow::Continue(()))
                    .map_err(user)?;
            Ok(tokenizer.decode(&ids))
        })
        .collect()
}

fn user(error: model::Error) -> JobError {
    JobError::user(error.to_string())
}

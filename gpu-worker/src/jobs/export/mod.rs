//! *export*: a trained model and its tokenizer → one folder that Hugging Face's libraries load, with a
//! card that says where it comes from.

mod card;
mod gguf;
#[cfg(test)]
mod tests;
mod weights;

use std::fs::{self, File};
use std::path::Path;

use model::gguf::Cutting;
use model::hugging_face::{SpecialIds, from_config, to_config};
use model::tokenizer::Tokenizer;
use model::tokenizer::template::TemplateConfiguration;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared::artifacts::Sha256;
use shared::events::LogLevel;
use shared::provenance::{ModelOrigin, PROVENANCE_FILE};
use shared::spec::{ExportSpec, SpecialToken};

use super::{JobContext, JobError};
use crate::model_folder::special_ids;
use crate::shards::{hash, write_json};

/// `training.json` as the pretrain job leaves it beside the weights; what is missing is not told.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TrainingFigures {
    pub step: Option<u64>,
    pub tokens: Option<u64>,
    pub seconds: Option<f64>,
    pub training_loss: Option<f64>,
    pub validation_loss: Option<f64>,
    pub bits_per_byte: Option<f64>,
    pub seed: Option<u64>,
}

pub fn run(spec: &ExportSpec, context: &JobContext) -> Result<(), JobError> {
    let (model_folder, tokenizer_folder) = (context.input("model")?, context.input("tokenizer")?);
    let architecture = from_config(&read(model_folder, "config.json")?).map_err(user_error)?;
    let tokenizer_json = read(tokenizer_folder, "tokenizer.json")?;
    let tokenizer = Tokenizer::from_bytes(&tokenizer_json).map_err(user_error)?;
    let (of_model, of_tokenizer) = (architecture.vocabulary_size(), tokenizer.vocabulary_size());
    if of_model != of_tokenizer {
        return Err(JobError::user(format!(
            "the model has a vocabulary of {of_model} tokens, the tokenizer one of {of_tokenizer}: bind the tokenizer \
             that the model was trained with"
        )));
    }
    let configuration = tokenizer_configuration(tokenizer_folder, architecture.context_length())?;
    let Special { ids: special, ends } = special_tokens(&tokenizer, &configuration)?;
    let weights_path = model_folder.join(weights::FILE);
    weights::check(&weights_path, &architecture)?;

    let output = context.output_folder("model")?;
    context.continue_or_stop()?;
    write_json(&output.join("config.json"), &to_config(&architecture, special))?;
    let copied = output.join(weights::FILE);
    fs::copy(&weights_path, &copied).map_err(JobError::io(copied.display()))?;
    let path = output.join("tokenizer.json");
    fs::write(&path, &tokenizer_json).map_err(JobError::io(path.display()))?;
    write_json(&output.join("tokenizer_config.json"), &configuration)?;
    let generation = json!({
        "bos_token_id": special.end_of_text,
        "eos_token_id": ends,
        "pad_token_id": special.padding,
        "do_sample": true,
        "temperature": 0.8,
        "top_p": 0.95,
        "max_length": architecture.context_length(),
    });
    write_json(&output.join("generation_config.json"), &generation)?;

    let mut cutting = None;
    if let Some(format) = spec.gguf {
        context.continue_or_stop()?;
        gguf::write(spec, format, &architecture, &output, context)?;
        let how = model::gguf::cutting(&tokenizer_json).map_err(user_error)?;
        if let Cutting::Nearest(name) = how {
            let message = format!(
                "llama.cpp has no name for how this tokenizer cuts texts: {} says the nearest, {name}, and some texts \
                 become other tokens there; here the file is read exactly",
                gguf::FILE
            );
            context.log(LogLevel::Warning, message)?;
        }
        cutting = Some(how);
    }

    let origin: Option<ModelOrigin> = optional(model_folder, PROVENANCE_FILE)?;
    if let Some(origin) = &origin {
        write_json(&output.join(PROVENANCE_FILE), origin)?;
    }
    let card = card::Card {
        spec,
        architecture: &architecture,
        training: optional(model_folder, "training.json")?.unwrap_or_default(),
        origin: origin.as_ref(),
        cutting,
        weights_sha256: sha256_of(&copied)?,
        tokenizer_sha256: hash(tokenizer_json.as_slice()).map_err(JobError::io("tokenizer.json"))?.0,
    };
    let path = output.join("README.md");
    fs::write(&path, card.render()).map_err(JobError::io(path.display()))?;
    context.log(
        LogLevel::Info,
        format!(
            "{}: {} parameters, ready for Hugging Face's libraries",
            spec.name,
            architecture.parameter_count()
        ),
    )
}

/// The tokens that `config.json` and `generation_config.json` name.
struct Special {
    ids: SpecialIds,
    /// After any of these nothing of an answer follows.
    ends: Vec<u32>,
}

/// Of a tokenizer of ours by the contract of its tokens, of another one by its configuration.
fn special_tokens(tokenizer: &Tokenizer, configuration: &Value) -> Result<Special, JobError> {
    let of_ours = |token| tokenizer.special_id(token).map_err(user_error);
    if tokenizer.special_id(SpecialToken::EndOfTurn).is_ok() {
        let end_of_text = of_ours(SpecialToken::EndOfText)?;
        let ids = SpecialIds { end_of_text, padding: of_ours(SpecialToken::Padding)? };
        return Ok(Special { ids, ends: vec![end_of_text, of_ours(SpecialToken::EndOfTurn)?] });
    }
    let configuration =
        TemplateConfiguration::from_bytes(configuration.to_string().as_bytes()).map_err(user_error)?;
    let ids = special_ids(tokenizer, &configuration);
    let end_of_turn = configuration.eot_token.and_then(|name| tokenizer.special_id_by_name(&name));
    let mut ends = vec![ids.end_of_text];
    ends.extend(end_of_turn.filter(|id| *id != ids.end_of_text));
    Ok(Special { ids, ends })
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>, JobError> {
    let path = folder.join(name);
    fs::read(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => JobError::user(format!(
            "{} has no {name}: bind the output folder of the job that made it",
            folder.display()
        )),
        _ => JobError::transient(format!("{}: {error}", path.display())),
    })
}

/// A file that older jobs, or other trainers, do not write.
fn optional<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Option<T>, JobError> {
    if !folder.join(name).exists() {
        return Ok(None);
    }
    let bytes = read(folder, name)?;
    serde_json::from_slice(&bytes).map(Some).map_err(|error| {
        JobError::user(format!("{name} beside the model cannot be read ({error}): remove or repair it"))
    })
}

/// Now that the model is known, so is how much it can read at once.
fn tokenizer_configuration(folder: &Path, context_length: u32) -> Result<Value, JobError> {
    let bytes = read(folder, "tokenizer_config.json")?;
    let mut value: Value = serde_json::from_slice(&bytes).map_err(|error| {
        JobError::user(format!("tokenizer_config.json cannot be read ({error}): bind another tokenizer"))
    })?;
    let Some(fields) = value.as_object_mut() else {
        return Err(JobError::user("tokenizer_config.json is no object: bind another tokenizer"));
    };
    fields.insert("model_max_length".to_owned(), context_length.into());
    Ok(value)
}

fn sha256_of(path: &Path) -> Result<Sha256, JobError> {
    let file = File::open(path).map_err(JobError::io(path.display()))?;
    Ok(hash(file).map_err(JobError::io(path.display()))?.0)
}

fn user_error(error: model::Error) -> JobError {
    JobError::user(error.to_string())
}

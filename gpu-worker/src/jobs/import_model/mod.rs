//! *import model*: a GGUF file → a Hugging Face folder of f32 weights, tokenizer included, and the
//! tokenizer by itself. What was quantized is unpacked: from here on it is a model like any other.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use model::architectures::parameters;
use model::gguf::tokenizer_files;
use model::hugging_face::{SpecialIds, to_config};
use model::tokenizer::Tokenizer;
use model::tokenizer::template::TemplateConfiguration;
use model::weights;
use serde_json::json;
use shared::events::LogLevel;
use shared::spec::ImportModelSpec;

use super::{JobContext, JobError};
use crate::model_folder::{open_gguf, reader};
use crate::shards::write_json;

pub fn run(spec: &ImportModelSpec, context: &JobContext) -> Result<(), JobError> {
    let path = gguf_file(context.input("file")?)?;
    let (file, gguf) = open_gguf(&path)?;
    let files = tokenizer_files(&gguf.header).map_err(user)?;
    let tokenizer = Tokenizer::from_bytes(&files.tokenizer_json).map_err(user)?;
    let configuration = TemplateConfiguration::from_bytes(&files.tokenizer_config_json).map_err(user)?;
    let special = special_ids(&tokenizer, &configuration);
    context.continue_or_stop()?;

    let expected: Vec<_> = parameters(&gguf.spec).into_iter().map(Into::into).collect();
    let tensors = gguf.read_each(&mut reader(&file), |_, stored| stored.to_tensor()).map_err(user)?;
    context.continue_or_stop()?;
    let metadata = BTreeMap::from([("format".to_owned(), "pt".to_owned())]);
    let bytes = weights::to_bytes(&tensors, &expected, metadata).map_err(user)?;
    drop(tensors);
    context.continue_or_stop()?;

    let write = |folder: &Path, name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(JobError::io(path.display()))
    };
    let model = context.output_folder("model")?;
    write_json(&model.join("config.json"), &to_config(&gguf.spec, special))?;
    write(&model, "model.safetensors", &bytes)?;
    let generation = json!({
        "bos_token_id": special.end_of_text,
        "eos_token_id": special.end_of_text,
        "pad_token_id": special.padding,
        "max_length": gguf.spec.context_length(),
    });
    write_json(&model.join("generation_config.json"), &generation)?;
    for folder in [&model, &context.output_folder("tokenizer")?] {
        write(folder, "tokenizer.json", &files.tokenizer_json)?;
        write(folder, "tokenizer_config.json", &files.tokenizer_config_json)?;
    }
    context.log(
        LogLevel::Info,
        format!(
            "{}: {} parameters and a vocabulary of {} tokens",
            spec.name,
            gguf.spec.parameter_count(),
            tokenizer.vocabulary_size()
        ),
    )
}

/// The end of a text and what fills rows, as the file names them; the first token where it does not.
fn special_ids(tokenizer: &Tokenizer, configuration: &TemplateConfiguration) -> SpecialIds {
    let id = |name: &Option<String>| name.as_deref().and_then(|name| tokenizer.special_id_by_name(name));
    let end_of_text = id(&configuration.eos_token).or(id(&configuration.bos_token)).unwrap_or(0);
    SpecialIds { end_of_text, padding: id(&configuration.pad_token).unwrap_or(end_of_text) }
}

/// The input itself, or the one GGUF file in it.
fn gguf_file(input: &Path) -> Result<PathBuf, JobError> {
    if input.is_file() {
        return Ok(input.to_owned());
    }
    let entries = fs::read_dir(input).map_err(JobError::io(input.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(JobError::io(input.display()))?;
        let is_file = entry.file_type().map_err(JobError::io(input.display()))?.is_file();
        let is_gguf =
            entry.path().extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gguf"));
        files.extend((is_file && is_gguf).then(|| entry.path()));
    }
    match files.as_slice() {
        [file] => Ok(file.clone()),
        [] => Err(JobError::user("the source holds no file whose name ends in .gguf: upload one")),
        _ => Err(JobError::user("the source holds several GGUF files: upload each as a source of its own")),
    }
}

fn user(error: model::Error) -> JobError {
    JobError::user(error.to_string())
}

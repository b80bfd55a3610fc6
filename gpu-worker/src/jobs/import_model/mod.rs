//! *import model*: a GGUF file, or a Hugging Face folder packed as one zip → a Hugging Face folder of f32
//! weights, tokenizer included, and the tokenizer by itself. What was quantized or of 16 bits is unpacked:
//! from here on it is a model like any other. At a terminal the folder may be bound as it is.

#[cfg(test)]
mod folder_tests;
mod source;
#[cfg(test)]
mod tests;
pub mod zip;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use model::architectures::parameters;
use model::hugging_face::to_config;
use model::tokenizer::Tokenizer;
use model::tokenizer::template::TemplateConfiguration;
use model::weights::{Expected, write_each};
use serde_json::json;
use shared::events::LogLevel;
use shared::provenance::{ImportedFile, ImportedOrigin, ModelOrigin, PROVENANCE_FILE};
use shared::spec::ImportModelSpec;

use super::{JobContext, JobError};
use crate::commands::CODE_VERSION;
use crate::model_folder::{check_vocabulary, special_ids};
use crate::shards::{hash, write_json};
use source::Source;

pub fn run(spec: &ImportModelSpec, context: &JobContext) -> Result<(), JobError> {
    let input = context.input("file")?;
    let source = Source::open(input, context)?;
    let architecture = source.spec();
    let files = source.tokenizer_files()?;
    let tokenizer = Tokenizer::from_bytes(&files.tokenizer_json).map_err(user)?;
    let configuration = TemplateConfiguration::from_bytes(&files.tokenizer_config_json).map_err(user)?;
    check_vocabulary(architecture, &tokenizer, input)?;
    let special = special_ids(&tokenizer, &configuration);
    context.continue_or_stop()?;

    let model = context.output_folder("model")?;
    write_json(&model.join("config.json"), &to_config(architecture, special))?;
    write_weights(&source, &model.join("model.safetensors"), context)?;
    let generation = json!({
        "bos_token_id": special.end_of_text,
        "eos_token_id": special.end_of_text,
        "pad_token_id": special.padding,
        "max_length": architecture.context_length(),
    });
    write_json(&model.join("generation_config.json"), &generation)?;
    for folder in [&model, &context.output_folder("tokenizer")?] {
        for (name, bytes) in [
            ("tokenizer.json", &files.tokenizer_json),
            ("tokenizer_config.json", &files.tokenizer_config_json),
        ] {
            let path = folder.join(name);
            fs::write(&path, bytes).map_err(JobError::io(path.display()))?;
        }
    }
    let origin = ModelOrigin::Imported(ImportedOrigin {
        code_version: CODE_VERSION.to_owned(),
        imported: spec.clone(),
        files: source.files.iter().map(|path| as_it_came(path)).collect::<Result<_, _>>()?,
        job: context.origin.clone(),
    });
    write_json(&model.join(PROVENANCE_FILE), &origin)?;
    context.log(
        LogLevel::Info,
        format!(
            "{}: {} parameters and a vocabulary of {} tokens",
            spec.name,
            architecture.parameter_count(),
            tokenizer.vocabulary_size()
        ),
    )
}

/// One tensor after the other, so that a model needs no more memory than its largest matrix.
fn write_weights(source: &Source, path: &PathBuf, context: &JobContext) -> Result<(), JobError> {
    let expected: Vec<Expected> = parameters(source.spec()).into_iter().map(Into::into).collect();
    let metadata = BTreeMap::from([("format".to_owned(), "pt".to_owned())]);
    let mut out = BufWriter::new(File::create(path).map_err(JobError::io(path.display()))?);
    let written = write_each(&mut out, &expected, metadata, |tensor| {
        context.continue_or_stop().map_err(|stopped| model::Error::Input(stopped.to_string()))?;
        source.tensor(&tensor.name)
    });
    // A wish to stop comes first: it looks like a failure.
    context.continue_or_stop()?;
    written.map_err(user)?;
    out.flush().map_err(JobError::io(path.display()))
}

fn as_it_came(path: &Path) -> Result<ImportedFile, JobError> {
    let file = File::open(path).map_err(JobError::io(path.display()))?;
    let (sha256, size_bytes) = hash(file).map_err(JobError::io(path.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(ImportedFile { name, sha256, size_bytes })
}

fn user(error: model::Error) -> JobError {
    JobError::user(error.to_string())
}

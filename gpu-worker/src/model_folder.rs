//! A Hugging Face model folder, ready to run: `config.json`, `model.safetensors`, and, after an
//! export, `tokenizer.json`.

use std::fs;
use std::path::{Path, PathBuf};

use model::architectures::{Model, parameters};
use model::candle_ops::CandleOps;
use model::tokenizer::Tokenizer;
use model::{DType, Tensor, hugging_face, weights};
use shared::spec::ArchitectureSpec;

use crate::jobs::JobError;

/// An opened model.
pub struct ModelFolder {
    path: PathBuf,
    pub spec: ArchitectureSpec,
    pub model: Model<Tensor>,
    pub ops: CandleOps,
}

impl ModelFolder {
    /// Reads the configuration, then the weights that it asks for.
    ///
    /// # Errors
    /// [`JobError::User`] naming the file that is missing or unusable.
    pub fn open(path: &Path) -> Result<Self, JobError> {
        let spec = hugging_face::from_config(&read(path, "config.json")?).map_err(user)?;
        let expected: Vec<_> = parameters(&spec).into_iter().map(Into::into).collect();
        let device = model::device::best();
        let bytes = read(path, "model.safetensors")?;
        let (weights, _) = weights::from_bytes(&bytes, &expected, &device).map_err(|error| {
            JobError::user(format!("{}: {error}", path.join("model.safetensors").display()))
        })?;
        let model = Model::new(&spec, &weights).map_err(user)?;
        Ok(Self { path: path.to_owned(), spec, model, ops: CandleOps::new(&device, DType::F32) })
    }

    /// The folder's tokenizer.
    ///
    /// # Errors
    /// [`JobError::User`] when there is none or its vocabulary is not the model's.
    pub fn tokenizer(&self) -> Result<Tokenizer, JobError> {
        let tokenizer = Tokenizer::from_bytes(&read(&self.path, "tokenizer.json")?).map_err(user)?;
        let (of_model, of_tokenizer) = (self.spec.vocabulary_size(), tokenizer.vocabulary_size());
        if of_model != of_tokenizer {
            return Err(JobError::user(format!(
                "{}: the model has {of_model} tokens, its tokenizer {of_tokenizer}: they do not belong together",
                self.path.display()
            )));
        }
        Ok(tokenizer)
    }
}

fn read(folder: &Path, file: &str) -> Result<Vec<u8>, JobError> {
    let path = folder.join(file);
    fs::read(&path).map_err(|error| {
        JobError::user(format!(
            "{}: {error}. Choose the model folder that an export job wrote",
            path.display()
        ))
    })
}

fn user(error: model::Error) -> JobError {
    JobError::user(error.to_string())
}

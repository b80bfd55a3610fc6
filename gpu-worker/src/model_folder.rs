//! A model from disk, ready to run: a Hugging Face folder (`config.json`, `model.safetensors`, and, after
//! an export, `tokenizer.json`), or a GGUF file, which has all of these inside.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use model::architectures::{Model, parameters};
use model::candle_ops::CandleOps;
use model::gguf::{GgufModel, TokenizerFiles, tokenizer_files};
use model::tokenizer::Tokenizer;
use model::tokenizer::template::TemplateConfiguration;
use model::{DType, Tensor, hugging_face, weights};
use shared::spec::ArchitectureSpec;

use crate::jobs::JobError;

/// An opened model.
pub struct ModelFolder {
    path: PathBuf,
    pub spec: ArchitectureSpec,
    pub model: Model<Tensor>,
    pub ops: CandleOps,
    /// Of a GGUF file: the header, which holds the tokenizer.
    gguf: Option<GgufModel>,
}

impl ModelFolder {
    /// Reads the configuration, then the weights that it asks for. Those of a GGUF file stay quantized.
    ///
    /// # Errors
    /// [`JobError::User`] naming the file that is missing or unusable.
    pub fn open(path: &Path) -> Result<Self, JobError> {
        if path.is_file() {
            return Self::open_gguf(path);
        }
        let spec = hugging_face::from_config(&read(path, "config.json")?).map_err(user)?;
        let expected: Vec<_> = parameters(&spec).into_iter().map(Into::into).collect();
        let device = model::device::best();
        let bytes = read(path, "model.safetensors")?;
        let (weights, _) = weights::from_bytes(&bytes, &expected, &device).map_err(|error| {
            JobError::user(format!("{}: {error}", path.join("model.safetensors").display()))
        })?;
        let model = Model::new(&spec, &weights).map_err(user)?;
        let ops = CandleOps::new(&device, DType::F32);
        Ok(Self { path: path.to_owned(), spec, model, ops, gguf: None })
    }

    fn open_gguf(path: &Path) -> Result<Self, JobError> {
        let (file, gguf) = open_gguf(path)?;
        let place = |_: &_, stored: model::gguf::Stored| stored.into_weight();
        let weights = gguf.read_each(&mut reader(&file), place).map_err(at(path))?;
        let model = Model::of_weights(&gguf.spec, &weights).map_err(at(path))?;
        // Blocks are read by the processor's kernels.
        let ops = CandleOps::new(&model::Device::Cpu, DType::F32);
        Ok(Self { path: path.to_owned(), spec: gguf.spec.clone(), model, ops, gguf: Some(gguf) })
    }

    /// The model's tokenizer.
    ///
    /// # Errors
    /// [`JobError::User`] when there is none or its vocabulary is not the model's.
    pub fn tokenizer(&self) -> Result<Tokenizer, JobError> {
        let bytes = match &self.gguf {
            Some(gguf) => self.tokenizer_files(gguf)?.tokenizer_json,
            None => read(&self.path, "tokenizer.json")?,
        };
        let tokenizer = Tokenizer::from_bytes(&bytes).map_err(user)?;
        let (of_model, of_tokenizer) = (self.spec.vocabulary_size(), tokenizer.vocabulary_size());
        if of_model != of_tokenizer {
            return Err(JobError::user(format!(
                "{}: the model has {of_model} tokens, its tokenizer {of_tokenizer}: they do not belong together",
                self.path.display()
            )));
        }
        Ok(tokenizer)
    }

    /// How texts begin and end for this model, and its chat template.
    ///
    /// # Errors
    /// [`JobError::User`] when `tokenizer_config.json` is missing or unusable.
    pub fn configuration(&self) -> Result<TemplateConfiguration, JobError> {
        let bytes = match &self.gguf {
            Some(gguf) => self.tokenizer_files(gguf)?.tokenizer_config_json,
            None => read(&self.path, "tokenizer_config.json")?,
        };
        TemplateConfiguration::from_bytes(&bytes).map_err(user)
    }

    fn tokenizer_files(&self, gguf: &GgufModel) -> Result<TokenizerFiles, JobError> {
        tokenizer_files(&gguf.header).map_err(at(&self.path))
    }
}

/// A GGUF file and what its header says.
///
/// # Errors
/// [`JobError::User`] when it is none, or of a model that we do not compute.
pub fn open_gguf(path: &Path) -> Result<(File, GgufModel), JobError> {
    let file = File::open(path).map_err(|error| JobError::user(format!("{}: {error}", path.display())))?;
    let size_bytes = file.metadata().map_err(JobError::io(path.display()))?.len();
    let gguf = GgufModel::open(size_bytes, &mut reader(&file)).map_err(at(path))?;
    Ok((file, gguf))
}

/// Fills buffers from a place in the file.
pub fn reader(file: &File) -> impl FnMut(u64, &mut [u8]) -> model::Result<()> + '_ {
    |offset, buffer| {
        file.read_exact_at(buffer, offset)
            .map_err(|error| model::Error::Weights(format!("reading the file failed: {error}")))
    }
}

fn read(folder: &Path, file: &str) -> Result<Vec<u8>, JobError> {
    let path = folder.join(file);
    fs::read(&path).map_err(|error| {
        JobError::user(format!(
            "{}: {error}. Choose the model folder that an export job wrote, or a GGUF file",
            path.display()
        ))
    })
}

fn at(path: &Path) -> impl Fn(model::Error) -> JobError + '_ {
    move |error| JobError::user(format!("{}: {error}", path.display()))
}

fn user(error: model::Error) -> JobError {
    JobError::user(error.to_string())
}

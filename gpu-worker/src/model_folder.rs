//! A model from disk, ready to run: a Hugging Face folder (`config.json`, safetensors and, for texts, its
//! tokenizer), ours or of the hub, or a GGUF file, which has all of these inside.

use std::fs::File;
use std::path::{Path, PathBuf};

use model::architectures::Model;
use model::candle_ops::CandleOps;
use model::gguf::{GgufModel, TokenizerFiles, tokenizer_files};
use model::hugging_face::SpecialIds;
use model::tokenizer::Tokenizer;
use model::tokenizer::template::TemplateConfiguration;
use model::{DType, Tensor};
use shared::spec::ArchitectureSpec;

use crate::hub_folder::{HubFolder, reader};
use crate::jobs::JobError;

/// An opened model.
pub struct ModelFolder {
    path: PathBuf,
    pub spec: ArchitectureSpec,
    pub model: Model<Tensor>,
    pub ops: CandleOps,
    source: Source,
}

/// Where the tokenizer is.
enum Source {
    Hub(Box<HubFolder>),
    /// The header holds it.
    Gguf(Box<GgufModel>),
}

impl ModelFolder {
    /// Reads the configuration, then the weights that it asks for: f32 from whatever type a folder has;
    /// those of a GGUF file stay quantized.
    ///
    /// # Errors
    /// [`JobError::User`] naming the file that is missing or unusable.
    pub fn open(path: &Path) -> Result<Self, JobError> {
        if path.is_file() {
            return Self::open_gguf(path);
        }
        let folder = HubFolder::open(path)?;
        let device = model::device::best();
        let weights = folder.read_each(|_, values| values.to_tensor(&device))?;
        let spec = folder.spec.clone();
        let model = Model::new(&spec, &weights).map_err(at(path))?;
        let ops = CandleOps::new(&device, DType::F32);
        Ok(Self { path: path.to_owned(), spec, model, ops, source: Source::Hub(Box::new(folder)) })
    }

    fn open_gguf(path: &Path) -> Result<Self, JobError> {
        let (file, gguf) = open_gguf(path)?;
        let place = |_: &_, stored: model::gguf::Stored| stored.into_weight();
        let weights = gguf.read_each(&mut reader(&file), place).map_err(at(path))?;
        let model = Model::of_weights(&gguf.spec, &weights).map_err(at(path))?;
        // Blocks are read by the processor's kernels.
        let ops = CandleOps::new(&model::Device::Cpu, DType::F32);
        Ok(Self {
            path: path.to_owned(),
            spec: gguf.spec.clone(),
            model,
            ops,
            source: Source::Gguf(Box::new(gguf)),
        })
    }

    /// The model's tokenizer.
    ///
    /// # Errors
    /// [`JobError::User`] when there is none or its vocabulary is not the model's.
    pub fn tokenizer(&self) -> Result<Tokenizer, JobError> {
        let tokenizer =
            Tokenizer::from_bytes(&self.tokenizer_files()?.tokenizer_json).map_err(at(&self.path))?;
        check_vocabulary(&self.spec, &tokenizer, &self.path)?;
        Ok(tokenizer)
    }

    /// How texts begin and end for this model, and its chat template.
    ///
    /// # Errors
    /// [`JobError::User`] when there is no tokenizer or it is unusable.
    pub fn configuration(&self) -> Result<TemplateConfiguration, JobError> {
        TemplateConfiguration::from_bytes(&self.tokenizer_files()?.tokenizer_config_json)
            .map_err(at(&self.path))
    }

    fn tokenizer_files(&self) -> Result<TokenizerFiles, JobError> {
        match &self.source {
            Source::Hub(folder) => folder.tokenizer_files(),
            Source::Gguf(gguf) => tokenizer_files(&gguf.header).map_err(at(&self.path)),
        }
    }
}

/// That every token of the model has a text and the other way round.
///
/// # Errors
/// [`JobError::User`] when it is not so.
pub fn check_vocabulary(spec: &ArchitectureSpec, tokenizer: &Tokenizer, path: &Path) -> Result<(), JobError> {
    let (of_model, of_tokenizer) = (spec.vocabulary_size(), tokenizer.vocabulary_size());
    if of_model == of_tokenizer {
        return Ok(());
    }
    Err(JobError::user(format!(
        "{}: the model has {of_model} tokens, its tokenizer {of_tokenizer}: they do not belong together",
        path.display()
    )))
}

/// The end of a text and what fills rows, as the configuration names them; the first token where it does
/// not.
pub fn special_ids(tokenizer: &Tokenizer, configuration: &TemplateConfiguration) -> SpecialIds {
    let id = |name: &Option<String>| name.as_deref().and_then(|name| tokenizer.special_id_by_name(name));
    let end_of_text = id(&configuration.eos_token).or(id(&configuration.bos_token)).unwrap_or(0);
    SpecialIds { end_of_text, padding: id(&configuration.pad_token).unwrap_or(end_of_text) }
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

fn at(path: &Path) -> impl Fn(model::Error) -> JobError + '_ {
    move |error| JobError::user(format!("{}: {error}", path.display()))
}

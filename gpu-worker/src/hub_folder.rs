//! A Hugging Face folder on disk: `config.json`, weights in one file or several, and its tokenizer.
//! Nothing in it is believed before it is measured, and no pickle is ever read.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use model::gguf::TokenizerFiles;
use model::hugging_face::{
    CONFIG_LIMIT_BYTES, FolderTensors, INDEX_FILE, INDEX_LIMIT_BYTES, SINGLE_FILE, from_config, shard_files,
    special_ids,
};
use model::tokenizer::template::TemplateConfiguration;
use model::tokenizer::{FILE_LIMIT_BYTES, Tokenizer};
use model::weights::{Expected, Header, Values};
use serde_json::Value;
use shared::spec::ArchitectureSpec;

use crate::jobs::JobError;

pub const CONFIG_FILE: &str = "config.json";
pub const TOKENIZER_FILE: &str = "tokenizer.json";
pub const TOKENIZER_CONFIG_FILE: &str = "tokenizer_config.json";
/// Where newer versions of `transformers` keep the template.
pub const TEMPLATE_FILE: &str = "chat_template.jinja";
/// Names and a template; those of the hub have up to 200 KiB.
const TOKENIZER_CONFIG_LIMIT_BYTES: usize = 4 << 20;

/// A folder whose weights are those of an architecture that we compute.
#[derive(Debug)]
pub struct HubFolder {
    path: PathBuf,
    pub spec: ArchitectureSpec,
    config_json: Vec<u8>,
    files: Vec<(PathBuf, File)>,
    tensors: FolderTensors,
}

impl HubFolder {
    /// Reads the configuration and the headers of the weights.
    ///
    /// # Errors
    /// [`JobError::User`] naming the file that is missing or unusable.
    pub fn open(path: &Path) -> Result<Self, JobError> {
        let config_json = read(path, CONFIG_FILE, CONFIG_LIMIT_BYTES)?;
        let spec = from_config(&config_json).map_err(at(path))?;
        let mut files = Vec::new();
        let mut headers = Vec::new();
        for name in weight_files(path)? {
            let path = path.join(name);
            let file = open(&path)?;
            let size_bytes = file.metadata().map_err(JobError::io(path.display()))?.len();
            headers.push(Header::read(size_bytes, &mut reader(&file)).map_err(at(&path))?);
            files.push((path, file));
        }
        let tensors = FolderTensors::new(&spec, headers).map_err(at(path))?;
        let folder = Self { path: path.to_owned(), spec, config_json, files, tensors };
        folder.tensors.check_copied_head(&mut folder.read_at()).map_err(at(path))?;
        Ok(folder)
    }

    /// What `place` makes of every tensor, by name.
    ///
    /// # Errors
    /// [`JobError::User`] for a type of numbers that is not read, or a file that has changed meanwhile.
    pub fn read_each<T>(
        &self,
        mut place: impl FnMut(&Expected, Values<'_>) -> model::Result<T>,
    ) -> Result<BTreeMap<String, T>, JobError> {
        self.tensors.read_each(&mut self.read_at(), &mut place).map_err(at(&self.path))
    }

    /// What `place` makes of one tensor.
    ///
    /// # Errors
    /// As [`HubFolder::read_each`].
    pub fn tensor<T>(
        &self,
        name: &str,
        mut place: impl FnMut(&Expected, Values<'_>) -> model::Result<T>,
    ) -> model::Result<T> {
        self.tensors.tensor(name, &mut self.read_at(), &mut place)
    }

    /// The files of the model that are read, tokenizer included.
    pub fn files(&self) -> Vec<PathBuf> {
        let others = [CONFIG_FILE, TOKENIZER_FILE, TOKENIZER_CONFIG_FILE, TEMPLATE_FILE];
        let others = others.into_iter().map(|name| self.path.join(name)).filter(|path| path.is_file());
        others.chain(self.files.iter().map(|(path, _)| path.clone())).collect()
    }

    /// The tokenizer as it came. Where its configuration names no special tokens or no template, they
    /// are those of `config.json` and of the template's own file.
    ///
    /// # Errors
    /// [`JobError::User`] when there is none or it cannot be used.
    pub fn tokenizer_files(&self) -> Result<TokenizerFiles, JobError> {
        let tokenizer_json = read(&self.path, TOKENIZER_FILE, FILE_LIMIT_BYTES)?;
        let configuration_path = self.path.join(TOKENIZER_CONFIG_FILE);
        let came = match configuration_path.is_file() {
            true => read(&self.path, TOKENIZER_CONFIG_FILE, TOKENIZER_CONFIG_LIMIT_BYTES)?,
            false => b"{}".to_vec(),
        };
        let named = TemplateConfiguration::from_bytes(&came).map_err(at(&self.path))?;
        let tokenizer = Tokenizer::from_bytes(&tokenizer_json).map_err(at(&self.path))?;
        let mut missing = serde_json::Map::new();
        if named.chat_template.is_none() && self.path.join(TEMPLATE_FILE).is_file() {
            let template = read(&self.path, TEMPLATE_FILE, TOKENIZER_CONFIG_LIMIT_BYTES)?;
            let template = String::from_utf8(template)
                .map_err(|_| JobError::user(format!("{TEMPLATE_FILE} is not UTF-8: save it again")))?;
            missing.insert("chat_template".to_owned(), template.into());
        }
        let ids = special_ids(&self.config_json).map_err(at(&self.path))?;
        let tokens = [&named.bos_token, &named.eos_token, &named.pad_token];
        for ((key, token), id) in ["bos_token", "eos_token", "pad_token"].iter().zip(tokens).zip(ids) {
            let of_config = id.filter(|_| token.is_none()).and_then(|id| tokenizer.token(id));
            missing.extend(of_config.map(|token| ((*key).to_owned(), token.into())));
        }
        if missing.is_empty() {
            return Ok(TokenizerFiles { tokenizer_json, tokenizer_config_json: came });
        }
        let broken = |error| JobError::user(format!("{TOKENIZER_CONFIG_FILE} cannot be used: {error}"));
        let mut fields: Value = serde_json::from_slice(&came).map_err(broken)?;
        if let Some(fields) = fields.as_object_mut() {
            fields.extend(missing);
        }
        let tokenizer_config_json = serde_json::to_vec_pretty(&fields).map_err(broken)?;
        Ok(TokenizerFiles { tokenizer_json, tokenizer_config_json })
    }

    fn read_at(&self) -> impl FnMut(usize, u64, &mut [u8]) -> model::Result<()> + '_ {
        |file, offset, part| reader(&self.files[file].1)(offset, part)
    }
}

/// Fills buffers from a place in the file.
pub fn reader(file: &File) -> impl FnMut(u64, &mut [u8]) -> model::Result<()> + '_ {
    |offset, buffer| {
        file.read_exact_at(buffer, offset)
            .map_err(|error| model::Error::Weights(format!("reading the file failed: {error}")))
    }
}

/// The names of the files with the weights.
fn weight_files(folder: &Path) -> Result<Vec<String>, JobError> {
    if folder.join(SINGLE_FILE).is_file() {
        return Ok(vec![SINGLE_FILE.to_owned()]);
    }
    if folder.join(INDEX_FILE).is_file() {
        return shard_files(&read(folder, INDEX_FILE, INDEX_LIMIT_BYTES)?).map_err(at(folder));
    }
    let names = fs::read_dir(folder).map_err(JobError::io(folder.display()))?;
    let names = names.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    match names.into_iter().find(|name| is_pickle(name)) {
        Some(name) => Err(pickle(&name)),
        None => Err(JobError::user(format!(
            "{} has neither {SINGLE_FILE} nor {INDEX_FILE}: fetch the whole model again",
            folder.display()
        ))),
    }
}

/// Whether a file is one that PyTorch would unpickle.
pub fn is_pickle(name: &str) -> bool {
    [".bin", ".pt", ".pth", ".ckpt", ".pkl"].iter().any(|ending| name.ends_with(ending))
}

/// The refusal of weights that only a pickle has.
pub fn pickle(name: &str) -> JobError {
    JobError::user(format!(
        "the weights are in {name}, a pickle, which can run programs and is never read: take the model's \
         safetensors files, or save it with transformers' save_pretrained"
    ))
}

fn open(path: &Path) -> Result<File, JobError> {
    File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
            JobError::user(format!("{} is missing: fetch the whole model again", path.display()))
        }
        _ => JobError::transient(format!("{}: {error}", path.display())),
    })
}

/// A small file of a folder; of a larger one than its limit nothing is kept.
fn read(folder: &Path, name: &str, limit_bytes: usize) -> Result<Vec<u8>, JobError> {
    let path = folder.join(name);
    let what_to_do = match name {
        TOKENIZER_FILE => "save the tokenizer with transformers' AutoTokenizer and save_pretrained",
        _ => "choose the model folder that an export job or transformers wrote, or a GGUF file",
    };
    let file = File::open(&path)
        .map_err(|error| JobError::user(format!("{}: {error}; {what_to_do}", path.display())))?;
    let mut bytes = Vec::new();
    let limit = limit_bytes as u64 + 1;
    file.take(limit).read_to_end(&mut bytes).map_err(JobError::io(path.display()))?;
    if bytes.len() > limit_bytes {
        return Err(JobError::user(format!(
            "{} has more than the {limit_bytes} bytes that are read",
            path.display()
        )));
    }
    Ok(bytes)
}

fn at(path: &Path) -> impl Fn(model::Error) -> JobError + '_ {
    move |error| JobError::user(format!("{}: {error}", path.display()))
}

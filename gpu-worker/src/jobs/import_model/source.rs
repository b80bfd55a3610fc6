//! What somebody uploaded, as a model: a GGUF file, a Hugging Face folder, or such a folder as one zip.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use model::gguf::{GgufModel, TokenizerFiles, tokenizer_files};
use model::hugging_face::{INDEX_FILE, SINGLE_FILE};
use model::{Device, Tensor, gguf};
use shared::spec::ArchitectureSpec;

use super::zip::{self, Entry, ZipError};
use crate::hub_folder::{
    CONFIG_FILE, HubFolder, TEMPLATE_FILE, TOKENIZER_CONFIG_FILE, TOKENIZER_FILE, is_pickle, pickle, reader,
};
use crate::jobs::{JobContext, JobError};
use crate::model_folder::open_gguf;

/// Weights hardly shrink: what unpacks to more than this many times the archive is none. The job's
/// estimate of memory reckons with it.
const UNPACKED_RATIO: u64 = 4;
const UNPACKED_FROM_BYTES: u64 = 64 << 20;
/// Where an archive is unpacked, below the job's output; it is no output.
const SCRATCH: &str = "unpacked";

/// An opened model from elsewhere.
pub struct Source {
    opened: Opened,
    /// What was given: the file, or the folder's files that are read.
    pub files: Vec<PathBuf>,
    /// Removed when the model is no longer needed.
    _scratch: Option<Scratch>,
}

enum Opened {
    Gguf(File, Box<GgufModel>),
    Hub(Box<HubFolder>),
}

impl Source {
    /// # Errors
    /// [`JobError::User`] when the input holds no model, several, or one that we do not compute.
    pub fn open(input: &Path, context: &JobContext) -> Result<Self, JobError> {
        if input.join(CONFIG_FILE).is_file() {
            let folder = HubFolder::open(input)?;
            return Ok(Self { files: folder.files(), opened: Opened::Hub(Box::new(folder)), _scratch: None });
        }
        let path = the_file(input)?;
        let mut head = Vec::new();
        let file = File::open(&path).map_err(JobError::io(path.display()))?;
        file.take(4).read_to_end(&mut head).map_err(JobError::io(path.display()))?;
        if head != zip::MAGIC {
            let (file, model) = open_gguf(&path)?;
            let opened = Opened::Gguf(file, Box::new(model));
            return Ok(Self { opened, files: vec![path], _scratch: None });
        }
        let scratch = Scratch::new(context)?;
        let opened = Opened::Hub(Box::new(unpack(&path, &scratch.0, context)?));
        Ok(Self { opened, files: vec![path], _scratch: Some(scratch) })
    }

    pub fn spec(&self) -> &ArchitectureSpec {
        match &self.opened {
            Opened::Gguf(_, model) => &model.spec,
            Opened::Hub(folder) => &folder.spec,
        }
    }

    /// # Errors
    /// [`JobError::User`] when there is no tokenizer or none that we read.
    pub fn tokenizer_files(&self) -> Result<TokenizerFiles, JobError> {
        match &self.opened {
            Opened::Gguf(_, model) => {
                tokenizer_files(&model.header).map_err(|error| JobError::user(error.to_string()))
            }
            Opened::Hub(folder) => folder.tokenizer_files(),
        }
    }

    /// One tensor by its Hugging Face name, as f32.
    ///
    /// # Errors
    /// What reading it fails with.
    pub fn tensor(&self, name: &str) -> model::Result<Tensor> {
        match &self.opened {
            Opened::Gguf(file, model) => {
                model.read(name, &mut reader(file)).and_then(|stored: gguf::Stored| stored.to_tensor())
            }
            Opened::Hub(folder) => folder.tensor(name, |_, values| values.to_tensor(&Device::Cpu)),
        }
    }
}

/// The input itself, or the one model in it.
fn the_file(input: &Path) -> Result<PathBuf, JobError> {
    if input.is_file() {
        return Ok(input.to_owned());
    }
    let mut found = Vec::new();
    let mut unreadable = None;
    for entry in fs::read_dir(input).map_err(JobError::io(input.display()))? {
        let entry = entry.map_err(JobError::io(input.display()))?;
        let is_file = entry.file_type().map_err(JobError::io(input.display()))?.is_file();
        let path = entry.path();
        let has = |ending: &str| path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending));
        if is_file && (has("gguf") || has("zip")) {
            found.push(path);
        } else if let Some(name) = entry.file_name().to_str().filter(|name| is_file && is_pickle(name)) {
            unreadable = Some(pickle(name));
        }
    }
    match found.as_slice() {
        [file] => Ok(file.clone()),
        [] => Err(unreadable.unwrap_or_else(|| {
            JobError::user(
                "the source holds no model: upload a file whose name ends in .gguf, or a Hugging Face folder \
                 (config.json, safetensors, tokenizer.json) as one .zip",
            )
        })),
        _ => Err(JobError::user(
            "the source holds several GGUF or zip files: upload each as a source of its own",
        )),
    }
}

/// A folder that is gone when the job ends, however it ends; what a killed attempt left, the next one
/// removes.
struct Scratch(PathBuf);

impl Scratch {
    fn new(context: &JobContext) -> Result<Self, JobError> {
        context.output_folder(SCRATCH).map(Self)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The next attempt tries again.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The model of an archive, its files unpacked into `folder` under names of ours.
fn unpack(path: &Path, folder: &Path, context: &JobContext) -> Result<HubFolder, JobError> {
    let user = |error: ZipError| match error {
        ZipError::Io(error) => JobError::transient(format!("{}: {error}", path.display())),
        other => JobError::user(format!("{}: {other}", path.display())),
    };
    let archive = File::open(path).map_err(JobError::io(path.display()))?;
    let archive_bytes = archive.metadata().map_err(JobError::io(path.display()))?.len();
    let mut read_at = |offset: u64, part: &mut [u8]| archive.read_exact_at(part, offset);
    let entries = zip::entries(archive_bytes, &mut read_at).map_err(user)?;
    let wanted = wanted(&entries)?;
    let unpacked_bytes = wanted.iter().fold(0u64, |sum, (_, entry)| sum.saturating_add(entry.size_bytes));
    if unpacked_bytes > archive_bytes.saturating_mul(UNPACKED_RATIO).saturating_add(UNPACKED_FROM_BYTES) {
        return Err(JobError::user(format!(
            "{}: {archive_bytes} bytes would unpack to {unpacked_bytes}: that is no model",
            path.display()
        )));
    }
    for (name, entry) in wanted {
        let path = folder.join(name);
        let mut out = Stoppable { out: BufWriter::new(create(&path)?), context };
        let unpacked = zip::unpack(entry, archive_bytes, &mut read_at, &mut out);
        // A wish to stop comes first: it looks like a failure to write.
        context.continue_or_stop()?;
        unpacked.map_err(user)?;
        out.out.flush().map_err(JobError::io(path.display()))?;
    }
    HubFolder::open(folder)
}

/// The files of the one model in an archive, whatever folder they are in.
fn wanted(entries: &[Entry]) -> Result<Vec<(&str, &Entry)>, JobError> {
    let folder_of = |entry: &Entry| entry.name.strip_suffix(CONFIG_FILE).map(str::to_owned);
    let folders: Vec<String> = entries
        .iter()
        .filter_map(folder_of)
        .filter(|folder| folder.is_empty() || folder.ends_with('/'))
        .collect();
    let depth = |folder: &String| folder.matches('/').count();
    let least = folders.iter().map(depth).min();
    let outermost: Vec<&String> = folders.iter().filter(|folder| Some(depth(folder)) == least).collect();
    let folder = match outermost.as_slice() {
        [folder] => folder.as_str(),
        [] => {
            return Err(JobError::user(
                "the archive holds no config.json: pack the folder of a Hugging Face model",
            ));
        }
        _ => return Err(JobError::user("the archive holds several models: pack each by itself")),
    };
    let inside = |entry: &'_ Entry| -> Option<String> { entry.name.strip_prefix(folder).map(str::to_owned) };
    let small = [CONFIG_FILE, INDEX_FILE, TOKENIZER_FILE, TOKENIZER_CONFIG_FILE, TEMPLATE_FILE];
    let mut wanted: Vec<(&str, &Entry)> = Vec::new();
    for entry in entries {
        let Some(name) = entry.name.strip_prefix(folder) else { continue };
        let plain = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
        let is_plain = name.chars().all(plain) && !name.starts_with('.');
        if !is_plain || !(small.contains(&name) || name.ends_with(".safetensors")) {
            continue;
        }
        if wanted.iter().any(|(other, _)| *other == name) {
            return Err(JobError::user(format!("the archive holds {name} twice: pack it again")));
        }
        wanted.push((name, entry));
    }
    if !wanted.iter().any(|(name, _)| name.ends_with(".safetensors")) {
        if let Some(name) = entries.iter().filter_map(inside).find(|name| is_pickle(name)) {
            return Err(pickle(&name));
        }
        return Err(JobError::user(format!("the archive holds no {SINGLE_FILE}: pack the whole folder")));
    }
    Ok(wanted)
}

fn create(path: &Path) -> Result<File, JobError> {
    File::create(path).map_err(JobError::io(path.display()))
}

/// Ends a long unpacking when the job is asked to stop.
struct Stoppable<'a> {
    out: BufWriter<File>,
    context: &'a JobContext,
}

impl Write for Stoppable<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.context.continue_or_stop() {
            Ok(()) => self.out.write(bytes),
            Err(_) => Err(io::Error::other("asked to stop")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

//! The model once more as one GGUF file, for llama.cpp and what builds on it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use model::architectures::parameters;
use model::gguf::{Parts, Stored, write_model};
use model::weights::read_each_at;
use shared::spec::{ArchitectureSpec, ExportSpec, GgufFormat};

use super::{JobContext, JobError, user_error};
use crate::hub_folder::reader;

pub const FILE: &str = "model.gguf";

/// Writes `model.gguf` beside the `model.safetensors` in `folder`.
pub fn write(
    spec: &ExportSpec,
    format: GgufFormat,
    architecture: &ArchitectureSpec,
    folder: &Path,
    context: &JobContext,
) -> Result<(), JobError> {
    let format = format.into();
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).map_err(JobError::io(path.display()))
    };
    let (tokenizer_json, tokenizer_config_json) = (read("tokenizer.json")?, read("tokenizer_config.json")?);
    let path = folder.join(super::weights::FILE);
    let file = File::open(&path).map_err(JobError::io(path.display()))?;
    let size_bytes = file.metadata().map_err(JobError::io(path.display()))?.len();
    let expected: Vec<_> = parameters(architecture).into_iter().map(Into::into).collect();
    let encode = |tensor: &_, values: model::weights::Values<'_>| {
        Stored::of(tensor, &values, format).map(|stored| stored.bytes)
    };
    let (encoded, _): (BTreeMap<String, Vec<u8>>, _) =
        read_each_at(size_bytes, reader(&file), &expected, encode).map_err(user_error)?;
    context.continue_or_stop()?;
    let parts = Parts {
        name: spec.name.trim(),
        spec: architecture,
        tokenizer_json: &tokenizer_json,
        tokenizer_config_json: &tokenizer_config_json,
    };
    let path = folder.join(FILE);
    let mut out = BufWriter::new(File::create(&path).map_err(JobError::io(path.display()))?);
    write_model(&mut out, &parts, format, &encoded).map_err(user_error)?;
    out.flush().map_err(JobError::io(path.display()))
}

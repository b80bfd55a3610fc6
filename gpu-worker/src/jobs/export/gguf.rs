//! The model once more as one GGUF file, for llama.cpp and what builds on it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use model::architectures::parameters;
use model::gguf::{Format, Parts, encode_values, write_model};
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
    let format = match format {
        GgufFormat::F32 => Format::F32,
        GgufFormat::F16 => Format::F16,
        GgufFormat::Bf16 => Format::Bf16,
        GgufFormat::Q8_0 => Format::Q8_0,
        GgufFormat::Q4_0 => Format::Q4_0,
        GgufFormat::Q4_1 => Format::Q4_1,
    };
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).map_err(JobError::io(path.display()))
    };
    let (tokenizer_json, tokenizer_config_json) = (read("tokenizer.json")?, read("tokenizer_config.json")?);
    let path = folder.join(super::weights::FILE);
    let file = File::open(&path).map_err(JobError::io(path.display()))?;
    let size_bytes = file.metadata().map_err(JobError::io(path.display()))?.len();
    let expected: Vec<_> = parameters(architecture).into_iter().map(Into::into).collect();
    let encode = |expected: &_, values: model::weights::Values<'_>| encode_values(expected, &values, format);
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

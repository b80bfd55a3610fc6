//! What the model was made from, by hashes that name the same bytes on any machine.

use std::fs::File;
use std::io;
use std::path::Path;

use shared::artifacts::Sha256;
use shared::datasets::{DatasetManifest, MANIFEST_FILE};
use shared::provenance::{CorpusOrigin, PROVENANCE_FILE, Provenance};
use shared::spec::PretrainSpec;

use super::data::Data;
use crate::commands::CODE_VERSION;
use crate::jobs::{JobContext, JobError};
use crate::shards::{hash, write_json};

/// Of a corpus by its manifest; its shards are compared with that when they are read.
pub fn of_corpus(manifest: &DatasetManifest, manifest_json: &[u8]) -> Result<CorpusOrigin, JobError> {
    let (manifest_sha256, _) = hash(manifest_json).map_err(JobError::io(MANIFEST_FILE))?;
    let shards = manifest.shards.iter().map(|shard| (shard.sha256.clone(), shard.file.to_string()));
    let mut files: Vec<_> = shards.collect();
    files.push((manifest_sha256, MANIFEST_FILE.to_owned()));
    Ok(CorpusOrigin {
        sha256: of_files(&files)?,
        documents: manifest.documents,
        text_bytes: manifest.text_bytes,
        sources: manifest.sources.clone(),
    })
}

/// Of the two files that a tokenizer is; somebody else's may have one of them only.
pub fn of_tokenizer(folder: &Path) -> Result<Sha256, JobError> {
    let mut files = Vec::new();
    for name in ["tokenizer.json", "tokenizer_config.json"] {
        let path = folder.join(name);
        match File::open(&path) {
            Ok(file) => files.push((hash(file).map_err(JobError::io(path.display()))?.0, name.to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(JobError::io(path.display())(error)),
        }
    }
    of_files(&files)
}

/// As the server names an artifact: over the sorted lines `sha256  name`, each with its line end.
fn of_files(files: &[(Sha256, String)]) -> Result<Sha256, JobError> {
    let mut lines: Vec<String> = files.iter().map(|(sha256, name)| format!("{sha256}  {name}\n")).collect();
    lines.sort();
    Ok(hash(lines.concat().as_bytes()).map_err(JobError::io("a list of files"))?.0)
}

/// Writes the record into the model's folder.
pub fn write(spec: &PretrainSpec, context: &JobContext, data: &Data, folder: &Path) -> Result<(), JobError> {
    let record = Provenance {
        code_version: CODE_VERSION.to_owned(),
        spec: spec.clone(),
        corpus: data.corpus.clone(),
        tokenizer_sha256: data.tokenizer_sha256.clone(),
        job: context.origin.clone(),
    };
    write_json(&folder.join(PROVENANCE_FILE), &record)
}

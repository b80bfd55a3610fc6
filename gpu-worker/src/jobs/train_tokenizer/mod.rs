//! *train tokenizer*: a corpus → `tokenizer.json` and `tokenizer_config.json`, and a report on how well
//! they fit the corpus.

mod report;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use model::tokenizer::{Tokenizer, TrainedTokenizer, train};
use sha2::{Digest, Sha256};
use shared::artifacts::Purpose;
use shared::datasets::DatasetManifest;
use shared::documents::{Document, Split};
use shared::events::{LogLevel, ProgressUnit};
use shared::reports::REPORT_FILE;
use shared::spec::TrainTokenizerSpec;

use super::progress::Progress;
use super::{JobContext, JobError};
use crate::shards::{read_documents, read_manifest, write_json};

pub fn run(spec: &TrainTokenizerSpec, context: &JobContext) -> Result<(), JobError> {
    let input = context.input("corpus")?;
    let manifest = read_manifest(input)?;
    refuse_evaluation(&manifest)?;
    let output = context.output_folder("tokenizer")?;
    let report = context.output_folder("report")?;

    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(context.threads.max(1))
        .build()
        .map_err(|error| JobError::transient(error.to_string()))?;
    let trained = pool.install(|| train_on(input, &manifest, spec, context))?;
    write(&output.join("tokenizer.json"), &trained.tokenizer_json)?;
    write(&output.join("tokenizer_config.json"), &trained.tokenizer_config_json)?;

    let tokenizer = Tokenizer::from_bytes(&trained.tokenizer_json).map_err(user_error)?;
    let found = report::measure(&tokenizer, read_documents(input)?)?;
    write_json(&report.join(REPORT_FILE), &found)?;
    context.log(
        LogLevel::Info,
        format!(
            "{} tokens; {:.2} bytes per token, {:.2} tokens per eojeol",
            found.vocabulary_size, found.bytes_per_token, found.tokens_per_eojeol
        ),
    )
}

/// A vocabulary learnt from a benchmark knows its words.
fn refuse_evaluation(manifest: &DatasetManifest) -> Result<(), JobError> {
    if manifest.purpose == Purpose::Training {
        return Ok(());
    }
    let sources = manifest.sources.iter().filter(|source| source.purpose == Purpose::Evaluation);
    let labels: Vec<&str> = sources.map(|source| source.label.as_str()).collect();
    Err(JobError::user(format!(
        "this corpus is for evaluation ({}): nothing is trained on it. Import the other sources alone",
        labels.join(", ")
    )))
}

fn train_on(
    input: &Path,
    manifest: &DatasetManifest,
    spec: &TrainTokenizerSpec,
    context: &JobContext,
) -> Result<TrainedTokenizer, JobError> {
    let share = spec.text_limit_bytes as f64 / manifest.text_bytes.max(1) as f64;
    let mut documents = read_documents(input)?;
    let mut progress = Progress::new(context, ProgressUnit::Documents, manifest.documents);
    let mut read = 0;
    let mut bytes_left = spec.text_limit_bytes;
    let mut waiting: Vec<String> = Vec::new();
    // The trainer takes texts only: an error on the way ends them and is told afterwards.
    let failure: Mutex<Option<JobError>> = Mutex::new(None);
    let texts = std::iter::from_fn(|| {
        while waiting.is_empty() {
            let step = progress.at(read).and_then(|()| documents.next().transpose());
            match step {
                Ok(Some(document)) => {
                    read += 1;
                    let size_bytes = document.size_bytes();
                    if is_chosen(&document, share) && size_bytes <= bytes_left {
                        bytes_left -= size_bytes;
                        waiting.extend(document.texts().into_iter().rev().map(str::to_owned));
                    }
                }
                Ok(None) => return None,
                Err(error) => {
                    *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    return None;
                }
            }
        }
        waiting.pop()
    });
    let trained = train(texts, spec);
    if let Some(error) = failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    context.continue_or_stop()?;
    trained.map_err(user_error)
}

/// An even sample, the same one every time: by the hash of the text. Held-out documents are left for
/// validation.
fn is_chosen(document: &Document, share: f64) -> bool {
    if document.split == Some(Split::HeldOut) {
        return false;
    }
    if share >= 1.0 {
        return true;
    }
    let mut digest = Sha256::new();
    document.texts().iter().for_each(|text| digest.update(text.as_bytes()));
    let digest = digest.finalize();
    let mut start = [0; 8];
    start.copy_from_slice(&digest[..8]);
    (u64::from_be_bytes(start) as f64) < share * u64::MAX as f64
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), JobError> {
    std::fs::write(path, bytes).map_err(JobError::io(path.display()))
}

fn user_error(error: model::Error) -> JobError {
    JobError::user(error.to_string())
}

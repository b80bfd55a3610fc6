//! *train tokenizer*: a corpus → `tokenizer.json` and `tokenizer_config.json`, and a report on how well
//! they fit the corpus.
//!
//! The library's training cannot be interrupted and takes minutes, so it runs in a thread that this job
//! walks away from when it is asked to stop: nothing is written before the thread is done, and the
//! thread ends with the attempt's process.

mod report;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel, sync_channel};
use std::thread;
use std::time::Duration;

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

/// Between two looks at the stop flag.
const PATIENCE: Duration = Duration::from_millis(50);
/// Texts that are read ahead of the trainer.
const TEXTS_AHEAD: usize = 1_000;

pub fn run(spec: &TrainTokenizerSpec, context: &JobContext) -> Result<(), JobError> {
    let input = context.input("corpus")?;
    let manifest = read_manifest(input)?;
    refuse_evaluation(&manifest)?;
    let output = context.output_folder("tokenizer")?;
    let report = context.output_folder("report")?;

    let trained = train_on(input, &manifest, spec, context)?;
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
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(context.threads.max(1))
        .build()
        .map_err(|error| JobError::transient(error.to_string()))?;
    let (texts, texts_to_learn) = sync_channel(TEXTS_AHEAD);
    let (result, results) = channel();
    let trained_spec = spec.clone();
    thread::Builder::new()
        .name("tokenizer".to_owned())
        .spawn(move || {
            let trained = pool.install(|| train(texts_to_learn.into_iter(), &trained_spec));
            // Nobody listens any more if the job was stopped.
            let _ = result.send(trained);
        })
        .map_err(JobError::io("a thread for the tokenizer"))?;

    let share = spec.text_limit_bytes as f64 / manifest.text_bytes.max(1) as f64;
    let mut progress = Progress::new(context, ProgressUnit::Documents, manifest.documents);
    let mut bytes_left = spec.text_limit_bytes;
    for (read, document) in read_documents(input)?.enumerate() {
        progress.at(read as u64)?;
        let document = document?;
        let size_bytes = document.size_bytes();
        if is_chosen(&document, share) && size_bytes <= bytes_left {
            bytes_left -= size_bytes;
            for text in document.texts() {
                texts.send(text.to_owned()).map_err(|_| thread_died())?;
            }
        }
    }
    progress.finish()?;
    drop(texts);
    context.log(LogLevel::Info, "the texts are read; learning which pieces to merge")?;
    until_done_or_stopped(context, &results)?.map_err(user_error)
}

/// What the thread found, or [`JobError::Stopped`] as soon as that is wanted, however long the thread
/// would still take.
fn until_done_or_stopped<T>(context: &JobContext, results: &Receiver<T>) -> Result<T, JobError> {
    loop {
        context.continue_or_stop()?;
        match results.recv_timeout(PATIENCE) {
            Ok(result) => return Ok(result),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err(thread_died()),
        }
    }
}

fn thread_died() -> JobError {
    JobError::transient("the thread that trains the tokenizer died; what it said stands above")
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

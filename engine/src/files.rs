//! Files by SHA-256: kept if they are right, fetched if they are not there, never used unchecked.

use sha2::Digest;
use shared::artifacts::{ArtifactFile, Sha256};
use shared::engine::{EngineError, Event, LoadStage};

use crate::clock;
use crate::download;
use crate::storage::{self, Mode, OpenFile, Storage};
use crate::task::Task;

pub type Hash = sha2::Sha256;

/// Read at a time for checking.
const PIECE_BYTES: usize = 1 << 20;
/// Another tab may have the file for itself for a moment.
const BUSY_SECONDS: f64 = 0.2;
const REPORTS_PER_SECOND: f64 = 10.0;

/// How much of several files is here.
#[derive(Debug)]
pub struct Progress {
    /// Of files that are done.
    done_bytes: u64,
    total_bytes: u64,
    reported: Option<(LoadStage, f64)>,
    pub fetched_bytes: u64,
}

impl Progress {
    pub fn of<'a>(files: impl IntoIterator<Item = &'a ArtifactFile>) -> Self {
        let total_bytes = files.into_iter().map(|file| file.size_bytes).sum();
        Self { done_bytes: 0, total_bytes, reported: None, fetched_bytes: 0 }
    }

    /// Says where a file is, not too often.
    pub fn report(&mut self, task: &Task<'_>, stage: LoadStage, file: &ArtifactFile, file_bytes: u64) {
        let now = clock::seconds();
        let is_news = self.reported.is_none_or(|(reported_stage, at)| {
            reported_stage != stage || now - at > 1.0 / REPORTS_PER_SECOND
        });
        if is_news || file_bytes == file.size_bytes {
            self.reported = Some((stage, now));
            task.report(Event::Progress {
                stage,
                file: Some(file.name.clone()),
                done_bytes: self.done_bytes + file_bytes.min(file.size_bytes),
                total_bytes: self.total_bytes,
            });
        }
    }

    /// All files are here.
    pub fn report_preparing(&self, task: &Task<'_>, file: &ArtifactFile) {
        task.report(Event::Progress {
            stage: LoadStage::Preparing,
            file: Some(file.name.clone()),
            done_bytes: self.done_bytes,
            total_bytes: self.total_bytes,
        });
    }
}

/// The checked file, from storage or from `{base_url}/{name}`.
pub async fn ensure(
    task: &Task<'_>,
    storage: &Storage,
    file: &ArtifactFile,
    base_url: &str,
    progress: &mut Progress,
) -> Result<OpenFile, EngineError> {
    let name = storage::complete(&file.sha256);
    let url = format!("{}/{}", base_url.trim_end_matches('/'), file.name);
    let mut is_checked = false;
    loop {
        task.stop.check()?;
        if let Some(kept) = storage.find(&name, Mode::Read).await? {
            if is_checked || is_right(task, file, &kept, progress).await? {
                progress.done_bytes += file.size_bytes;
                return Ok(kept);
            }
            drop(kept);
            storage.delete(&name).await?;
            task.report(Event::Retrying {
                file: file.name.clone(),
                attempt: 2,
                attempts: 2,
                wait_seconds: 0,
                problem: "the copy kept in the browser was damaged and is deleted".to_owned(),
            });
        } else if storage.size_bytes(&name).await?.is_some() {
            task.stop.or(clock::sleep(BUSY_SECONDS)).await?;
        } else {
            let fetched_bytes = download::fetch(task, storage, file, &url, progress).await?;
            progress.fetched_bytes += fetched_bytes;
            is_checked = fetched_bytes > 0;
        }
    }
}

/// All of a small file.
pub fn contents(file: &OpenFile) -> Result<Vec<u8>, EngineError> {
    let mut bytes = vec![0; file.size_bytes as usize];
    file.read_at(0, &mut bytes)?;
    Ok(bytes)
}

async fn is_right(
    task: &Task<'_>,
    file: &ArtifactFile,
    kept: &OpenFile,
    progress: &mut Progress,
) -> Result<bool, EngineError> {
    if kept.size_bytes != file.size_bytes {
        return Ok(false);
    }
    Ok(sha256(hash_of(task, file, kept, progress).await?)? == file.sha256)
}

/// Reads what is there of a file.
pub async fn hash_of(
    task: &Task<'_>,
    file: &ArtifactFile,
    there: &OpenFile,
    progress: &mut Progress,
) -> Result<Hash, EngineError> {
    let mut hash = Hash::new();
    let mut piece = vec![0; PIECE_BYTES.min(there.size_bytes as usize)];
    let mut at = 0;
    while at < there.size_bytes {
        let length = (there.size_bytes - at).min(PIECE_BYTES as u64) as usize;
        there.read_at(at, &mut piece[..length])?;
        hash.update(&piece[..length]);
        at += length as u64;
        progress.report(task, LoadStage::Checking, file, at);
        task.turns.turn().await;
        task.stop.check()?;
    }
    Ok(hash)
}

/// The finished hash as the contract writes it.
pub fn sha256(hash: Hash) -> Result<Sha256, EngineError> {
    Sha256::try_from(hex::encode(hash.finalize())).map_err(|problem| EngineError::Crashed { problem })
}

//! What a running job may touch: its named inputs, its output folders, its event stream, its
//! checkpoints, and the wish of its owner that it stop.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use shared::events::{JobEvent, LogLevel};
use shared::provenance::JobOrigin;

use super::JobError;

/// Why a job is asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// Its owner no longer wants it.
    Cancel,
    /// The worker leaves; another attempt continues from the checkpoint.
    Drain,
}

/// A flag that the signal handler or the agent raises and the job polls between steps.
#[derive(Debug, Clone, Default)]
pub struct StopFlag(Arc<AtomicU8>);

impl StopFlag {
    pub fn raise(&self, reason: StopReason) {
        self.0.store(
            match reason {
                StopReason::Cancel => 1,
                StopReason::Drain => 2,
            },
            Ordering::Release,
        );
    }

    pub fn raised(&self) -> Option<StopReason> {
        match self.0.load(Ordering::Acquire) {
            1 => Some(StopReason::Cancel),
            2 => Some(StopReason::Drain),
            _ => None,
        }
    }
}

/// A complete checkpoint on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub step: u64,
    pub folder: PathBuf,
}

/// What the attempt's process sends up: an event, or the news of a checkpoint to be stored.
#[derive(Debug, Clone, PartialEq)]
pub enum Announcement {
    Event(JobEvent),
    Checkpoint(Checkpoint),
}

/// Receives announcements in order. The terminal draws them, the agent's pipe carries them.
pub type Announce = Box<dyn Fn(Announcement) -> Result<(), JobError> + Send + Sync>;

/// Everything that a job sees of the world.
pub struct JobContext {
    pub inputs: BTreeMap<String, PathBuf>,
    /// `<output>/<output name>/…` and `<output>/checkpoints/step-<N>/…`.
    pub output: PathBuf,
    pub announce: Announce,
    pub stop: StopFlag,
    /// Threads that tensor work may use.
    pub threads: usize,
    /// What the server calls this job and its inputs; absent at a terminal.
    pub origin: Option<JobOrigin>,
}

impl JobContext {
    /// The file or folder bound to a named input.
    pub fn input(&self, name: &str) -> Result<&Path, JobError> {
        self.inputs
            .get(name)
            .map(PathBuf::as_path)
            .ok_or_else(|| JobError::user(format!("input {name:?} is not bound: add --input {name}=PATH")))
    }

    /// The empty folder for a named output; what a former attempt left there is removed.
    pub fn output_folder(&self, name: &str) -> Result<PathBuf, JobError> {
        let folder = self.output.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(JobError::io(folder.display()))?;
        }
        fs::create_dir_all(&folder).map_err(JobError::io(folder.display()))?;
        Ok(folder)
    }

    pub fn emit(&self, event: JobEvent) -> Result<(), JobError> {
        (self.announce)(Announcement::Event(event))
    }

    pub fn log(&self, level: LogLevel, message: impl Into<String>) -> Result<(), JobError> {
        self.emit(JobEvent::Log { level, message: message.into() })
    }

    /// An error when the job was asked to stop; call it between units of work.
    pub fn continue_or_stop(&self) -> Result<(), JobError> {
        self.stop.raised().map_or(Ok(()), |reason| Err(JobError::Stopped(reason)))
    }
}

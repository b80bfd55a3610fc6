//! Checkpoints on their way to the server.
//!
//! Order is what makes a resumed run whole: a checkpoint is registered only after every event up to
//! it is stored, and the event that says so follows. An attempt that continues from it therefore
//! repeats nothing that came before and misses nothing.

use std::fs;
use std::io;
use std::path::Path;

use shared::api::leases::SaveCheckpoint;
use shared::events::{JobEvent, LogLevel};
use tokio::sync::mpsc;
use tracing::{info, warn};

use super::ending::{Ending, Endings};
use super::folder::{AttemptFolder, files_below, link_or_copy};
use super::outbox::Entry;
use super::outputs::upload_folder;
use super::renewal::is_lost;
use super::report::Reporter;
use crate::api_client::ApiError;

/// A checkpoint that waits in `uploads/`.
#[derive(Debug, Clone, Copy)]
pub struct Pending {
    pub step: u64,
    /// The newest event before it.
    pub event_number: u64,
}

/// Takes a checkpoint over from the process, which will remove its own copy when it has made newer
/// ones, and notes it in the outbox.
pub fn take_over(folder: &AttemptFolder, reporter: &Reporter, step: u64) -> io::Result<Pending> {
    link_all(&folder.checkpoint(step), &folder.upload(step))?;
    reporter.note(&Entry::Checkpoint { step })?;
    Ok(Pending { step, event_number: reporter.last_event_number() })
}

fn link_all(from: &Path, to: &Path) -> io::Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    for (name, path) in files_below(from)? {
        link_or_copy(&path, &to.join(name))?;
    }
    Ok(())
}

/// Stores checkpoints one after another until no more can come. When several wait, only the newest
/// is worth the way.
pub async fn store_checkpoints(
    folder: AttemptFolder,
    reporter: Reporter,
    mut pending: mpsc::UnboundedReceiver<Pending>,
    endings: Endings,
) {
    while let Some(mut newest) = pending.recv().await {
        while let Ok(newer) = pending.try_recv() {
            discard(&folder, newest.step);
            newest = newer;
        }
        let stored = store(&folder, &reporter, newest).await;
        discard(&folder, newest.step);
        let Err(error) = stored else { continue };
        if is_lost(&error) {
            endings.end(Ending::LeaseLost);
            return;
        }
        // The job goes on: its next checkpoint may fare better, and its result does not need this one.
        let message = format!("the checkpoint of step {} could not be stored: {error}", newest.step);
        warn!("{message}");
        if let Err(error) = reporter.event(JobEvent::Log { level: LogLevel::Warning, message }) {
            endings.end(Ending::Broken { message: format!("the outbox cannot be written: {error}") });
        }
    }
}

/// Uploads, registers and announces one checkpoint.
pub async fn store(folder: &AttemptFolder, reporter: &Reporter, pending: Pending) -> Result<(), ApiError> {
    let step = pending.step;
    let files = upload_folder(reporter, folder.upload(step)).await?;
    reporter.stored(pending.event_number).await;
    let request = SaveCheckpoint { step, files };
    super::retry::retrying("registering the checkpoint", || reporter.client.call(&request, &reporter.token))
        .await?;
    let announced = reporter
        .note(&Entry::CheckpointStored { step })
        .and_then(|()| reporter.event(JobEvent::CheckpointSaved { step }));
    announced.map_err(|error| ApiError::File(format!("the outbox: {error}")))?;
    info!(step, "checkpoint stored");
    Ok(())
}

fn discard(folder: &AttemptFolder, step: u64) {
    let path = folder.upload(step);
    if let Err(error) = fs::remove_dir_all(&path) {
        warn!("{}: {error}", path.display());
    }
}

//! From the lease's inputs and checkpoint to files that the attempt's process can read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use shared::api::bytes::{LEASE_CHECKPOINT_FILE, LEASE_INPUT_FILE};
use shared::api::leases::{Lease, LeaseInput, StoredCheckpoint};
use shared::artifacts::{ArtifactFile, ArtifactKind};
use tracing::info;

use super::Agent;
use super::folder::{AttemptFolder, link_or_copy};
use super::retry::retrying;
use crate::api_client::{ApiError, fill_route};
use crate::jobs::checkpoints::sync_folder;

/// Fetches what is not in the cache; returns what each input's name is bound to.
pub async fn prepare(
    agent: &Agent,
    lease: &Lease,
    folder: &AttemptFolder,
) -> Result<Vec<(String, PathBuf)>, ApiError> {
    let mut bindings = Vec::new();
    for input in &lease.inputs {
        for file in &input.files {
            let cached = fetch(agent, lease, input, file).await?;
            let path = folder.input(&input.name).join(file.name.as_str());
            link_or_copy(&cached, &path).map_err(|error| at(&path, &error))?;
        }
        bindings.push((input.name.clone(), bound_path(folder, input)));
    }
    if let Some(checkpoint) = &lease.resume_from {
        fetch_checkpoint(agent, lease, folder, checkpoint).await?;
    }
    Ok(bindings)
}

/// A single uploaded file is bound as itself, as a person at the command line would; everything
/// else as its folder.
fn bound_path(folder: &AttemptFolder, input: &LeaseInput) -> PathBuf {
    match (input.kind, input.files.as_slice()) {
        (ArtifactKind::Source, [file]) => folder.input(&input.name).join(file.name.as_str()),
        _ => folder.input(&input.name),
    }
}

async fn fetch(
    agent: &Agent,
    lease: &Lease,
    input: &LeaseInput,
    file: &ArtifactFile,
) -> Result<PathBuf, ApiError> {
    let (cache, wanted) = (agent.cache.clone(), file.clone());
    if let Some(path) = blocking(move || cache.get(&wanted)).await? {
        return Ok(path);
    }
    agent.cache.make_room(file.size_bytes).map_err(|error| at(Path::new("cache"), &error))?;
    let target = fill_route(LEASE_INPUT_FILE.route, &[&input.name, file.name.as_str()]);
    let partial = agent.cache.partial(file);
    info!(input = %input.name, file = %file.name, size_bytes = file.size_bytes, "fetching");
    retrying("fetching an input", || agent.client.download(&lease.token, &target, &partial, file)).await?;
    agent.cache.keep(file).map_err(|error| at(&partial, &error))
}

/// A checkpoint from another attempt obeys the same rule as one that was made here: it gets its
/// name when it is complete.
async fn fetch_checkpoint(
    agent: &Agent,
    lease: &Lease,
    folder: &AttemptFolder,
    checkpoint: &StoredCheckpoint,
) -> Result<(), ApiError> {
    let complete = folder.checkpoint(checkpoint.step);
    let partial = complete.with_extension("partial");
    for file in &checkpoint.files {
        let path = partial.join(file.name.as_str());
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| at(parent, &error))?;
        }
        let target = fill_route(LEASE_CHECKPOINT_FILE.route, &[file.name.as_str()]);
        retrying("fetching the checkpoint", || agent.client.download(&lease.token, &target, &path, file))
            .await?;
    }
    sync_folder(&partial).map_err(|error| ApiError::File(error.to_string()))?;
    fs::rename(&partial, &complete).map_err(|error| at(&complete, &error))
}

/// Runs file work beside the agent's only thread, so that renewals go on.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, ApiError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result.map_err(|error| ApiError::File(error.to_string())),
        Err(error) => Err(ApiError::File(error.to_string())),
    }
}

fn at(path: &Path, error: &io::Error) -> ApiError {
    ApiError::File(format!("{}: {error}", path.display()))
}

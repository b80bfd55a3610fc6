//! Files of outputs and checkpoints on their way to the server.

use std::fs::File;
use std::path::{Path, PathBuf};

use shared::api::leases::{Lease, Output};
use shared::artifacts::{ArtifactFile, FileName, Purpose};
use shared::spec::JobSpec;

use super::folder::{AttemptFolder, files_below};
use super::inputs::blocking;
use super::report::Reporter;
use super::retry::retrying;
use crate::api_client::ApiError;
use crate::shards;

/// Uploads everything that the job made, in the order of its spec's outputs.
pub async fn upload_outputs(
    reporter: &Reporter,
    lease: &Lease,
    folder: &AttemptFolder,
) -> Result<Vec<Output>, ApiError> {
    let mut outputs = Vec::new();
    for slot in lease.spec.outputs() {
        let files = upload_folder(reporter, folder.output().join(slot.name)).await?;
        outputs.push(Output { name: slot.name.to_owned(), purpose: purpose(lease), files });
    }
    Ok(outputs)
}

/// One evaluation parent makes an evaluation child.
fn purpose(lease: &Lease) -> Purpose {
    let imported = match &lease.spec {
        JobSpec::Import(spec) => spec.purpose(),
        _ => Purpose::Training,
    };
    let evaluates = lease.inputs.iter().any(|input| input.purpose == Purpose::Evaluation);
    if evaluates { Purpose::Evaluation } else { imported }
}

/// Hashes and uploads every file below a folder.
pub async fn upload_folder(reporter: &Reporter, folder: PathBuf) -> Result<Vec<ArtifactFile>, ApiError> {
    let files = blocking(move || files_below(&folder)).await?;
    let mut uploaded = Vec::new();
    for (name, path) in files {
        let file = describe(name, &path).await?;
        retrying("uploading a file", || reporter.client.upload(&reporter.token, &path, &file)).await?;
        uploaded.push(file);
    }
    Ok(uploaded)
}

async fn describe(name: String, path: &Path) -> Result<ArtifactFile, ApiError> {
    let name = FileName::try_from(name).map_err(ApiError::File)?;
    let path = path.to_owned();
    let (sha256, size_bytes) = blocking(move || shards::hash(File::open(path)?)).await?;
    Ok(ArtifactFile { name, sha256, size_bytes })
}

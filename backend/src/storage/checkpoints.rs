//! Checkpoints of running jobs: complete when their row is there.

use sea_orm::DatabaseTransaction;
use shared::api::leases::StoredCheckpoint;
use shared::artifacts::{ArtifactFile, FileName, Sha256};
use shared::ids::JobId;
use shared::spec::Problems;

use crate::access::LeaseHolder;
use crate::app::App;
use crate::db;
use crate::error::{ApiError, Result};
use crate::queue::lease;

const FILES_LIMIT: usize = 1000;

/// Registers a checkpoint and forgets all but the newest two of the job. The same again is no error.
pub async fn save(app: &App, holder: &LeaseHolder, step: u64, files: &[ArtifactFile]) -> Result<()> {
    let transaction = db::write(&app.database).await?;
    let held = lease::hold(&transaction, holder, &app.config.queue).await?;
    let step = i64::try_from(step).map_err(|_| ApiError::field("step", "choose a smaller number"))?;
    let mut problems = Problems::default();
    let count = files.len();
    problems.require(
        (1..=FILES_LIMIT).contains(&count),
        "files",
        format!("1 to {FILES_LIMIT} files are needed"),
    );
    for (index, file) in files.iter().enumerate() {
        let field = format!("files.{index}");
        let twice = files[..index].iter().any(|other| other.name == file.name);
        problems.require(!twice, &field, "this name stands twice");
        let ours = uploaded(&transaction, held.job_id, file).await?;
        problems.require(ours, &field, "it was not uploaded with this lease, or its size is another");
    }
    problems.into_result().map_err(ApiError::invalid)?;
    let sql = "SELECT id FROM checkpoints WHERE job_id = $1 AND attempt = $2 AND step = $3";
    let key = [held.job_id.0.into(), i64::from(held.attempt).into(), step.into()];
    if let Some(id) = db::scalar::<i64>(&transaction, sql, key.clone()).await? {
        let mut sorted = files.to_vec();
        sorted.sort_by(|left, right| left.name.cmp(&right.name));
        let same = self::files(&transaction, id).await? == sorted;
        transaction.commit().await?;
        let message = "another checkpoint of this step is stored already";
        return if same { Ok(()) } else { Err(ApiError::conflict(message)) };
    }
    let sql =
        "INSERT INTO checkpoints (job_id, attempt, step, created_at) VALUES ($1, $2, $3, {now}) RETURNING id";
    let id: i64 = db::one(&transaction, sql, key).await?;
    for file in files {
        let sql =
            "INSERT INTO checkpoint_files (checkpoint_id, name, sha256, size_bytes) VALUES ($1, $2, $3, $4)";
        let values = [
            id.into(),
            file.name.as_str().into(),
            file.sha256.as_str().into(),
            (file.size_bytes as i64).into(),
        ];
        db::run(&transaction, sql, values).await?;
    }
    forget_older(&transaction, held.job_id).await?;
    Ok(transaction.commit().await?)
}

/// Keeps the newest two checkpoints, and with the others gives up the right to their bytes.
async fn forget_older(transaction: &DatabaseTransaction, job: JobId) -> Result<()> {
    let files_of = "SELECT sha256 FROM checkpoint_files JOIN checkpoints ON checkpoints.id = checkpoint_id \
                      WHERE checkpoints.job_id = $1 AND checkpoints.id";
    let newest = "(SELECT id FROM checkpoints WHERE job_id = $1 ORDER BY id DESC LIMIT 2)";
    let sql = format!(
        "DELETE FROM blob_grants WHERE job_id = $1 AND sha256 IN ({files_of} NOT IN {newest}) \
         AND sha256 NOT IN ({files_of} IN {newest})"
    );
    db::run(transaction, &sql, [job.0.into()]).await?;
    let sql = format!("DELETE FROM checkpoints WHERE job_id = $1 AND id NOT IN {newest}");
    db::run(transaction, &sql, [job.0.into()]).await?;
    Ok(())
}

/// Whether some attempt of the job uploaded these bytes.
pub async fn uploaded(transaction: &DatabaseTransaction, job: JobId, file: &ArtifactFile) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM blob_grants JOIN blobs ON blobs.sha256 = blob_grants.sha256 \
               WHERE blob_grants.job_id = $1 AND blob_grants.sha256 = $2 AND blobs.size_bytes = $3";
    let size = i64::try_from(file.size_bytes).unwrap_or(i64::MAX);
    let values = [job.0.into(), file.sha256.as_str().into(), size.into()];
    Ok(db::one::<i64>(transaction, sql, values).await? > 0)
}

/// The checkpoint that the next attempt continues from.
pub async fn newest(
    transaction: &DatabaseTransaction,
    job: JobId,
) -> Result<Option<(i64, StoredCheckpoint)>> {
    let sql = "SELECT id, step FROM checkpoints WHERE job_id = $1 ORDER BY id DESC LIMIT 1";
    let Some(row) = db::row(transaction, sql, [job.0.into()]).await? else { return Ok(None) };
    let id: i64 = row.try_get_by(0)?;
    let step = row.try_get_by::<i64, _>(1)? as u64;
    Ok(Some((id, StoredCheckpoint { step, files: files(transaction, id).await? })))
}

async fn files(transaction: &DatabaseTransaction, checkpoint: i64) -> Result<Vec<ArtifactFile>> {
    let sql = "SELECT name, sha256, size_bytes FROM checkpoint_files WHERE checkpoint_id = $1 ORDER BY name";
    let rows = db::rows(transaction, sql, [checkpoint.into()]).await?;
    rows.iter().map(file).collect()
}

/// A row of name, hash and size.
pub fn file(row: &sea_orm::QueryResult) -> Result<ArtifactFile> {
    Ok(ArtifactFile {
        name: FileName::try_from(row.try_get_by::<String, _>(0)?).map_err(ApiError::Bug)?,
        sha256: Sha256::try_from(row.try_get_by::<String, _>(1)?).map_err(ApiError::Bug)?,
        size_bytes: row.try_get_by::<i64, _>(2)? as u64,
    })
}

/// The job has succeeded: nothing will continue it.
pub async fn drop_all(transaction: &DatabaseTransaction, job: JobId) -> Result<()> {
    db::run(transaction, "DELETE FROM checkpoints WHERE job_id = $1", [job.0.into()]).await?;
    Ok(())
}

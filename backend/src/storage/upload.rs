//! Taking bytes in: streamed to a temporary object while they are hashed, then put in their place.

use std::time::Duration;

use axum::body::Body;
use futures::StreamExt;
use object_store::path::Path;
use object_store::{ObjectStoreExt, WriteMultipart};
use sea_orm::{ConnectionTrait, Value};
use sha2::Digest;
use shared::api::ErrorCode;
use shared::api::bytes::Uploaded;
use shared::artifacts::Sha256;
use shared::ids::{JobId, UserId};

use super::{key, upload_key};
use crate::app::App;
use crate::db;
use crate::error::{ApiError, Result};

/// A part in memory; the object store writes one after the other.
const PART_BYTES: usize = 8 << 20;

/// Who pays for the bytes, and who may use them afterwards.
#[derive(Debug, Clone, Copy)]
pub struct Uploader {
    /// Charged for the quota.
    pub owner: UserId,
    /// The attempt, for uploads with a lease; otherwise the owner gets the grant.
    pub attempt: Option<(JobId, u32)>,
}

/// Stores a request's body. When `expected` is given the bytes must have that hash.
pub async fn upload(
    app: &App,
    uploader: Uploader,
    announced_bytes: Option<u64>,
    body: Body,
    expected: Option<Sha256>,
) -> Result<Uploaded> {
    let limit = app.config.limits.upload_limit_bytes;
    // Bytes that the owner stores already cost nothing again, so what is left can only be judged
    // when their hash is known; more than the whole quota is refused at once.
    let quota = usage(app.database.read(), uploader.owner).await?.quota_bytes;
    check_size(announced_bytes.unwrap_or(0), limit, quota)?;
    let mut name = [0_u8; 16];
    getrandom::fill(&mut name)?;
    let temporary = upload_key(&hex::encode(name));
    let uploaded = write(app, &temporary, body, limit, quota).await?;
    let placed = place(app, uploader, &temporary, &uploaded, expected).await;
    if placed.is_err() {
        remove_temporary(app, &temporary).await;
    }
    placed.map(|()| uploaded)
}

fn check_size(size: u64, limit: u64, quota: u64) -> Result<()> {
    if size > limit {
        return Err(ApiError::too_large(format!("a file may have {limit} bytes; split it")));
    }
    if size > quota {
        return Err(quota_exceeded(quota));
    }
    Ok(())
}

fn quota_exceeded(quota: u64) -> ApiError {
    let message = format!(
        "your storage quota of {quota} bytes is used up by this; delete artifacts or ask an operator"
    );
    ApiError::refused(ErrorCode::QuotaExceeded, message)
}

async fn write(app: &App, temporary: &Path, body: Body, limit: u64, quota: u64) -> Result<Uploaded> {
    let parts = app.storage.store.put_multipart(temporary).await?;
    let mut writer = WriteMultipart::new_with_chunk_size(parts, PART_BYTES);
    match receive(&mut writer, body, limit, quota).await {
        Ok(uploaded) => {
            writer.finish().await?;
            Ok(uploaded)
        }
        Err(error) => {
            // The temporary object disappears; should this fail, the collector removes it.
            let _ = writer.abort().await;
            Err(error)
        }
    }
}

async fn receive(writer: &mut WriteMultipart, body: Body, limit: u64, quota: u64) -> Result<Uploaded> {
    let mut hash = sha2::Sha256::new();
    let mut size_bytes = 0_u64;
    let mut stream = body.into_data_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| ApiError::bad_request("the upload broke off; send it again"))?;
        size_bytes += chunk.len() as u64;
        check_size(size_bytes, limit, quota)?;
        hash.update(&chunk);
        writer.wait_for_capacity(2).await?;
        writer.put(chunk);
    }
    let sha256 = Sha256::try_from(hex::encode(hash.finalize())).map_err(ApiError::Bug)?;
    Ok(Uploaded { sha256, size_bytes })
}

async fn place(
    app: &App,
    uploader: Uploader,
    temporary: &Path,
    uploaded: &Uploaded,
    expected: Option<Sha256>,
) -> Result<()> {
    if let Some(expected) = expected.filter(|expected| *expected != uploaded.sha256) {
        let message = format!("the bytes have the SHA-256 {}, not {expected}", uploaded.sha256);
        return Err(ApiError::field("sha256", message));
    }
    reserve(app, uploaded).await?;
    app.storage.store.rename(temporary, &key(&uploaded.sha256)).await?;
    grant(app, uploader, uploaded).await
}

/// Makes the blob's row before its bytes are in place, so that the collector leaves them alone.
async fn reserve(app: &App, uploaded: &Uploaded) -> Result<()> {
    let sql = "INSERT INTO blobs (sha256, size_bytes, touched_at) VALUES ($1, $2, {now}) \
               ON CONFLICT (sha256) DO UPDATE SET touched_at = excluded.touched_at \
               WHERE blobs.deleting_since IS NULL";
    let values: [Value; 2] =
        [uploaded.sha256.as_str().into(), i64::try_from(uploaded.size_bytes).unwrap_or(i64::MAX).into()];
    for _ in 0..20 {
        let transaction = db::write(&app.database).await?;
        let reserved = db::run(&transaction, sql, values.clone()).await?;
        transaction.commit().await?;
        if reserved == 1 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(ApiError::unavailable("the same bytes are being removed just now; send them again"))
}

/// Writes down who uploaded the bytes. The quota is checked under the owner's lock.
async fn grant(app: &App, uploader: Uploader, uploaded: &Uploaded) -> Result<()> {
    let transaction = db::write(&app.database).await?;
    db::lock(&transaction, db::Lock::Owner(uploader.owner.0)).await?;
    let (user, job, attempt) = match uploader.attempt {
        Some((job, attempt)) => (None, Some(job.0), Some(i64::from(attempt))),
        None => (Some(uploader.owner.0), None, None),
    };
    let sql = "INSERT INTO blob_grants (sha256, user_id, job_id, attempt, created_at) \
               VALUES ($1, $2, $3, $4, {now}) ON CONFLICT DO NOTHING";
    let values = [uploaded.sha256.as_str().into(), user.into(), job.into(), attempt.into()];
    db::run(&transaction, sql, values).await?;
    let row = usage(&transaction, uploader.owner).await?;
    if row.used_bytes > row.quota_bytes {
        return Err(quota_exceeded(row.quota_bytes));
    }
    Ok(transaction.commit().await?)
}

/// What a person stores: each blob once, however often they use it.
pub struct Usage {
    pub quota_bytes: u64,
    pub used_bytes: u64,
}

pub async fn usage(connection: &impl ConnectionTrait, user: UserId) -> Result<Usage> {
    let sql = "SELECT storage_quota_bytes, CAST(COALESCE((SELECT SUM(size_bytes) FROM blobs WHERE sha256 IN ( \
            SELECT sha256 FROM blob_grants WHERE user_id = $1 \
            UNION SELECT sha256 FROM blob_grants JOIN jobs ON jobs.id = blob_grants.job_id WHERE jobs.owner_id = $1 \
            UNION SELECT artifact_files.sha256 FROM artifact_files JOIN artifacts ON artifacts.id = artifact_id \
                WHERE artifacts.owner_id = $1 AND artifacts.deleted_at IS NULL \
            UNION SELECT checkpoint_files.sha256 FROM checkpoint_files \
                JOIN checkpoints ON checkpoints.id = checkpoint_id JOIN jobs ON jobs.id = checkpoints.job_id \
                WHERE jobs.owner_id = $1 \
        )), 0) AS BIGINT) FROM users WHERE id = $1";
    let row = db::row(connection, sql, [user.0.into()]).await?;
    let row = row.ok_or_else(|| ApiError::not_found("user"))?;
    Ok(Usage {
        quota_bytes: row.try_get_by::<i64, _>(0)? as u64,
        used_bytes: row.try_get_by::<i64, _>(1)? as u64,
    })
}

async fn remove_temporary(app: &App, temporary: &Path) {
    match app.storage.store.delete(temporary).await {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
        Err(error) => tracing::warn!(%error, "an unfinished upload could not be removed; the collector will"),
    }
}

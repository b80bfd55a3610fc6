//! The collector: removes bytes that nothing refers to. It takes no input but the database, so it
//! can run at any time, any number of times.

use std::io::ErrorKind;
use std::time::Duration;

use object_store::ObjectStoreExt;
use shared::artifacts::Sha256;

use super::key;
use crate::app::App;
use crate::config::microseconds;
use crate::error::{ApiError, Result};
use crate::{db, notices};

/// Of a row of `blobs`.
pub const REFERENCED: &str = "(EXISTS (SELECT 1 FROM blob_grants WHERE blob_grants.sha256 = blobs.sha256) \
    OR EXISTS (SELECT 1 FROM checkpoint_files WHERE checkpoint_files.sha256 = blobs.sha256) \
    OR EXISTS (SELECT 1 FROM artifact_files JOIN artifacts ON artifacts.id = artifact_id \
        WHERE artifact_files.sha256 = blobs.sha256 AND artifacts.deleted_at IS NULL))";

/// What one round removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Collected {
    pub blobs: u64,
    pub unfinished_uploads: u64,
}

/// One round.
pub async fn collect(app: &App) -> Result<Collected> {
    let grace = microseconds(app.config.limits.blob_grace_seconds);
    expire(app, grace).await?;
    let mut collected = Collected::default();
    for sha256 in mark(app, grace).await? {
        remove(app, &sha256).await?;
        collected.blobs += 1;
    }
    collected.unfinished_uploads = remove_unfinished(app).await?;
    Ok(collected)
}

/// Rights that were never used, checkpoints that nobody will continue, sessions that are over.
async fn expire(app: &App, grace: i64) -> Result<()> {
    let transaction = db::write(&app.database).await?;
    let statements = [
        // What an upload became refers to the bytes by itself; the right to make more of it ends.
        "DELETE FROM blob_grants WHERE user_id IS NOT NULL AND created_at <= {now} - $1",
        // A silent worker may still report on what it uploaded, for so long.
        "DELETE FROM blob_grants WHERE job_id IN (SELECT id FROM jobs WHERE ended_at <= {now} - $1)",
        "DELETE FROM checkpoints WHERE job_id IN (SELECT id FROM jobs WHERE ended_at <= {now} - $1)",
        "DELETE FROM sessions WHERE expires_at <= {now} - $1",
        "DELETE FROM sign_in_tokens WHERE expires_at <= {now} - $1",
    ];
    for sql in statements {
        db::run(&transaction, sql, [grace.into()]).await?;
    }
    notices::forget_old(&transaction).await?;
    Ok(transaction.commit().await?)
}

async fn mark(app: &App, grace: i64) -> Result<Vec<Sha256>> {
    let transaction = db::write(&app.database).await?;
    let sql = format!(
        "UPDATE blobs SET deleting_since = {{now}} \
         WHERE deleting_since IS NULL AND touched_at <= {{now}} - $1 AND NOT {REFERENCED}"
    );
    db::run(&transaction, &sql, [grace.into()]).await?;
    // Also those that an earlier round marked and did not come to remove.
    let marked: Vec<String> =
        db::column(&transaction, "SELECT sha256 FROM blobs WHERE deleting_since IS NOT NULL", []).await?;
    transaction.commit().await?;
    marked.into_iter().map(|sha256| Sha256::try_from(sha256).map_err(ApiError::Bug)).collect()
}

async fn remove(app: &App, sha256: &Sha256) -> Result<()> {
    match app.storage.store.delete(&key(sha256)).await {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let transaction = db::write(&app.database).await?;
    let sql = "DELETE FROM blobs WHERE sha256 = $1 AND deleting_since IS NOT NULL";
    db::run(&transaction, sql, [sha256.as_str().into()]).await?;
    Ok(transaction.commit().await?)
}

/// Uploads that a killed process left behind. Their age is the file's: there is no row. The object
/// store does not list its own staging files, hence the look into the folder.
async fn remove_unfinished(app: &App) -> Result<u64> {
    let grace = Duration::from_secs_f64(app.config.limits.blob_grace_seconds.clamp(0.0, 1e9));
    let mut removed = 0;
    let mut folder = match tokio::fs::read_dir(&app.storage.uploads_folder).await {
        Ok(folder) => folder,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error.into()),
    };
    while let Some(entry) = folder.next_entry().await? {
        let Ok(modified) = entry.metadata().await.and_then(|metadata| metadata.modified()) else {
            continue; // finished meanwhile
        };
        if modified.elapsed().is_ok_and(|age| age >= grace)
            && tokio::fs::remove_file(entry.path()).await.is_ok()
        {
            removed += 1;
        }
    }
    Ok(removed)
}

/// Collects until the server stops.
pub async fn every_interval(app: App) {
    loop {
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = tokio::time::sleep(app.config.limits.collect()) => {}
        }
        match collect(&app).await {
            Ok(collected) if collected != Collected::default() => {
                tracing::info!(
                    blobs = collected.blobs,
                    uploads = collected.unfinished_uploads,
                    "collected bytes"
                );
            }
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "collecting bytes failed; the next round tries again"),
        }
    }
}

//! Leases that ran out.

use shared::ids::{JobId, UserId};

use super::dependents;
use super::lease::{self, HeldJob};
use crate::app::App;
use crate::db;
use crate::error::Result;

/// Ends every attempt whose lease has run out, one transaction each. Every claim does it too; the
/// periodic one is for times when nobody claims. Answers how many there were.
pub async fn sweep(app: &App) -> Result<u32> {
    let mut ended = 0;
    let sql = "SELECT id FROM jobs WHERE lease_expires_at <= {now} LIMIT 1";
    while db::scalar::<i64>(app.database.read(), sql, []).await?.is_some() {
        match end_one(app).await? {
            Some(job) => app.hints.events_appended(job),
            // Another server is at it.
            None => break,
        }
        ended += 1;
    }
    if ended > 0 {
        app.hints.job_queued();
    }
    Ok(ended)
}

async fn end_one(app: &App) -> Result<Option<JobId>> {
    let transaction = db::write(&app.database).await?;
    let sql = "SELECT id, attempt, owner_id, failures, failure_limit, cancel_requested FROM jobs \
               WHERE lease_expires_at <= {now} ORDER BY lease_expires_at, id LIMIT 1 {skip_locked}";
    let Some(row) = db::row(&transaction, sql, []).await? else { return Ok(None) };
    let held = HeldJob {
        job_id: JobId(row.try_get_by(0)?),
        attempt: row.try_get_by::<i64, _>(1)? as u32,
        owner: UserId(row.try_get_by(2)?),
        failures: row.try_get_by::<i64, _>(3)? as u32,
        failure_limit: row.try_get_by::<i64, _>(4)? as u32,
        cancel_requested: row.try_get_by(5)?,
    };
    lease::run_out(&transaction, &held).await?;
    transaction.commit().await?;
    tracing::info!(job = held.job_id.0, attempt = held.attempt, "a lease ran out");
    Ok(Some(held.job_id))
}

/// Sweeps until the server stops.
pub async fn every_interval(app: App) {
    loop {
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = tokio::time::sleep(app.config.queue.sweep()) => {}
        }
        if let Err(error) = sweep(&app).await {
            tracing::error!(%error, "the sweep failed; the next one tries again");
        }
        if let Err(error) = dependents::settle(&app).await {
            tracing::error!(%error, "looking for forgotten jobs failed; the next sweep tries again");
        }
    }
}

//! The right to report on an attempt: holding, renewing and losing it.

use sea_orm::DatabaseTransaction;
use shared::api::jobs::JobState;
use shared::api::leases::RenewReply;
use shared::ids::{JobId, UserId, WorkerId};

use super::resume::Below;
use super::transition::{self, Counted};
use super::{dependents, resume};
use crate::access::LeaseHolder;
use crate::app::App;
use crate::config::QueueConfig;
use crate::db;
use crate::error::{ApiError, Result};
use crate::names;

/// How an attempt ended, as it stands in its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Succeeded,
    Failed,
    Cancelled,
    GivenBack,
    /// The lease ran out; a late report takes this back.
    Lost,
}

impl Ending {
    fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::GivenBack => "given_back",
            Self::Lost => "lost",
        }
    }
}

/// A held lease's job, with its row locked.
#[derive(Debug, Clone)]
pub struct HeldJob {
    pub job_id: JobId,
    pub attempt: u32,
    pub owner: UserId,
    pub failures: u32,
    pub failure_limit: u32,
    pub cancel_requested: bool,
}

/// The job's state, with its row locked until the transaction ends.
pub async fn state(transaction: &DatabaseTransaction, job: JobId) -> Result<JobState> {
    let sql = "SELECT state FROM jobs WHERE id = $1 {for_update}";
    let state: Option<String> = db::scalar(transaction, sql, [job.0.into()]).await?;
    names::from_text(&state.ok_or_else(|| ApiError::not_found("job"))?)
}

/// Locks the lease's job and makes sure that the attempt may still report. A lease that had run out
/// without a successor is revived: whoever reports is alive. That holds too when it was the last
/// failure that the job may have; what failed with the job then waits for it again.
pub async fn hold(
    transaction: &DatabaseTransaction,
    holder: &LeaseHolder,
    config: &QueueConfig,
) -> Result<HeldJob> {
    let sql = "SELECT state, attempt, owner_id, failures, failure_limit, cancel_requested \
               FROM jobs WHERE id = $1 {for_update}";
    let row = db::row(transaction, sql, [holder.job_id.0.into()]).await?;
    let row = row.ok_or_else(ApiError::lease_lost)?;
    let state: String = row.try_get_by(0)?;
    let mut held = HeldJob {
        job_id: holder.job_id,
        attempt: holder.attempt,
        owner: UserId(row.try_get_by(2)?),
        failures: row.try_get_by::<i64, _>(3)? as u32,
        failure_limit: row.try_get_by::<i64, _>(4)? as u32,
        cancel_requested: row.try_get_by(5)?,
    };
    if row.try_get_by::<i64, _>(1)? != i64::from(holder.attempt) {
        return Err(ApiError::lease_lost());
    }
    if state == JobState::Running.as_str() {
        return Ok(held);
    }
    let sql = "SELECT worker_id FROM attempts WHERE job_id = $1 AND attempt = $2 AND ending = 'lost'";
    let values = [holder.job_id.0.into(), i64::from(holder.attempt).into()];
    let lost: Option<i64> = db::scalar(transaction, sql, values.clone()).await?;
    let given_up = state == JobState::Failed.as_str();
    let Some(worker) = lost.filter(|_| given_up || state == JobState::Queued.as_str()) else {
        return Err(ApiError::lease_lost());
    };
    transition::revive(transaction, held.job_id, WorkerId(worker), config.lease_microseconds()).await?;
    held.failures = held.failures.saturating_sub(1);
    let sql = "UPDATE attempts SET ending = NULL, ended_at = NULL WHERE job_id = $1 AND attempt = $2";
    db::run(transaction, sql, values).await?;
    if given_up {
        let reason = format!("job {}, which it depends on, goes on after all", held.job_id);
        resume::below(transaction, held.job_id, Below::CancelledByFailure, &reason).await?;
    }
    Ok(held)
}

/// Extends the lease from now.
pub async fn renew(app: &App, holder: &LeaseHolder) -> Result<RenewReply> {
    let transaction = db::write(&app.database).await?;
    let held = hold(&transaction, holder, &app.config.queue).await?;
    let sql = "UPDATE jobs SET lease_expires_at = {now} + $2 WHERE id = $1";
    let values = [held.job_id.0.into(), app.config.queue.lease_microseconds().into()];
    db::run(&transaction, sql, values).await?;
    let sql = "SELECT workers.id FROM jobs JOIN workers ON workers.id = jobs.lease_worker_id \
               WHERE jobs.id = $1 AND workers.drain = 'now'";
    let leaves: Option<i64> = db::scalar(&transaction, sql, [held.job_id.0.into()]).await?;
    transaction.commit().await?;
    Ok(match (held.cancel_requested, leaves) {
        (true, _) => RenewReply::Cancel,
        (false, Some(_)) => RenewReply::GiveBack,
        (false, None) => RenewReply::Continue,
    })
}

/// Writes the end of an attempt into its row.
pub async fn end_attempt(
    transaction: &DatabaseTransaction,
    job: JobId,
    attempt: u32,
    ending: Ending,
    outcome: Option<String>,
) -> Result<()> {
    let sql = "UPDATE attempts SET ended_at = {now}, ending = $3, outcome = $4 \
               WHERE job_id = $1 AND attempt = $2";
    let values = [job.0.into(), i64::from(attempt).into(), ending.as_str().into(), outcome.into()];
    db::run(transaction, sql, values).await?;
    Ok(())
}

/// The lease of a running job has run out: a failed attempt, unless it was asked to stop.
pub async fn run_out(transaction: &DatabaseTransaction, held: &HeldJob) -> Result<()> {
    let attempt = held.attempt;
    if held.cancel_requested {
        end_attempt(transaction, held.job_id, attempt, Ending::Cancelled, None).await?;
        let reason = "cancelled on request; its worker did not answer any more";
        transition::cancel(transaction, held.job_id, reason).await?;
        dependents::cancel(transaction, held.job_id, JobState::Cancelled).await?;
        return Ok(());
    }
    end_attempt(transaction, held.job_id, attempt, Ending::Lost, None).await?;
    let lost = format!("the worker of attempt {attempt} did not report in time");
    if is_last_failure(held) {
        transition::give_up(transaction, held.job_id, &limit_reached(held, &lost)).await?;
        return dependents::cancel(transaction, held.job_id, JobState::Failed).await.map(drop);
    }
    transition::requeue(transaction, held.job_id, Counted::Yes, 0, &lost).await
}

fn is_last_failure(held: &HeldJob) -> bool {
    held.failures + 1 >= held.failure_limit
}

fn limit_reached(held: &HeldJob, what_happened: &str) -> String {
    format!("{} attempts failed, which is the limit; the last one: {what_happened}", held.failure_limit)
}

/// A failed attempt: back into the queue, or the end when it was one too many.
pub async fn count_failure(
    transaction: &DatabaseTransaction,
    held: &HeldJob,
    wait_microseconds: i64,
    what_happened: &str,
) -> Result<()> {
    let (job, counted) = (held.job_id, Counted::Yes);
    if !is_last_failure(held) {
        return transition::requeue(transaction, job, counted, wait_microseconds, what_happened).await;
    }
    transition::fail(transaction, job, counted, &limit_reached(held, what_happened)).await?;
    dependents::cancel(transaction, job, JobState::Failed).await.map(drop)
}

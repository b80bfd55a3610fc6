//! Every change of a job's state, one function each. The caller holds the job's row.

use sea_orm::{DatabaseTransaction, Value};
use shared::api::jobs::JobState;
use shared::events::JobEvent;
use shared::ids::{JobId, WorkerId};

use crate::db;
use crate::error::{ApiError, Result};
use crate::{events, notices};

/// Whether an attempt's end counts against the failure limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    Yes,
    No,
}

/// waiting → queued: all parents have succeeded.
pub async fn release(transaction: &DatabaseTransaction, job: JobId) -> Result<()> {
    let sets = "run_at = {now}";
    change(transaction, job, &[JobState::Waiting], JobState::Queued, sets, vec![], None).await
}

/// queued → running: an attempt begins. Answers its number.
pub async fn begin(
    transaction: &DatabaseTransaction,
    job: JobId,
    worker: WorkerId,
    lease_microseconds: i64,
) -> Result<u32> {
    let sets = "attempt = attempt + 1, lease_worker_id = $3, lease_expires_at = {now} + $4, \
                started_at = COALESCE(started_at, {now})";
    let values = vec![worker.0.into(), lease_microseconds.into()];
    change(transaction, job, &[JobState::Queued], JobState::Running, sets, values, None).await?;
    let sql = "SELECT attempt FROM jobs WHERE id = $1";
    Ok(db::one::<i64>(transaction, sql, [job.0.into()]).await? as u32)
}

/// queued or failed → running: the attempt whose lease had run out reports again; its failure was
/// none. A job that was resumed meanwhile has forgotten it already.
pub async fn revive(
    transaction: &DatabaseTransaction,
    job: JobId,
    worker: WorkerId,
    lease_microseconds: i64,
) -> Result<()> {
    let sets = "failures = CASE WHEN failures > 0 THEN failures - 1 ELSE 0 END, reason = NULL, ended_at = NULL, \
                lease_worker_id = $3, lease_expires_at = {now} + $4";
    let values = vec![worker.0.into(), lease_microseconds.into()];
    let reason = Some("the worker reported again");
    let from = [JobState::Queued, JobState::Failed];
    change(transaction, job, &from, JobState::Running, sets, values, reason).await
}

/// running → queued: another attempt, after a wait.
pub async fn requeue(
    transaction: &DatabaseTransaction,
    job: JobId,
    counted: Counted,
    wait_microseconds: i64,
    reason: &str,
) -> Result<()> {
    let sets =
        "failures = failures + $3, run_at = {now} + $4, lease_worker_id = NULL, lease_expires_at = NULL";
    let count = i64::from(counted == Counted::Yes);
    let values = vec![count.into(), wait_microseconds.into()];
    change(transaction, job, &[JobState::Running], JobState::Queued, sets, values, Some(reason)).await
}

/// running → succeeded.
pub async fn succeed(transaction: &DatabaseTransaction, job: JobId) -> Result<()> {
    end(transaction, job, &[JobState::Running], JobState::Succeeded, Counted::No, None).await?;
    forget_uploads(transaction, job).await
}

/// running, or queued by a claim that found it impossible → failed.
pub async fn fail(
    transaction: &DatabaseTransaction,
    job: JobId,
    counted: Counted,
    reason: &str,
) -> Result<()> {
    let from = [JobState::Running, JobState::Queued];
    end(transaction, job, &from, JobState::Failed, counted, Some(reason)).await?;
    forget_uploads(transaction, job).await
}

/// running → failed: the worker of the last attempt does not answer. Should it report after all, the
/// attempt goes on ([`revive`]), so what it uploaded stays its own until the collector's grace is over.
pub async fn give_up(transaction: &DatabaseTransaction, job: JobId, reason: &str) -> Result<()> {
    end(transaction, job, &[JobState::Running], JobState::Failed, Counted::Yes, Some(reason)).await
}

/// failed or cancelled → queued, or waiting for parents: somebody wants it after all.
pub async fn resume(transaction: &DatabaseTransaction, job: JobId, to: JobState, reason: &str) -> Result<()> {
    let sets = "failures = 0, cancel_requested = FALSE, reason = NULL, ended_at = NULL, run_at = {now}";
    let from = [JobState::Failed, JobState::Cancelled];
    change(transaction, job, &from, to, sets, vec![], Some(reason)).await
}

/// waiting, queued or running → cancelled.
pub async fn cancel(transaction: &DatabaseTransaction, job: JobId, reason: &str) -> Result<()> {
    let from = [JobState::Waiting, JobState::Queued, JobState::Running];
    end(transaction, job, &from, JobState::Cancelled, Counted::No, Some(reason)).await?;
    forget_uploads(transaction, job).await
}

async fn end(
    transaction: &DatabaseTransaction,
    job: JobId,
    from: &[JobState],
    to: JobState,
    counted: Counted,
    reason: Option<&str>,
) -> Result<()> {
    let sets = "failures = failures + $3, reason = $4, ended_at = {now}, \
                lease_worker_id = NULL, lease_expires_at = NULL";
    let count = i64::from(counted == Counted::Yes);
    let values = vec![count.into(), reason.map(str::to_owned).into()];
    change(transaction, job, from, to, sets, values, reason).await?;
    notices::tell_of_end(transaction, job, to).await
}

/// What was uploaded belongs to artifacts and checkpoints by now, or to nobody.
async fn forget_uploads(transaction: &DatabaseTransaction, job: JobId) -> Result<()> {
    db::run(transaction, "DELETE FROM blob_grants WHERE job_id = $1", [job.0.into()]).await?;
    Ok(())
}

/// `$1` is the job, `$2` the new state, further values begin at `$3`.
async fn change(
    transaction: &DatabaseTransaction,
    job: JobId,
    from: &[JobState],
    to: JobState,
    sets: &str,
    mut further: Vec<Value>,
    reason: Option<&str>,
) -> Result<()> {
    let from: Vec<String> = from.iter().map(|state| format!("'{}'", state.as_str())).collect();
    let sql = format!("UPDATE jobs SET state = $2, {sets} WHERE id = $1 AND state IN ({})", from.join(", "));
    let mut values: Vec<Value> = vec![job.0.into(), to.as_str().into()];
    values.append(&mut further);
    if db::run(transaction, &sql, values).await? != 1 {
        return Err(ApiError::Bug(format!("job {job} cannot become {}", to.as_str())));
    }
    let event = JobEvent::StateChanged { state: to, reason: reason.map(str::to_owned) };
    events::append_own(transaction, job, &event).await
}

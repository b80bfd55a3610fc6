//! What the end of a job means for the jobs that depend on it.

use sea_orm::DatabaseTransaction;
use shared::api::jobs::JobState;
use shared::ids::JobId;

use super::{lease, memory, transition};
use crate::app::App;
use crate::db;
use crate::error::Result;

/// Everything that depends on `$1`, also indirectly, and waits.
const DESCENDANTS: &str = "WITH RECURSIVE below (id) AS ( \
        SELECT job_id FROM job_dependencies WHERE parent_id = $1 \
        UNION SELECT job_dependencies.job_id FROM job_dependencies JOIN below ON parent_id = below.id) \
    SELECT jobs.id FROM jobs JOIN below ON below.id = jobs.id \
    WHERE jobs.state = 'waiting' ORDER BY jobs.id";

/// How the reason ends that is given to what a failure cancelled; only such jobs come back by
/// themselves when the failed one goes on.
pub const FAILED: &str = ", which it depends on, failed";

/// The job has succeeded: its outputs reach the inputs bound to them, and the jobs for which it was
/// the last one to wait for are queued.
pub async fn release(transaction: &DatabaseTransaction, job: JobId) -> Result<()> {
    let sql = "UPDATE job_inputs SET artifact_id = (SELECT artifacts.id FROM artifacts \
               WHERE artifacts.job_id = job_inputs.source_job_id \
               AND artifacts.output = job_inputs.source_output) WHERE source_job_id = $1";
    db::run(transaction, sql, [job.0.into()]).await?;
    let sql = "SELECT jobs.id FROM jobs WHERE jobs.state = 'waiting' AND jobs.id IN \
               (SELECT job_id FROM job_dependencies WHERE parent_id = $1) ORDER BY jobs.id {for_update}";
    let waiting: Vec<i64> = db::column(transaction, sql, [job.0.into()]).await?;
    for dependent in waiting {
        let sql = "SELECT COUNT(*) FROM job_dependencies JOIN jobs ON jobs.id = parent_id \
                   WHERE job_id = $1 AND jobs.state <> 'succeeded'";
        let unfinished: i64 = db::one(transaction, sql, [dependent.into()]).await?;
        if unfinished == 0 {
            memory::estimate(transaction, JobId(dependent)).await?;
            transition::release(transaction, JobId(dependent)).await?;
        }
    }
    Ok(())
}

/// The job has failed or was cancelled: nothing that depends on it can run. Answers the jobs that
/// were cancelled.
pub async fn cancel(transaction: &DatabaseTransaction, job: JobId, ended: JobState) -> Result<Vec<JobId>> {
    let reason = match ended {
        JobState::Failed => format!("job {job}{FAILED}"),
        _ => format!("job {job}, which it depends on, was cancelled"),
    };
    let mut cancelled = Vec::new();
    loop {
        let found: Vec<i64> = db::column(transaction, DESCENDANTS, [job.0.into()]).await?;
        if found.is_empty() {
            return Ok(cancelled);
        }
        for dependent in found {
            let sql = "SELECT state FROM jobs WHERE id = $1 {for_update}";
            let state: String = db::one(transaction, sql, [dependent.into()]).await?;
            // Somebody may have cancelled it while we waited for its row.
            if state == JobState::Waiting.as_str() {
                transition::cancel(transaction, JobId(dependent), &reason).await?;
                cancelled.push(JobId(dependent));
            }
        }
        // A job that was submitted while we waited for the rows is found in the next round.
    }
}

/// Jobs that have ended although something still waits for them. It begins with what waits, which is
/// little, not with everything that ever ended.
const UNTOLD: &str = "SELECT DISTINCT jobs.id FROM jobs AS children \
    JOIN job_dependencies ON job_dependencies.job_id = children.id \
    JOIN jobs ON jobs.id = job_dependencies.parent_id \
    WHERE children.state = 'waiting' AND jobs.ended_at IS NOT NULL \
    AND (jobs.state <> 'succeeded' OR NOT EXISTS ( \
        SELECT 1 FROM job_dependencies AS others JOIN jobs AS parents ON parents.id = others.parent_id \
        WHERE others.job_id = children.id AND parents.state <> 'succeeded')) ORDER BY jobs.id";

/// Tells what waits for a job that has ended. A job that is resumed while another of its parents ends
/// can miss that on PostgreSQL, where the two transactions do not see each other; without this look it
/// would wait for ever.
pub async fn settle(app: &App) -> Result<()> {
    for job in db::column::<i64>(app.database.read(), UNTOLD, []).await?.into_iter().map(JobId) {
        let transaction = db::write(&app.database).await?;
        // With the row locked: it may have been resumed meanwhile.
        match lease::state(&transaction, job).await? {
            JobState::Succeeded => release(&transaction, job).await?,
            ended @ (JobState::Failed | JobState::Cancelled) => {
                cancel(&transaction, job, ended).await.map(drop)?;
            }
            JobState::Waiting | JobState::Queued | JobState::Running => continue,
        }
        transaction.commit().await?;
        app.hints.job_queued();
    }
    Ok(())
}

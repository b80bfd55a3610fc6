//! Taking up again what failed or was cancelled.

use sea_orm::DatabaseTransaction;
use shared::api::jobs::JobState;
use shared::ids::{CohortId, JobId, UserId};

use super::{dependents, lease, memory, submit, transition, worker_time};
use crate::access::Person;
use crate::app::App;
use crate::error::{ApiError, Result};
use crate::{audit, db};

const ON_REQUEST: &str = "resumed on request";

/// Which jobs below one that goes on go on with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Below {
    /// Whatever was cancelled before it began: somebody asked for it.
    NeverBegan,
    /// Only what a failure above it cancelled: nobody asked, so what a person cancelled stays so.
    CancelledByFailure,
}

/// What depends on `$1`, also indirectly, and was cancelled before it began.
const NEVER_BEGAN: &str = "WITH RECURSIVE below (id) AS ( \
        SELECT job_id FROM job_dependencies WHERE parent_id = $1 \
        UNION SELECT job_dependencies.job_id FROM job_dependencies JOIN below ON parent_id = below.id) \
    SELECT jobs.id FROM jobs JOIN below ON below.id = jobs.id \
    WHERE jobs.state = 'cancelled' AND jobs.started_at IS NULL";

/// The job is queued again with a fresh count of failures, and what was cancelled with it before it
/// began waits again. A job that succeeded is refused; one that has not ended stays as it is.
pub async fn resume(app: &App, person: &Person, job: JobId) -> Result<()> {
    let sql = "SELECT owner_id FROM jobs WHERE id = $1";
    let owner = UserId(db::one(app.database.read(), sql, [job.0.into()]).await?);
    let transaction = db::write(&app.database).await?;
    db::lock(&transaction, db::Lock::Owner(owner.0)).await?;
    match lease::state(&transaction, job).await? {
        JobState::Failed | JobState::Cancelled => {}
        JobState::Waiting | JobState::Queued => return Ok(()),
        JobState::Running => {
            let sql = "SELECT cancel_requested FROM jobs WHERE id = $1";
            if db::one(&transaction, sql, [job.0.into()]).await? {
                let message = "the job is being cancelled; resume it when its worker has stopped";
                return Err(ApiError::conflict(message));
            }
            return Ok(());
        }
        JobState::Succeeded => {
            return Err(ApiError::conflict("the job has succeeded; submit a copy of it instead"));
        }
    }
    let Some(state) = state_after(&transaction, job).await? else {
        return Err(ApiError::conflict(
            "a job that it depends on has failed or was cancelled: resume that one",
        ));
    };
    if owner == person.user_id {
        let sql = "SELECT cohort_id FROM jobs WHERE id = $1";
        let cohort = CohortId(db::one(&transaction, sql, [job.0.into()]).await?);
        worker_time::check(&transaction, owner, cohort).await?;
    }
    let mut resumed = vec![job];
    memory::estimate(&transaction, job).await?;
    transition::resume(&transaction, job, state, ON_REQUEST).await?;
    resumed.extend(below(&transaction, job, Below::NeverBegan, ON_REQUEST).await?);
    submit::check_queued_limit(app, &transaction, owner, 0).await?;
    audit::record(&transaction, Some(person.user_id), "resume_job", &format!("job {job}")).await?;
    transaction.commit().await?;
    for job in resumed {
        app.hints.events_appended(job);
    }
    app.hints.job_queued();
    Ok(())
}

/// Takes up what was cancelled below a job that goes on. Answers the jobs that wait again or are
/// queued; a job with another parent that ended badly stays as it is.
pub async fn below(
    transaction: &DatabaseTransaction,
    job: JobId,
    which: Below,
    reason: &str,
) -> Result<Vec<JobId>> {
    // By rising number, so that parents are looked at before their children.
    let sql = match which {
        Below::NeverBegan => format!("{NEVER_BEGAN} ORDER BY jobs.id"),
        Below::CancelledByFailure => {
            format!("{NEVER_BEGAN} AND jobs.reason LIKE '%{}' ORDER BY jobs.id", dependents::FAILED)
        }
    };
    let found: Vec<i64> = db::column(transaction, &sql, [job.0.into()]).await?;
    let mut resumed = Vec::new();
    for dependent in found.into_iter().map(JobId) {
        if lease::state(transaction, dependent).await? != JobState::Cancelled {
            continue;
        }
        if let Some(state) = state_after(transaction, dependent).await? {
            memory::estimate(transaction, dependent).await?;
            transition::resume(transaction, dependent, state, reason).await?;
            resumed.push(dependent);
        }
    }
    Ok(resumed)
}

/// Queued when every parent has succeeded, waiting when one may still; nothing when one has not.
async fn state_after(transaction: &DatabaseTransaction, job: JobId) -> Result<Option<JobState>> {
    let sql = "SELECT jobs.state FROM job_dependencies JOIN jobs ON jobs.id = parent_id WHERE job_id = $1";
    let parents: Vec<String> = db::column(transaction, sql, [job.0.into()]).await?;
    let any = |states: &[JobState]| {
        parents.iter().any(|parent| states.iter().any(|state| parent == state.as_str()))
    };
    Ok(if any(&[JobState::Failed, JobState::Cancelled]) {
        None
    } else if any(&[JobState::Waiting, JobState::Queued, JobState::Running]) {
        Some(JobState::Waiting)
    } else {
        Some(JobState::Queued)
    })
}

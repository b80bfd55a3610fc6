//! Cancelling a job on request.

use shared::api::jobs::JobState;
use shared::ids::JobId;

use super::{dependents, lease, transition};
use crate::access::Person;
use crate::app::App;
use crate::audit;
use crate::db;
use crate::error::{ApiError, Result};

const REASON: &str = "cancelled on request";

/// A waiting or queued job ends now, a running one is asked at its next renewal; what depends on it
/// is cancelled now. Cancelling a job that has ended is refused, twice the same is not.
pub async fn cancel(app: &App, person: &Person, job: JobId) -> Result<()> {
    let transaction = db::write(&app.database).await?;
    match lease::state(&transaction, job).await? {
        JobState::Waiting | JobState::Queued => {
            transition::cancel(&transaction, job, REASON).await?;
        }
        JobState::Running => {
            let sql = "UPDATE jobs SET cancel_requested = TRUE WHERE id = $1";
            db::run(&transaction, sql, [job.0.into()]).await?;
        }
        JobState::Cancelled => return Ok(()),
        JobState::Succeeded | JobState::Failed => {
            return Err(ApiError::conflict("the job has ended already; there is nothing to cancel"));
        }
    }
    let cancelled = dependents::cancel(&transaction, job, JobState::Cancelled).await?;
    audit::record(&transaction, Some(person.user_id), "cancel_job", &format!("job {job}")).await?;
    transaction.commit().await?;
    app.hints.events_appended(job);
    for dependent in cancelled {
        app.hints.events_appended(dependent);
    }
    Ok(())
}

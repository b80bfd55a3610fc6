//! Which job comes first, when an operator says so.

use shared::api::jobs::{PRIORITY_LIMIT, SetJobPriority};

use super::lease;
use crate::access::Person;
use crate::app::App;
use crate::error::{ApiError, Result};
use crate::{audit, db};

/// Changes the order of what is still to be claimed; a job that runs keeps it for its next attempt.
pub async fn set(app: &App, person: &Person, request: &SetJobPriority) -> Result<()> {
    let (job, priority) = (request.job_id, request.priority);
    if !(-PRIORITY_LIMIT..=PRIORITY_LIMIT).contains(&priority) {
        let message = format!("choose a number from {} to {PRIORITY_LIMIT}; 0 is usual", -PRIORITY_LIMIT);
        return Err(ApiError::field("priority", message));
    }
    let transaction = db::write(&app.database).await?;
    if lease::state(&transaction, job).await?.has_ended() {
        return Err(ApiError::conflict(
            "the job has ended; resume it or submit a copy, then set its priority",
        ));
    }
    let sql = "UPDATE jobs SET priority = $2 WHERE id = $1";
    db::run(&transaction, sql, [job.0.into(), i64::from(priority).into()]).await?;
    let subject = format!("job {job}: {priority}");
    audit::record(&transaction, Some(person.user_id), "set_job_priority", &subject).await?;
    Ok(transaction.commit().await?)
}

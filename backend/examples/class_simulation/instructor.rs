//! The instructor, whose pages ask again every few seconds, whatever the class's clock says.

use std::sync::Arc;
use std::time::Duration;

use shared::api::class::GetClassView;
use shared::api::cohorts::{ListCohortJobs, ListMembers};
use shared::api::gradebook::GetGradebook;
use shared::api::questions::ListAnswersToMark;
use shared::api::queue::GetCohortQueue;

use crate::Class;
use crate::caller::Caller;

/// As often as a page does.
const EVERY: Duration = Duration::from_secs(2);
/// The latest jobs, as far as a page lists them.
const LISTED: u32 = 200;

pub async fn look_on(class: Arc<Class>, caller: Caller) -> anyhow::Result<()> {
    let (cohort_id, record) = (class.cohort_id, &class.record);
    let mut look = 0_u64;
    let mut last_looks = 3;
    while last_looks > 0 {
        // What happened last is still to be seen.
        if record.has_everybody_left() {
            last_looks -= 1;
        }
        let request = ListCohortJobs { cohort_id, before: None, limit: Some(LISTED) };
        for job in caller.call(record, &request).await?.jobs {
            record.seen(job.job_id, job.state);
        }
        caller.call(record, &GetClassView { cohort_id }).await?;
        caller.call(record, &GetCohortQueue { cohort_id, limit: None }).await?;
        if look.is_multiple_of(5) {
            caller.call(record, &GetGradebook { cohort_id }).await?;
            caller.call(record, &ListMembers { cohort_id }).await?;
            let request = ListAnswersToMark { cohort_id, week: None, after: None, limit: None };
            caller.call(record, &request).await?;
        }
        look += 1;
        tokio::time::sleep(EVERY).await;
    }
    Ok(())
}

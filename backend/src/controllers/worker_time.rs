//! How long people kept workers busy, and how long they may.

use shared::api::notifications::Notice;
use shared::api::sessions::Done;
use shared::api::worker_time::{
    GetMyWorkerTime, GrantWorkerTime, ListWorkerTime, MINUTES_LIMIT, SetWorkerTimeLimit, WorkerTime,
    WorkerTimeList,
};

use crate::access::Member;
use crate::app::App;
use crate::error::{ApiError, Result};
use crate::queue::worker_time;
use crate::{audit, db, notices};

pub async fn get_mine(app: App, member: Member, request: GetMyWorkerTime) -> Result<WorkerTime> {
    worker_time::of(app.database.read(), member.person.user_id, request.cohort_id).await
}

pub async fn list(app: App, _: Member, request: ListWorkerTime) -> Result<WorkerTimeList> {
    worker_time::list(app.database.read(), request.cohort_id).await
}

pub async fn set_limit(app: App, member: Member, request: SetWorkerTimeLimit) -> Result<Done> {
    let minutes = request.minutes_per_learner;
    if minutes.is_some_and(|minutes| minutes > MINUTES_LIMIT) {
        let message = format!("choose at most {MINUTES_LIMIT}, or no limit");
        return Err(ApiError::field("minutes_per_learner", message));
    }
    let transaction = db::write(&app.database).await?;
    let sql = "UPDATE cohorts SET worker_minutes_per_learner = $2 WHERE id = $1";
    let values = [request.cohort_id.0.into(), minutes.map(i64::from).into()];
    db::run(&transaction, sql, values).await?;
    let limit = minutes.map_or_else(|| "no limit".to_owned(), |minutes| format!("{minutes} minutes"));
    let subject = format!("cohort {}: {limit}", request.cohort_id);
    audit::record(&transaction, Some(member.person.user_id), "set_worker_time_limit", &subject).await?;
    transaction.commit().await?;
    Ok(Done {})
}

pub async fn grant(app: App, member: Member, request: GrantWorkerTime) -> Result<Done> {
    if !(1..=MINUTES_LIMIT).contains(&request.minutes) {
        return Err(ApiError::field("minutes", format!("choose 1 to {MINUTES_LIMIT}")));
    }
    let transaction = db::write(&app.database).await?;
    let sql = "INSERT INTO worker_time_grants (cohort_id, user_id, minutes, granted_by, granted_at) \
               SELECT cohort_id, user_id, $3, $4, {now} FROM memberships WHERE cohort_id = $1 AND user_id = $2";
    let values = [
        request.cohort_id.0.into(),
        request.user_id.0.into(),
        i64::from(request.minutes).into(),
        member.person.user_id.0.into(),
    ];
    if db::run(&transaction, sql, values).await? == 0 {
        return Err(ApiError::not_found("member"));
    }
    let subject =
        format!("cohort {}, user {}: {} minutes", request.cohort_id, request.user_id, request.minutes);
    audit::record(&transaction, Some(member.person.user_id), "grant_worker_time", &subject).await?;
    let notice = Notice::WorkerTimeGranted { minutes: request.minutes };
    notices::tell(&transaction, request.user_id, request.cohort_id, &notice).await?;
    transaction.commit().await?;
    Ok(Done {})
}

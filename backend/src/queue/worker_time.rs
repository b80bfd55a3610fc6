//! How long people kept workers busy, and the limit of it.

use sea_orm::{ConnectionTrait, DatabaseTransaction};
use shared::api::ErrorCode;
use shared::api::worker_time::{MemberWorkerTime, WINDOW_DAYS, WorkerTime, WorkerTimeList};
use shared::ids::{CohortId, UserId};

use crate::db;
use crate::error::{ApiError, Result};
use crate::names;

const WINDOW_MICROSECONDS: i64 = WINDOW_DAYS * 86_400_000_000;

/// Microseconds of attempts within the window (`$2`), times the GPUs that each kept busy.
const USED: &str = "CAST(COALESCE(SUM((COALESCE(attempts.ended_at, {now}) \
    - CASE WHEN attempts.started_at > {now} - $2 THEN attempts.started_at ELSE {now} - $2 END) \
    * CASE WHEN attempts.gpus > 1 THEN attempts.gpus ELSE 1 END), 0) AS BIGINT)";

/// Attempts that count.
const COUNTED: &str = "(attempts.ended_at IS NULL OR attempts.ended_at > {now} - $2) \
    AND (attempts.ending IS NULL OR attempts.ending <> 'lost')";

/// What this person used in the class and may use. The limit is for learners; operators have none.
pub async fn of(connection: &impl ConnectionTrait, user: UserId, cohort: CohortId) -> Result<WorkerTime> {
    let sql = "SELECT cohorts.worker_minutes_per_learner, CAST(COALESCE((SELECT SUM(minutes) FROM worker_time_grants \
                   WHERE worker_time_grants.cohort_id = $1 AND worker_time_grants.user_id = $3 \
                   AND granted_at > {now} - $2), 0) AS BIGINT) \
               FROM cohorts JOIN memberships ON memberships.cohort_id = cohorts.id \
               JOIN users ON users.id = memberships.user_id \
               WHERE cohorts.id = $1 AND users.id = $3 AND memberships.role = 'learner' AND NOT users.operator";
    let values = [cohort.0.into(), WINDOW_MICROSECONDS.into(), user.0.into()];
    let mut allowed_seconds = None;
    if let Some(row) = db::row(connection, sql, values.clone()).await? {
        let (limit, granted): (Option<i64>, i64) = (row.try_get_by(0)?, row.try_get_by(1)?);
        allowed_seconds = limit.map(|limit| (limit + granted) as u64 * 60);
    }
    let sql = format!(
        "SELECT {USED} FROM attempts JOIN jobs ON jobs.id = attempts.job_id \
         WHERE jobs.cohort_id = $1 AND jobs.owner_id = $3 AND {COUNTED}"
    );
    let used: i64 = db::one(connection, &sql, values).await?;
    Ok(WorkerTime { used_seconds: used.max(0) as u64 / 1_000_000, allowed_seconds })
}

/// Refuses new work of a learner whose time is used up. What runs and what is queued goes on.
pub async fn check(transaction: &DatabaseTransaction, owner: UserId, cohort: CohortId) -> Result<()> {
    let time = of(transaction, owner, cohort).await?;
    let Some(allowed) = time.allowed_seconds.filter(|_| time.is_used_up()) else { return Ok(()) };
    let message = format!(
        "you have used {} of {} minutes of worker time within the last {WINDOW_DAYS} days; \
         wait, or ask an instructor for more",
        time.used_seconds / 60,
        allowed / 60
    );
    Err(ApiError::refused(ErrorCode::QuotaExceeded, message))
}

/// Everybody's in the class, who used most first.
pub async fn list(connection: &impl ConnectionTrait, cohort: CohortId) -> Result<WorkerTimeList> {
    let sql = "SELECT worker_minutes_per_learner FROM cohorts WHERE id = $1";
    let limit: Option<i64> = db::one(connection, sql, [cohort.0.into()]).await?;
    let sql = format!(
        "SELECT users.id, users.name, memberships.role, COALESCE(used.microseconds, 0) AS used, \
             COALESCE(granted.minutes, 0) \
         FROM memberships JOIN users ON users.id = memberships.user_id \
         LEFT JOIN (SELECT jobs.owner_id, {USED} AS microseconds FROM attempts \
             JOIN jobs ON jobs.id = attempts.job_id WHERE jobs.cohort_id = $1 AND {COUNTED} \
             GROUP BY jobs.owner_id) AS used ON used.owner_id = users.id \
         LEFT JOIN (SELECT user_id, CAST(SUM(minutes) AS BIGINT) AS minutes FROM worker_time_grants \
             WHERE cohort_id = $1 AND granted_at > {{now}} - $2 GROUP BY user_id) AS granted \
             ON granted.user_id = users.id \
         WHERE memberships.cohort_id = $1 ORDER BY used DESC, users.name, users.id"
    );
    let rows = db::rows(connection, &sql, [cohort.0.into(), WINDOW_MICROSECONDS.into()]).await?;
    let members = rows.iter().map(|row| {
        Ok(MemberWorkerTime {
            user_id: UserId(row.try_get_by(0)?),
            name: row.try_get_by(1)?,
            role: names::from_text(&row.try_get_by::<String, _>(2)?)?,
            used_seconds: row.try_get_by::<i64, _>(3)?.max(0) as u64 / 1_000_000,
            granted_minutes: row.try_get_by::<i64, _>(4)? as u64,
        })
    });
    Ok(WorkerTimeList {
        minutes_per_learner: limit.map(|minutes| minutes as u32),
        members: members.collect::<Result<_>>()?,
    })
}

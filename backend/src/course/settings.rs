//! What a cohort's instructors set: when weeks open and are due, and how attempts, lateness and weeks count.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DatabaseTransaction};
use shared::api::lessons::WeekSchedule;
use shared::course::CoursePolicy;
use shared::ids::CohortId;

use crate::access::Member;
use crate::db;
use crate::error::{ApiError, Result};
use shared::api::Role;

/// Weeks without a row are open and never late.
#[derive(Debug, Default)]
pub struct Schedules(BTreeMap<u32, WeekSchedule>);

impl Schedules {
    pub fn week(&self, week: u32) -> WeekSchedule {
        self.0.get(&week).copied().unwrap_or_default()
    }
}

pub async fn schedules(connection: &impl ConnectionTrait, cohort: CohortId) -> Result<Schedules> {
    let sql = "SELECT week, opens_at, due_at FROM week_schedules WHERE cohort_id = $1";
    let rows = db::rows(connection, sql, [cohort.0.into()]).await?;
    let schedule = |row: &sea_orm::QueryResult| {
        let times = WeekSchedule {
            opens_at_microseconds: row.try_get_by(1)?,
            due_at_microseconds: row.try_get_by(2)?,
        };
        Ok((row.try_get_by::<i64, _>(0)? as u32, times))
    };
    rows.iter().map(schedule).collect::<Result<_>>().map(Schedules)
}

pub async fn set_schedule(
    transaction: &DatabaseTransaction,
    cohort: CohortId,
    week: u32,
    schedule: &WeekSchedule,
) -> Result<()> {
    if let (Some(opens), Some(due)) = (schedule.opens_at_microseconds, schedule.due_at_microseconds)
        && due <= opens
    {
        return Err(ApiError::field("schedule.due_at_microseconds", "let it lie after the opening"));
    }
    let sql = "INSERT INTO week_schedules (cohort_id, week, opens_at, due_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (cohort_id, week) DO UPDATE SET opens_at = excluded.opens_at, due_at = excluded.due_at";
    let values = [
        cohort.0.into(),
        i64::from(week).into(),
        schedule.opens_at_microseconds.into(),
        schedule.due_at_microseconds.into(),
    ];
    db::run(transaction, sql, values).await?;
    Ok(())
}

pub async fn policy(connection: &impl ConnectionTrait, cohort: CohortId) -> Result<CoursePolicy> {
    let sql = "SELECT policy FROM course_policies WHERE cohort_id = $1";
    let stored: Option<String> = db::scalar(connection, sql, [cohort.0.into()]).await?;
    stored.map_or_else(|| Ok(CoursePolicy::default()), |json| Ok(serde_json::from_str(&json)?))
}

pub async fn set_policy(
    transaction: &DatabaseTransaction,
    cohort: CohortId,
    policy: &CoursePolicy,
) -> Result<()> {
    policy.validate().map_err(ApiError::invalid)?;
    let sql = "INSERT INTO course_policies (cohort_id, policy) VALUES ($1, $2) \
               ON CONFLICT (cohort_id) DO UPDATE SET policy = excluded.policy";
    db::run(transaction, sql, [cohort.0.into(), serde_json::to_string(policy)?.into()]).await?;
    Ok(())
}

/// Staff reads and tries a week before it opens.
pub fn is_open(schedule: &WeekSchedule, member: &Member, now_microseconds: i64) -> bool {
    member.role > Role::Learner
        || schedule.opens_at_microseconds.is_none_or(|opens| opens <= now_microseconds)
}

/// # Errors
/// Forbidden before the week opens.
pub fn require_open(schedule: &WeekSchedule, member: &Member, now_microseconds: i64) -> Result<()> {
    if is_open(schedule, member, now_microseconds) {
        return Ok(());
    }
    Err(ApiError::forbidden("this week is not open yet; the list of lessons says when it opens"))
}

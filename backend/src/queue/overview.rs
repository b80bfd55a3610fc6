//! The queue as people look at it: what runs, what comes next and what waits.

use sea_orm::{ConnectionTrait, QueryResult, Value};
use shared::api::jobs::JobState;
use shared::api::queue::{Queue, QueueEntry, QueuePart};
use shared::ids::{CohortId, JobId, UserId};

use super::reservations;
use super::waits::{Queued, Situation};
use crate::config::QueueConfig;
use crate::db;
use crate::error::Result;
use crate::names;

/// Queued jobs with the place at which each would be claimed if no job ended meanwhile: by priority, then whoever
/// runs fewer jobs, the ones before it in this list counted as running.
const IN_ORDER: &str = "(SELECT turns.*, ROW_NUMBER() OVER (ORDER BY turns.priority DESC, turns.turn, turns.run_at, \
        turns.id) AS place \
    FROM (SELECT jobs.*, COALESCE(running.jobs, 0) + ROW_NUMBER() OVER (PARTITION BY jobs.owner_id \
            ORDER BY jobs.priority DESC, jobs.run_at, jobs.id) AS turn \
        FROM jobs LEFT JOIN (SELECT owner_id, COUNT(*) AS jobs FROM jobs WHERE state = 'running' \
            GROUP BY owner_id) AS running ON running.owner_id = jobs.owner_id \
        WHERE jobs.state = 'queued') AS turns)";

/// Of all classes, or of one.
pub async fn read(
    connection: &impl ConnectionTrait,
    config: &QueueConfig,
    cohort: Option<CohortId>,
    limit: i64,
) -> Result<Queue> {
    let situation = Situation::read(connection, config).await?;
    let mut parts = Vec::with_capacity(3);
    for state in [JobState::Running, JobState::Queued, JobState::Waiting] {
        parts.push(part(connection, &situation, state, cohort, limit).await?);
    }
    let reservations = reservations::list(connection).await?;
    let mut next = || parts.remove(0);
    Ok(Queue { running: next(), queued: next(), waiting: next(), reservations })
}

async fn part(
    connection: &impl ConnectionTrait,
    situation: &Situation,
    state: JobState,
    cohort: Option<CohortId>,
    limit: i64,
) -> Result<QueuePart> {
    let mut values: Vec<Value> = vec![state.as_str().into()];
    let mut condition = "jobs.state = $1".to_owned();
    if let Some(cohort) = cohort {
        condition.push_str(" AND jobs.cohort_id = $2");
        values.push(cohort.0.into());
    }
    let sql = format!("SELECT COUNT(*) FROM jobs WHERE {condition}");
    let count: i64 = db::one(connection, &sql, values.clone()).await?;
    let (source, place, order) = match state {
        JobState::Queued => (IN_ORDER, "jobs.place", "jobs.place"),
        JobState::Running => ("jobs", "NULL", "attempts.started_at, jobs.id"),
        _ => ("jobs", "NULL", "jobs.id"),
    };
    values.push(limit.into());
    let sql = format!(
        "SELECT jobs.id, jobs.name, jobs.owner_id, users.name, jobs.cohort_id, cohorts.name, jobs.state, \
             jobs.priority, jobs.attempt, jobs.cancel_requested, workers.name, jobs.created_at, attempts.started_at, \
             jobs.run_at, jobs.memory_bytes, CAST({place} AS BIGINT) \
         FROM {source} AS jobs JOIN users ON users.id = jobs.owner_id \
         JOIN cohorts ON cohorts.id = jobs.cohort_id LEFT JOIN workers ON workers.id = jobs.lease_worker_id \
         LEFT JOIN attempts ON attempts.job_id = jobs.id AND attempts.attempt = jobs.attempt \
         WHERE {condition} ORDER BY {order} LIMIT ${}",
        values.len()
    );
    let rows = db::rows(connection, &sql, values).await?;
    let jobs = rows.iter().map(|row| entry(row, situation)).collect::<Result<_>>()?;
    Ok(QueuePart { count: count as u64, jobs })
}

fn entry(row: &QueryResult, situation: &Situation) -> Result<QueueEntry> {
    let state: JobState = names::from_text(&row.try_get_by::<String, _>(6)?)?;
    let (owner, cohort): (i64, i64) = (row.try_get_by(2)?, row.try_get_by(4)?);
    let queued =
        Queued { owner, cohort, run_at_microseconds: row.try_get_by(13)?, memory_bytes: row.try_get_by(14)? };
    let started: Option<i64> = row.try_get_by(12)?;
    Ok(QueueEntry {
        job_id: JobId(row.try_get_by(0)?),
        name: row.try_get_by(1)?,
        owner: UserId(owner),
        owner_name: row.try_get_by(3)?,
        cohort_id: CohortId(cohort),
        cohort_name: row.try_get_by(5)?,
        state,
        place: row.try_get_by::<Option<i64>, _>(15)?.map(|place| place as u64),
        priority: row.try_get_by::<i64, _>(7)? as i32,
        attempt: row.try_get_by::<i64, _>(8)? as u32,
        cancel_requested: row.try_get_by(9)?,
        worker_name: row.try_get_by(10)?,
        waits_for: if state == JobState::Queued { situation.of(queued) } else { None },
        created_at_microseconds: row.try_get_by(11)?,
        attempt_started_at_microseconds: started.filter(|_| state == JobState::Running),
    })
}

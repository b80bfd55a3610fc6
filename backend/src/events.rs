//! The streams of the jobs' events. The server numbers them at append, so that a stream has neither
//! gaps nor doubles; the job's row is locked meanwhile.

use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};
use shared::api::ErrorCode;
use shared::events::{AttemptEvent, JobEvent, StreamEvent};
use shared::ids::JobId;
use shared::spec::Problems;

use crate::access::LeaseHolder;
use crate::app::App;
use crate::error::{ApiError, Result};
use crate::queue::lease;
use crate::{class, db};

const BATCH_LIMIT_EVENTS: usize = 1000;
const EVENT_LIMIT_BYTES: usize = 64 << 10;

/// An event of the server itself.
pub async fn append_own(transaction: &DatabaseTransaction, job: JobId, event: &JobEvent) -> Result<()> {
    let sql =
        "UPDATE jobs SET stream_number = stream_number + 1 WHERE id = $1 RETURNING stream_number, attempt";
    let row = db::row(transaction, sql, [job.0.into()]).await?;
    let row = row.ok_or_else(|| ApiError::Bug(format!("no job {job} to append to")))?;
    let (number, attempt): (i64, i64) = (row.try_get_by(0)?, row.try_get_by(1)?);
    let sql = "INSERT INTO events (job_id, stream_number, attempt, at, body) VALUES ($1, $2, $3, {now}, $4)";
    let values = [job.0.into(), number.into(), attempt.into(), serde_json::to_string(event)?.into()];
    db::run(transaction, sql, values).await?;
    Ok(())
}

/// A worker's events; those that are stored already are skipped. Answers the highest number stored.
pub async fn append(app: &App, holder: &LeaseHolder, events: &[AttemptEvent]) -> Result<u64> {
    check(events)?;
    let transaction = db::write(&app.database).await?;
    let held = lease::hold(&transaction, holder, &app.config.queue).await?;
    let sql = "SELECT event_number FROM attempts WHERE job_id = $1 AND attempt = $2";
    let values = [held.job_id.0.into(), i64::from(held.attempt).into()];
    let stored = db::one::<i64>(&transaction, sql, values).await? as u64;
    let fresh: Vec<&AttemptEvent> = events.iter().filter(|event| event.event_number > stored).collect();
    let Some(last) = fresh.last().map(|event| event.event_number) else {
        transaction.commit().await?;
        return Ok(stored);
    };
    if last - stored != fresh.len() as u64 {
        let message = format!("events up to {stored} are stored; send {} next", stored + 1);
        return Err(ApiError::refused(ErrorCode::EventGap, message));
    }
    let sql = "UPDATE jobs SET stream_number = stream_number + $2 WHERE id = $1 RETURNING stream_number";
    let values = [held.job_id.0.into(), (fresh.len() as i64).into()];
    let first = db::one::<i64>(&transaction, sql, values).await? - fresh.len() as i64 + 1;
    insert(&transaction, holder, first, &fresh).await?;
    class::keep_curve(&transaction, held.job_id, &fresh).await?;
    let sql = "UPDATE attempts SET event_number = $3 WHERE job_id = $1 AND attempt = $2";
    let values = [held.job_id.0.into(), i64::from(held.attempt).into(), (last as i64).into()];
    db::run(&transaction, sql, values).await?;
    transaction.commit().await?;
    app.hints.events_appended(held.job_id);
    Ok(last)
}

fn check(events: &[AttemptEvent]) -> Result<()> {
    if events.len() > BATCH_LIMIT_EVENTS {
        let message = format!("at most {BATCH_LIMIT_EVENTS} events at once");
        return Err(ApiError::too_large(message));
    }
    let mut problems = Problems::default();
    let mut previous: Option<u64> = None;
    for (index, event) in events.iter().enumerate() {
        let field = format!("events.{index}");
        let follows = match previous {
            Some(previous) => previous.checked_add(1) == Some(event.event_number),
            None => event.event_number >= 1,
        };
        let message = "numbers count up from 1 without gaps";
        problems.require(follows, &format!("{field}.event_number"), message);
        previous = Some(event.event_number);
        let own = matches!(event.event, JobEvent::StateChanged { .. } | JobEvent::Estimated { .. });
        problems.require(
            !own,
            &format!("{field}.type"),
            "only the server tells changes of state and estimates",
        );
        let size = serde_json::to_string(&event.event)?.len();
        let message = format!("an event has at most {EVENT_LIMIT_BYTES} bytes; cut the text");
        problems.require(size <= EVENT_LIMIT_BYTES, &field, message);
    }
    // Numbers that do not follow each other are a gap like one towards the stored events.
    let gap = problems.0.iter().any(|problem| problem.field.ends_with("event_number"));
    match problems.into_result() {
        Err(problems) if gap => Err(ApiError::refused(ErrorCode::EventGap, problems.to_string())),
        Err(problems) => Err(ApiError::invalid(problems)),
        Ok(()) => Ok(()),
    }
}

async fn insert(
    transaction: &DatabaseTransaction,
    holder: &LeaseHolder,
    first: i64,
    events: &[&AttemptEvent],
) -> Result<()> {
    let mut rows = Vec::with_capacity(events.len());
    let mut values: Vec<Value> = vec![holder.job_id.0.into(), i64::from(holder.attempt).into()];
    for (index, event) in events.iter().enumerate() {
        let next = values.len() + 1;
        rows.push(format!("($1, ${next}, $2, ${}, {{now}}, ${})", next + 1, next + 2));
        values.push((first + index as i64).into());
        values.push((event.event_number as i64).into());
        values.push(serde_json::to_string(&event.event)?.into());
    }
    let sql = format!(
        "INSERT INTO events (job_id, stream_number, attempt, event_number, at, body) VALUES {}",
        rows.join(", ")
    );
    db::run(transaction, &sql, values).await?;
    Ok(())
}

/// A job's events after a stream number, in order.
pub async fn after(
    connection: &impl ConnectionTrait,
    job: JobId,
    after: u64,
    limit: u32,
) -> Result<Vec<StreamEvent>> {
    let sql = "SELECT stream_number, attempt, at, body FROM events \
               WHERE job_id = $1 AND stream_number > $2 ORDER BY stream_number LIMIT $3";
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let rows = db::rows(connection, sql, [job.0.into(), after.into(), i64::from(limit).into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(StreamEvent {
                stream_number: row.try_get_by::<i64, _>(0)? as u64,
                job_id: job,
                attempt: row.try_get_by::<i64, _>(1)? as u32,
                at_microseconds: row.try_get_by(2)?,
                event: serde_json::from_str(&row.try_get_by::<String, _>(3)?)?,
            })
        })
        .collect()
}

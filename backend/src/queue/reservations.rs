//! Workers that are set apart for a class, for some hours.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DatabaseTransaction};
use shared::api::queue::{CreateReservation, RESERVATION_LIMIT_DAYS, Reservation, ReservedWorker};
use shared::ids::{CohortId, ReservationId, UserId, WorkerId};
use shared::spec::Problems;

use crate::db;
use crate::error::{ApiError, Result};

const WORKERS_LIMIT: usize = 100;
const DAY_MICROSECONDS: i64 = 86_400_000_000;

/// A reservation of this person's. Each worker is set apart for one class at a time.
pub async fn create(
    transaction: &DatabaseTransaction,
    by: UserId,
    request: &CreateReservation,
) -> Result<ReservationId> {
    // Whoever makes another one at the same moment waits, so that no two overlap.
    db::lock(transaction, db::Lock::Claims).await?;
    let (begins, ends) = (request.begins_at_microseconds, request.ends_at_microseconds);
    let workers: BTreeSet<WorkerId> = request.worker_ids.iter().copied().collect();
    let mut problems = Problems::default();
    let message = format!("choose 1 to {WORKERS_LIMIT} workers");
    problems.require((1..=WORKERS_LIMIT).contains(&workers.len()), "worker_ids", message);
    problems.require(begins >= 0, "begins_at_microseconds", "choose a later time");
    problems.require(ends > begins, "ends_at_microseconds", "it must come after the begin");
    let longest = begins.saturating_add(RESERVATION_LIMIT_DAYS * DAY_MICROSECONDS);
    let message = format!("a reservation lasts at most {RESERVATION_LIMIT_DAYS} days");
    problems.require(ends <= longest, "ends_at_microseconds", message);
    let past = ends <= db::now_microseconds(transaction).await?;
    problems.require(!past, "ends_at_microseconds", "choose a time that is not over yet");
    problems.into_result().map_err(ApiError::invalid)?;
    let sql = "SELECT id FROM cohorts WHERE id = $1";
    let cohort: Option<i64> = db::scalar(transaction, sql, [request.cohort_id.0.into()]).await?;
    cohort.ok_or_else(|| ApiError::not_found("cohort"))?;
    for worker in &workers {
        free(transaction, *worker, begins, ends).await?;
    }
    let sql = "INSERT INTO reservations (cohort_id, begins_at, ends_at, created_by, created_at) \
               VALUES ($1, $2, $3, $4, {now}) RETURNING id";
    let values = [request.cohort_id.0.into(), begins.into(), ends.into(), by.0.into()];
    let id: i64 = db::one(transaction, sql, values).await?;
    for worker in &workers {
        let sql = "INSERT INTO reserved_workers (worker_id, reservation_id) VALUES ($1, $2)";
        db::run(transaction, sql, [worker.0.into(), id.into()]).await?;
    }
    Ok(ReservationId(id))
}

/// Refuses a worker that is unknown, revoked, or set apart already within the time.
async fn free(transaction: &DatabaseTransaction, worker: WorkerId, begins: i64, ends: i64) -> Result<()> {
    let sql = "SELECT name FROM workers WHERE id = $1 AND revoked_at IS NULL";
    let name: Option<String> = db::scalar(transaction, sql, [worker.0.into()]).await?;
    let name = name.ok_or_else(|| ApiError::not_found("worker"))?;
    let sql = "SELECT reservations.id FROM reserved_workers \
               JOIN reservations ON reservations.id = reserved_workers.reservation_id \
               WHERE reserved_workers.worker_id = $1 AND begins_at < $3 AND ends_at > $2 LIMIT 1";
    let other: Option<i64> =
        db::scalar(transaction, sql, [worker.0.into(), begins.into(), ends.into()]).await?;
    match other {
        None => Ok(()),
        Some(other) => Err(ApiError::conflict(format!(
            "worker {name} is set apart by reservation {other} within this time; choose another time or cancel that one"
        ))),
    }
}

/// Those that have not ended, soonest first.
pub async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Reservation>> {
    read(connection, "reservations.ends_at > {now}", []).await
}

pub async fn get(connection: &impl ConnectionTrait, id: ReservationId) -> Result<Reservation> {
    let found = read(connection, "reservations.id = $1", [id.0.into()]).await?;
    found.into_iter().next().ok_or_else(|| ApiError::not_found("reservation"))
}

async fn read(
    connection: &impl ConnectionTrait,
    condition: &str,
    values: impl IntoIterator<Item = sea_orm::Value>,
) -> Result<Vec<Reservation>> {
    let sql = format!(
        "SELECT reservations.id, reservations.cohort_id, cohorts.name, reservations.begins_at, \
             reservations.ends_at, workers.id, workers.name \
         FROM reservations JOIN cohorts ON cohorts.id = reservations.cohort_id \
         JOIN reserved_workers ON reserved_workers.reservation_id = reservations.id \
         JOIN workers ON workers.id = reserved_workers.worker_id \
         WHERE {condition} ORDER BY reservations.begins_at, reservations.id, workers.id"
    );
    let mut reservations: Vec<Reservation> = Vec::new();
    for row in db::rows(connection, &sql, values).await? {
        let reservation_id = ReservationId(row.try_get_by(0)?);
        let worker = ReservedWorker { worker_id: WorkerId(row.try_get_by(5)?), name: row.try_get_by(6)? };
        match reservations.last_mut().filter(|last| last.reservation_id == reservation_id) {
            Some(last) => last.workers.push(worker),
            None => reservations.push(Reservation {
                reservation_id,
                cohort_id: CohortId(row.try_get_by(1)?),
                cohort_name: row.try_get_by(2)?,
                workers: vec![worker],
                begins_at_microseconds: row.try_get_by(3)?,
                ends_at_microseconds: row.try_get_by(4)?,
            }),
        }
    }
    Ok(reservations)
}

pub async fn cancel(transaction: &DatabaseTransaction, id: ReservationId) -> Result<()> {
    let sql = "DELETE FROM reservations WHERE id = $1 AND ends_at > {now}";
    match db::run(transaction, sql, [id.0.into()]).await? {
        1 => Ok(()),
        _ => Err(ApiError::not_found("reservation")),
    }
}

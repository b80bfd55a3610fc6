//! The workers that are counted on.

use sea_orm::ConnectionTrait;
use shared::api::workers::Capabilities;

use crate::db;
use crate::error::Result;

/// A worker that neither runs a job nor asked for one within this time is not counted on.
const OF_LATE_MICROSECONDS: i64 = 120_000_000;

/// A worker that takes jobs.
#[derive(Debug)]
pub struct Live {
    /// Nothing where its words cannot be read.
    pub capabilities: Option<Capabilities>,
    pub reserved: Option<Reserved>,
}

/// The class that a worker is set apart for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reserved {
    pub cohort: i64,
    pub until_microseconds: i64,
}

/// Those that asked for work of late or run a job; none that is drained.
pub async fn workers(connection: &impl ConnectionTrait) -> Result<Vec<Live>> {
    let sql = "SELECT workers.capabilities, reserved.cohort_id, reserved.ends_at FROM workers \
               LEFT JOIN (SELECT reserved_workers.worker_id, reservations.cohort_id, reservations.ends_at \
                   FROM reserved_workers JOIN reservations ON reservations.id = reserved_workers.reservation_id \
                   WHERE reservations.begins_at <= {now} AND reservations.ends_at > {now}) AS reserved \
               ON reserved.worker_id = workers.id \
               WHERE workers.revoked_at IS NULL AND workers.drain IS NULL AND workers.capabilities IS NOT NULL \
               AND (workers.seen_at > {now} - $1 OR workers.id IN \
                   (SELECT lease_worker_id FROM jobs WHERE lease_worker_id IS NOT NULL))";
    let rows = db::rows(connection, sql, [OF_LATE_MICROSECONDS.into()]).await?;
    let workers = rows.iter().map(|row| {
        let capabilities: String = row.try_get_by(0)?;
        let cohort: Option<i64> = row.try_get_by(1)?;
        let until: Option<i64> = row.try_get_by(2)?;
        let reserved = cohort.zip(until);
        Ok(Live {
            capabilities: serde_json::from_str(&capabilities).ok(),
            reserved: reserved.map(|(cohort, until_microseconds)| Reserved { cohort, until_microseconds }),
        })
    });
    workers.collect()
}

/// Of the workers that take jobs; nothing in the place of one whose words cannot be read.
pub async fn capabilities(connection: &impl ConnectionTrait) -> Result<Vec<Option<Capabilities>>> {
    Ok(workers(connection).await?.into_iter().map(|worker| worker.capabilities).collect())
}

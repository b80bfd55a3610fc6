//! The workers that are counted on.

use sea_orm::ConnectionTrait;
use shared::api::workers::Capabilities;

use crate::db;
use crate::error::Result;

/// A worker that neither runs a job nor asked for one within this time is not counted on.
const OF_LATE_MICROSECONDS: i64 = 120_000_000;

/// Of the workers that asked for work of late or run a job; nothing in the place of one whose words cannot
/// be read.
pub async fn capabilities(connection: &impl ConnectionTrait) -> Result<Vec<Option<Capabilities>>> {
    let sql = "SELECT capabilities FROM workers WHERE revoked_at IS NULL AND capabilities IS NOT NULL \
               AND (seen_at > {now} - $1 OR id IN \
                   (SELECT lease_worker_id FROM jobs WHERE lease_worker_id IS NOT NULL))";
    let workers: Vec<String> = db::column(connection, sql, [OF_LATE_MICROSECONDS.into()]).await?;
    Ok(workers.iter().map(|text| serde_json::from_str(text).ok()).collect())
}

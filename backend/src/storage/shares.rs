//! Who stores how much, and what the collector will remove.

use sea_orm::ConnectionTrait;
use shared::api::storage::{Disk, LargeArtifact, Storage, StorageOfCohort, StorageOfPerson, Unreferenced};
use shared::ids::{ArtifactId, CohortId, UserId};

use super::collect::REFERENCED;
use crate::app::App;
use crate::config::microseconds;
use crate::error::Result;
use crate::{db, names};

/// Each person's files, each once: as [`super::upload::usage`] counts them for one person.
const FILES_OF_PEOPLE: &str = "SELECT user_id AS owner_id, sha256 FROM blob_grants WHERE user_id IS NOT NULL \
    UNION SELECT jobs.owner_id, blob_grants.sha256 FROM blob_grants JOIN jobs ON jobs.id = blob_grants.job_id \
    UNION SELECT artifacts.owner_id, artifact_files.sha256 FROM artifact_files \
        JOIN artifacts ON artifacts.id = artifact_id WHERE artifacts.deleted_at IS NULL \
    UNION SELECT jobs.owner_id, checkpoint_files.sha256 FROM checkpoint_files \
        JOIN checkpoints ON checkpoints.id = checkpoint_id JOIN jobs ON jobs.id = checkpoints.job_id";

const FILES_OF_COHORTS: &str = "SELECT artifacts.cohort_id, artifact_files.sha256 FROM artifact_files \
        JOIN artifacts ON artifacts.id = artifact_id WHERE artifacts.deleted_at IS NULL \
    UNION SELECT jobs.cohort_id, checkpoint_files.sha256 FROM checkpoint_files \
        JOIN checkpoints ON checkpoints.id = checkpoint_id JOIN jobs ON jobs.id = checkpoints.job_id";

pub async fn read(app: &App, limit: i64) -> Result<Storage> {
    let connection = app.database.read();
    let sql = "SELECT COUNT(*), CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) FROM blobs";
    let row = db::row(connection, sql, []).await?;
    let (mut stored_files, mut stored_bytes) = (0, 0);
    if let Some(row) = row {
        (stored_files, stored_bytes) =
            (row.try_get_by::<i64, _>(0)? as u64, row.try_get_by::<i64, _>(1)? as u64);
    }
    Ok(Storage {
        stored_bytes,
        stored_files,
        disk: disk(app),
        unreferenced: unreferenced(app).await?,
        people: people(connection, limit).await?,
        people_count: db::one::<i64>(connection, "SELECT COUNT(*) FROM users WHERE deleted_at IS NULL", [])
            .await? as u64,
        cohorts: cohorts(connection).await?,
        artifacts: artifacts(connection, limit).await?,
    })
}

fn disk(app: &App) -> Option<Disk> {
    let disk = rustix::fs::statvfs(app.config.data.objects()).ok()?;
    Some(Disk {
        free_bytes: disk.f_bavail.saturating_mul(disk.f_frsize),
        total_bytes: disk.f_blocks.saturating_mul(disk.f_frsize),
    })
}

async fn unreferenced(app: &App) -> Result<Unreferenced> {
    let limits = &app.config.limits;
    let sql = format!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT), MIN(touched_at), MAX(touched_at) \
         FROM blobs WHERE NOT {REFERENCED}"
    );
    let mut found = Unreferenced {
        files: 0,
        size_bytes: 0,
        first_at_microseconds: None,
        last_at_microseconds: None,
        grace_seconds: limits.blob_grace_seconds,
        every_seconds: limits.collect_seconds,
    };
    if let Some(row) = db::row(app.database.read(), &sql, []).await? {
        let grace = microseconds(limits.blob_grace_seconds);
        let after_grace = |touched: Option<i64>| touched.map(|at| at.saturating_add(grace));
        found.files = row.try_get_by::<i64, _>(0)? as u64;
        found.size_bytes = row.try_get_by::<i64, _>(1)? as u64;
        found.first_at_microseconds = after_grace(row.try_get_by(2)?);
        found.last_at_microseconds = after_grace(row.try_get_by(3)?);
    }
    Ok(found)
}

async fn people(connection: &impl ConnectionTrait, limit: i64) -> Result<Vec<StorageOfPerson>> {
    let sql = format!(
        "SELECT users.id, users.name, COALESCE(used.size_bytes, 0) AS used_bytes, users.storage_quota_bytes \
         FROM users LEFT JOIN (SELECT files.owner_id, CAST(SUM(blobs.size_bytes) AS BIGINT) AS size_bytes \
             FROM ({FILES_OF_PEOPLE}) AS files JOIN blobs ON blobs.sha256 = files.sha256 \
             GROUP BY files.owner_id) AS used ON used.owner_id = users.id \
         WHERE users.deleted_at IS NULL ORDER BY used_bytes DESC, users.id LIMIT $1"
    );
    let rows = db::rows(connection, &sql, [limit.into()]).await?;
    let people = rows.iter().map(|row| {
        Ok(StorageOfPerson {
            user_id: UserId(row.try_get_by(0)?),
            name: row.try_get_by(1)?,
            used_bytes: row.try_get_by::<i64, _>(2)? as u64,
            quota_bytes: row.try_get_by::<i64, _>(3)? as u64,
        })
    });
    people.collect()
}

async fn cohorts(connection: &impl ConnectionTrait) -> Result<Vec<StorageOfCohort>> {
    let sql = format!(
        "SELECT cohorts.id, cohorts.name, COALESCE(used.size_bytes, 0) AS used_bytes \
         FROM cohorts LEFT JOIN (SELECT files.cohort_id, CAST(SUM(blobs.size_bytes) AS BIGINT) AS size_bytes \
             FROM ({FILES_OF_COHORTS}) AS files JOIN blobs ON blobs.sha256 = files.sha256 \
             GROUP BY files.cohort_id) AS used ON used.cohort_id = cohorts.id \
         ORDER BY used_bytes DESC, cohorts.id LIMIT 200"
    );
    let rows = db::rows(connection, &sql, []).await?;
    let cohorts = rows.iter().map(|row| {
        Ok(StorageOfCohort {
            cohort_id: CohortId(row.try_get_by(0)?),
            name: row.try_get_by(1)?,
            used_bytes: row.try_get_by::<i64, _>(2)? as u64,
        })
    });
    cohorts.collect()
}

async fn artifacts(connection: &impl ConnectionTrait, limit: i64) -> Result<Vec<LargeArtifact>> {
    let sql = "SELECT artifacts.id, artifacts.kind, artifacts.label, users.name, cohorts.name, \
                   artifacts.size_bytes, artifacts.created_at \
               FROM artifacts JOIN users ON users.id = artifacts.owner_id \
               JOIN cohorts ON cohorts.id = artifacts.cohort_id WHERE artifacts.deleted_at IS NULL \
               ORDER BY artifacts.size_bytes DESC, artifacts.id LIMIT $1";
    let rows = db::rows(connection, sql, [limit.into()]).await?;
    let artifacts = rows.iter().map(|row| {
        Ok(LargeArtifact {
            artifact_id: ArtifactId(row.try_get_by(0)?),
            kind: names::from_text(&row.try_get_by::<String, _>(1)?)?,
            label: row.try_get_by(2)?,
            owner_name: row.try_get_by(3)?,
            cohort_name: row.try_get_by(4)?,
            size_bytes: row.try_get_by::<i64, _>(5)? as u64,
            created_at_microseconds: row.try_get_by(6)?,
        })
    });
    artifacts.collect()
}

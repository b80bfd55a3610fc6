//! The schema that the migrations make, written down per dialect in `tests/schema/`. After a change
//! that is meant: `MITBADAK_UPDATE_SNAPSHOTS=1 cargo test -p backend schema`, and read the difference.

use std::path::{Path, PathBuf};

use migrations::{Migrator, MigratorTrait};
use sea_orm::{DatabaseConnection, DbBackend};

use crate::support::*;

const SQLITE: &str = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' \
    AND name <> 'seaql_migrations' ORDER BY tbl_name, type DESC, name";

const POSTGRES: &str = "SELECT line FROM ( \
    SELECT table_name AS t, 1 AS part, ordinal_position AS n, table_name || '.' || column_name || ' ' || data_type \
        || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END || COALESCE(' DEFAULT ' || column_default, '') \
        || CASE is_identity WHEN 'YES' THEN ' IDENTITY' ELSE '' END AS line \
        FROM information_schema.columns WHERE table_schema = 'public' \
    UNION ALL SELECT conrelid::regclass::text, 2, 0, conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) \
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n' \
    UNION ALL SELECT tablename, 3, 0, indexdef FROM pg_indexes WHERE schemaname = 'public' \
    ) AS lines WHERE t <> 'seaql_migrations' ORDER BY t, part, n, line";

pub async fn of(connection: &DatabaseConnection) -> String {
    let postgres = connection.get_database_backend() == DbBackend::Postgres;
    let sql = if postgres { POSTGRES } else { SQLITE };
    let lines: Vec<String> = backend::db::column(connection, sql, []).await.unwrap();
    // The text of a statement keeps its layout; a line of it that is only indented is no difference.
    let plain = lines.iter().map(|line| line.lines().map(str::trim).collect::<Vec<_>>().join("\n"));
    plain.collect::<Vec<_>>().join("\n") + "\n"
}

async fn schema(house: &House) -> String {
    of(house.app.database.read()).await
}

fn snapshot(kind: Kind) -> PathBuf {
    let name = if kind == Kind::Postgres { "postgres.txt" } else { "sqlite.txt" };
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schema").join(name)
}

/// The schema as it stands in the repository.
pub fn written(kind: Kind) -> String {
    std::fs::read_to_string(snapshot(kind)).unwrap()
}

crate::stories! {
    async fn the_schema_is_the_one_written_down(house: House) {
        let found = schema(&house).await;
        let kind = if house.app.database.is_postgres() { Kind::Postgres } else { Kind::Sqlite };
        if std::env::var_os("MITBADAK_UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(snapshot(kind), &found).unwrap();
        }
        assert_eq!(found, written(kind), "{} is not what the migrations make", snapshot(kind).display());
    }

    async fn migrating_again_changes_nothing(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        let job = learner.import(cohort).await;
        let before = schema(&house).await;
        backend::db::migrate(&house.app.database).await.unwrap();
        assert_eq!(schema(&house).await, before);
        assert_eq!(learner.client.job(job.job_id).await, job);
    }

    async fn the_database_refuses_a_job_in_an_impossible_state(house: House) {
        let (learner, cohort) = house.learner("learner").await;
        learner.import(cohort).await;
        let changes = [
            "state = 'asleep'",
            "state = 'running'",
            "state = 'succeeded'",
            "state = 'failed', ended_at = 1",
            "lease_expires_at = 1",
            "failures = 1",
            "ended_at = 1",
        ];
        for change in changes {
            let transaction = backend::db::write(&house.app.database).await.unwrap();
            let result = backend::db::run(&transaction, &format!("UPDATE jobs SET {change}"), []).await;
            assert!(result.is_err(), "{change}");
        }
    }
}

#[test]
fn every_migration_is_known_by_name() {
    let names: Vec<String> =
        Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    let expected = [
        "m0001_first_house",
        "m0002_published_models",
        "m0003_memory_of_jobs",
        "m0004_course",
        "m0005_people",
        "m0006_machines",
        "m0007_training_curves",
        "m0008_notices",
        "m0009_preferences",
    ];
    assert_eq!(names, expected);
}

//! Workers that leave or are set apart for a class, and how long a class's learners may keep workers busy.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STATEMENTS: &[&str] = &[
    "ALTER TABLE workers ADD COLUMN drain TEXT CHECK (drain IN ('finish', 'now'))",
    // Of the worker, when the attempt began; 0, also for attempts from before this step, counts as one machine.
    "ALTER TABLE attempts ADD COLUMN gpus {integer} NOT NULL DEFAULT 0 CHECK (gpus >= 0)",
    "CREATE INDEX attempts_by_end ON attempts (ended_at)",
    "ALTER TABLE cohorts ADD COLUMN worker_minutes_per_learner {integer} CHECK (worker_minutes_per_learner >= 0)",
    "CREATE TABLE worker_time_grants (
        id {id},
        cohort_id {integer} NOT NULL REFERENCES cohorts (id),
        user_id {integer} NOT NULL REFERENCES users (id),
        minutes {integer} NOT NULL CHECK (minutes >= 1),
        granted_by {integer} REFERENCES users (id),
        granted_at {integer} NOT NULL
    ){options}",
    "CREATE INDEX worker_time_grants_by_user ON worker_time_grants (cohort_id, user_id, granted_at)",
    "CREATE TABLE reservations (
        id {id},
        cohort_id {integer} NOT NULL REFERENCES cohorts (id),
        begins_at {integer} NOT NULL,
        ends_at {integer} NOT NULL,
        created_by {integer} REFERENCES users (id),
        created_at {integer} NOT NULL,
        CHECK (ends_at > begins_at)
    ){options}",
    "CREATE INDEX reservations_by_end ON reservations (ends_at)",
    "CREATE TABLE reserved_workers (
        worker_id {integer} NOT NULL REFERENCES workers (id),
        reservation_id {integer} NOT NULL REFERENCES reservations (id) ON DELETE CASCADE,
        PRIMARY KEY (worker_id, reservation_id)
    ){options}",
    "CREATE INDEX reserved_workers_by_reservation ON reserved_workers (reservation_id)",
];

const UNDO: &[&str] = &[
    "DROP TABLE reserved_workers",
    "DROP TABLE reservations",
    "DROP TABLE worker_time_grants",
    "ALTER TABLE cohorts DROP COLUMN worker_minutes_per_learner",
    "DROP INDEX attempts_by_end",
    "ALTER TABLE attempts DROP COLUMN gpus",
    "ALTER TABLE workers DROP COLUMN drain",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in STATEMENTS {
            let statement = crate::in_dialect(manager.get_database_backend(), statement);
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in UNDO {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

//! People, cohorts, workers, the queue, events and artifacts.
//!
//! Times are microseconds since 1970 by the database's clock; JSON is text; tokens are stored as the
//! SHA-256 of the token, in hexadecimal.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let backend = manager.get_database_backend();
        for statement in PEOPLE.iter().chain(QUEUE).chain(STORAGE) {
            connection.execute_unprepared(&crate::in_dialect(backend, statement)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for table in TABLES.iter().rev() {
            connection.execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        Ok(())
    }
}

/// In an order in which each refers to earlier ones only.
const TABLES: [&str; 20] = [
    "users",
    "cohorts",
    "memberships",
    "sessions",
    "sign_in_tokens",
    "workers",
    "audit_log",
    "pipelines",
    "jobs",
    "job_dependencies",
    "blobs",
    "artifacts",
    "artifact_files",
    "artifact_parents",
    "job_inputs",
    "checkpoints",
    "checkpoint_files",
    "attempts",
    "events",
    "blob_grants",
];

const PEOPLE: &[&str] = &[
    "CREATE TABLE users (
        id {id},
        name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
        operator {boolean} NOT NULL,
        storage_quota_bytes {integer} NOT NULL CHECK (storage_quota_bytes >= 0),
        created_at {integer} NOT NULL
    ){options}",
    "CREATE TABLE cohorts (
        id {id},
        name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 200),
        created_at {integer} NOT NULL
    ){options}",
    "CREATE TABLE memberships (
        user_id {integer} NOT NULL REFERENCES users (id),
        cohort_id {integer} NOT NULL REFERENCES cohorts (id),
        role TEXT NOT NULL CHECK (role IN ('learner', 'assistant', 'instructor')),
        PRIMARY KEY (user_id, cohort_id)
    ){options}",
    "CREATE INDEX memberships_by_cohort ON memberships (cohort_id)",
    "CREATE TABLE sessions (
        token_hash TEXT NOT NULL PRIMARY KEY,
        user_id {integer} NOT NULL REFERENCES users (id),
        created_at {integer} NOT NULL,
        expires_at {integer} NOT NULL
    ){options}",
    "CREATE INDEX sessions_by_user ON sessions (user_id)",
    "CREATE TABLE sign_in_tokens (
        token_hash TEXT NOT NULL PRIMARY KEY,
        user_id {integer} NOT NULL REFERENCES users (id),
        expires_at {integer} NOT NULL,
        used_at {integer}
    ){options}",
    "CREATE TABLE workers (
        id {id},
        name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
        token_hash TEXT NOT NULL UNIQUE,
        revoked_at {integer},
        capabilities TEXT,
        seen_at {integer},
        created_at {integer} NOT NULL
    ){options}",
    "CREATE TABLE audit_log (
        id {id},
        at {integer} NOT NULL,
        user_id {integer} REFERENCES users (id),
        action TEXT NOT NULL,
        subject TEXT NOT NULL
    ){options}",
];

const QUEUE: &[&str] = &[
    "CREATE TABLE pipelines (
        id {id},
        owner_id {integer} NOT NULL REFERENCES users (id),
        cohort_id {integer} NOT NULL REFERENCES cohorts (id),
        title TEXT NOT NULL,
        idempotency_key TEXT NOT NULL,
        created_at {integer} NOT NULL,
        UNIQUE (owner_id, idempotency_key)
    ){options}",
    "CREATE TABLE jobs (
        id {id},
        pipeline_id {integer} REFERENCES pipelines (id),
        name TEXT NOT NULL,
        owner_id {integer} NOT NULL REFERENCES users (id),
        cohort_id {integer} NOT NULL REFERENCES cohorts (id),
        kind TEXT NOT NULL,
        spec_version {integer} NOT NULL,
        spec TEXT NOT NULL,
        purpose TEXT NOT NULL CHECK (purpose IN ('training', 'evaluation')),
        idempotency_key TEXT,
        priority {integer} NOT NULL DEFAULT 0,
        state TEXT NOT NULL,
        reason TEXT,
        attempt {integer} NOT NULL DEFAULT 0 CHECK (attempt >= 0),
        failures {integer} NOT NULL DEFAULT 0 CHECK (failures >= 0),
        failure_limit {integer} NOT NULL CHECK (failure_limit >= 1),
        cancel_requested {boolean} NOT NULL,
        run_at {integer} NOT NULL,
        lease_expires_at {integer},
        lease_worker_id {integer} REFERENCES workers (id),
        stream_number {integer} NOT NULL DEFAULT 0,
        created_at {integer} NOT NULL,
        started_at {integer},
        ended_at {integer},
        UNIQUE (owner_id, idempotency_key),
        CONSTRAINT jobs_state CHECK (state IN ('waiting', 'queued', 'running', 'succeeded', 'failed', 'cancelled')),
        CONSTRAINT jobs_lease CHECK ((state = 'running') = (lease_expires_at IS NOT NULL)),
        CONSTRAINT jobs_lease_worker CHECK ((lease_expires_at IS NULL) = (lease_worker_id IS NULL)),
        CONSTRAINT jobs_ended CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (ended_at IS NOT NULL)),
        CONSTRAINT jobs_reason CHECK (state NOT IN ('failed', 'cancelled') OR reason IS NOT NULL),
        CONSTRAINT jobs_failures CHECK (failures <= attempt AND failures <= failure_limit),
        CONSTRAINT jobs_began CHECK (state <> 'running' OR (attempt >= 1 AND started_at IS NOT NULL))
    ){options}",
    "CREATE INDEX jobs_to_claim ON jobs (state, kind, run_at)",
    "CREATE INDEX jobs_by_lease_end ON jobs (lease_expires_at)",
    "CREATE INDEX jobs_by_owner ON jobs (owner_id, state)",
    "CREATE INDEX jobs_by_cohort ON jobs (cohort_id)",
    "CREATE INDEX jobs_by_pipeline ON jobs (pipeline_id)",
    "CREATE TABLE job_dependencies (
        job_id {integer} NOT NULL REFERENCES jobs (id),
        parent_id {integer} NOT NULL REFERENCES jobs (id),
        PRIMARY KEY (job_id, parent_id),
        CHECK (parent_id < job_id)
    ){options}",
    "CREATE INDEX job_dependencies_by_parent ON job_dependencies (parent_id)",
];

const STORAGE: &[&str] = &[
    "CREATE TABLE blobs (
        sha256 TEXT NOT NULL PRIMARY KEY CHECK (length(sha256) = 64),
        size_bytes {integer} NOT NULL CHECK (size_bytes >= 0),
        touched_at {integer} NOT NULL,
        deleting_since {integer}
    ){options}",
    "CREATE TABLE artifacts (
        id {id},
        kind TEXT NOT NULL,
        purpose TEXT NOT NULL CHECK (purpose IN ('training', 'evaluation')),
        label TEXT NOT NULL,
        owner_id {integer} NOT NULL REFERENCES users (id),
        cohort_id {integer} NOT NULL REFERENCES cohorts (id),
        sha256 TEXT NOT NULL,
        size_bytes {integer} NOT NULL,
        job_id {integer} REFERENCES jobs (id),
        output TEXT,
        code_version TEXT,
        created_at {integer} NOT NULL,
        deleted_at {integer},
        UNIQUE (job_id, output),
        CHECK ((job_id IS NULL) = (output IS NULL))
    ){options}",
    "CREATE INDEX artifacts_by_owner ON artifacts (owner_id)",
    "CREATE TABLE artifact_files (
        artifact_id {integer} NOT NULL REFERENCES artifacts (id),
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        size_bytes {integer} NOT NULL,
        PRIMARY KEY (artifact_id, name)
    ){options}",
    "CREATE INDEX artifact_files_by_sha256 ON artifact_files (sha256)",
    "CREATE TABLE artifact_parents (
        artifact_id {integer} NOT NULL REFERENCES artifacts (id),
        parent_id {integer} NOT NULL REFERENCES artifacts (id),
        PRIMARY KEY (artifact_id, parent_id)
    ){options}",
    "CREATE INDEX artifact_parents_by_parent ON artifact_parents (parent_id)",
    "CREATE TABLE job_inputs (
        job_id {integer} NOT NULL REFERENCES jobs (id),
        name TEXT NOT NULL,
        artifact_id {integer} REFERENCES artifacts (id),
        source_job_id {integer} REFERENCES jobs (id),
        source_output TEXT,
        PRIMARY KEY (job_id, name),
        CHECK (artifact_id IS NOT NULL OR source_job_id IS NOT NULL),
        CHECK ((source_job_id IS NULL) = (source_output IS NULL))
    ){options}",
    "CREATE INDEX job_inputs_by_artifact ON job_inputs (artifact_id)",
    "CREATE INDEX job_inputs_by_source ON job_inputs (source_job_id)",
    "CREATE TABLE checkpoints (
        id {id},
        job_id {integer} NOT NULL REFERENCES jobs (id),
        attempt {integer} NOT NULL,
        step {integer} NOT NULL,
        created_at {integer} NOT NULL,
        UNIQUE (job_id, attempt, step)
    ){options}",
    "CREATE TABLE checkpoint_files (
        checkpoint_id {integer} NOT NULL REFERENCES checkpoints (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL REFERENCES blobs (sha256),
        size_bytes {integer} NOT NULL,
        PRIMARY KEY (checkpoint_id, name)
    ){options}",
    "CREATE INDEX checkpoint_files_by_sha256 ON checkpoint_files (sha256)",
    "CREATE TABLE attempts (
        id {id},
        job_id {integer} NOT NULL REFERENCES jobs (id),
        attempt {integer} NOT NULL CHECK (attempt >= 1),
        worker_id {integer} NOT NULL REFERENCES workers (id),
        token_hash TEXT NOT NULL UNIQUE,
        resume_checkpoint_id {integer} REFERENCES checkpoints (id) ON DELETE SET NULL,
        event_number {integer} NOT NULL DEFAULT 0,
        started_at {integer} NOT NULL,
        ended_at {integer},
        ending TEXT,
        outcome TEXT,
        UNIQUE (job_id, attempt),
        CONSTRAINT attempts_ending CHECK (ending IN ('succeeded', 'failed', 'cancelled', 'given_back', 'lost')),
        CONSTRAINT attempts_ended CHECK ((ended_at IS NULL) = (ending IS NULL))
    ){options}",
    "CREATE INDEX attempts_by_worker ON attempts (worker_id)",
    "CREATE TABLE events (
        job_id {integer} NOT NULL REFERENCES jobs (id),
        stream_number {integer} NOT NULL CHECK (stream_number >= 1),
        attempt {integer} NOT NULL,
        event_number {integer},
        at {integer} NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (job_id, stream_number),
        UNIQUE (job_id, attempt, event_number)
    ){options}",
    "CREATE TABLE blob_grants (
        id {id},
        sha256 TEXT NOT NULL REFERENCES blobs (sha256),
        user_id {integer} REFERENCES users (id),
        job_id {integer} REFERENCES jobs (id),
        attempt {integer},
        created_at {integer} NOT NULL,
        UNIQUE (sha256, user_id),
        UNIQUE (sha256, job_id, attempt),
        CHECK ((user_id IS NULL) <> (job_id IS NULL)),
        CHECK ((job_id IS NULL) = (attempt IS NULL))
    ){options}",
    "CREATE INDEX blob_grants_by_user ON blob_grants (user_id)",
    "CREATE INDEX blob_grants_by_job ON blob_grants (job_id)",
];

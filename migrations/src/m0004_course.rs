//! The course of a cohort: its own versions of lessons, when weeks open and are due, what its learners read
//! and answered, and how that was marked.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 6] =
    ["lesson_versions", "week_schedules", "course_policies", "sections_read", "answers", "set_grades"];

const STATEMENTS: &[&str] = &[
    "CREATE TABLE lesson_versions (
        cohort_id {integer} NOT NULL REFERENCES cohorts (id),
        week {integer} NOT NULL,
        version {integer} NOT NULL CHECK (version >= 1),
        markdown TEXT NOT NULL,
        author_id {integer} REFERENCES users (id),
        created_at {integer} NOT NULL,
        PRIMARY KEY (cohort_id, week, version)
    ){options}",
    "CREATE TABLE week_schedules (
        cohort_id {integer} NOT NULL REFERENCES cohorts (id),
        week {integer} NOT NULL,
        opens_at {integer},
        due_at {integer},
        PRIMARY KEY (cohort_id, week)
    ){options}",
    "CREATE TABLE course_policies (
        cohort_id {integer} NOT NULL PRIMARY KEY REFERENCES cohorts (id),
        policy TEXT NOT NULL
    ){options}",
    "CREATE TABLE sections_read (
        cohort_id {integer} NOT NULL REFERENCES cohorts (id),
        user_id {integer} NOT NULL REFERENCES users (id),
        week {integer} NOT NULL,
        section TEXT NOT NULL,
        read_at {integer} NOT NULL,
        PRIMARY KEY (cohort_id, user_id, week, section)
    ){options}",
    "CREATE INDEX sections_read_by_user ON sections_read (user_id)",
    // `earned` is what the answer itself is worth; attempts and lateness are weighed when it is read.
    "CREATE TABLE answers (
        id {id},
        cohort_id {integer} NOT NULL REFERENCES cohorts (id),
        user_id {integer} NOT NULL REFERENCES users (id),
        week {integer} NOT NULL,
        question TEXT NOT NULL,
        attempt {integer} NOT NULL CHECK (attempt >= 1),
        idempotency_key TEXT NOT NULL,
        given TEXT NOT NULL,
        submitted_at {integer} NOT NULL,
        earned {integer} CHECK (earned >= 0),
        marked_at {integer},
        marked_by {integer} REFERENCES users (id),
        rubric_points TEXT,
        finding TEXT,
        comment TEXT NOT NULL DEFAULT '',
        UNIQUE (cohort_id, user_id, week, question, attempt),
        UNIQUE (user_id, idempotency_key),
        CHECK ((earned IS NULL) = (marked_at IS NULL)),
        CHECK (marked_by IS NULL OR earned IS NOT NULL)
    ){options}",
    "CREATE INDEX answers_by_question ON answers (cohort_id, week, question)",
    "CREATE INDEX answers_to_mark ON answers (cohort_id, marked_at)",
    "CREATE TABLE set_grades (
        cohort_id {integer} NOT NULL REFERENCES cohorts (id),
        user_id {integer} NOT NULL REFERENCES users (id),
        week {integer} NOT NULL,
        points_hundredths {integer} NOT NULL CHECK (points_hundredths >= 0),
        set_by {integer} REFERENCES users (id),
        set_at {integer} NOT NULL,
        PRIMARY KEY (cohort_id, user_id, week)
    ){options}",
    "CREATE INDEX set_grades_by_user ON set_grades (user_id)",
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
        for table in TABLES.iter().rev() {
            manager.get_connection().execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        Ok(())
    }
}

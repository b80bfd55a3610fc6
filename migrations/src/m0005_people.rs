//! Passwords, invitations, certificates; classes that are over and accounts that were deleted.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 3] = ["passwords", "invitations", "certificates"];

/// Table and column.
const COLUMNS: [(&str, &str); 3] =
    [("users", "deleted_at"), ("cohorts", "archived_at"), ("sign_in_tokens", "purpose")];

const STATEMENTS: &[&str] = &[
    "ALTER TABLE users ADD COLUMN deleted_at {integer}",
    "ALTER TABLE cohorts ADD COLUMN archived_at {integer}",
    "ALTER TABLE sign_in_tokens ADD COLUMN purpose TEXT NOT NULL DEFAULT 'sign_in' \
        CHECK (purpose IN ('sign_in', 'set_password'))",
    "CREATE INDEX sign_in_tokens_by_user ON sign_in_tokens (user_id)",
    "CREATE TABLE passwords (
        user_id {integer} NOT NULL PRIMARY KEY REFERENCES users (id),
        hash TEXT NOT NULL,
        set_at {integer} NOT NULL
    ){options}",
    "CREATE TABLE invitations (
        id {id},
        token_hash TEXT NOT NULL UNIQUE,
        cohort_id {integer} NOT NULL REFERENCES cohorts (id),
        role TEXT NOT NULL CHECK (role IN ('learner', 'assistant', 'instructor')),
        created_by {integer} REFERENCES users (id),
        created_at {integer} NOT NULL,
        expires_at {integer} NOT NULL,
        uses_at_most {integer} NOT NULL CHECK (uses_at_most >= 1),
        uses {integer} NOT NULL DEFAULT 0,
        revoked_at {integer},
        CONSTRAINT invitations_uses CHECK (uses BETWEEN 0 AND uses_at_most)
    ){options}",
    "CREATE INDEX invitations_by_cohort ON invitations (cohort_id)",
    // What a certificate says is what was so when it was issued, but for the name, which is the account's.
    "CREATE TABLE certificates (
        code TEXT NOT NULL PRIMARY KEY CHECK (length(code) = 32),
        user_id {integer} NOT NULL REFERENCES users (id),
        cohort_id {integer} NOT NULL REFERENCES cohorts (id),
        cohort_name TEXT NOT NULL,
        weeks {integer} NOT NULL CHECK (weeks >= 1),
        percent_hundredths {integer} NOT NULL CHECK (percent_hundredths >= 0),
        issued_at {integer} NOT NULL,
        revoked_at {integer},
        UNIQUE (user_id, cohort_id)
    ){options}",
    "CREATE INDEX certificates_by_cohort ON certificates (cohort_id)",
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
        let connection = manager.get_connection();
        for table in TABLES.iter().rev() {
            connection.execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        connection.execute_unprepared("DROP INDEX sign_in_tokens_by_user").await?;
        for (table, column) in COLUMNS.iter().rev() {
            connection.execute_unprepared(&format!("ALTER TABLE {table} DROP COLUMN {column}")).await?;
        }
        Ok(())
    }
}

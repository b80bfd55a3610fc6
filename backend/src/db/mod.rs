//! The database: one write connection and a read pool on SQLite, one pool on PostgreSQL.
//!
//! The same SQL text runs on both: parameters are `$1`, `$2` …, and the few words that differ are
//! written `{now}` (microseconds by the database's clock), `{for_update}` and `{skip_locked}`.
//! SQLite needs no row locks because [`write`] begins IMMEDIATE: there is one writer.
//!
//! Architecture invariant: only [`write`] opens a transaction, and none outlives a request. [`snapshot`] is a
//! command's way of reading everything as it was at one moment.

mod connect;

use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, IsolationLevel,
    QueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, TryGetable, Value,
};

pub use connect::connect;

#[derive(Clone)]
pub struct Database {
    write: DatabaseConnection,
    read: DatabaseConnection,
}

impl Database {
    /// For queries outside a transaction. On SQLite these connections refuse to write.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    pub fn is_postgres(&self) -> bool {
        self.read.get_database_backend() == DbBackend::Postgres
    }

    pub async fn close(&self) -> Result<(), DbErr> {
        self.write.close_by_ref().await?;
        self.read.close_by_ref().await
    }
}

/// Begins the one kind of transaction there is. Dropping it undoes everything.
pub async fn write(database: &Database) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    database.write.begin_with_options(options).await
}

/// What is read in it is of one moment, whatever others write meanwhile. It cannot write.
pub async fn snapshot(database: &Database) -> Result<DatabaseTransaction, DbErr> {
    let mut options = TransactionOptions::default();
    if database.is_postgres() {
        options.isolation_level = Some(IsolationLevel::RepeatableRead);
        options.access_mode = Some(AccessMode::ReadOnly);
    }
    database.read.begin_with_options(options).await
}

/// Waits until no other transaction holds the same lock; it is held until this one ends.
pub async fn lock(transaction: &DatabaseTransaction, lock: Lock) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        let (class, number) = match lock {
            Lock::Claims => (1_i32, 0),
            // A collision of two numbers only makes one wait for the other.
            Lock::Owner(user) => (2, user as i32),
            Lock::Cohort(cohort) => (3, cohort as i32),
            Lock::Operators => (4, 0),
        };
        run(transaction, "SELECT pg_advisory_xact_lock($1, $2)", [class.into(), number.into()]).await?;
    }
    Ok(())
}

/// What [`lock`] serializes. Taken before any row lock, so that there is no deadlock.
#[derive(Debug, Clone, Copy)]
pub enum Lock {
    /// Claims, so that running limits hold.
    Claims,
    /// One person's submissions and uploads, so that queued limits and quotas hold.
    Owner(i64),
    /// A cohort's course, so that versions of a lesson are counted on.
    Cohort(i64),
    /// Who is an operator, so that one is left.
    Operators,
}

fn statement(backend: DbBackend, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    let (now, for_update, skip_locked) = match backend {
        DbBackend::Postgres => (
            "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
            "FOR UPDATE",
            "FOR UPDATE OF jobs SKIP LOCKED",
        ),
        _ => ("CAST(unixepoch('now', 'subsec') * 1000000 AS INTEGER)", "", ""),
    };
    let sql =
        sql.replace("{now}", now).replace("{for_update}", for_update).replace("{skip_locked}", skip_locked);
    Statement::from_sql_and_values(backend, sql, values)
}

/// Runs a statement; the number of rows it changed.
pub async fn run(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, DbErr> {
    let statement = statement(connection.get_database_backend(), sql, values);
    Ok(connection.execute_raw(statement).await?.rows_affected())
}

pub async fn row(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<QueryResult>, DbErr> {
    connection.query_one_raw(statement(connection.get_database_backend(), sql, values)).await
}

pub async fn rows(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<QueryResult>, DbErr> {
    connection.query_all_raw(statement(connection.get_database_backend(), sql, values)).await
}

/// The first column of the first row.
pub async fn scalar<T: TryGetable>(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<T>, DbErr> {
    row(connection, sql, values).await?.map(|row| row.try_get_by(0)).transpose()
}

/// The first column of a query that always answers one row.
pub async fn one<T: TryGetable>(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<T, DbErr> {
    scalar(connection, sql, values).await?.ok_or_else(|| DbErr::RecordNotFound(sql.to_owned()))
}

/// The first column of every row.
pub async fn column<T: TryGetable>(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<T>, DbErr> {
    rows(connection, sql, values).await?.iter().map(|row| row.try_get_by(0)).collect()
}

/// `$first, $first+1, …`, for `IN (…)`.
pub fn placeholders(first: usize, count: usize) -> String {
    let names: Vec<String> = (first..first + count).map(|number| format!("${number}")).collect();
    names.join(", ")
}

/// The database's clock.
pub async fn now_microseconds(connection: &impl ConnectionTrait) -> Result<i64, DbErr> {
    one(connection, "SELECT {now}", []).await
}

/// Brings the schema up to date.
pub async fn migrate(database: &Database) -> Result<(), DbErr> {
    use migrations::MigratorTrait;
    migrations::Migrator::up(&database.write, None).await
}

/// Brings a database of an earlier state to the state after so many migrations.
pub async fn migrate_to(database: &Database, count: usize) -> Result<(), DbErr> {
    use migrations::MigratorTrait;
    let applied = migrations::Migrator::get_applied_migrations(&database.write).await?.len();
    match count.saturating_sub(applied) {
        0 => Ok(()),
        steps => migrations::Migrator::up(&database.write, Some(steps as u32)).await,
    }
}

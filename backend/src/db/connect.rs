//! Opening a database by its URL.

use std::time::Duration;

use sea_orm::{ConnectOptions, DbErr};

use super::Database;

const READ_CONNECTIONS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;

/// Opens `sqlite:PATH` (made when it is missing) or `postgres://…`. Makes no tables.
pub async fn connect(url: &str) -> Result<Database, DbErr> {
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        let mut options = plain(url);
        options.max_connections(POSTGRES_CONNECTIONS);
        let pool = sea_orm::Database::connect(options).await?;
        return Ok(Database { write: pool.clone(), read: pool });
    }
    if !url.starts_with("sqlite:") {
        let message = "the database's URL must begin with sqlite: or postgres:".to_owned();
        return Err(DbErr::Custom(message));
    }
    let mut writer = plain(url);
    writer.max_connections(1).map_sqlx_sqlite_opts(|options| {
        options
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(15))
            .pragma("journal_mode", "WAL")
            // What a worker was told is stored is on the disk.
            .pragma("synchronous", "FULL")
    });
    let write = sea_orm::Database::connect(writer).await?;
    let mut reader = plain(url);
    reader.max_connections(READ_CONNECTIONS).map_sqlx_sqlite_opts(|options| {
        options.busy_timeout(Duration::from_secs(15)).pragma("query_only", "ON")
    });
    let read = sea_orm::Database::connect(reader).await?;
    Ok(Database { write, read })
}

fn plain(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging(false).acquire_timeout(Duration::from_secs(30)).record_stmt_in_spans(false);
    options
}

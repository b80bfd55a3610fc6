//! The databases that the suite runs on: SQLite always, PostgreSQL when `cargo xtask test` (or you)
//! set `MITBADAK_TEST_POSTGRES_URL` to a throwaway cluster.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// The kinds that can be had here.
pub fn available() -> Vec<Kind> {
    if cluster().is_some() {
        return vec![Kind::Sqlite, Kind::Postgres];
    }
    eprintln!("only on SQLite: MITBADAK_TEST_POSTGRES_URL is not set");
    vec![Kind::Sqlite]
}

fn cluster() -> Option<String> {
    std::env::var("MITBADAK_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())
}

/// `--database-url` of a new, empty database; `None` for the SQLite file of the data folder.
pub fn create(kind: Kind) -> Option<String> {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    if kind == Kind::Sqlite {
        return None;
    }
    let cluster = cluster().expect("PostgreSQL was said to be available");
    let name = format!("e2e_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
    let status = Command::new("psql").args([&cluster, "-qc", &format!("CREATE DATABASE {name}")]).status();
    assert!(status.expect("psql starts").success(), "the database {name} could not be made");
    let (server, query) = cluster.split_once('?').unwrap_or((&cluster, ""));
    let (server, _old) = server.rsplit_once('/').expect("a PostgreSQL URL names a database");
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    Some(format!("{server}/{name}{query}"))
}

//! The databases that stories are told on.

use std::future::Future;

use sea_orm::ConnectionTrait;

use super::House;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

fn cluster() -> Option<String> {
    std::env::var("MITBADAK_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())
}

/// Whether this kind can be had here; says so when it cannot.
pub fn available(kind: Kind) -> bool {
    let available = kind == Kind::Sqlite || cluster().is_some();
    if !available {
        eprintln!("not told on PostgreSQL: MITBADAK_TEST_POSTGRES_URL is not set");
    }
    available
}

pub async fn on<F: Future<Output = ()>>(kind: Kind, story: impl FnOnce(House) -> F) {
    if available(kind) {
        story(House::new(kind).await).await;
    }
}

/// The URL of a new, empty database; none for the SQLite file of the data folder.
pub async fn create(kind: Kind) -> Option<String> {
    if kind == Kind::Sqlite {
        return None;
    }
    let cluster = cluster().unwrap();
    let token = backend::tokens::generate(backend::tokens::TokenKind::Lease).unwrap();
    let name = format!("backend_{}", &token[token.len() - 12..]);
    let connection = sea_orm::Database::connect(&cluster).await.unwrap();
    connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    connection.close().await.unwrap();
    let (server, query) = cluster.split_once('?').unwrap_or((&cluster, ""));
    let (server, _) = server.rsplit_once('/').unwrap();
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    Some(format!("{server}/{name}{query}"))
}

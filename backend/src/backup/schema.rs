//! The tables as the database itself describes them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use sea_orm::{ConnectionTrait, DbBackend};

use super::TableColumns;
use crate::db;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    /// Of the primary key, in its order.
    pub key: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Integer,
    Boolean,
    Text,
}

const SQLITE_COLUMNS: &str = "SELECT tables.name, columns.name, columns.type, CAST(columns.pk AS INTEGER) \
    FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns \
    WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%' AND tables.name <> 'seaql_migrations' \
    ORDER BY tables.name, columns.cid";

const POSTGRES_COLUMNS: &str = "SELECT CAST(columns.table_name AS TEXT), CAST(columns.column_name AS TEXT), \
        CAST(columns.data_type AS TEXT), CAST(COALESCE(keys.ordinal_position, 0) AS BIGINT) \
    FROM information_schema.columns AS columns \
    LEFT JOIN (SELECT usage.table_name, usage.column_name, usage.ordinal_position \
        FROM information_schema.key_column_usage AS usage \
        JOIN information_schema.table_constraints AS constraints \
        ON constraints.constraint_schema = usage.constraint_schema \
        AND constraints.constraint_name = usage.constraint_name AND constraints.table_name = usage.table_name \
        WHERE constraints.constraint_type = 'PRIMARY KEY' AND usage.table_schema = 'public') AS keys \
    ON keys.table_name = columns.table_name AND keys.column_name = columns.column_name \
    WHERE columns.table_schema = 'public' AND columns.table_name <> 'seaql_migrations' \
    ORDER BY columns.table_name, columns.ordinal_position";

const SQLITE_REFERENCES: &str = "SELECT tables.name, keys.\"table\" \
    FROM sqlite_master AS tables, pragma_foreign_key_list(tables.name) AS keys WHERE tables.type = 'table'";

const POSTGRES_REFERENCES: &str = "SELECT CAST(CAST(conrelid AS regclass) AS TEXT), CAST(CAST(confrelid AS regclass) AS TEXT) \
    FROM pg_constraint WHERE contype = 'f' AND connamespace = CAST('public' AS regnamespace)";

/// All tables but the migrations' own, those first that others refer to.
pub async fn tables(connection: &impl ConnectionTrait) -> anyhow::Result<Vec<Table>> {
    let postgres = connection.get_database_backend() == DbBackend::Postgres;
    let (columns, references) =
        if postgres { (POSTGRES_COLUMNS, POSTGRES_REFERENCES) } else { (SQLITE_COLUMNS, SQLITE_REFERENCES) };
    let mut tables: BTreeMap<String, (Vec<Column>, BTreeMap<i64, Column>)> = BTreeMap::new();
    for row in db::rows(connection, columns, []).await? {
        let (table, name, type_name): (String, String, String) =
            (row.try_get_by(0)?, row.try_get_by(1)?, row.try_get_by(2)?);
        let kind = match type_name.as_str() {
            "INTEGER" | "bigint" => Kind::Integer,
            "boolean" => Kind::Boolean,
            "TEXT" | "text" => Kind::Text,
            other => bail!("{table}.{name} has the type {other}, which no backup knows"),
        };
        let column = Column { name, kind };
        let (columns, key) = tables.entry(table).or_default();
        let place: i64 = row.try_get_by(3)?;
        if place > 0 {
            key.insert(place, column.clone());
        }
        columns.push(column);
    }
    let mut parents: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in db::rows(connection, references, []).await? {
        let (table, parent): (String, String) = (row.try_get_by(0)?, row.try_get_by(1)?);
        if table != parent {
            parents.entry(table).or_default().insert(parent);
        }
    }
    let mut ordered: Vec<Table> = Vec::with_capacity(tables.len());
    while !tables.is_empty() {
        let waits = |name: &String| {
            parents.get(name).is_some_and(|parents| parents.iter().any(|parent| tables.contains_key(parent)))
        };
        let next = tables.keys().find(|name| !waits(name)).cloned();
        let name = next.context("the tables refer to each other in a circle")?;
        let (columns, key) = tables.remove(&name).unwrap_or_default();
        if key.is_empty() {
            bail!("{name} has no primary key");
        }
        ordered.push(Table { name, columns, key: key.into_values().collect() });
    }
    Ok(ordered)
}

/// As they stand in the archive.
pub fn described(tables: &[Table]) -> Vec<TableColumns> {
    let columns = |table: &Table| table.columns.iter().map(|column| column.name.clone()).collect();
    tables.iter().map(|table| TableColumns { name: table.name.clone(), columns: columns(table) }).collect()
}

/// Names of the migrations that this database has had; none where it is new.
pub async fn migrations(connection: &impl ConnectionTrait) -> anyhow::Result<Vec<String>> {
    let postgres = connection.get_database_backend() == DbBackend::Postgres;
    let sql = if postgres {
        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public' \
         AND table_name = 'seaql_migrations'"
    } else {
        "SELECT COUNT(*) FROM sqlite_master WHERE name = 'seaql_migrations'"
    };
    if db::one::<i64>(connection, sql, []).await? == 0 {
        return Ok(Vec::new());
    }
    Ok(db::column(connection, "SELECT version FROM seaql_migrations ORDER BY version", []).await?)
}

//! Rows as lines of JSON and back: a list of texts and nulls, in the order of the columns. What a text means is said
//! by the column that it goes into, so that a row moves between the kinds of database.

use anyhow::{Context, bail};
use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::schema::{Column, Kind, Table};
use crate::db;

pub type Row = Vec<Option<String>>;

/// Bound values of one statement; SQLite takes 32,766, PostgreSQL 65,535.
const VALUES_LIMIT: usize = 16_000;

/// So many rows after the key of `last`, of those that fit the condition.
pub async fn page(
    connection: &impl ConnectionTrait,
    table: &Table,
    condition: &str,
    last: Option<&Row>,
    limit: u32,
) -> anyhow::Result<Vec<Row>> {
    let texts = table.columns.iter().map(|column| format!("CAST({} AS TEXT)", quoted(&column.name)));
    let key = table.key.iter().map(|column| quoted(&column.name)).collect::<Vec<_>>().join(", ");
    let mut conditions = condition.to_owned();
    let mut values = Vec::new();
    if let Some(last) = last {
        for column in &table.key {
            let at = table.columns.iter().position(|other| other == column);
            let text = at.and_then(|at| last.get(at)).context("a row without its key")?;
            values.push(value(column, text.as_deref())?);
        }
        conditions.push_str(&format!(" AND ({key}) > ({})", db::placeholders(1, values.len())));
    }
    let sql = format!(
        "SELECT {} FROM {} WHERE {conditions} ORDER BY {key} LIMIT {limit}",
        texts.collect::<Vec<_>>().join(", "),
        quoted(&table.name)
    );
    let rows = db::rows(connection, &sql, values).await?;
    rows.iter().map(|row| read(row, table.columns.len())).collect()
}

fn read(row: &QueryResult, columns: usize) -> anyhow::Result<Row> {
    (0..columns).map(|at| Ok(row.try_get_by::<Option<String>, _>(at)?)).collect()
}

/// Adds the rows, in as few statements as the database takes.
pub async fn insert(connection: &impl ConnectionTrait, table: &Table, rows: &[Row]) -> anyhow::Result<()> {
    let columns = table.columns.len();
    let names = table.columns.iter().map(|column| quoted(&column.name)).collect::<Vec<_>>().join(", ");
    for rows in rows.chunks((VALUES_LIMIT / columns).max(1)) {
        let mut values = Vec::with_capacity(rows.len() * columns);
        let mut places = Vec::with_capacity(rows.len());
        for row in rows {
            if row.len() != columns {
                bail!("a row of {} has {} values instead of {columns}", table.name, row.len());
            }
            places.push(format!("({})", db::placeholders(values.len() + 1, columns)));
            for (column, text) in table.columns.iter().zip(row) {
                values.push(value(column, text.as_deref())?);
            }
        }
        let sql = format!("INSERT INTO {} ({names}) VALUES {}", quoted(&table.name), places.join(", "));
        db::run(connection, &sql, values).await?;
    }
    Ok(())
}

fn value(column: &Column, text: Option<&str>) -> anyhow::Result<Value> {
    // SQLite has no type of its own for what is true or not.
    let truth = |text: &str| match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    };
    let value = match (column.kind, text) {
        (Kind::Text, text) => Some(Value::from(text.map(str::to_owned))),
        (Kind::Integer, None) => Some(Value::from(None::<i64>)),
        (Kind::Boolean, None) => Some(Value::from(None::<bool>)),
        (Kind::Integer, Some(text)) => {
            let number = text.parse::<i64>().ok().or_else(|| truth(text).map(i64::from));
            number.map(Value::from)
        }
        (Kind::Boolean, Some(text)) => truth(text).map(Value::from),
    };
    value.with_context(|| format!("{text:?} does not fit into {}", column.name))
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

//! Who did what that cannot be undone. Written in the transaction of the deed.

use sea_orm::{ConnectionTrait, QueryResult, Value};
use shared::api::audit::{AuditLine, AuditList, ListAuditEntries};
use shared::ids::{AuditEntryId, UserId};

use crate::db;
use crate::error::Result;

/// `subject` names rows by number; no secret ever stands in it.
pub async fn record(
    connection: &impl ConnectionTrait,
    user: Option<UserId>,
    action: &str,
    subject: &str,
) -> Result<()> {
    let sql = "INSERT INTO audit_log (at, user_id, action, subject) VALUES ({now}, $1, $2, $3)";
    let values = [user.map(|user| user.0).into(), action.into(), subject.into()];
    db::run(connection, sql, values).await?;
    Ok(())
}

pub async fn list(
    connection: &impl ConnectionTrait,
    request: &ListAuditEntries,
    limit: i64,
) -> Result<AuditList> {
    let mut values: Vec<Value> =
        vec![request.before.map_or(i64::MAX, |before| before.0).into(), (limit + 1).into()];
    let mut conditions = String::new();
    let filters: [(&str, Option<Value>); 4] = [
        ("action =", request.action.as_deref().map(Value::from)),
        ("audit_log.user_id =", request.user_id.map(|user| user.0.into())),
        ("at >=", request.from_microseconds.map(Value::from)),
        ("at <", request.until_microseconds.map(Value::from)),
    ];
    for (condition, value) in filters {
        if let Some(value) = value {
            values.push(value);
            conditions.push_str(&format!(" AND {condition} ${}", values.len()));
        }
    }
    let sql = format!(
        "SELECT audit_log.id, at, audit_log.user_id, users.name, action, subject FROM audit_log \
         LEFT JOIN users ON users.id = audit_log.user_id WHERE audit_log.id < $1{conditions} \
         ORDER BY audit_log.id DESC LIMIT $2"
    );
    let rows = db::rows(connection, &sql, values).await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let line = |row: &QueryResult| {
        Ok(AuditLine {
            entry_id: AuditEntryId(row.try_get_by(0)?),
            at_microseconds: row.try_get_by(1)?,
            user_id: row.try_get_by::<Option<i64>, _>(2)?.map(UserId),
            user_name: row.try_get_by(3)?,
            action: row.try_get_by(4)?,
            subject: row.try_get_by(5)?,
        })
    };
    Ok(AuditList {
        entries: rows.iter().take(shown).map(line).collect::<Result<_>>()?,
        more: rows.len() > shown,
        actions: db::column(connection, "SELECT DISTINCT action FROM audit_log ORDER BY action", []).await?,
    })
}

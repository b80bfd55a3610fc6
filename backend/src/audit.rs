//! Who did what that cannot be undone. Written in the transaction of the deed.

use sea_orm::ConnectionTrait;
use shared::ids::UserId;

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

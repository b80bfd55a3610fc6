//! What people are told about their own things. Each is written in the transaction of the fact.

use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};
use shared::api::jobs::JobState;
use shared::api::notifications::{Notice, Notification, NotificationList};
use shared::ids::{AnnouncementId, CohortId, JobId, NotificationId, UserId};
use shared::spec::JobKind;

use crate::error::Result;
use crate::{db, names};

/// A notification is forgotten this long after it was made.
const KEPT_MICROSECONDS: i64 = 180 * 86_400_000_000;

pub async fn tell(
    transaction: &DatabaseTransaction,
    user: UserId,
    cohort: CohortId,
    notice: &Notice,
) -> Result<()> {
    let sql = "INSERT INTO notifications (user_id, cohort_id, notice, created_at) VALUES ($1, $2, $3, {now})";
    let values = [user.0.into(), cohort.0.into(), serde_json::to_string(notice)?.into()];
    db::run(transaction, sql, values).await?;
    Ok(())
}

/// Everybody in the class but whoever says it.
pub async fn tell_class(
    transaction: &DatabaseTransaction,
    cohort: CohortId,
    author: UserId,
    notice: &Notice,
) -> Result<()> {
    let sql = "INSERT INTO notifications (user_id, cohort_id, notice, created_at) \
               SELECT user_id, cohort_id, CAST($3 AS TEXT), {now} FROM memberships \
               WHERE cohort_id = $1 AND user_id <> $2";
    let values = [cohort.0.into(), author.0.into(), serde_json::to_string(notice)?.into()];
    db::run(transaction, sql, values).await?;
    Ok(())
}

/// The owner of a job that has just ended, where that is worth a word: every failure, and a training that is through.
pub async fn tell_of_end(transaction: &DatabaseTransaction, job: JobId, state: JobState) -> Result<()> {
    let sql = "SELECT owner_id, cohort_id, kind FROM jobs WHERE id = $1";
    let Some(row) = db::row(transaction, sql, [job.0.into()]).await? else { return Ok(()) };
    let job_kind: JobKind = names::from_text(&row.try_get_by::<String, _>(2)?)?;
    let is_worth_it = match state {
        JobState::Failed => true,
        JobState::Succeeded => job_kind == JobKind::Pretrain,
        _ => false,
    };
    if !is_worth_it {
        return Ok(());
    }
    let (owner, cohort) = (UserId(row.try_get_by(0)?), CohortId(row.try_get_by(1)?));
    tell(transaction, owner, cohort, &Notice::JobEnded { job_id: job, job_kind, state }).await
}

/// An announcement that is gone leads nowhere.
pub async fn forget_announcement(
    transaction: &DatabaseTransaction,
    cohort: CohortId,
    id: AnnouncementId,
) -> Result<()> {
    let begin = format!("{{\"kind\":\"announced\",\"announcement_id\":{id},%");
    let sql = "DELETE FROM notifications WHERE cohort_id = $1 AND notice LIKE $2";
    db::run(transaction, sql, [cohort.0.into(), begin.into()]).await?;
    Ok(())
}

pub async fn forget_old(transaction: &DatabaseTransaction) -> Result<()> {
    let sql = "DELETE FROM notifications WHERE created_at < {now} - $1";
    db::run(transaction, sql, [KEPT_MICROSECONDS.into()]).await?;
    Ok(())
}

pub async fn unread(connection: &impl ConnectionTrait, user: UserId) -> Result<u32> {
    let sql = "SELECT COUNT(*) FROM notifications WHERE user_id = $1 AND read_at IS NULL";
    let count: i64 = db::one(connection, sql, [user.0.into()]).await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

pub async fn list(
    connection: &impl ConnectionTrait,
    user: UserId,
    before: Option<NotificationId>,
    limit: i64,
) -> Result<NotificationList> {
    let sql = "SELECT notifications.id, notifications.cohort_id, cohorts.name, notice, notifications.created_at, \
                   read_at IS NOT NULL FROM notifications JOIN cohorts ON cohorts.id = notifications.cohort_id \
               WHERE user_id = $1 AND notifications.id < $2 ORDER BY notifications.id DESC LIMIT $3";
    let before = before.map_or(i64::MAX, |before| before.0);
    let rows = db::rows(connection, sql, [user.0.into(), before.into(), limit.into()]).await?;
    Ok(NotificationList {
        notifications: rows.iter().map(notification).collect::<Result<_>>()?,
        unread: unread(connection, user).await?,
    })
}

/// Everything that is still kept.
pub async fn all(connection: &impl ConnectionTrait, user: UserId) -> Result<Vec<Notification>> {
    Ok(list(connection, user, None, i64::MAX).await?.notifications)
}

fn notification(row: &QueryResult) -> Result<Notification> {
    Ok(Notification {
        notification_id: NotificationId(row.try_get_by(0)?),
        cohort_id: CohortId(row.try_get_by(1)?),
        cohort_name: row.try_get_by(2)?,
        notice: serde_json::from_str(&row.try_get_by::<String, _>(3)?)?,
        created_at_microseconds: row.try_get_by(4)?,
        read: row.try_get_by(5)?,
    })
}

pub async fn mark_read(
    transaction: &DatabaseTransaction,
    user: UserId,
    ids: &[NotificationId],
    up_to: Option<NotificationId>,
) -> Result<()> {
    let mut values: Vec<Value> = vec![user.0.into(), up_to.map_or(0, |up_to| up_to.0).into()];
    let mut named = "id <= $2".to_owned();
    for id in ids {
        values.push(id.0.into());
        named.push_str(&format!(" OR id = ${}", values.len()));
    }
    let sql = format!(
        "UPDATE notifications SET read_at = {{now}} WHERE user_id = $1 AND read_at IS NULL AND ({named})"
    );
    db::run(transaction, &sql, values).await?;
    Ok(())
}

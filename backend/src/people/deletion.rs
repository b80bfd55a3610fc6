//! The end of an account. What is about the person goes at once; numbers that others' work descends from stay, without
//! words: who made a model from a deleted person's dataset still sees that there was one.
//!
//! Architecture invariant: every column that refers to a person has its fate in [`FATES`]; a test compares them with
//! the schema.

use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::Value;
use shared::api::accounts::DeletionEffects;
use shared::api::jobs::JobState;
use shared::ids::{JobId, UserId};
use shared::spec::JobSpec;

use crate::app::App;
use crate::controllers::users;
use crate::error::{ApiError, Result};
use crate::queue::{dependents, transition};
use crate::{audit, db, names};

/// What happens to a row that refers to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is deleted.
    Goes,
    /// It stays and no longer says who.
    Forgets,
    /// It stays as the work of a former member; [`scrub`] takes the words out of it.
    Scrubbed,
}

/// Table, column and fate, in an order in which rows can be deleted.
pub const FATES: &[(&str, &str, Fate)] = &[
    ("sessions", "user_id", Fate::Goes),
    ("sign_in_tokens", "user_id", Fate::Goes),
    ("passwords", "user_id", Fate::Goes),
    ("certificates", "user_id", Fate::Goes),
    ("sections_read", "user_id", Fate::Goes),
    ("answers", "user_id", Fate::Goes),
    ("set_grades", "user_id", Fate::Goes),
    ("invitations", "created_by", Fate::Goes),
    ("memberships", "user_id", Fate::Goes),
    ("blob_grants", "user_id", Fate::Goes),
    ("answers", "marked_by", Fate::Forgets),
    ("set_grades", "set_by", Fate::Forgets),
    ("lesson_versions", "author_id", Fate::Forgets),
    ("audit_log", "user_id", Fate::Forgets),
    ("pipelines", "owner_id", Fate::Scrubbed),
    ("jobs", "owner_id", Fate::Scrubbed),
    ("artifacts", "owner_id", Fate::Scrubbed),
    ("worker_time_grants", "user_id", Fate::Goes),
    ("worker_time_grants", "granted_by", Fate::Forgets),
    ("reservations", "created_by", Fate::Forgets),
    ("announcements", "author_id", Fate::Forgets),
    ("notifications", "user_id", Fate::Goes),
    ("preference_judgements", "user_id", Fate::Goes),
    ("preference_sets", "owner_id", Fate::Goes),
];

const REASON: &str = "the account that it belonged to was deleted";

/// Others' artifacts and jobs that were made from one of `$1`'s.
const USED_BY_OTHERS: &str = "artifacts.id IN ( \
    SELECT artifact_parents.parent_id FROM artifact_parents JOIN artifacts AS child \
        ON child.id = artifact_parents.artifact_id WHERE child.owner_id <> $1 AND child.deleted_at IS NULL \
    UNION SELECT job_inputs.artifact_id FROM job_inputs JOIN jobs ON jobs.id = job_inputs.job_id \
        WHERE jobs.owner_id <> $1 AND job_inputs.artifact_id IS NOT NULL)";

const UNFINISHED: &str = "state IN ('waiting', 'queued', 'running')";

pub async fn effects(connection: &impl ConnectionTrait, user: UserId) -> Result<DeletionEffects> {
    let mine = "artifacts WHERE artifacts.owner_id = $1 AND artifacts.deleted_at IS NULL";
    let used = format!("{mine} AND {USED_BY_OTHERS}");
    let published = "published_models JOIN artifacts ON artifacts.id = published_models.artifact_id \
        WHERE artifacts.owner_id = $1 AND artifacts.deleted_at IS NULL";
    let unfinished = format!("jobs WHERE owner_id = $1 AND {UNFINISHED}");
    Ok(DeletionEffects {
        memberships: count(connection, user, "memberships WHERE user_id = $1").await?,
        answers: count(connection, user, "answers WHERE user_id = $1").await?,
        certificates: count(connection, user, "certificates WHERE user_id = $1").await?,
        published_models: count(connection, user, published).await?,
        artifacts: count(connection, user, mine).await?,
        artifacts_used_by_others: count(connection, user, &used).await?,
        jobs: count(connection, user, "jobs WHERE owner_id = $1").await?,
        unfinished_jobs: count(connection, user, &unfinished).await?,
        is_last_operator: users::is_last_operator(connection, user).await?,
    })
}

async fn count(connection: &impl ConnectionTrait, user: UserId, from: &str) -> Result<u32> {
    let sql = format!("SELECT COUNT(*) FROM {from}");
    let count: i64 = db::one(connection, &sql, [user.0.into()]).await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// # Errors
/// Conflict, for the last operator.
pub async fn delete(app: &App, user: UserId) -> Result<()> {
    let transaction = db::write(&app.database).await?;
    db::lock(&transaction, db::Lock::Operators).await?;
    db::lock(&transaction, db::Lock::Owner(user.0)).await?;
    if users::is_last_operator(&transaction, user).await? {
        let message = "this is the last operator; make somebody else one before you delete the account";
        return Err(ApiError::conflict(message));
    }
    let cancelled = cancel_jobs(&transaction, user).await?;
    scrub(&transaction, user).await?;
    for (table, column, fate) in FATES {
        let sql = match fate {
            Fate::Goes => format!("DELETE FROM {table} WHERE {column} = $1"),
            Fate::Forgets => format!("UPDATE {table} SET {column} = NULL WHERE {column} = $1"),
            Fate::Scrubbed => continue,
        };
        db::run(&transaction, &sql, [user.0.into()]).await?;
    }
    // Where somebody signed in from is told by addresses.
    let sql = "UPDATE audit_log SET subject = $1 WHERE action = 'refuse_sign_in' AND (subject LIKE $2 OR subject LIKE $3)";
    let subject = format!("user {user}");
    let values = [
        subject.clone().into(),
        format!("% of {subject}, from %").into(),
        format!("% of {subject} that is %").into(),
    ];
    db::run(&transaction, sql, values).await?;
    let sql = "UPDATE users SET name = $2, operator = FALSE, storage_quota_bytes = 0, deleted_at = {now} WHERE id = $1";
    db::run(&transaction, sql, [user.0.into(), users::former_name(user).into()]).await?;
    audit::record(&transaction, None, "delete_account", &subject).await?;
    transaction.commit().await?;
    for job in cancelled {
        app.hints.events_appended(job);
    }
    Ok(())
}

/// Everything that has not ended, with what waits for it. A worker that computes one of them is refused at its next
/// report and stops.
async fn cancel_jobs(transaction: &DatabaseTransaction, user: UserId) -> Result<Vec<JobId>> {
    let sql = format!("SELECT id FROM jobs WHERE owner_id = $1 AND {UNFINISHED} ORDER BY id");
    let unfinished: Vec<i64> = db::column(transaction, &sql, [user.0.into()]).await?;
    let mut cancelled = Vec::new();
    for job in unfinished.into_iter().map(JobId) {
        let sql = "SELECT state FROM jobs WHERE id = $1 {for_update}";
        let state: String = db::one(transaction, sql, [job.0.into()]).await?;
        // It may have ended while we waited for its row, or been cancelled with one before.
        if !names::from_text::<JobState>(&state)?.has_ended() {
            transition::cancel(transaction, job, REASON).await?;
            cancelled.push(job);
        }
        cancelled.extend(dependents::cancel(transaction, job, JobState::Cancelled).await?);
    }
    Ok(cancelled)
}

/// Takes the words out of what stays: names, labels, prompts, logs, file names. The bytes go after the collector's grace.
async fn scrub(transaction: &DatabaseTransaction, user: UserId) -> Result<()> {
    let jobs = "(SELECT id FROM jobs WHERE owner_id = $1)";
    let artifacts = "(SELECT id FROM artifacts WHERE owner_id = $1)";
    let files = format!("(SELECT sha256 FROM artifact_files WHERE artifact_id IN {artifacts})");
    let statements = [
        format!("DELETE FROM published_models WHERE artifact_id IN {artifacts}"),
        // The grace period of the bytes begins now.
        format!("UPDATE blobs SET touched_at = {{now}} WHERE sha256 IN {files}"),
        format!("DELETE FROM artifact_files WHERE artifact_id IN {artifacts}"),
        "UPDATE artifacts SET label = '', deleted_at = COALESCE(deleted_at, {now}) WHERE owner_id = $1".to_owned(),
        format!("DELETE FROM blob_grants WHERE job_id IN {jobs}"),
        format!("DELETE FROM checkpoints WHERE job_id IN {jobs}"),
        format!("DELETE FROM events WHERE job_id IN {jobs}"),
        format!("UPDATE attempts SET outcome = NULL WHERE job_id IN {jobs}"),
        "UPDATE pipelines SET title = '', idempotency_key = 'deleted ' || CAST(id AS TEXT) WHERE owner_id = $1"
            .to_owned(),
        // A stream that begins anew has no hole.
        format!(
            "UPDATE jobs SET name = kind, idempotency_key = NULL, stream_number = 0, \
             reason = CASE WHEN reason IS NULL THEN NULL ELSE '{REASON}' END WHERE owner_id = $1"
        ),
    ];
    for sql in statements {
        db::run(transaction, &sql, [user.0.into()]).await?;
    }
    let name: String = db::one(transaction, "SELECT name FROM users WHERE id = $1", [user.0.into()]).await?;
    let sql = "SELECT id, spec FROM jobs WHERE owner_id = $1 ORDER BY id";
    for row in db::rows(transaction, sql, [user.0.into()]).await? {
        let (job, spec): (i64, String) = (row.try_get_by(0)?, row.try_get_by(1)?);
        let values = [job.into(), without_words(&spec, &name)?.into()];
        db::run(transaction, "UPDATE jobs SET spec = $2 WHERE id = $1", values).await?;
    }
    Ok(())
}

/// Fields of specs that hold what a person wrote.
const WORDS: [&str; 8] =
    ["label", "licence_note", "licence", "name", "description", "text_field", "prompts", "prompt"];
const REMOVED: &str = "removed";

/// A spec with its numbers and choices, still one that can be read.
fn without_words(spec: &str, name: &str) -> Result<String> {
    let original: Value = serde_json::from_str(spec)?;
    let mut everywhere = original.clone();
    remove_words(&mut everywhere, Some(name));
    // A name may be a word of ours, for instance of a job kind: then only what people write is taken out.
    if serde_json::from_value::<JobSpec>(everywhere.clone()).is_ok() {
        return Ok(everywhere.to_string());
    }
    let mut written = original;
    remove_words(&mut written, None);
    Ok(written.to_string())
}

fn remove_words(value: &mut Value, name: Option<&str>) {
    match value {
        Value::String(text) if name.is_some_and(|name| text.contains(name)) => *text = REMOVED.to_owned(),
        Value::Array(items) => items.iter_mut().for_each(|item| remove_words(item, name)),
        Value::Object(fields) => {
            for (field, value) in fields {
                if WORDS.contains(&field.as_str()) { blank(value) } else { remove_words(value, name) }
            }
        }
        _ => {}
    }
}

/// Texts and lists of texts; absent ones stay absent.
fn blank(value: &mut Value) {
    match value {
        Value::String(text) => *text = REMOVED.to_owned(),
        Value::Array(items) => items.iter_mut().for_each(blank),
        other => remove_words(other, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spec_without_its_words_is_still_a_spec() {
        let spec = r#"{"kind":"import","sources":[{"input":"text","label":"수진의 일기","licence_note":"수진이 씀"}]}"#;
        let parsed: JobSpec = serde_json::from_str(spec).unwrap();
        for name in ["수진", "import", "t", "{"] {
            let scrubbed = without_words(&serde_json::to_string(&parsed).unwrap(), name).unwrap();
            assert!(!scrubbed.contains("수진"), "{scrubbed}");
            let again: JobSpec = serde_json::from_str(&scrubbed).unwrap();
            assert_eq!(again.kind(), parsed.kind());
        }
    }
}

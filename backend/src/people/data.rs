//! What is stored about a person, for that person.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, QueryResult};
use shared::api::accounts::{
    Account, AuditEntry, MyData, OwnAnnouncement, OwnAnswer, OwnArtifact, OwnCertificate, OwnGrant, OwnJob,
    OwnJudgement, OwnPreferenceSet, OwnPublication, Profile, SectionRead, SessionFacts, SetGrade,
};
use shared::api::certificates::CertificateStanding;
use shared::artifacts::ArtifactFile;
use shared::ids::{AnswerId, ArtifactId, CohortId, JobId, PairId, PreferenceSetId, UserId};

use crate::access::Person;
use crate::controllers::sessions;
use crate::error::{ApiError, Result};
use crate::storage::{checkpoints, upload};
use crate::{db, names, notices};

pub async fn account(connection: &impl ConnectionTrait, person: &Person) -> Result<Account> {
    Ok(Account {
        profile: profile(connection, person.user_id).await?,
        memberships: sessions::memberships(connection, person.user_id).await?,
        sessions: open_sessions(connection, person).await?,
        certificates: certificates(connection, person.user_id).await?,
    })
}

pub async fn everything(connection: &impl ConnectionTrait, person: &Person) -> Result<MyData> {
    let user = person.user_id;
    Ok(MyData {
        exported_at_microseconds: db::now_microseconds(connection).await?,
        profile: profile(connection, user).await?,
        memberships: sessions::memberships(connection, user).await?,
        sessions: open_sessions(connection, person).await?,
        certificates: certificates(connection, user).await?,
        sections_read: sections_read(connection, user).await?,
        answers: answers(connection, user).await?,
        set_grades: set_grades(connection, user).await?,
        jobs: jobs(connection, user).await?,
        artifacts: artifacts(connection, user).await?,
        published_models: publications(connection, user).await?,
        worker_time_grants: grants(connection, user).await?,
        announcements: announcements(connection, user).await?,
        notifications: notices::all(connection, user).await?,
        preference_sets: preference_sets(connection, user).await?,
        judgements: judgements(connection, user).await?,
        audit: audit_entries(connection, user).await?,
    })
}

async fn profile(connection: &impl ConnectionTrait, user: UserId) -> Result<Profile> {
    let sql = "SELECT name, operator, created_at, EXISTS (SELECT 1 FROM passwords WHERE user_id = users.id) \
               FROM users WHERE id = $1";
    let row = db::row(connection, sql, [user.0.into()]).await?.ok_or_else(|| ApiError::not_found("user"))?;
    let usage = upload::usage(connection, user).await?;
    Ok(Profile {
        user_id: user,
        name: row.try_get_by(0)?,
        operator: row.try_get_by(1)?,
        has_password: row.try_get_by(3)?,
        storage_quota_bytes: usage.quota_bytes,
        storage_used_bytes: usage.used_bytes,
        created_at_microseconds: row.try_get_by(2)?,
    })
}

/// The rows of a query about one person.
async fn of<T>(
    connection: &impl ConnectionTrait,
    user: UserId,
    sql: &str,
    read: impl Fn(&QueryResult) -> Result<T>,
) -> Result<Vec<T>> {
    db::rows(connection, sql, [user.0.into()]).await?.iter().map(read).collect()
}

async fn open_sessions(connection: &impl ConnectionTrait, person: &Person) -> Result<Vec<SessionFacts>> {
    let sql = "SELECT token_hash, created_at, expires_at FROM sessions \
               WHERE user_id = $1 AND expires_at > {now} ORDER BY created_at DESC";
    of(connection, person.user_id, sql, |row| {
        Ok(SessionFacts {
            current: row.try_get_by::<String, _>(0)? == person.session_hash,
            created_at_microseconds: row.try_get_by(1)?,
            expires_at_microseconds: row.try_get_by(2)?,
        })
    })
    .await
}

async fn certificates(connection: &impl ConnectionTrait, user: UserId) -> Result<Vec<OwnCertificate>> {
    let sql = "SELECT code, cohort_name, percent_hundredths, issued_at, revoked_at IS NOT NULL FROM certificates \
               WHERE user_id = $1 ORDER BY issued_at";
    of(connection, user, sql, |row| {
        let is_revoked: bool = row.try_get_by(4)?;
        Ok(OwnCertificate {
            code: row.try_get_by(0)?,
            cohort_name: row.try_get_by(1)?,
            percent: row.try_get_by::<i64, _>(2)? as f64 / 100.0,
            issued_at_microseconds: row.try_get_by(3)?,
            standing: if is_revoked { CertificateStanding::Revoked } else { CertificateStanding::Valid },
        })
    })
    .await
}

async fn sections_read(connection: &impl ConnectionTrait, user: UserId) -> Result<Vec<SectionRead>> {
    let sql =
        "SELECT cohort_id, week, section, read_at FROM sections_read WHERE user_id = $1 ORDER BY read_at";
    of(connection, user, sql, |row| {
        Ok(SectionRead {
            cohort_id: CohortId(row.try_get_by(0)?),
            week: row.try_get_by::<i64, _>(1)? as u32,
            section: row.try_get_by(2)?,
            read_at_microseconds: row.try_get_by(3)?,
        })
    })
    .await
}

async fn answers(connection: &impl ConnectionTrait, user: UserId) -> Result<Vec<OwnAnswer>> {
    let sql = "SELECT id, cohort_id, week, question, attempt, given, submitted_at, earned, finding, comment \
               FROM answers WHERE user_id = $1 ORDER BY id";
    of(connection, user, sql, |row| {
        let finding: Option<String> = row.try_get_by(8)?;
        Ok(OwnAnswer {
            answer_id: AnswerId(row.try_get_by(0)?),
            cohort_id: CohortId(row.try_get_by(1)?),
            week: row.try_get_by::<i64, _>(2)? as u32,
            question: row.try_get_by(3)?,
            attempt: row.try_get_by::<i64, _>(4)? as u32,
            given: serde_json::from_str(&row.try_get_by::<String, _>(5)?)?,
            submitted_at_microseconds: row.try_get_by(6)?,
            earned: row.try_get_by::<Option<i64>, _>(7)?.map(|earned| earned as u32),
            finding: finding.map(|finding| serde_json::from_str(&finding)).transpose()?,
            comment: row.try_get_by(9)?,
        })
    })
    .await
}

async fn set_grades(connection: &impl ConnectionTrait, user: UserId) -> Result<Vec<SetGrade>> {
    let sql = "SELECT cohort_id, week, points_hundredths, set_at FROM set_grades WHERE user_id = $1 \
               ORDER BY cohort_id, week";
    of(connection, user, sql, |row| {
        Ok(SetGrade {
            cohort_id: CohortId(row.try_get_by(0)?),
            week: row.try_get_by::<i64, _>(1)? as u32,
            points: row.try_get_by::<i64, _>(2)? as f64 / 100.0,
            set_at_microseconds: row.try_get_by(3)?,
        })
    })
    .await
}

async fn jobs(connection: &impl ConnectionTrait, user: UserId) -> Result<Vec<OwnJob>> {
    let sql = "SELECT jobs.id, jobs.cohort_id, jobs.name, pipelines.title, jobs.state, jobs.spec, jobs.created_at, \
               jobs.ended_at FROM jobs LEFT JOIN pipelines ON pipelines.id = jobs.pipeline_id \
               WHERE jobs.owner_id = $1 ORDER BY jobs.id";
    of(connection, user, sql, |row| {
        Ok(OwnJob {
            job_id: JobId(row.try_get_by(0)?),
            cohort_id: CohortId(row.try_get_by(1)?),
            name: row.try_get_by(2)?,
            pipeline_title: row.try_get_by(3)?,
            state: names::from_text(&row.try_get_by::<String, _>(4)?)?,
            spec: serde_json::from_str(&row.try_get_by::<String, _>(5)?)?,
            created_at_microseconds: row.try_get_by(6)?,
            ended_at_microseconds: row.try_get_by(7)?,
        })
    })
    .await
}

async fn artifacts(connection: &impl ConnectionTrait, user: UserId) -> Result<Vec<OwnArtifact>> {
    let sql = "SELECT artifact_files.name, artifact_files.sha256, artifact_files.size_bytes, artifact_files.artifact_id \
               FROM artifact_files JOIN artifacts ON artifacts.id = artifact_files.artifact_id \
               WHERE artifacts.owner_id = $1 AND artifacts.deleted_at IS NULL ORDER BY artifact_files.name";
    let mut files: BTreeMap<i64, Vec<ArtifactFile>> = BTreeMap::new();
    for row in db::rows(connection, sql, [user.0.into()]).await? {
        files.entry(row.try_get_by(3)?).or_default().push(checkpoints::file(&row)?);
    }
    let sql = "SELECT id, cohort_id, kind, purpose, label, created_at FROM artifacts \
               WHERE owner_id = $1 AND deleted_at IS NULL ORDER BY id";
    of(connection, user, sql, |row| {
        let id: i64 = row.try_get_by(0)?;
        Ok(OwnArtifact {
            artifact_id: ArtifactId(id),
            cohort_id: CohortId(row.try_get_by(1)?),
            kind: names::from_text(&row.try_get_by::<String, _>(2)?)?,
            purpose: names::from_text(&row.try_get_by::<String, _>(3)?)?,
            label: row.try_get_by(4)?,
            files: files.get(&id).cloned().unwrap_or_default(),
            created_at_microseconds: row.try_get_by(5)?,
        })
    })
    .await
}

async fn publications(connection: &impl ConnectionTrait, user: UserId) -> Result<Vec<OwnPublication>> {
    let sql = "SELECT published_models.artifact_id, published_models.name, description, published_at \
               FROM published_models JOIN artifacts ON artifacts.id = published_models.artifact_id \
               WHERE artifacts.owner_id = $1 AND artifacts.deleted_at IS NULL ORDER BY published_at";
    of(connection, user, sql, |row| {
        Ok(OwnPublication {
            artifact_id: ArtifactId(row.try_get_by(0)?),
            name: row.try_get_by(1)?,
            description: row.try_get_by(2)?,
            published_at_microseconds: row.try_get_by(3)?,
        })
    })
    .await
}

async fn announcements(connection: &impl ConnectionTrait, user: UserId) -> Result<Vec<OwnAnnouncement>> {
    let sql =
        "SELECT cohort_id, title, markdown, created_at FROM announcements WHERE author_id = $1 ORDER BY id";
    of(connection, user, sql, |row| {
        Ok(OwnAnnouncement {
            cohort_id: CohortId(row.try_get_by(0)?),
            title: row.try_get_by(1)?,
            markdown: row.try_get_by(2)?,
            created_at_microseconds: row.try_get_by(3)?,
        })
    })
    .await
}

async fn preference_sets(connection: &impl ConnectionTrait, user: UserId) -> Result<Vec<OwnPreferenceSet>> {
    let sql = "SELECT id, cohort_id, title, created_at FROM preference_sets WHERE owner_id = $1 ORDER BY id";
    of(connection, user, sql, |row| {
        Ok(OwnPreferenceSet {
            set_id: PreferenceSetId(row.try_get_by(0)?),
            cohort_id: CohortId(row.try_get_by(1)?),
            title: row.try_get_by(2)?,
            created_at_microseconds: row.try_get_by(3)?,
        })
    })
    .await
}

async fn judgements(connection: &impl ConnectionTrait, user: UserId) -> Result<Vec<OwnJudgement>> {
    let sql = "SELECT set_id, pair_id, choice, milliseconds, judged_at FROM preference_judgements \
               JOIN preference_pairs ON preference_pairs.id = pair_id WHERE user_id = $1 ORDER BY judged_at";
    of(connection, user, sql, |row| {
        Ok(OwnJudgement {
            set_id: PreferenceSetId(row.try_get_by(0)?),
            pair_id: PairId(row.try_get_by(1)?),
            choice: names::from_text(&row.try_get_by::<String, _>(2)?)?,
            seconds: row.try_get_by::<i64, _>(3)? as f64 / 1000.0,
            judged_at_microseconds: row.try_get_by(4)?,
        })
    })
    .await
}

async fn grants(connection: &impl ConnectionTrait, user: UserId) -> Result<Vec<OwnGrant>> {
    let sql = "SELECT cohort_id, minutes, granted_at FROM worker_time_grants WHERE user_id = $1 ORDER BY id";
    of(connection, user, sql, |row| {
        Ok(OwnGrant {
            cohort_id: CohortId(row.try_get_by(0)?),
            minutes: row.try_get_by::<i64, _>(1)? as u32,
            granted_at_microseconds: row.try_get_by(2)?,
        })
    })
    .await
}

async fn audit_entries(connection: &impl ConnectionTrait, user: UserId) -> Result<Vec<AuditEntry>> {
    // Subjects name rows by number: `user 5` must not find `user 55`.
    let sql = "SELECT at, action, subject FROM audit_log WHERE user_id = $1 OR subject = $2 OR subject LIKE $3 \
               OR subject LIKE $4 OR subject LIKE $5 OR subject LIKE $6 OR subject LIKE $7 ORDER BY id";
    let me = format!("user {user}");
    let patterns = [&*me, "{me} %", "{me},%", "{me}:%", "% of {me} %", "% of {me},%"];
    let patterns = patterns.map(|pattern| sea_orm::Value::from(pattern.replace("{me}", &me)));
    let values = [user.0.into()].into_iter().chain(patterns);
    let entry = |row: &QueryResult| {
        Ok(AuditEntry {
            at_microseconds: row.try_get_by(0)?,
            action: row.try_get_by(1)?,
            subject: row.try_get_by(2)?,
        })
    };
    db::rows(connection, sql, values).await?.iter().map(entry).collect()
}

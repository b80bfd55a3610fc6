//! Artifacts: files with a kind, a purpose and a lineage.

use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use sha2::Digest;
use shared::api::artifacts::CreateArtifact;
use shared::api::leases::Output;
use shared::artifacts::{Artifact, ArtifactFile, ArtifactKind, Lineage, Purpose, Sha256};
use shared::ids::{ArtifactId, CohortId, JobId, UserId};
use shared::spec::{JobSpec, Problems};

use super::checkpoints::file;
use super::publications;
use crate::access::Person;
use crate::db;
use crate::error::{ApiError, Result};
use crate::{audit, names};

const FILES_LIMIT: usize = 1000;

/// `$2` is the caller, `$3` whether an operator: owners, the staff of the artifact's cohort, operators.
pub const READABLE_ARTIFACT: &str = "(artifacts.owner_id = $2 OR $3 OR EXISTS (SELECT 1 FROM memberships \
    WHERE memberships.user_id = $2 AND memberships.cohort_id = artifacts.cohort_id \
    AND memberships.role IN ('assistant', 'instructor')))";

/// What a binding needs to know of an artifact.
#[derive(Debug, Clone)]
pub struct Head {
    pub kind: ArtifactKind,
    pub purpose: Purpose,
    pub label: String,
}

/// An artifact that was not deleted.
pub async fn head(connection: &impl ConnectionTrait, id: ArtifactId) -> Result<Option<Head>> {
    let sql = "SELECT kind, purpose, label FROM artifacts WHERE id = $1 AND deleted_at IS NULL";
    db::row(connection, sql, [id.0.into()]).await?.as_ref().map(read_head).transpose()
}

/// The same, if the caller may read it.
pub async fn readable_head(
    connection: &impl ConnectionTrait,
    person: &Person,
    id: ArtifactId,
) -> Result<Option<Head>> {
    let sql = format!(
        "SELECT kind, purpose, label FROM artifacts WHERE id = $1 AND deleted_at IS NULL AND {READABLE_ARTIFACT}"
    );
    let values = [id.0.into(), person.user_id.0.into(), person.operator.into()];
    db::row(connection, &sql, values).await?.as_ref().map(read_head).transpose()
}

fn read_head(row: &QueryResult) -> Result<Head> {
    Ok(Head {
        kind: names::from_text(&row.try_get_by::<String, _>(0)?)?,
        purpose: names::from_text(&row.try_get_by::<String, _>(1)?)?,
        label: row.try_get_by(2)?,
    })
}

pub async fn files(connection: &impl ConnectionTrait, id: ArtifactId) -> Result<Vec<ArtifactFile>> {
    let sql = "SELECT name, sha256, size_bytes FROM artifact_files WHERE artifact_id = $1 ORDER BY name";
    db::rows(connection, sql, [id.0.into()]).await?.iter().map(file).collect()
}

/// The artifact with its files and its lineage; deleted ones are shown as tombstones.
pub async fn get(connection: &impl ConnectionTrait, person: &Person, id: ArtifactId) -> Result<Artifact> {
    let sql = format!(
        "SELECT artifacts.id, artifacts.kind, artifacts.purpose, artifacts.label, artifacts.owner_id, \
         artifacts.cohort_id, artifacts.sha256, artifacts.size_bytes, artifacts.job_id, artifacts.output, \
         artifacts.code_version, artifacts.created_at, artifacts.deleted_at, jobs.spec, \
         published_models.published_at \
         FROM artifacts LEFT JOIN jobs ON jobs.id = artifacts.job_id \
         LEFT JOIN published_models ON published_models.artifact_id = artifacts.id \
         WHERE artifacts.id = $1 AND {READABLE_ARTIFACT}"
    );
    let values = [id.0.into(), person.user_id.0.into(), person.operator.into()];
    let row = db::row(connection, &sql, values).await?.ok_or_else(|| ApiError::not_found("artifact"))?;
    let spec: Option<JobSpec> =
        row.try_get_by::<Option<String>, _>(13)?.map(|spec| serde_json::from_str(&spec)).transpose()?;
    let sql = "SELECT parent_id FROM artifact_parents WHERE artifact_id = $1 ORDER BY parent_id";
    let parents: Vec<i64> = db::column(connection, sql, [id.0.into()]).await?;
    Ok(Artifact {
        artifact_id: id,
        kind: names::from_text(&row.try_get_by::<String, _>(1)?)?,
        purpose: names::from_text(&row.try_get_by::<String, _>(2)?)?,
        label: row.try_get_by(3)?,
        owner: UserId(row.try_get_by(4)?),
        cohort_id: CohortId(row.try_get_by(5)?),
        sha256: Sha256::try_from(row.try_get_by::<String, _>(6)?).map_err(ApiError::Bug)?,
        size_bytes: row.try_get_by::<i64, _>(7)? as u64,
        files: files(connection, id).await?,
        lineage: Lineage {
            parents: parents.into_iter().map(ArtifactId).collect(),
            job_id: row.try_get_by::<Option<i64>, _>(8)?.map(JobId),
            output: row.try_get_by(9)?,
            seed: spec.as_ref().and_then(JobSpec::seed),
            spec,
            code_version: row.try_get_by(10)?,
        },
        created_at_microseconds: row.try_get_by(11)?,
        deleted_at_microseconds: row.try_get_by(12)?,
        published_at_microseconds: row.try_get_by(14)?,
    })
}

/// A source artifact of bytes that this person uploaded.
pub async fn create(
    transaction: &DatabaseTransaction,
    person: &Person,
    request: &CreateArtifact,
) -> Result<ArtifactId> {
    let mut problems = Problems::default();
    let label = request.label.trim();
    problems.require(!label.is_empty() && label.len() <= 400, "label", "use 1 to 400 bytes");
    let count = request.files.len();
    problems.require(
        (1..=FILES_LIMIT).contains(&count),
        "files",
        format!("1 to {FILES_LIMIT} files are needed"),
    );
    let mut files = Vec::new();
    for (index, wanted) in request.files.iter().enumerate() {
        let field = format!("files.{index}");
        let twice = request.files[..index].iter().any(|other| other.name == wanted.name);
        problems.require(!twice, &format!("{field}.name"), "this name stands twice");
        let sql = "SELECT blobs.size_bytes FROM blob_grants JOIN blobs ON blobs.sha256 = blob_grants.sha256 \
                   WHERE blob_grants.user_id = $1 AND blob_grants.sha256 = $2 AND blobs.deleting_since IS NULL";
        let values = [person.user_id.0.into(), wanted.sha256.as_str().into()];
        match db::scalar::<i64>(transaction, sql, values).await? {
            Some(size) => files.push(ArtifactFile {
                name: wanted.name.clone(),
                sha256: wanted.sha256.clone(),
                size_bytes: size as u64,
            }),
            None => problems.require(false, &format!("{field}.sha256"), "you have not uploaded these bytes"),
        }
    }
    problems.into_result().map_err(ApiError::invalid)?;
    let new = New {
        kind: ArtifactKind::Source,
        purpose: request.purpose,
        label,
        owner: person.user_id,
        cohort: request.cohort_id,
        origin: None,
    };
    insert(transaction, new, &files).await
}

/// An output of a job that is about to succeed. One evaluation input makes an evaluation output.
pub async fn register_output(
    transaction: &DatabaseTransaction,
    job: JobId,
    kind: ArtifactKind,
    output: &Output,
    code_version: &str,
) -> Result<ArtifactId> {
    let sql = "SELECT owner_id, cohort_id, name, purpose FROM jobs WHERE id = $1";
    let row = db::row(transaction, sql, [job.0.into()]).await?;
    let row = row.ok_or_else(|| ApiError::not_found("job"))?;
    let sql = "SELECT DISTINCT artifact_id FROM job_inputs WHERE job_id = $1 AND artifact_id IS NOT NULL";
    let parents: Vec<i64> = db::column(transaction, sql, [job.0.into()]).await?;
    let sql = "SELECT COUNT(*) FROM artifacts JOIN job_inputs ON artifact_id = artifacts.id \
               WHERE job_inputs.job_id = $1 AND purpose = 'evaluation'";
    let evaluates = db::one::<i64>(transaction, sql, [job.0.into()]).await? > 0
        || output.purpose == Purpose::Evaluation
        || row.try_get_by::<String, _>(3)? == "evaluation";
    let name: String = row.try_get_by(2)?;
    let label = format!("{name}: {} (job {job})", output.name);
    let new = New {
        kind,
        purpose: if evaluates { Purpose::Evaluation } else { Purpose::Training },
        label: &label,
        owner: UserId(row.try_get_by(0)?),
        cohort: CohortId(row.try_get_by(1)?),
        origin: Some((job, &output.name, code_version)),
    };
    let id = insert(transaction, new, &output.files).await?;
    for parent in parents {
        let sql = "INSERT INTO artifact_parents (artifact_id, parent_id) VALUES ($1, $2)";
        db::run(transaction, sql, [id.0.into(), parent.into()]).await?;
    }
    Ok(id)
}

struct New<'a> {
    kind: ArtifactKind,
    purpose: Purpose,
    label: &'a str,
    owner: UserId,
    cohort: CohortId,
    /// Job, output and code version.
    origin: Option<(JobId, &'a str, &'a str)>,
}

async fn insert(
    transaction: &DatabaseTransaction,
    new: New<'_>,
    files: &[ArtifactFile],
) -> Result<ArtifactId> {
    let size: u64 = files.iter().map(|file| file.size_bytes).sum();
    let sql = "INSERT INTO artifacts (kind, purpose, label, owner_id, cohort_id, sha256, size_bytes, job_id, \
                   output, code_version, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, {now}) RETURNING id";
    let values = [
        names::to_text(&new.kind)?.into(),
        names::to_text(&new.purpose)?.into(),
        new.label.into(),
        new.owner.0.into(),
        new.cohort.0.into(),
        content_sha256(files).into(),
        i64::try_from(size).unwrap_or(i64::MAX).into(),
        new.origin.map(|(job, ..)| job.0).into(),
        new.origin.map(|(_, output, _)| output.to_owned()).into(),
        new.origin.map(|(.., version)| version.to_owned()).into(),
    ];
    let id: i64 = db::one(transaction, sql, values).await?;
    for file in files {
        let sql =
            "INSERT INTO artifact_files (artifact_id, name, sha256, size_bytes) VALUES ($1, $2, $3, $4)";
        let values = [
            id.into(),
            file.name.as_str().into(),
            file.sha256.as_str().into(),
            (file.size_bytes as i64).into(),
        ];
        db::run(transaction, sql, values).await?;
    }
    Ok(ArtifactId(id))
}

/// SHA-256 over the sorted lines `sha256  name`, each ended by a newline, as `sha256sum` prints them.
pub fn content_sha256(files: &[ArtifactFile]) -> String {
    let mut lines: Vec<String> =
        files.iter().map(|file| format!("{}  {}\n", file.sha256, file.name)).collect();
    lines.sort();
    hex::encode(sha2::Sha256::digest(lines.concat()))
}

/// Takes the label and the right to the bytes away; the row stays as a tombstone. Answers the
/// artifacts that were made from it, also indirectly.
pub async fn delete(
    transaction: &DatabaseTransaction,
    person: &Person,
    id: ArtifactId,
) -> Result<Vec<ArtifactId>> {
    let sql = format!(
        "SELECT owner_id, deleted_at FROM artifacts WHERE id = $1 AND {READABLE_ARTIFACT} {{for_update}}"
    );
    let values = [id.0.into(), person.user_id.0.into(), person.operator.into()];
    let row = db::row(transaction, &sql, values).await?.ok_or_else(|| ApiError::not_found("artifact"))?;
    let owner: i64 = row.try_get_by(0)?;
    if owner != person.user_id.0 && !person.operator {
        return Err(ApiError::forbidden("only its owner and operators may delete an artifact"));
    }
    if row.try_get_by::<Option<i64>, _>(1)?.is_none() {
        let sql = "UPDATE artifacts SET deleted_at = {now}, label = '' WHERE id = $1";
        db::run(transaction, sql, [id.0.into()]).await?;
        let sql = "DELETE FROM blob_grants WHERE user_id = $2 \
                   AND sha256 IN (SELECT sha256 FROM artifact_files WHERE artifact_id = $1) \
                   AND sha256 NOT IN (SELECT artifact_files.sha256 FROM artifact_files \
                       JOIN artifacts ON artifacts.id = artifact_id \
                       WHERE artifacts.owner_id = $2 AND artifacts.deleted_at IS NULL)";
        db::run(transaction, sql, [id.0.into(), owner.into()]).await?;
        // The grace period of its bytes begins now.
        let sql = "UPDATE blobs SET touched_at = {now} \
                   WHERE sha256 IN (SELECT sha256 FROM artifact_files WHERE artifact_id = $1)";
        db::run(transaction, sql, [id.0.into()]).await?;
        publications::withdraw(transaction, person, id).await?;
        audit::record(transaction, Some(person.user_id), "delete_artifact", &format!("artifact {id}"))
            .await?;
    }
    let sql = "WITH RECURSIVE below (id) AS ( \
            SELECT artifact_id FROM artifact_parents WHERE parent_id = $1 \
            UNION SELECT artifact_id FROM artifact_parents JOIN below ON parent_id = below.id) \
        SELECT artifacts.id FROM artifacts JOIN below ON below.id = artifacts.id \
        WHERE deleted_at IS NULL ORDER BY artifacts.id";
    let descendants: Vec<i64> = db::column(transaction, sql, [id.0.into()]).await?;
    Ok(descendants.into_iter().map(ArtifactId).collect())
}

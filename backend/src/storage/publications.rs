//! Models that their owners opened to everybody.

use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use shared::api::models::{
    BROWSER_FILES, DESCRIPTION_LIMIT_CHARACTERS, NAME_LIMIT_CHARACTERS, PublishModel, PublishedModel,
    runs_in_a_browser,
};
use shared::artifacts::{Artifact, ArtifactKind};
use shared::ids::ArtifactId;
use shared::spec::Problems;

use super::artifacts;
use crate::access::Person;
use crate::error::{ApiError, Result};
use crate::{audit, db};

/// What is published, and was not deleted meanwhile.
const PUBLISHED: &str = "FROM published_models \
    JOIN artifacts ON artifacts.id = published_models.artifact_id AND artifacts.deleted_at IS NULL \
    JOIN users ON users.id = artifacts.owner_id";

const COLUMNS: &str = "artifacts.id, published_models.name, published_models.description, users.name, \
    artifacts.size_bytes, published_models.published_at";

/// Opens an artifact of the caller's own, or changes its name and description.
pub async fn publish(
    transaction: &DatabaseTransaction,
    person: &Person,
    artifact: &Artifact,
    request: &PublishModel,
) -> Result<()> {
    check(request)?;
    if artifact.kind != ArtifactKind::Model || !runs_in_a_browser(&artifact.files) {
        let files = BROWSER_FILES.join(", ");
        let message = format!("only a model with {files} can be published: choose the output of an export");
        return Err(ApiError::conflict(message));
    }
    let sql = "INSERT INTO published_models (artifact_id, name, description, published_at) \
               VALUES ($1, $2, $3, {now}) ON CONFLICT (artifact_id) \
               DO UPDATE SET name = excluded.name, description = excluded.description";
    let values =
        [artifact.artifact_id.0.into(), request.name.trim().into(), request.description.trim().into()];
    db::run(transaction, sql, values).await?;
    let subject = format!("artifact {}", artifact.artifact_id);
    audit::record(transaction, Some(person.user_id), "publish_model", &subject).await
}

fn check(request: &PublishModel) -> Result<()> {
    let mut problems = Problems::default();
    let (name, description) = (request.name.trim(), request.description.trim());
    problems.require(
        (1..=NAME_LIMIT_CHARACTERS).contains(&name.chars().count()),
        "name",
        format!("use 1 to {NAME_LIMIT_CHARACTERS} characters"),
    );
    problems.require(!name.chars().any(char::is_control), "name", "leave out control characters");
    problems.require(
        description.chars().count() <= DESCRIPTION_LIMIT_CHARACTERS,
        "description",
        format!("use at most {DESCRIPTION_LIMIT_CHARACTERS} characters"),
    );
    problems.require(
        !description.chars().any(|character| character.is_control() && character != '\n'),
        "description",
        "leave out control characters other than new lines",
    );
    problems.into_result().map_err(ApiError::invalid)
}

/// Closes it again, whoever asks. Answers whether it was open.
pub async fn withdraw(transaction: &DatabaseTransaction, person: &Person, id: ArtifactId) -> Result<bool> {
    let sql = "DELETE FROM published_models WHERE artifact_id = $1";
    let was_open = db::run(transaction, sql, [id.0.into()]).await? > 0;
    if was_open {
        audit::record(transaction, Some(person.user_id), "withdraw_model", &format!("artifact {id}")).await?;
    }
    Ok(was_open)
}

pub async fn get(connection: &impl ConnectionTrait, id: ArtifactId) -> Result<PublishedModel> {
    let sql = format!("SELECT {COLUMNS} {PUBLISHED} WHERE published_models.artifact_id = $1");
    let row = db::row(connection, &sql, [id.0.into()]).await?;
    read(connection, &row.ok_or_else(|| ApiError::not_found("published model"))?).await
}

pub async fn list(
    connection: &impl ConnectionTrait,
    before: Option<ArtifactId>,
    limit: i64,
) -> Result<Vec<PublishedModel>> {
    let sql = format!(
        "SELECT {COLUMNS} {PUBLISHED} WHERE published_models.artifact_id < $1 \
         ORDER BY published_models.artifact_id DESC LIMIT $2"
    );
    let values = [before.map_or(i64::MAX, |id| id.0).into(), limit.into()];
    let mut models = Vec::new();
    for row in db::rows(connection, &sql, values).await? {
        models.push(read(connection, &row).await?);
    }
    Ok(models)
}

async fn read(connection: &impl ConnectionTrait, row: &QueryResult) -> Result<PublishedModel> {
    let artifact_id = ArtifactId(row.try_get_by(0)?);
    Ok(PublishedModel {
        artifact_id,
        name: row.try_get_by(1)?,
        description: row.try_get_by(2)?,
        publisher: row.try_get_by(3)?,
        size_bytes: row.try_get_by::<i64, _>(4)? as u64,
        files: artifacts::files(connection, artifact_id).await?,
        published_at_microseconds: row.try_get_by(5)?,
    })
}

/// One file of a published model: name, SHA-256, size.
pub async fn file_row(
    connection: &impl ConnectionTrait,
    id: i64,
    name: String,
) -> Result<Option<QueryResult>> {
    let sql = format!(
        "SELECT artifact_files.name, artifact_files.sha256, artifact_files.size_bytes {PUBLISHED} \
         JOIN artifact_files ON artifact_files.artifact_id = artifacts.id \
         WHERE published_models.artifact_id = $1 AND artifact_files.name = $2"
    );
    Ok(db::row(connection, &sql, [id.into(), name.into()]).await?)
}

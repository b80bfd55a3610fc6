//! Artifacts, for the people who own them.

use sea_orm::Value;
use shared::api::Role;
use shared::api::artifacts::{
    ArtifactList, CreateArtifact, DeleteArtifact, DeletedArtifact, GetArtifact, ListArtifacts, ListRows,
    RowList,
};
use shared::artifacts::Artifact;
use shared::ids::ArtifactId;

use super::page;
use crate::access::{self, Person};
use crate::app::App;
use crate::error::Result;
use crate::storage::{artifacts, rows};
use crate::{db, names};

pub async fn create(app: App, person: Person, request: CreateArtifact) -> Result<Artifact> {
    access::member(&app, person.clone(), request.cohort_id, Role::Learner).await?;
    let transaction = db::write(&app.database).await?;
    db::lock(&transaction, db::Lock::Owner(person.user_id.0)).await?;
    let id = artifacts::create(&transaction, &person, &request).await?;
    let artifact = artifacts::get(&transaction, &person, id).await?;
    transaction.commit().await?;
    Ok(artifact)
}

pub async fn get(app: App, person: Person, request: GetArtifact) -> Result<Artifact> {
    artifacts::get(app.database.read(), &person, request.artifact_id).await
}

pub async fn list(app: App, person: Person, request: ListArtifacts) -> Result<ArtifactList> {
    let mut values: Vec<Value> = vec![
        person.user_id.0.into(),
        request.before.map_or(i64::MAX, |id| id.0).into(),
        page(request.limit, 50, 200).into(),
    ];
    let mut kind = "";
    if let Some(wanted) = request.kind {
        kind = " AND kind = $4";
        values.push(names::to_text(&wanted)?.into());
    }
    let sql = format!(
        "SELECT id FROM artifacts WHERE owner_id = $1 AND id < $2 AND deleted_at IS NULL{kind} ORDER BY id DESC LIMIT $3"
    );
    let ids: Vec<i64> = db::column(app.database.read(), &sql, values).await?;
    let mut list = Vec::with_capacity(ids.len());
    for id in ids {
        list.push(artifacts::get(app.database.read(), &person, ArtifactId(id)).await?);
    }
    Ok(ArtifactList { artifacts: list })
}

pub async fn list_rows(app: App, person: Person, request: ListRows) -> Result<RowList> {
    let artifact = artifacts::get(app.database.read(), &person, request.artifact_id).await?;
    let wanted = rows::Wanted {
        start: request.start.unwrap_or(0),
        limit: page(request.limit, 20, 100) as usize,
        rule: request.rule,
    };
    rows::read(&app, &artifact, wanted).await
}

pub async fn delete(app: App, person: Person, request: DeleteArtifact) -> Result<DeletedArtifact> {
    let transaction = db::write(&app.database).await?;
    let descendants = artifacts::delete(&transaction, &person, request.artifact_id).await?;
    transaction.commit().await?;
    Ok(DeletedArtifact { descendants })
}

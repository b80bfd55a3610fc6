//! Published models: opened by their owners, read by everybody.

use axum::http::request::Parts;
use shared::api::Role;
use shared::api::models::{
    GetPublishedModel, ListPublishedModels, PublishModel, PublishedModel, PublishedModelList, WithdrawModel,
};

use shared::api::sessions::Done;

use super::page;
use crate::access::{self, Person};
use crate::app::App;
use crate::db;
use crate::endpoint::{WithHeaders, plain};
use crate::error::{ApiError, Result};
use crate::storage::{artifacts, publications};

pub async fn publish(app: App, person: Person, request: PublishModel) -> Result<PublishedModel> {
    let transaction = db::write(&app.database).await?;
    let artifact = artifacts::get(&transaction, &person, request.artifact_id).await?;
    if artifact.owner != person.user_id {
        return Err(ApiError::forbidden("only its owner may publish a model"));
    }
    if artifact.deleted_at_microseconds.is_some() {
        return Err(ApiError::not_found("artifact"));
    }
    publications::publish(&transaction, &person, &artifact, &request).await?;
    let published = publications::get(&transaction, request.artifact_id).await?;
    transaction.commit().await?;
    Ok(published)
}

pub async fn withdraw(app: App, person: Person, request: WithdrawModel) -> Result<Done> {
    let artifact = artifacts::get(app.database.read(), &person, request.artifact_id).await?;
    let role = access::role_in(&app, &person, artifact.cohort_id).await?;
    if artifact.owner != person.user_id && role != Some(Role::Instructor) {
        return Err(ApiError::forbidden("only its owner, instructors and operators may withdraw a model"));
    }
    let transaction = db::write(&app.database).await?;
    publications::withdraw(&transaction, &person, request.artifact_id).await?;
    transaction.commit().await?;
    Ok(Done {})
}

pub async fn get(app: App, _: Parts, request: GetPublishedModel) -> Result<WithHeaders<PublishedModel>> {
    Ok(plain(publications::get(app.database.read(), request.artifact_id).await?))
}

pub async fn list(
    app: App,
    _: Parts,
    request: ListPublishedModels,
) -> Result<WithHeaders<PublishedModelList>> {
    let limit = page(request.limit, 50, 100);
    let models = publications::list(app.database.read(), request.before, limit).await?;
    Ok(plain(PublishedModelList { models }))
}

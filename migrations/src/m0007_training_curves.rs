//! A training's loss, thinned, so that a class's curves are drawn without reading every event again.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Trainings from before this step get theirs with their next events.
const CURVES: &str = "CREATE TABLE training_curves (
    job_id {integer} NOT NULL PRIMARY KEY REFERENCES jobs (id),
    curve TEXT NOT NULL
){options}";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, &[CURVES]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, &["DROP TABLE training_curves"]).await
    }
}

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
        let statement = crate::in_dialect(manager.get_database_backend(), CURVES);
        manager.get_connection().execute_unprepared(&statement).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP TABLE training_curves").await.map(drop)
    }
}

//! Models that are open to everybody.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const PUBLISHED_MODELS: &str = "CREATE TABLE published_models (
        artifact_id {integer} NOT NULL PRIMARY KEY REFERENCES artifacts (id),
        name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
        description TEXT NOT NULL CHECK (length(description) <= 2000),
        published_at {integer} NOT NULL
    ){options}";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statement = crate::in_dialect(manager.get_database_backend(), PUBLISHED_MODELS);
        manager.get_connection().execute_unprepared(&statement).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP TABLE published_models").await.map(drop)
    }
}

//! What a job needs of a worker's memory.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// 0, also for jobs from before this step: no worker is too small.
const MEMORY: &str =
    "ALTER TABLE jobs ADD COLUMN memory_bytes {integer} NOT NULL DEFAULT 0 CHECK (memory_bytes >= 0)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statement = crate::in_dialect(manager.get_database_backend(), MEMORY);
        manager.get_connection().execute_unprepared(&statement).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared("ALTER TABLE jobs DROP COLUMN memory_bytes")
            .await
            .map(drop)
    }
}

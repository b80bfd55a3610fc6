//! What a class is told, and what each person is told about their own things.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STATEMENTS: &[&str] = &[
    "CREATE TABLE announcements (
        id {id},
        cohort_id {integer} NOT NULL REFERENCES cohorts (id),
        author_id {integer} REFERENCES users (id),
        title TEXT NOT NULL,
        markdown TEXT NOT NULL,
        pinned {boolean} NOT NULL,
        created_at {integer} NOT NULL,
        edited_at {integer}
    ){options}",
    "CREATE INDEX announcements_by_cohort ON announcements (cohort_id, id)",
    "CREATE TABLE notifications (
        id {id},
        user_id {integer} NOT NULL REFERENCES users (id),
        cohort_id {integer} NOT NULL REFERENCES cohorts (id),
        notice TEXT NOT NULL,
        created_at {integer} NOT NULL,
        read_at {integer}
    ){options}",
    "CREATE INDEX notifications_by_user ON notifications (user_id, id)",
    "CREATE INDEX notifications_unread ON notifications (user_id, read_at)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, STATEMENTS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, &["DROP TABLE notifications", "DROP TABLE announcements"]).await
    }
}

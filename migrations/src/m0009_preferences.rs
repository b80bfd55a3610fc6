//! Pairs of answers, and which of them people find better.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const STATEMENTS: &[&str] = &[
    "CREATE TABLE preference_sets (
        id {id},
        cohort_id {integer} NOT NULL REFERENCES cohorts (id),
        owner_id {integer} NOT NULL REFERENCES users (id),
        title TEXT NOT NULL,
        standing TEXT NOT NULL CHECK (standing IN ('draft', 'open', 'closed')),
        created_at {integer} NOT NULL
    ){options}",
    "CREATE INDEX preference_sets_by_cohort ON preference_sets (cohort_id, id)",
    "CREATE INDEX preference_sets_by_owner ON preference_sets (owner_id)",
    "CREATE TABLE preference_pairs (
        id {id},
        set_id {integer} NOT NULL REFERENCES preference_sets (id) ON DELETE CASCADE,
        place {integer} NOT NULL,
        prompt TEXT NOT NULL,
        a TEXT NOT NULL,
        b TEXT NOT NULL,
        a_from TEXT NOT NULL,
        b_from TEXT NOT NULL,
        UNIQUE (set_id, place)
    ){options}",
    "CREATE TABLE preference_judgements (
        pair_id {integer} NOT NULL REFERENCES preference_pairs (id) ON DELETE CASCADE,
        user_id {integer} NOT NULL REFERENCES users (id),
        choice TEXT NOT NULL CHECK (choice IN ('a', 'b', 'tie', 'neither')),
        a_first {boolean} NOT NULL,
        milliseconds {integer} NOT NULL CHECK (milliseconds >= 0),
        judged_at {integer} NOT NULL,
        PRIMARY KEY (pair_id, user_id)
    ){options}",
    "CREATE INDEX preference_judgements_by_user ON preference_judgements (user_id)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, STATEMENTS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(
            manager,
            &[
                "DROP TABLE preference_judgements",
                "DROP TABLE preference_pairs",
                "DROP TABLE preference_sets",
            ],
        )
        .await
    }
}

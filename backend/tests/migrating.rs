//! A database with people's data in it is brought up to date: every earlier state of the schema, with
//! a row in each of its tables, becomes today's schema with the same rows.

use std::collections::{BTreeMap, BTreeSet};

use backend::db;
use migrations::{Migrator, MigratorTrait};
use sea_orm::DatabaseConnection;

use crate::schema;
use crate::support::{Kind, available, create};

/// A row for each table, by the migration (counted from 1) that makes the table; each refers to
/// earlier rows only. A new table without a row here fails the test.
const ROWS: &[(u32, &str, &str)] = &[
    (1, "users", "(id, name, operator, storage_quota_bytes, created_at) VALUES (1, '수진', TRUE, 1000, 11)"),
    (1, "cohorts", "(id, name, created_at) VALUES (1, '첫째 반', 12)"),
    (1, "memberships", "(user_id, cohort_id, role) VALUES (1, 1, 'instructor')"),
    (1, "sessions", "(token_hash, user_id, created_at, expires_at) VALUES ('s', 1, 13, 14)"),
    (1, "sign_in_tokens", "(token_hash, user_id, expires_at, used_at) VALUES ('t', 1, 15, 16)"),
    (
        1,
        "workers",
        "(id, name, token_hash, capabilities, seen_at, created_at) VALUES (1, 'gpu', 'w', '{}', 17, 18)",
    ),
    (1, "audit_log", "(id, at, user_id, action, subject) VALUES (1, 19, 1, 'sign_in', 'user 1')"),
    (
        1,
        "pipelines",
        "(id, owner_id, cohort_id, title, idempotency_key, created_at) VALUES (1, 1, 1, '길', 'k', 20)",
    ),
    (
        1,
        "jobs",
        "(id, pipeline_id, name, owner_id, cohort_id, kind, spec_version, spec, purpose, idempotency_key, \
         priority, state, reason, attempt, failures, failure_limit, cancel_requested, run_at, lease_expires_at, \
         lease_worker_id, stream_number, created_at, started_at, ended_at) VALUES \
         (1, 1, 'import', 1, 1, 'import', 1, '{\"kind\":\"import\"}', 'training', 'a', 0, 'succeeded', NULL, 1, \
          0, 3, FALSE, 21, NULL, NULL, 4, 22, 23, 24), \
         (2, 1, 'curate', 1, 1, 'curate', 1, '{\"kind\":\"curate\"}', 'evaluation', NULL, 5, 'running', NULL, 2, \
          1, 3, TRUE, 25, 26, 1, 2, 27, 28, NULL), \
         (3, NULL, 'export', 1, 1, 'export', 1, '{\"kind\":\"export\"}', 'training', 'b', 0, 'failed', '끝', 3, \
          3, 3, FALSE, 29, NULL, NULL, 7, 30, 31, 32)",
    ),
    (1, "job_dependencies", "(job_id, parent_id) VALUES (2, 1)"),
    (
        1,
        "blobs",
        "(sha256, size_bytes, touched_at, deleting_since) VALUES \
         ('0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', 7, 33, NULL)",
    ),
    (
        1,
        "artifacts",
        "(id, kind, purpose, label, owner_id, cohort_id, sha256, size_bytes, job_id, output, code_version, \
         created_at, deleted_at) VALUES (1, 'source', 'training', '이야기', 1, 1, 'x', 7, NULL, NULL, NULL, 34, 35), \
         (2, 'dataset', 'training', 'import: dataset', 1, 1, 'y', 7, 1, 'dataset', '0.1', 36, NULL)",
    ),
    (1, "artifact_files", "(artifact_id, name, sha256, size_bytes) VALUES (2, 'data.txt', 'z', 7)"),
    (1, "artifact_parents", "(artifact_id, parent_id) VALUES (2, 1)"),
    (
        1,
        "job_inputs",
        "(job_id, name, artifact_id, source_job_id, source_output) VALUES (1, 'text', 1, NULL, NULL), \
         (2, 'dataset', 2, 1, 'dataset')",
    ),
    (1, "checkpoints", "(id, job_id, attempt, step, created_at) VALUES (1, 2, 1, 40, 37)"),
    (
        1,
        "checkpoint_files",
        "(checkpoint_id, name, sha256, size_bytes) VALUES \
         (1, 'state', '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', 7)",
    ),
    (
        1,
        "attempts",
        "(id, job_id, attempt, worker_id, token_hash, resume_checkpoint_id, event_number, started_at, ended_at, \
         ending, outcome) VALUES (1, 2, 1, 1, 'l', NULL, 3, 38, 39, 'lost', NULL), \
         (2, 2, 2, 1, 'm', 1, 0, 40, NULL, NULL, NULL)",
    ),
    (
        1,
        "events",
        "(job_id, stream_number, attempt, event_number, at, body) VALUES \
         (2, 1, 0, NULL, 41, '{\"type\":\"state_changed\",\"state\":\"queued\",\"reason\":null}')",
    ),
    (
        1,
        "blob_grants",
        "(id, sha256, user_id, job_id, attempt, created_at) VALUES \
         (1, '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', NULL, 2, 2, 42)",
    ),
    (
        2,
        "published_models",
        "(artifact_id, name, description, published_at) VALUES (2, '이야기꾼', '옛이야기', 43)",
    ),
    (
        4,
        "lesson_versions",
        "(cohort_id, week, version, markdown, author_id, created_at) VALUES (1, 1, 1, '## 절', 1, 44)",
    ),
    (4, "week_schedules", "(cohort_id, week, opens_at, due_at) VALUES (1, 1, 45, NULL)"),
    (4, "course_policies", "(cohort_id, policy) VALUES (1, '{}')"),
    (4, "sections_read", "(cohort_id, user_id, week, section, read_at) VALUES (1, 1, 1, '절', 46)"),
    (
        4,
        "answers",
        "(id, cohort_id, user_id, week, question, attempt, idempotency_key, given, submitted_at, earned, marked_at, \
         marked_by, rubric_points, finding, comment) VALUES \
         (1, 1, 1, 1, 'q', 1, 'k', '{}', 47, 2, 48, 1, '[2]', NULL, '좋아요'), \
         (2, 1, 1, 1, 'q', 2, 'l', '{}', 49, NULL, NULL, NULL, NULL, NULL, '')",
    ),
    (
        4,
        "set_grades",
        "(cohort_id, user_id, week, points_hundredths, set_by, set_at) VALUES (1, 1, 2, 850, 1, 50)",
    ),
    (5, "passwords", "(user_id, hash, set_at) VALUES (1, 'argon2id m=1 t=1 p=1 00 00', 51)"),
    (
        5,
        "invitations",
        "(id, token_hash, cohort_id, role, created_by, created_at, expires_at, uses_at_most, uses, revoked_at) VALUES \
         (1, 'i', 1, 'learner', 1, 52, 53, 30, 2, NULL)",
    ),
    (
        5,
        "certificates",
        "(code, user_id, cohort_id, cohort_name, weeks, percent_hundredths, issued_at, revoked_at) VALUES \
         ('0123456789abcdef0123456789abcdef', 1, 1, '첫째 반', 10, 8250, 54, NULL)",
    ),
    (
        6,
        "worker_time_grants",
        "(id, cohort_id, user_id, minutes, granted_by, granted_at) VALUES (1, 1, 1, 30, 1, 51)",
    ),
    (
        6,
        "reservations",
        "(id, cohort_id, begins_at, ends_at, created_by, created_at) VALUES (1, 1, 52, 53, 1, 54)",
    ),
    (6, "reserved_workers", "(worker_id, reservation_id) VALUES (1, 1)"),
    (
        7,
        "training_curves",
        "(job_id, curve) VALUES (1, '{\"points\":[],\"stride\":1,\"latest\":null,\"flat_steps\":0}')",
    ),
    (
        8,
        "announcements",
        "(id, cohort_id, author_id, title, markdown, pinned, created_at, edited_at) VALUES \
         (1, 1, 1, '첫 시간', '**교실**은 301호', TRUE, 55, NULL)",
    ),
    (
        8,
        "notifications",
        "(id, user_id, cohort_id, notice, created_at, read_at) VALUES (1, 1, 1, '{}', 56, NULL)",
    ),
    (
        9,
        "preference_sets",
        "(id, cohort_id, owner_id, title, standing, created_at) VALUES (1, 1, 1, '두 모델', 'open', 57)",
    ),
    (
        9,
        "preference_pairs",
        "(id, set_id, place, prompt, a, b, a_from, b_from) VALUES (1, 1, 0, '수도는?', '서울', '부산', 'sft', 'base')",
    ),
    (
        9,
        "preference_judgements",
        "(pair_id, user_id, choice, a_first, milliseconds, judged_at) VALUES (1, 1, 'a', TRUE, 900, 58)",
    ),
];

/// A database of the migrations' own, so that it can stand at any step of them.
async fn empty(kind: Kind, folder: &tempfile::TempDir) -> DatabaseConnection {
    let file = format!("sqlite:{}?mode=rwc", folder.path().join("old.sqlite").display());
    sea_orm::Database::connect(create(kind).await.unwrap_or(file)).await.unwrap()
}

/// Tables with their columns.
pub async fn columns(connection: &DatabaseConnection, kind: Kind) -> BTreeMap<String, Vec<String>> {
    let sql = match kind {
        Kind::Sqlite => {
            "SELECT tables.name, columns.name FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns \
             WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%' AND tables.name <> 'seaql_migrations' \
             ORDER BY tables.name, columns.cid"
        }
        Kind::Postgres => {
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name <> 'seaql_migrations' \
             ORDER BY table_name, ordinal_position"
        }
    };
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in db::rows(connection, sql, []).await.unwrap() {
        let (table, column): (String, String) = (row.try_get_by(0).unwrap(), row.try_get_by(1).unwrap());
        columns.entry(table).or_default().push(column);
    }
    columns
}

/// Every row of the tables, as far as these columns tell of them.
pub async fn contents(
    connection: &DatabaseConnection,
    columns: &BTreeMap<String, Vec<String>>,
) -> BTreeMap<String, Vec<String>> {
    let mut contents = BTreeMap::new();
    for (table, columns) in columns {
        let texts = columns.iter().map(|name| format!("COALESCE(CAST({name} AS TEXT), 'nothing')"));
        let texts = texts.collect::<Vec<_>>().join(" || ' | ' || ");
        let sql = format!("SELECT {texts} AS line FROM {table} ORDER BY line");
        contents.insert(table.clone(), db::column(connection, &sql, []).await.unwrap());
    }
    contents
}

async fn rows_survive(kind: Kind) {
    if !available(kind) {
        return;
    }
    let steps = Migrator::migrations().len() as u32;
    for step in 1..=steps {
        let folder = tempfile::tempdir().unwrap();
        let connection = empty(kind, &folder).await;
        Migrator::up(&connection, Some(step)).await.unwrap();
        let before = columns(&connection, kind).await;
        for (_, table, row) in ROWS.iter().filter(|(made_by, ..)| *made_by <= step) {
            db::run(&connection, &format!("INSERT INTO {table} {row}"), []).await.unwrap();
        }
        let rows = contents(&connection, &before).await;
        let empty: BTreeSet<&String> =
            rows.iter().filter(|(_, rows)| rows.is_empty()).map(|(table, _)| table).collect();
        assert!(empty.is_empty(), "give these tables a row in ROWS: {empty:?}");

        Migrator::up(&connection, None).await.unwrap();
        assert_eq!(contents(&connection, &before).await, rows, "from step {step}");
        assert_eq!(schema::of(&connection).await, schema::written(kind), "from step {step}");
        connection.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_database_of_any_earlier_state_keeps_its_rows_sqlite() {
    rows_survive(Kind::Sqlite).await;
}

#[tokio::test]
async fn a_database_of_any_earlier_state_keeps_its_rows_postgres() {
    rows_survive(Kind::Postgres).await;
}

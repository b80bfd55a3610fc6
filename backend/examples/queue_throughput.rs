//! Claims and finishes per second, over the router without a network:
//! `cargo run -p backend --example queue_throughput -- --jobs 1000 --workers 4`, on SQLite, or on the
//! database that DATABASE_URL names. The worker's outcome is an error of the user, so that neither
//! uploads nor outputs are measured.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::Context;
use axum::body::Body;
use axum::http::{Request, header};
use backend::app::App;
use backend::command_line::{self, LinkFor};
use backend::config::Config;
use backend::{db, router};
use clap::Parser;
use http_body_util::BodyExt;
use shared::api::leases::{AttemptOutcome, FinishAttempt};
use shared::api::workers::{Capabilities, ClaimJob};
use shared::api::{Endpoint, encoding};
use shared::spec::{JobKind, SPEC_VERSION};
use tower::ServiceExt;

#[derive(Parser)]
struct CommandLine {
    #[arg(long, default_value_t = 1000)]
    jobs: u64,
    #[arg(long, default_value_t = 4)]
    workers: u32,
    #[arg(long, env = "DATABASE_URL")]
    database_url: Option<String>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let command_line = CommandLine::parse();
    let folder = tempfile::tempdir()?;
    let mut config = Config::new(folder.path().to_owned());
    config.data.database_url = command_line.database_url.clone();
    config.queue.running_limit = u32::MAX;
    let app = App::open(config).await?;
    fill(&app, command_line.jobs).await?;
    let finished = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let mut workers = Vec::new();
    for number in 0..command_line.workers {
        let token = command_line::worker_token(&app.database, &format!("worker {number}")).await?.token;
        workers.push(tokio::spawn(work(router::router(app.clone()), token, finished.clone())));
    }
    for worker in workers {
        worker.await??;
    }
    let seconds = started.elapsed().as_secs_f64();
    let count = finished.load(Ordering::Relaxed);
    anyhow::ensure!(count == command_line.jobs, "{count} of {} jobs were finished", command_line.jobs);
    let kind = if app.database.is_postgres() { "PostgreSQL" } else { "SQLite" };
    println!(
        "{kind}: {count} claims and finishes by {} workers in {seconds:.2} s: {:.0} per second",
        command_line.workers,
        count as f64 / seconds
    );
    app.database.close().await?;
    Ok(())
}

/// Queued jobs of one person, written directly: submitting is not what is measured.
async fn fill(app: &App, jobs: u64) -> anyhow::Result<()> {
    let who = LinkFor {
        name: "operator".into(),
        create: true,
        storage_quota_bytes: backend::config::STORAGE_QUOTA_BYTES,
        operator: true,
    };
    command_line::sign_in_link(&app.database, &who, "http://localhost").await?;
    let transaction = db::write(&app.database).await?;
    let user: i64 = db::one(&transaction, "SELECT id FROM users LIMIT 1", []).await?;
    let sql = "INSERT INTO cohorts (name, created_at) VALUES ('class', {now}) RETURNING id";
    let cohort: i64 = db::one(&transaction, sql, []).await?;
    let spec = r#"{"kind":"import","sources":[]}"#;
    for _ in 0..jobs {
        let sql = "INSERT INTO jobs (name, owner_id, cohort_id, kind, spec_version, spec, purpose, state, \
                   failure_limit, cancel_requested, run_at, created_at) \
                   VALUES ('import', $1, $2, 'import', 1, $3, 'training', 'queued', 3, FALSE, {now}, {now})";
        db::run(&transaction, sql, [user.into(), cohort.into(), spec.into()]).await?;
    }
    Ok(transaction.commit().await?)
}

async fn work(router: axum::Router, token: String, finished: Arc<AtomicU64>) -> anyhow::Result<()> {
    let claim = ClaimJob {
        kinds: JobKind::ALL.to_vec(),
        spec_version: SPEC_VERSION,
        capabilities: Capabilities {
            code_version: "benchmark".into(),
            cores: 1,
            memory_bytes: 1,
            free_memory_bytes: 1,
            gpus: Vec::new(),
            driver_version: None,
            cuda: false,
            training_speeds: Vec::new(),
        },
        wait_seconds: 0,
    };
    while let Some(lease) = call(&router, &token, &claim).await?.lease {
        let outcome = AttemptOutcome::FailedForUser { message: "measured".into() };
        call(&router, &lease.token, &FinishAttempt { outcome }).await?;
        finished.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

async fn call<E: Endpoint>(router: &axum::Router, token: &str, request: &E) -> anyhow::Result<E::Reply> {
    let encoded = encoding::encode(request)?;
    let request = Request::builder()
        .method(encoded.method.as_str())
        .uri(encoded.target)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from(encoded.body.unwrap_or_default()))?;
    let response = router.clone().oneshot(request).await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    anyhow::ensure!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).context("the reply cannot be read")
}

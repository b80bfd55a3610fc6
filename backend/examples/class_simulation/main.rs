//! A class at work, against the real server: learners read, answer, submit and watch, workers claim, report and
//! finish (the work itself is fake), an instructor looks on. An hour is compressed into minutes. Afterwards every
//! answer and every event that was acknowledged must be there exactly once.
//!
//! `cargo xtask bench class`, or `cargo run -p backend --example class_simulation -- --learners 200`, on SQLite, or on
//! the empty database that DATABASE_URL names. The server's program must be built.

mod caller;
mod instructor;
mod learner;
mod measure;
mod server;
mod verify;
mod worker;

use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use shared::api::Role;
use shared::api::cohorts::{CreateCohort, SetMember};
use shared::api::users::{CreateSignInLink, CreateUser};
use shared::api::workers::CreateWorker;
use shared::ids::CohortId;

use caller::Caller;
use measure::Record;
use server::Server;

#[derive(Debug, Clone, Parser)]
struct CommandLine {
    #[arg(long, default_value_t = 200)]
    learners: u32,
    #[arg(long, default_value_t = 20)]
    workers: u32,
    /// Of the hour that is compressed.
    #[arg(long, default_value_t = 60.0)]
    minutes: f64,
    /// So many of the class's minutes pass in one.
    #[arg(long, default_value_t = 12.0)]
    compression: f64,
    /// No request may take longer, at the 99th percentile of its endpoint.
    #[arg(long, default_value_t = 1.0)]
    limit_seconds: f64,
    /// No fact may reach the instructor later.
    #[arg(long, default_value_t = 5.0)]
    live_seconds: f64,
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
}

/// What everybody in the simulation knows.
#[derive(Debug)]
struct Class {
    cohort_id: CohortId,
    record: Record,
    /// No new work begins after this.
    ends: Instant,
    /// Seconds of the class in one second.
    compression: f64,
}

impl Class {
    fn is_over(&self) -> bool {
        Instant::now() >= self.ends
    }

    /// Lets so many seconds of the class pass.
    async fn pass(&self, seconds: f64) {
        tokio::time::sleep(Duration::from_secs_f64(seconds / self.compression)).await;
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let command_line = CommandLine::parse();
    let server = Server::start(command_line.database_url.as_deref()).await?;
    let setting_up = Record::default();
    let nobody = Caller::new(&server.url)?;
    let operator = nobody.sign_in(&setting_up, server.operator_token().await?).await?;
    let cohort_id = operator.call(&setting_up, &CreateCohort { name: "class".into() }).await?.cohort_id;
    let mut tokens = Vec::new();
    for number in 0..=command_line.learners {
        // The last one teaches.
        let role = if number == command_line.learners { Role::Instructor } else { Role::Learner };
        let name = format!("{role:?} {number}");
        let user_id = operator.call(&setting_up, &CreateUser { name, operator: false }).await?.user_id;
        operator.call(&setting_up, &SetMember { cohort_id, user_id, role }).await?;
        tokens.push(operator.call(&setting_up, &CreateSignInLink { user_id }).await?.token);
    }
    let mut machines = Vec::new();
    for number in 0..command_line.workers {
        let request = CreateWorker { name: format!("worker {number}") };
        machines.push(nobody.holding(operator.call(&setting_up, &request).await?.token));
    }
    let seconds = command_line.minutes * 60.0 / command_line.compression;
    println!(
        "{} learners and {} workers for {seconds:.0} s, on {}",
        command_line.learners,
        command_line.workers,
        if command_line.database_url.is_some() { "PostgreSQL" } else { "SQLite" }
    );
    let class = Arc::new(Class {
        cohort_id,
        record: Record::default(),
        ends: Instant::now() + Duration::from_secs_f64(seconds),
        compression: command_line.compression,
    });
    let teaching = nobody.sign_in(&setting_up, tokens.pop().unwrap_or_default()).await?;
    let watching = tokio::spawn(instructor::look_on(class.clone(), teaching));
    let working: Vec<_> =
        machines.into_iter().map(|caller| tokio::spawn(worker::work(class.clone(), caller))).collect();
    let learning: Vec<_> = tokens
        .into_iter()
        .enumerate()
        .map(|(number, token)| {
            tokio::spawn(learner::learn(class.clone(), nobody.clone(), number as u64, token))
        })
        .collect();
    let mut learned = Vec::new();
    for learner in learning {
        learned.push(learner.await??);
    }
    class.record.everybody_left();
    let mut reported = Vec::new();
    for worker in working {
        reported.extend(worker.await??);
    }
    watching.await??;
    let lost = verify::all(&class, &operator, &learned, &reported).await?;
    let broken = class.record.print(command_line.limit_seconds, command_line.live_seconds) + lost;
    server.stop().await?;
    anyhow::ensure!(broken == 0, "{broken} bounds were broken");
    Ok(())
}

//! `Launcher::Local`: worker agents on this machine, started and supervised by the server.
//!
//! A launcher only starts agents; leases stay the truth. An agent ends when its standard input
//! closes, so none outlives a server that was killed.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::controllers::workers;
use crate::db;

const BACKOFF: Duration = Duration::from_secs(1);
const BACKOFF_LIMIT: Duration = Duration::from_secs(60);
/// An agent that ran this long is healthy: the next restart does not wait long.
const HEALTHY: Duration = Duration::from_secs(60);

pub struct LocalWorkers {
    stop: CancellationToken,
    supervisors: Vec<JoinHandle<()>>,
}

/// How to start one agent.
#[derive(Clone)]
struct Agent {
    name: String,
    binary: PathBuf,
    server_url: String,
    folder: PathBuf,
    token: String,
    drain: Duration,
}

impl LocalWorkers {
    /// Starts as many agents as are configured, each with a fresh token of its own account.
    pub async fn start(app: &App, server_url: &str) -> anyhow::Result<Self> {
        let config = &app.config.server;
        let stop = CancellationToken::new();
        let mut supervisors = Vec::new();
        for number in 1..=config.local_workers {
            let binary = config.worker_binary.clone().context("--local-workers needs --worker-binary")?;
            anyhow::ensure!(
                binary.is_file(),
                "there is no worker program at {}; build it first",
                binary.display()
            );
            let transaction = db::write(&app.database).await?;
            let name = format!("local-{number}");
            let token = workers::token_for(&transaction, &name).await?.token;
            transaction.commit().await?;
            let folder = absolute(&app.config.data.data)?.join(format!("worker-{number}"));
            std::fs::create_dir_all(&folder)?;
            let drain = Duration::from_secs_f64(config.drain_seconds.clamp(0.0, 86_400.0));
            let agent = Agent { name, binary, server_url: server_url.to_owned(), folder, token, drain };
            supervisors.push(tokio::spawn(supervise(agent, stop.clone())));
        }
        Ok(Self { stop, supervisors })
    }

    /// Asks all agents to stop and waits; whoever takes longer than `bound` is killed.
    pub async fn stop(self, bound: Duration) {
        self.stop.cancel();
        for supervisor in self.supervisors {
            // A supervisor kills its agent after the same bound by itself.
            let _ = tokio::time::timeout(bound + Duration::from_secs(5), supervisor).await;
        }
    }
}

fn absolute(path: &Path) -> std::io::Result<PathBuf> {
    std::path::absolute(path)
}

async fn supervise(agent: Agent, stop: CancellationToken) {
    let mut wait = BACKOFF;
    while !stop.is_cancelled() {
        let started = Instant::now();
        match start(&agent) {
            Ok(mut child) => {
                // Waiting for a child closes its input, unless somebody else holds it.
                let lifeline = child.stdin.take();
                tracing::info!(worker = agent.name, "a local worker started");
                tokio::select! {
                    status = child.wait() => match status {
                        Ok(status) => tracing::warn!(worker = agent.name, %status, "a local worker ended"),
                        Err(error) => tracing::error!(worker = agent.name, %error, "a local worker was lost"),
                    },
                    () = stop.cancelled() => {
                        end(&agent, child).await;
                        return drop(lifeline);
                    }
                }
            }
            Err(error) => tracing::error!(worker = agent.name, %error, "a local worker does not start"),
        }
        wait = if started.elapsed() >= HEALTHY { BACKOFF } else { (wait * 2).min(BACKOFF_LIMIT) };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => {}
        }
    }
}

fn start(agent: &Agent) -> std::io::Result<Child> {
    Command::new(&agent.binary)
        .arg("agent")
        .arg("--server")
        .arg(&agent.server_url)
        .arg("--data")
        .arg(&agent.folder)
        // Its standard input closes when this server is gone, however that happened.
        .arg("--exit-with-parent")
        .env("MITBADAK_WORKER_TOKEN", &agent.token)
        .env_remove("DATABASE_URL")
        .stdin(Stdio::piped())
        // Ctrl-C in a terminal reaches the server alone, which then asks its agents to stop.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
}

async fn end(agent: &Agent, mut child: Child) {
    let pid = child.id().and_then(|id| Pid::from_raw(id as i32));
    if let Some(pid) = pid
        && let Err(error) = kill_process(pid, Signal::TERM)
    {
        tracing::warn!(worker = agent.name, %error, "a local worker could not be asked to stop");
    }
    match tokio::time::timeout(agent.drain, child.wait()).await {
        Ok(Ok(status)) => tracing::info!(worker = agent.name, %status, "a local worker stopped"),
        Ok(Err(error)) => tracing::error!(worker = agent.name, %error, "a local worker was lost"),
        Err(_) => {
            tracing::warn!(worker = agent.name, "a local worker took too long and is killed");
            if let Err(error) = child.kill().await {
                tracing::error!(worker = agent.name, %error, "a local worker cannot be killed");
            }
        }
    }
}

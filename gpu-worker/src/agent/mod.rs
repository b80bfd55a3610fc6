//! The agent: claims jobs from a server, runs each attempt in a process of its own and reports.
//!
//! ```text
//! DIR/lock                         one agent at a time
//! DIR/training-speeds.json         how fast this machine trains, as it was measured
//! DIR/cache/<sha256>               verified input files, the oldest go first
//! DIR/attempts/<job>-<attempt>/
//!     lease.json                   the lease with its token (0600)
//!     spec.json  inputs/<name>/…   what the process is started with
//!     out/<output>/…  out/checkpoints/step-<N>/
//!     outbox.jsonl                 everything that the process said, numbered
//!     uploads/step-<N>/            checkpoints on their way up (hard links)
//! ```
//!
//! An attempt's folder lives until the server knows the outcome. What an agent that was killed left
//! behind is reported by the next one.

mod attempt;
mod cache;
mod checkpoints;
mod ending;
mod folder;
mod inputs;
mod outbox;
mod outputs;
mod recovery;
mod renewal;
mod report;
mod retry;
mod shutdown;
mod speeds;
mod supervise;

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::Duration;

use shared::api::ErrorCode;
use shared::api::leases::Lease;
use shared::api::workers::ClaimJob;
use shared::spec::{JobKind, SPEC_VERSION, TrainingSpeed};
use tracing::{info, warn};

use crate::api_client::{ApiClient, ApiError};
use crate::capabilities;
use crate::jobs::JobError;
use cache::Cache;
use retry::Backoff;
use shutdown::Shutdown;

/// A claim waits this long on the server for work to come.
const CLAIM_WAIT_SECONDS: u32 = 20;

/// How an agent runs.
#[derive(Debug, Clone)]
pub struct Options {
    /// The backend's origin.
    pub server: String,
    pub token: String,
    /// Certificates to trust beside the system's.
    pub authority_pem: Option<Vec<u8>>,
    pub data: PathBuf,
    pub kinds: Vec<JobKind>,
    pub threads: usize,
    /// Ends after one attempt, or when there is no work.
    pub once: bool,
    /// Drains when standard input closes.
    pub exit_with_parent: bool,
    /// An attempt that was asked to save its work and stop is killed after this long.
    pub drain: Duration,
    pub cache_limit_bytes: u64,
    /// How long the speed of trainings is measured, once; zero measures nothing.
    pub probe: Duration,
}

/// What every part of the agent needs.
struct Agent {
    client: ApiClient,
    options: Options,
    cache: Cache,
    shutdown: Shutdown,
    training_speeds: Vec<TrainingSpeed>,
}

/// Runs until told to stop. Errors are those that a restart would not repair.
pub fn run(options: Options) -> Result<(), JobError> {
    // One thread: attempts are started from the main thread, so that they die with the process
    // (the parent-death signal follows the thread that started them).
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(JobError::io("starting the agent"))?;
    let result = runtime.block_on(run_agent(options));
    runtime.shutdown_timeout(Duration::from_secs(1));
    result
}

async fn run_agent(options: Options) -> Result<(), JobError> {
    let shutdown = shutdown::listen(options.exit_with_parent).map_err(JobError::io("signals"))?;
    let _lock = lock(&options)?;
    let client = ApiClient::new(&options.server, options.authority_pem.as_deref())
        .map_err(|error| JobError::user(format!("--insecure-ca or --server cannot be used: {error}")))?;
    let cache = Cache::open(&options.data.join("cache"), options.cache_limit_bytes)
        .map_err(JobError::io("the cache of input files"))?;
    let mut agent = Agent { client, options, cache, shutdown, training_speeds: Vec::new() };
    recovery::report_leftovers(&agent).await?;
    agent.training_speeds = speeds::of_this_machine(&agent.options, &agent.shutdown).await;
    claim_and_run(&agent).await
}

fn lock(options: &Options) -> Result<File, JobError> {
    let folder = &options.data;
    fs::create_dir_all(folder)
        .map_err(|error| JobError::user(format!("--data {}: {error}", folder.display())))?;
    let path = folder.join("lock");
    let file = File::create(&path).map_err(|error| JobError::user(format!("{}: {error}", path.display())))?;
    file.try_lock().map_err(|_| {
        JobError::user(format!("another agent works in {}: give this one another --data", folder.display()))
    })?;
    Ok(file)
}

async fn claim_and_run(agent: &Agent) -> Result<(), JobError> {
    info!(server = %agent.options.server, "waiting for jobs");
    let mut backoff = Backoff::default();
    while !agent.shutdown.is_draining() {
        let claimed = tokio::select! {
            claimed = claim(agent) => claimed,
            () = agent.shutdown.draining() => break,
        };
        match claimed {
            Ok(Some(lease)) => {
                backoff = Backoff::default();
                attempt::run(agent, lease).await;
            }
            Ok(None) => {
                backoff = Backoff::default();
                if agent.options.once {
                    info!("there is no work");
                }
            }
            Err(error) => {
                if let Some(fatal) = fatal(&error) {
                    return Err(fatal);
                }
                let delay = backoff.next_delay();
                warn!("no claim: {error}; again in {:.1} s", delay.as_secs_f64());
                tokio::select! {
                    () = tokio::time::sleep(delay) => {}
                    () = agent.shutdown.draining() => {}
                }
                continue;
            }
        }
        if agent.options.once {
            return Ok(());
        }
    }
    info!("drained");
    Ok(())
}

async fn claim(agent: &Agent) -> Result<Option<Lease>, ApiError> {
    // Asks a program for the GPUs, which takes a while.
    let mut capabilities = tokio::task::spawn_blocking(capabilities::read)
        .await
        .map_err(|error| ApiError::File(format!("reading this machine's capabilities: {error}")))?;
    capabilities.training_speeds.clone_from(&agent.training_speeds);
    let request = ClaimJob {
        kinds: agent.options.kinds.clone(),
        spec_version: SPEC_VERSION,
        capabilities,
        wait_seconds: CLAIM_WAIT_SECONDS,
    };
    Ok(agent.client.call(&request, &agent.options.token).await?.lease)
}

/// Refusals of a claim that only a person can repair.
fn fatal(error: &ApiError) -> Option<JobError> {
    match (error, error.code()) {
        (_, Some(ErrorCode::UpgradeRequired)) | (ApiError::Unreadable { status: 426, .. }, _) => {
            Some(JobError::user(format!(
                "this worker and the server do not fit each other: {error}. Install the server's version of mitbadak-worker"
            )))
        }
        (_, Some(ErrorCode::NotSignedIn | ErrorCode::Forbidden)) => Some(JobError::user(format!(
            "the server refuses this worker's token: {error}. Ask an operator for a new one and set MITBADAK_WORKER_TOKEN"
        ))),
        (_, Some(ErrorCode::BadRequest | ErrorCode::Invalid)) => {
            Some(JobError::user(format!("the server does not understand this worker: {error}")))
        }
        _ => None,
    }
}

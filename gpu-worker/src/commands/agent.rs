//! `mitbadak-worker agent`: claims jobs from a server.

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use shared::spec::JobKind;
use tracing_subscriber::EnvFilter;

use super::{available_threads, parse_seconds};
use crate::agent::{self, Options};
use crate::jobs::JobError;

const TOKEN_VARIABLE: &str = "MITBADAK_WORKER_TOKEN";

#[derive(Debug, Args)]
pub struct AgentArguments {
    /// The server's address, e.g. https://course.example:8443.
    #[arg(long)]
    server: String,
    /// Where this agent keeps its attempts and its cache of inputs.
    #[arg(long)]
    data: PathBuf,
    /// A file with the worker's token; otherwise it is read from MITBADAK_WORKER_TOKEN.
    #[arg(long)]
    token_file: Option<PathBuf>,
    /// Run one attempt, or none if there is no work, and end.
    #[arg(long)]
    once: bool,
    /// Kinds of job to claim, e.g. import,curate; all by default.
    #[arg(long, value_delimiter = ',', value_parser = parse_kind)]
    kinds: Vec<JobKind>,
    /// Threads that an attempt computes with; all by default.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Trust the certificates in this PEM file beside the system's, for a self-signed server.
    #[arg(long, value_name = "FILE")]
    insecure_ca: Option<PathBuf>,
    /// Drain when standard input closes, as a child of the server does.
    #[arg(long)]
    exit_with_parent: bool,
    /// An attempt that is asked to save its work and stop is killed after this long.
    #[arg(long, default_value_t = 120)]
    drain_seconds: u64,
    /// Bytes of input files that are kept for later jobs.
    #[arg(long, default_value_t = 20 << 30)]
    cache_limit_bytes: u64,
    /// Measure for about so long how fast this machine trains, before the first claim; it is remembered
    /// in --data. 0 measures nothing, and estimates then name no time.
    #[arg(long, default_value_t = 3.0, value_name = "SECONDS", value_parser = parse_seconds)]
    probe_seconds: f64,
}

pub fn run(arguments: AgentArguments) -> Result<(), JobError> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours)
        .with_target(false)
        .init();
    let token = read_token(arguments.token_file.as_deref())?;
    let authority_pem = arguments.insecure_ca.as_deref().map(read).transpose()?;
    let kinds = if arguments.kinds.is_empty() { JobKind::ALL.to_vec() } else { arguments.kinds };
    agent::run(Options {
        server: arguments.server,
        token,
        authority_pem,
        data: arguments.data,
        kinds,
        threads: arguments.threads.map_or_else(available_threads, usize::from),
        once: arguments.once,
        exit_with_parent: arguments.exit_with_parent,
        drain: Duration::from_secs(arguments.drain_seconds),
        cache_limit_bytes: arguments.cache_limit_bytes,
        probe: Duration::from_secs_f64(arguments.probe_seconds),
    })
}

fn read_token(file: Option<&Path>) -> Result<String, JobError> {
    let token = match file {
        Some(path) => String::from_utf8(read(path)?)
            .map_err(|_| JobError::user(format!("{} holds no token", path.display())))?,
        None => std::env::var(TOKEN_VARIABLE).map_err(|_| {
            JobError::user(format!(
                "no token: set {TOKEN_VARIABLE} or give --token-file; an operator makes one"
            ))
        })?,
    };
    Ok(token.trim().to_owned())
}

fn read(path: &Path) -> Result<Vec<u8>, JobError> {
    fs::read(path).map_err(|error| JobError::user(format!("{}: {error}", path.display())))
}

fn parse_kind(name: &str) -> Result<JobKind, String> {
    JobKind::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| {
        let names: Vec<&str> = JobKind::ALL.into_iter().map(JobKind::as_str).collect();
        format!("choose from {}", names.join(", "))
    })
}

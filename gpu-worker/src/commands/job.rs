//! `mitbadak-worker job`: one job in this process. People run it at a terminal; the agent runs the
//! same command with `--events pipe`.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use shared::provenance::JobOrigin;
use shared::spec::JobSpec;

use super::inputs::{self, Binding, parse_binding};
use super::{available_threads, progress, start_again_prepared};
use crate::attempt::confine::{Confinement, confine};
use crate::attempt::protocol::{self, Line, Outcome};
use crate::attempt::stopping;
use crate::jobs::{self, Announce, JobContext, JobError, StopFlag, checkpoints};

/// Says in the output folder whose work it holds.
const SPEC_FILE: &str = "spec.json";

#[derive(Debug, Args)]
pub struct JobArguments {
    /// The job's spec, a JSON file.
    spec: PathBuf,
    /// Binds a named input to a file or folder; once for each.
    #[arg(long = "input", value_name = "NAME=PATH", value_parser = parse_binding)]
    inputs: Vec<Binding>,
    /// Where the outputs go, one folder each. The same folder again resumes.
    #[arg(long)]
    out: PathBuf,
    /// Threads to compute with; all by default.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// How progress is told.
    #[arg(long, value_enum, default_value = "terminal")]
    events: Events,
    /// What the server calls this job and its inputs, as JSON; the agent says it.
    #[arg(long, hide = true, value_parser = parse_origin)]
    origin: Option<JobOrigin>,
    /// Makes writing beyond it in one file an error; for tests.
    #[arg(long, hide = true)]
    file_size_limit_bytes: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Events {
    /// One line that is redrawn, or plain lines when the output is no terminal.
    Terminal,
    /// Every event as a JSON line on standard output.
    Jsonl,
    /// The agent's protocol.
    #[value(hide = true)]
    Pipe,
}

pub fn run(arguments: JobArguments) -> Result<(), JobError> {
    start_again_prepared(arguments.threads)?;
    let is_attempt = arguments.events == Events::Pipe;
    confine(Confinement {
        file_size_limit_bytes: arguments.file_size_limit_bytes,
        die_with_parent: is_attempt,
    })
    .map_err(JobError::io("limits of this process"))?;
    let stop = StopFlag::default();
    if is_attempt {
        stopping::listen_to_agent(stop.clone()).map_err(JobError::io("the agent's pipe"))?;
        stopping::listen_to_signals(stop.clone(), || {}).map_err(JobError::io("signals"))?;
        let result = work(&arguments, stop, protocol::announce_on_pipe());
        let told = result.as_ref().map(|_| ()).map_err(clone_error);
        let line = Line::Outcome(Outcome::from(told));
        protocol::write_line(&mut io::stdout().lock(), &line).map_err(JobError::io("the agent's pipe"))?;
        return result.map(|_| ());
    }
    stopping::listen_to_signals(stop.clone(), || {
        eprintln!("\nstopping at the next safe point; a second Ctrl-C ends at once");
    })
    .map_err(JobError::io("signals"))?;
    let announce = match arguments.events {
        Events::Terminal => progress::announce_on_terminal(),
        Events::Jsonl | Events::Pipe => progress::announce_as_json(),
    };
    match work(&arguments, stop, announce) {
        Ok(spec) => list_outputs(&spec, &arguments.out),
        Err(JobError::Stopped(reason)) => {
            eprintln!("\nstopped; the same command again goes on from the last checkpoint");
            Err(JobError::Stopped(reason))
        }
        Err(error) => Err(error),
    }
}

/// From the spec's file to the outputs on disk.
fn work(arguments: &JobArguments, stop: StopFlag, announce: Announce) -> Result<JobSpec, JobError> {
    let spec = inputs::read_spec(&arguments.spec)?;
    let bound = inputs::bind(&spec, &arguments.inputs)?;
    let output = &arguments.out;
    fs::create_dir_all(output)
        .map_err(|error| JobError::user(format!("--out {}: {error}", output.display())))?;
    let output = &output.canonicalize().map_err(JobError::io(output.display()))?;
    let _lock = claim_folder(output, &spec)?;
    let threads = arguments.threads.map_or_else(available_threads, usize::from);
    let origin = arguments.origin.clone();
    let context = JobContext { inputs: bound, output: output.clone(), announce, stop, threads, origin };
    context.remove_partial_checkpoints()?;
    jobs::run(&spec, &context)?;
    for slot in spec.outputs() {
        checkpoints::sync_folder(&output.join(slot.name))?;
    }
    Ok(spec)
}

/// Makes sure that a folder holds the work of one spec only, and of one process at a time. The lock
/// lasts as long as the file is open. (That the inputs are the same, the checkpoint itself knows.)
fn claim_folder(folder: &Path, spec: &JobSpec) -> Result<File, JobError> {
    let path = folder.join(SPEC_FILE);
    let lock = File::options()
        .read(true)
        .append(true)
        .create(true)
        .open(&path)
        .map_err(|error| JobError::user(format!("{}: {error}", path.display())))?;
    lock.try_lock().map_err(|_| {
        JobError::user(format!(
            "another process works in {}: wait for it or choose another --out",
            folder.display()
        ))
    })?;
    keep_or_compare(&path, spec)?;
    Ok(lock)
}

/// Writes the spec where none was written before; refuses a different one.
fn keep_or_compare(path: &Path, spec: &JobSpec) -> Result<(), JobError> {
    let before = fs::read(path).map_err(JobError::io(path.display()))?;
    if before.is_empty() {
        return crate::shards::write_json(path, spec);
    }
    if serde_json::from_slice::<JobSpec>(&before).is_ok_and(|before| before == *spec) {
        return Ok(());
    }
    Err(JobError::user(format!(
        "{} is the spec of other work in that folder: choose another --out, or remove the folder",
        path.display()
    )))
}

fn list_outputs(spec: &JobSpec, folder: &Path) -> Result<(), JobError> {
    let mut error_output = io::stderr().lock();
    for slot in spec.outputs() {
        let path = folder.join(slot.name);
        let bytes = inputs::size_bytes(&path)?;
        writeln!(error_output, "{:<10} {}  {}", slot.name, path.display(), progress::size(bytes))
            .map_err(JobError::io("standard error"))?;
    }
    Ok(())
}

fn parse_origin(json: &str) -> Result<JobOrigin, serde_json::Error> {
    serde_json::from_str(json)
}

fn clone_error(error: &JobError) -> JobError {
    match error {
        JobError::User(message) => JobError::User(message.clone()),
        JobError::Transient(message) => JobError::Transient(message.clone()),
        JobError::Stopped(reason) => JobError::Stopped(*reason),
    }
}

//! The command line. Exit codes: 0 done, 2 the user can repair it, 1 the machine failed, 75 stopped
//! with the work saved.

mod agent;
mod capabilities;
mod corpus;
mod estimate;
mod generate;
mod inputs;
mod job;
#[cfg(test)]
mod lesson_tests;
mod logits;
mod progress;
mod quality;
mod spec;

use std::os::unix::process::CommandExt;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::attempt::{child, stopping};
use crate::jobs::JobError;

/// What `--version` prints and every artifact's lineage names.
pub const CODE_VERSION: &str = env!("MITBADAK_CODE_VERSION");

/// Builds Korean language models, alone or for a Mitbadak server.
#[derive(Debug, Parser)]
#[command(name = "mitbadak-worker", version = CODE_VERSION)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run one job from its spec, without a server; the same command again resumes it.
    Job(job::JobArguments),
    /// Print what a job will need: parameters, memory, tokens, time (JSON).
    Estimate(estimate::EstimateArguments),
    /// Print a spec to start from (JSON).
    Spec(spec::SpecArguments),
    /// Write documents of the generated Korean corpus.
    Corpus(corpus::CorpusArguments),
    /// Claim jobs from a server and run them until told to stop.
    Agent(agent::AgentArguments),
    /// Measure a pretrained model against a 5-gram, by its particles and by its own sentences (JSON).
    Quality(quality::QualityArguments),
    /// Let a model continue a prompt, or whatever is typed.
    Generate(generate::GenerateArguments),
    /// Print a model's logits for given tokens (JSON).
    Logits(logits::LogitsArguments),
    /// Print what this machine has (JSON).
    Capabilities(capabilities::CapabilitiesArguments),
}

/// How the speed of trainings is measured.
#[derive(Debug, Args)]
struct ProbeArguments {
    /// Threads to train with; all by default.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// About how long to measure.
    #[arg(long, default_value_t = 3.0, value_name = "SECONDS", value_parser = parse_seconds)]
    probe_seconds: f64,
}

impl ProbeArguments {
    fn budget(&self) -> Duration {
        Duration::from_secs_f64(self.probe_seconds)
    }
}

fn parse_seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.0..=3600.0).contains(seconds));
    seconds.ok_or_else(|| "give seconds from 0 to 3600".to_owned())
}

/// Parses the command line and runs it.
pub fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Job(arguments) => job::run(arguments),
        Command::Estimate(arguments) => estimate::run(&arguments),
        Command::Spec(arguments) => spec::run(&arguments),
        Command::Corpus(arguments) => corpus::run(&arguments),
        Command::Agent(arguments) => agent::run(arguments),
        Command::Quality(arguments) => quality::run(&arguments),
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Logits(arguments) => logits::run(&arguments),
        Command::Capabilities(arguments) => capabilities::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A job that stopped as it was asked to has said so.
            if !matches!(error, JobError::Stopped(_)) {
                eprintln!("mitbadak-worker: {error}");
            }
            exit_code(&error)
        }
    }
}

fn exit_code(error: &JobError) -> ExitCode {
    match error {
        JobError::User(_) => ExitCode::from(2),
        JobError::Transient(_) => ExitCode::from(1),
        JobError::Stopped(_) => ExitCode::from(stopping::STOPPED as u8),
    }
}

/// Threads that this process may use: the machine's, less what affinity and control group forbid.
fn available_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Threads and allocator are set up by environment variables that libraries read before `main` could
/// set them: a process without them starts itself again with them.
fn start_again_prepared(threads: Option<u16>) -> Result<(), JobError> {
    let threads = threads.map_or_else(available_threads, usize::from);
    let wanted = child::prepared_environment(threads);
    if wanted.iter().all(|(name, value)| std::env::var(name).as_deref() == Ok(value.as_str())) {
        return Ok(());
    }
    let error = std::process::Command::new(child::own_program())
        .args(std::env::args_os().skip(1))
        .envs(wanted)
        .exec();
    Err(JobError::transient(format!("this program cannot be started again: {error}")))
}

/// Prints a value as indented JSON.
fn print_json(value: &impl serde::Serialize) -> Result<(), JobError> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| JobError::transient(format!("writing JSON: {error}")))?;
    println!("{text}");
    Ok(())
}

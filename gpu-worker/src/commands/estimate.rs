//! `mitbadak-worker estimate SPEC.json`: what the job will need.

use std::path::PathBuf;

use clap::Args;
use shared::spec::JobSpec;

use super::inputs::{self, Binding, parse_binding};
use super::{ProbeArguments, available_threads, print_json, start_again_prepared};
use crate::jobs::JobError;
use crate::probe;

/// What one thread of a present-day CPU sustains over a training step in f32, matrix products and
/// all the rest together.
const FLOPS_PER_SECOND_PER_THREAD: f64 = 3e10;

#[derive(Debug, Args)]
pub struct EstimateArguments {
    /// The job's spec, a JSON file.
    spec: PathBuf,
    /// Counts the size of an input: NAME=PATH.
    #[arg(long = "input", value_name = "NAME=PATH", value_parser = parse_binding)]
    inputs: Vec<Binding>,
    /// Floating-point operations per second that the device sustains; guessed from the threads.
    #[arg(long)]
    flops_per_second: Option<f64>,
    /// Measure it instead: train for some seconds at the very shape of the spec.
    #[arg(long, conflicts_with = "flops_per_second")]
    probe: bool,
    #[command(flatten)]
    measuring: ProbeArguments,
}

pub fn run(arguments: &EstimateArguments) -> Result<(), JobError> {
    let spec = inputs::read_spec(&arguments.spec)?;
    let mut input_bytes = 0;
    for binding in &arguments.inputs {
        input_bytes += inputs::size_bytes(&binding.path)?;
    }
    let threads = arguments.measuring.threads.map_or_else(available_threads, usize::from);
    let rate = match (&spec, arguments.probe, arguments.flops_per_second) {
        (JobSpec::Pretrain(pretrain), true, _) => {
            start_again_prepared(arguments.measuring.threads)?;
            probe::measure(pretrain, threads, arguments.measuring.budget())?.flops_per_second
        }
        (_, true, _) => {
            return Err(JobError::user(format!(
                "--probe measures training steps and {} makes none: leave it out",
                spec.kind().as_str()
            )));
        }
        (_, false, Some(rate)) => rate,
        (_, false, None) => threads as f64 * FLOPS_PER_SECOND_PER_THREAD,
    };
    print_json(&spec.estimate(input_bytes, rate))
}

//! `mitbadak-worker estimate SPEC.json`: what the job will need.

use std::path::PathBuf;

use clap::Args;

use super::inputs::{self, Binding, parse_binding};
use super::{available_threads, print_json};
use crate::jobs::JobError;

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
}

pub fn run(arguments: &EstimateArguments) -> Result<(), JobError> {
    let spec = inputs::read_spec(&arguments.spec)?;
    let mut input_bytes = 0;
    for binding in &arguments.inputs {
        input_bytes += inputs::size_bytes(&binding.path)?;
    }
    let guessed = available_threads() as f64 * FLOPS_PER_SECOND_PER_THREAD;
    print_json(&spec.estimate(input_bytes, arguments.flops_per_second.unwrap_or(guessed)))
}

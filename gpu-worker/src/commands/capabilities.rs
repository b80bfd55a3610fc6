//! `mitbadak-worker capabilities`: what this machine has, as the agent reports it.

use clap::Args;

use super::{ProbeArguments, available_threads, print_json, start_again_prepared};
use crate::jobs::JobError;
use crate::{capabilities, probe};

#[derive(Debug, Args)]
pub struct CapabilitiesArguments {
    /// Measure how fast trainings are, too.
    #[arg(long)]
    probe: bool,
    #[command(flatten)]
    measuring: ProbeArguments,
}

pub fn run(arguments: &CapabilitiesArguments) -> Result<(), JobError> {
    let mut capabilities = capabilities::read();
    if arguments.probe {
        start_again_prepared(arguments.measuring.threads)?;
        let threads = arguments.measuring.threads.map_or_else(available_threads, usize::from);
        capabilities.training_speeds = probe::training_speeds(threads, arguments.measuring.budget())?;
    }
    print_json(&capabilities)
}

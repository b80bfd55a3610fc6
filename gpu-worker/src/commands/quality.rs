//! `mitbadak-worker quality`: what a pretrained model is worth, as JSON.

use std::path::PathBuf;

use clap::Args;
use model::sampling::Sampling;
use shared::spec::JobSpec;

use super::inputs::{self, Binding, parse_binding};
use super::{available_threads, print_json};
use crate::jobs::{JobContext, JobError, StopFlag};
use crate::quality::{self, Sampled};

#[derive(Debug, Args)]
pub struct QualityArguments {
    /// The spec that the model was pretrained by.
    spec: PathBuf,
    /// `corpus=DIR`, `tokenizer=DIR` and `model=DIR`.
    #[arg(long = "input", value_parser = parse_binding, required = true)]
    inputs: Vec<Binding>,
    /// Texts to sample.
    #[arg(long, default_value_t = 60)]
    texts: u64,
    /// Tokens per text.
    #[arg(long, default_value_t = 160)]
    maximum_tokens: usize,
    #[arg(long, default_value_t = 0.8)]
    temperature: f64,
    #[arg(long, default_value_t = 0.95)]
    top_p: f64,
}

pub fn run(arguments: &QualityArguments) -> Result<(), JobError> {
    let JobSpec::Pretrain(spec) = inputs::read_spec(&arguments.spec)? else {
        return Err(JobError::user(format!("{} is no pretrain spec", arguments.spec.display())));
    };
    let context = JobContext {
        inputs: arguments.inputs.iter().map(|input| (input.name.clone(), input.path.clone())).collect(),
        output: PathBuf::new(),
        announce: Box::new(|_| Ok(())),
        stop: StopFlag::default(),
        threads: available_threads(),
        origin: None,
    };
    let sampling = Sampling { temperature: arguments.temperature, top_p: arguments.top_p };
    let sampled = Sampled { texts: arguments.texts, maximum_tokens: arguments.maximum_tokens, sampling };
    print_json(&quality::measure(&spec, &context, sampled)?)
}

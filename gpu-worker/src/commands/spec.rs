//! `mitbadak-worker spec`: a spec to start from, by one number.

use clap::{Args, Subcommand, ValueEnum};
use shared::spec::depth::{DEEPEST, by_depth, vocabulary_size};
use shared::spec::whole_path;
use shared::spec::{ArchitectureKind, JobSpec, depth::Size};

use super::print_json;
use crate::jobs::JobError;

#[derive(Debug, Args)]
pub struct SpecArguments {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    /// A pretraining of which everything follows from the number of layers.
    Pretrain(PretrainArguments),
}

#[derive(Debug, Args)]
struct PretrainArguments {
    /// Layers; the width is 64 times as many.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=i64::from(DEEPEST)))]
    depth: u32,
    /// Tokens of the tokenizer that will be used [default: what suits the depth]
    #[arg(long, value_name = "TOKENS")]
    vocabulary_size: Option<u32>,
    #[arg(long, value_enum, default_value = "llama")]
    architecture: Architecture,
    /// Cuts the training down to a corpus of so much text.
    #[arg(long, value_name = "BYTES")]
    text_bytes: Option<u64>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Architecture {
    Llama,
    Gpt2,
}

pub fn run(arguments: &SpecArguments) -> Result<(), JobError> {
    let Kind::Pretrain(arguments) = &arguments.kind;
    print_json(&pretrain(arguments)?)
}

/// # Errors
/// [`JobError::User`] when no such training can work.
fn pretrain(arguments: &PretrainArguments) -> Result<JobSpec, JobError> {
    let depth = arguments.depth;
    // A tokenizer that is there has the size that it has, however little text it was trained on.
    let vocabulary_size = arguments.vocabulary_size.unwrap_or_else(|| vocabulary_size(depth));
    let mut spec = match arguments.text_bytes {
        None => by_depth(depth, vocabulary_size),
        Some(_) => {
            whole_path::fit(Size::Depth(depth), arguments.text_bytes, Some(vocabulary_size))
                .map_err(|error| JobError::user(error.to_string()))?
                .pretrain
        }
    };
    spec.model = spec.model.in_kind(match arguments.architecture {
        Architecture::Llama => ArchitectureKind::Llama,
        Architecture::Gpt2 => ArchitectureKind::Gpt2,
    });
    let spec = JobSpec::Pretrain(spec);
    spec.validate().map_err(|problems| JobError::user(problems.to_string()))?;
    Ok(spec)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        arguments: SpecArguments,
    }

    fn spec(words: &[&str]) -> Result<JobSpec, JobError> {
        let words = ["spec", "pretrain"].iter().chain(words);
        let Kind::Pretrain(arguments) = Command::try_parse_from(words).unwrap().arguments.kind;
        pretrain(&arguments)
    }

    fn pretrain_spec(words: &[&str]) -> shared::spec::PretrainSpec {
        match spec(words).unwrap() {
            JobSpec::Pretrain(spec) => spec,
            other => panic!("a pretraining was asked for: {other:?}"),
        }
    }

    #[test]
    fn one_number_is_enough_and_the_others_can_be_given() {
        assert_eq!(pretrain_spec(&["--depth", "4"]), by_depth(4, 4_000));
        let gpt2 = pretrain_spec(&["--depth", "4", "--vocabulary-size", "3000", "--architecture", "gpt2"]);
        assert_eq!((gpt2.model.kind(), gpt2.model.vocabulary_size()), (ArchitectureKind::Gpt2, 3_000));
        let short = pretrain_spec(&["--depth", "4", "--text-bytes", "1000000"]);
        assert!(short.steps < by_depth(4, 4_000).steps && short.model == by_depth(4, 4_000).model);
    }

    #[test]
    fn what_cannot_work_is_said_in_words() {
        let error = Command::try_parse_from(["spec", "pretrain", "--depth", "0"]).err().unwrap().to_string();
        assert!(error.contains("1..=48"), "{error}");
        let error = spec(&["--depth", "2", "--text-bytes", "300"]).unwrap_err().to_string();
        assert!(error.contains("at least 20000"), "{error}");
        let error = spec(&["--depth", "2", "--vocabulary-size", "1"]).unwrap_err().to_string();
        assert!(error.contains("model.vocabulary_size"), "{error}");
    }
}

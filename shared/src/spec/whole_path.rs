//! The whole path as one pipeline, from texts to a model that is exported: five specs, fitted to how
//! much text there is. The demo and the page's form of a new run submit what this makes.

use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use super::depth::{Size, between_evaluations, by_depth};
use super::{
    CurateSpec, Encoding, ExportSpec, ImportSpec, JobSpec, PretrainSpec, SourceSpec, TrainTokenizerSpec,
};
use crate::api::jobs::{InputBinding, PipelineJob};
use crate::artifacts::Purpose;
use crate::ids::ArtifactId;

/// Below this a model has nothing to learn from and nothing to be tested on.
pub const SMALLEST_TEXT_BYTES: u64 = 20_000;
/// A vocabulary entry wants this much text, or the last merges are accidents of a few words.
const TEXT_BYTES_PER_TOKEN: u64 = 200;
/// Tokens cover about this many bytes; a byte-level vocabulary of Korean lies between 3 and 6.
const BYTES_PER_TOKEN: u64 = 4;
/// A corpus is read at most this often: beyond it a small model learns by heart.
const PASSES_LIMIT: u64 = 20;

/// One source as it stands on the platform.
#[derive(Debug, Clone)]
pub struct SourceArtifact {
    pub artifact_id: ArtifactId,
    pub label: String,
    pub licence_note: String,
}

/// How to read the sources.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    pub encoding: Encoding,
    pub text_field: Option<String>,
}

/// The tokenizer and the training that suit the size and the amount of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    pub tokenizer: TrainTokenizerSpec,
    pub pretrain: PretrainSpec,
    /// What is not as the preset or the depth has it.
    pub changes: Vec<Change>,
}

/// What was fitted to the amount of text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    Vocabulary {
        from: u32,
        to: u32,
    },
    Steps {
        from: u64,
        to: u64,
    },
    /// The share of documents that is held out.
    HeldOut {
        to: f64,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vocabulary { from, to } => write!(
                formatter,
                "a vocabulary of {to} instead of {from}, one entry per {TEXT_BYTES_PER_TOKEN} bytes of text"
            ),
            Self::Steps { from, to } => {
                write!(formatter, "{to} steps instead of {from}, {PASSES_LIMIT} passes over the text")
            }
            Self::HeldOut { to } => write!(formatter, "{:.0} % of the documents held out", 100.0 * to),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "the corpus holds about {text_bytes} bytes of text, too little to train on: bring at least \
     {SMALLEST_TEXT_BYTES} bytes (a few pages), better some megabytes"
)]
pub struct TooLittleText {
    pub text_bytes: u64,
}

/// Fits a preset or a depth to `text_bytes` of text; absent for the generated corpus, which the presets
/// were made for:
/// - vocabulary: at most one entry per 200 bytes;
/// - steps: at most 20 passes over the text;
/// - validation: 2 % of the documents, 10 % below 2 MB, 25 % below 200 KB, so that something is held out.
pub fn fit(
    size: impl Into<Size>,
    text_bytes: Option<u64>,
    vocabulary_size: Option<u32>,
) -> Result<Fit, TooLittleText> {
    let size = size.into();
    let Some(text_bytes) = text_bytes.or_else(|| size.corpus_bytes()) else {
        return Ok(as_it_is(size, vocabulary_size));
    };
    if text_bytes < SMALLEST_TEXT_BYTES {
        return Err(TooLittleText { text_bytes });
    }
    let Fit { mut tokenizer, mut pretrain, mut changes } = as_it_is(size, vocabulary_size);

    let allowed = u64::from(TrainTokenizerSpec::SMALLEST) + text_bytes / TEXT_BYTES_PER_TOKEN;
    let allowed = u32::try_from(allowed).unwrap_or(u32::MAX);
    if vocabulary_size.is_none() && allowed < tokenizer.vocabulary_size {
        changes.push(Change::Vocabulary { from: tokenizer.vocabulary_size, to: allowed });
        tokenizer.vocabulary_size = allowed;
        pretrain.model.set_vocabulary_size(allowed);
    }

    let corpus_tokens = text_bytes / BYTES_PER_TOKEN;
    let steps = (PASSES_LIMIT * corpus_tokens / pretrain.tokens_per_step()).max(10);
    if steps < pretrain.steps {
        changes.push(Change::Steps { from: pretrain.steps, to: steps });
        pretrain.steps = steps;
        pretrain.schedule.warmup_steps = pretrain.schedule.warmup_steps.min(steps / 10);
        if let Size::Depth(_) = size {
            pretrain.validation.every_steps = between_evaluations(steps);
            pretrain.checkpoint.every_steps = between_evaluations(steps);
        }
    }
    let share = match text_bytes {
        0..200_000 => 0.25,
        200_000..2_000_000 => 0.1,
        _ => pretrain.validation.document_share,
    };
    if share > pretrain.validation.document_share {
        changes.push(Change::HeldOut { to: share });
        pretrain.validation.document_share = share;
    }
    Ok(Fit { tokenizer, pretrain, changes })
}

fn as_it_is(size: Size, vocabulary_size: Option<u32>) -> Fit {
    let mut fit = Fit { tokenizer: size.tokenizer(), pretrain: size.pretrain(), changes: Vec::new() };
    if let Some(chosen) = vocabulary_size {
        fit.tokenizer.vocabulary_size = chosen;
        match size {
            Size::Preset(_) => fit.pretrain.model.set_vocabulary_size(chosen),
            // Its parameters say how many tokens it wants.
            Size::Depth(depth) => fit.pretrain = by_depth(depth, chosen),
        }
    }
    fit
}

/// import → curate → train_tokenizer → pretrain → export
pub fn pipeline(
    sources: &[SourceArtifact],
    reading: &Reading,
    tokenizer: &TrainTokenizerSpec,
    pretrain: &PretrainSpec,
    export: ExportSpec,
) -> Vec<PipelineJob> {
    let input = |index: usize| format!("source{}", index + 1);
    let import = ImportSpec::new(
        sources
            .iter()
            .enumerate()
            .map(|(index, source)| SourceSpec {
                input: input(index),
                label: source.label.clone(),
                licence_note: source.licence_note.clone(),
                purpose: Purpose::Training,
                encoding: reading.encoding,
                text_field: reading.text_field.clone(),
            })
            .collect(),
    );
    let artifacts = sources
        .iter()
        .enumerate()
        .map(|(index, source)| (input(index), InputBinding::Artifact(source.artifact_id)))
        .collect();
    let corpus = ("corpus", "curate", "corpus");
    let of_tokenizer = ("tokenizer", "train_tokenizer", "tokenizer");
    vec![
        job("import", JobSpec::Import(import), artifacts),
        job("curate", JobSpec::Curate(CurateSpec::standard()), outputs(&[("dataset", "import", "dataset")])),
        job("train_tokenizer", JobSpec::TrainTokenizer(tokenizer.clone()), outputs(&[corpus])),
        job("pretrain", JobSpec::Pretrain(pretrain.clone()), outputs(&[corpus, of_tokenizer])),
        job("export", JobSpec::Export(export), outputs(&[("model", "pretrain", "model"), of_tokenizer])),
    ]
}

fn job(name: &str, spec: JobSpec, inputs: BTreeMap<String, InputBinding>) -> PipelineJob {
    PipelineJob { name: name.to_owned(), spec, inputs, depends_on: Vec::new() }
}

/// (input, job, output) by name.
fn outputs(bindings: &[(&str, &str, &str)]) -> BTreeMap<String, InputBinding> {
    let binding = |(input, job, output): &(&str, &str, &str)| {
        let from = InputBinding::PipelineOutput { job: (*job).to_owned(), output: (*output).to_owned() };
        ((*input).to_owned(), from)
    };
    bindings.iter().map(binding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::presets::Preset;

    #[test]
    fn plenty_of_text_leaves_the_preset_as_it_is() {
        let fit = fit(Preset::Small, Some(40_000_000), None).unwrap();
        assert_eq!(fit.tokenizer, Preset::Small.tokenizer());
        assert_eq!(fit.pretrain, Preset::Small.pretrain());
        assert!(fit.changes.is_empty());
    }

    #[test]
    fn little_text_gets_a_vocabulary_and_a_training_that_suit_it() {
        for preset in [Preset::Tiny, Preset::Small] {
            for text_bytes in [SMALLEST_TEXT_BYTES, 100_000, 372_000, 5_000_000] {
                let fit = fit(preset, Some(text_bytes), None).unwrap();
                assert_eq!(fit.pretrain.model.vocabulary_size(), fit.tokenizer.vocabulary_size);
                assert!(u64::from(fit.tokenizer.vocabulary_size) <= 262 + text_bytes / 200);
                JobSpec::TrainTokenizer(fit.tokenizer).validate().unwrap();
                JobSpec::Pretrain(fit.pretrain).validate().unwrap();
            }
        }
    }

    #[test]
    fn a_corpus_of_a_few_lines_is_refused_with_how_much_is_wanted() {
        let error = fit(Preset::Tiny, Some(500), None).unwrap_err().to_string();
        assert!(error.contains("500 bytes") && error.contains("at least 20000"), "{error}");
    }

    #[test]
    fn every_job_of_the_pipeline_binds_exactly_the_inputs_that_its_spec_names() {
        let source = |id| SourceArtifact {
            artifact_id: ArtifactId(id),
            label: "글".into(),
            licence_note: String::new(),
        };
        let fit = fit(Preset::Tiny, None, None).unwrap();
        let export = ExportSpec {
            name: "demo".into(),
            description: String::new(),
            licence: String::new(),
            gguf: None,
        };
        let sources = [source(1), source(2)];
        for job in pipeline(&sources, &Reading::default(), &fit.tokenizer, &fit.pretrain, export) {
            job.spec.validate().unwrap();
            let named: Vec<String> = job.spec.inputs().into_iter().map(|slot| slot.name).collect();
            assert!(named.iter().all(|name| job.inputs.contains_key(name)), "{}", job.name);
            assert_eq!(named.len(), job.inputs.len(), "{}", job.name);
        }
    }
}

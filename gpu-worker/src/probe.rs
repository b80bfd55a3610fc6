//! What trainings sustain on this machine: some steps of the trainer that jobs use, on made-up tokens.
//!
//! An estimate rests on nothing else: what matrix products alone reach says little of a step, which is
//! also attention, norms, the optimiser and memory.

use std::time::{Duration, Instant};

use model::architectures::random_weights;
use model::training::packing::{Packing, TokenizedDocuments};
use model::training::{Trainer, TrainerSettings};
use model::{DType, Device};
use shared::spec::presets::Preset;
use shared::spec::{ArchitectureSpec, LlamaSpec, Precision, PretrainSpec, TrainingSpeed};

use crate::capabilities;
use crate::jobs::JobError;

/// The first steps allocate what the later ones use.
const WARM_UP_STEPS: usize = 1;
/// More of them make no better median.
const MEASURED_STEPS_LIMIT: usize = 50;
/// Tokens of a document of the generated corpus, about.
const DOCUMENT_TOKENS: usize = 120;
const LEARNING_RATE: f64 = 1e-3;

/// What the median step came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    pub tokens_per_second: f64,
    /// By the count of [`ArchitectureSpec::training_flops_per_token`].
    pub flops_per_second: f64,
}

/// The speeds of three widths in both precisions, in about `budget` altogether.
pub fn training_speeds(threads: usize, budget: Duration) -> Result<Vec<TrainingSpeed>, JobError> {
    let shapes: Vec<PretrainSpec> = [Precision::F32, Precision::Bf16].into_iter().flat_map(shapes).collect();
    let share = budget.div_f64(shapes.len().max(1) as f64);
    let speed = |spec: &PretrainSpec| {
        Ok(TrainingSpeed {
            hidden_size: spec.model.hidden_size(),
            precision: spec.precision,
            flops_per_second: measure(spec, threads, share)?.flops_per_second as u64,
        })
    };
    shapes.iter().map(speed).collect()
}

/// The presets' widths and twice of the larger: what a course trains.
fn shapes(precision: Precision) -> [PretrainSpec; 3] {
    let tiny = Preset::Tiny.pretrain();
    let mut small = Preset::Small.pretrain();
    // Half of its rows: a step is as fast per token, and more steps fit into the time.
    small.batch.rows = 4;
    let mut wide = small.clone();
    if let ArchitectureSpec::Llama(LlamaSpec { hidden_size, feed_forward_size, .. }) = &mut wide.model {
        (*hidden_size, *feed_forward_size) = (2 * *hidden_size, 2 * *feed_forward_size);
    }
    [tiny, small, wide].map(|spec| PretrainSpec { precision, ..spec })
}

/// Trains at the very shape of the spec for about `budget`, a step at least. Steps of several passes are
/// measured by one: the optimiser's own work, which they share, then weighs more than it will.
///
/// # Errors
/// [`JobError::User`] when the spec cannot work or does not fit into this machine's memory.
pub fn measure(spec: &PretrainSpec, threads: usize, budget: Duration) -> Result<Measured, JobError> {
    let job = shared::spec::JobSpec::Pretrain(spec.clone());
    job.validate().map_err(|problems| JobError::user(problems.to_string()))?;
    let (needed, available) = (job.estimate(0, 0.0).memory_bytes, capabilities::memory_bytes());
    if available > 0 && needed > available {
        return Err(JobError::user(format!(
            "this training needs about {} MiB and this machine has {} MiB: lower batch.rows or choose a \
             smaller model",
            needed >> 20,
            available >> 20
        )));
    }
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.max(1))
        .build()
        .map_err(|error| JobError::transient(format!("starting {threads} threads: {error}")))?
        .install(|| train(spec, &model::device::best(), budget))
        .map_err(|error| JobError::transient(format!("measuring training steps: {error}")))
}

fn train(spec: &PretrainSpec, device: &Device, budget: Duration) -> model::Result<Measured> {
    let settings = TrainerSettings::from(spec);
    let weights = random_weights(&spec.model, spec.seed, DType::F32, device)?;
    let mut trainer = Trainer::with_settings(&spec.model, &weights, settings, device)?;
    drop(weights);
    let rows = u64::from(spec.batch.rows);
    let documents = made_up_documents(spec);
    let context_length = spec.model.context_length() as usize;
    let mut packing = Packing::new(&documents, context_length, 0, spec.seed)?;
    let started = Instant::now();
    let mut seconds_per_token = Vec::new();
    for step in 0.. {
        let passes = [packing.rows(step * rows, rows)];
        let begun = Instant::now();
        let outcome = trainer.train_step(&passes, &spec.optimizer, LEARNING_RATE)?;
        if step as usize >= WARM_UP_STEPS {
            seconds_per_token.push(begun.elapsed().as_secs_f64() / outcome.tokens.max(1) as f64);
            if started.elapsed() >= budget || seconds_per_token.len() >= MEASURED_STEPS_LIMIT {
                break;
            }
        }
    }
    seconds_per_token.sort_by(f64::total_cmp);
    let median = seconds_per_token.get(seconds_per_token.len() / 2).copied().unwrap_or(f64::INFINITY);
    let tokens_per_second = 1.0 / median.max(1e-12);
    Ok(Measured {
        tokens_per_second,
        flops_per_second: tokens_per_second * spec.model.training_flops_per_token(),
    })
}

/// Enough for the rows of one step, in documents of a usual length.
fn made_up_documents(spec: &PretrainSpec) -> TokenizedDocuments {
    let tokens = u64::from(spec.batch.rows) * u64::from(spec.model.context_length());
    let vocabulary = u64::from(spec.model.vocabulary_size());
    // Knuth's multiplicative hash: spread over the vocabulary, and the same on every machine.
    let token = |index: u64| (index.wrapping_mul(2_654_435_761) % vocabulary) as u32;
    let mut documents = TokenizedDocuments::default();
    let all: Vec<u32> = (0..tokens.max(2)).map(token).collect();
    for document in all.chunks(DOCUMENT_TOKENS) {
        documents.push(document);
    }
    documents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measured_shapes_are_specs_that_work_of_rising_width_in_both_precisions() {
        for precision in [Precision::F32, Precision::Bf16] {
            let shapes = shapes(precision);
            for spec in &shapes {
                assert_eq!(spec.precision, precision);
                shared::spec::JobSpec::Pretrain(spec.clone()).validate().unwrap();
            }
            assert!(shapes.windows(2).all(|pair| pair[0].model.hidden_size() < pair[1].model.hidden_size()));
        }
    }

    #[test]
    fn a_probe_trains_at_the_specs_own_shape_and_says_both_rates_of_one_speed() {
        let mut spec = Preset::Tiny.pretrain();
        (spec.batch.rows, spec.batch.accumulation_steps) = (2, 7);
        let measured = measure(&spec, 1, Duration::ZERO).unwrap();
        assert!(measured.tokens_per_second > 0.0 && measured.tokens_per_second.is_finite());
        let flops = measured.tokens_per_second * spec.model.training_flops_per_token();
        assert_eq!(measured.flops_per_second, flops);
    }

    #[test]
    fn what_no_machine_holds_is_refused_before_anything_is_allocated() {
        let mut spec = Preset::Small.pretrain();
        let ArchitectureSpec::Llama(llama) = &mut spec.model else { unreachable!("the presets are Llamas") };
        (llama.hidden_size, llama.layers, llama.feed_forward_size) = (6_144, 40, 16_384);
        let error = measure(&spec, 1, Duration::ZERO).unwrap_err().to_string();
        assert!(error.contains("MiB") && error.contains("batch.rows"), "{error}");
        spec.steps = 0;
        assert!(measure(&spec, 1, Duration::ZERO).unwrap_err().to_string().contains("steps"));
    }
}

//! The estimate of a training's memory against the bytes that it asks for, counted by the allocator. One test
//! alone, because all that the process holds is counted.
#![allow(clippy::unwrap_used)]

mod story;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use candle_core::{DType, Device};
use model::architectures::random_weights;
use model::training::packing::{Packing, TokenizedDocuments};
use model::training::{Trainer, TrainerSettings};
use shared::spec::presets::Preset;
use shared::spec::{
    Activations, ArchitectureSpec, Gpt2Spec, LlamaSpec, MuonSpec, Precision, PretrainSpec, WeightAverageSpec,
};
use story::tokens;

struct CountingAllocator;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

// SAFETY: every call goes to the system's allocator as it came; the counters only watch. What is zeroed or moved
// is made of these two by the trait's own defaults.
#[allow(unsafe_code, reason = "an allocator is unsafe by its signature")]
unsafe impl GlobalAlloc for CountingAllocator {
    #[allow(unsafe_code, reason = "as above")]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        took(layout.size());
        unsafe { System.alloc(layout) }
    }

    #[allow(unsafe_code, reason = "as above")]
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

fn took(bytes: usize) {
    let held = HELD.fetch_add(bytes, Ordering::Relaxed) + bytes;
    PEAK.fetch_max(held, Ordering::Relaxed);
}

const VOCABULARY: u32 = 500;
const CONTEXT: u32 = 64;

fn training(model: ArchitectureSpec, activations: Activations) -> PretrainSpec {
    let mut spec = Preset::Tiny.pretrain();
    (spec.model, spec.activations, spec.batch.rows) = (model, activations, 8);
    spec
}

fn llama(key_value_heads: u32, tied_embeddings: bool) -> ArchitectureSpec {
    ArchitectureSpec::Llama(LlamaSpec {
        vocabulary_size: VOCABULARY,
        context_length: CONTEXT,
        hidden_size: 64,
        layers: 3,
        heads: 4,
        key_value_heads,
        feed_forward_size: 172,
        rope_theta: 10_000.0,
        rope_scaling: None,
        rms_norm_epsilon: 1e-5,
        tied_embeddings,
    })
}

fn gpt2(tied_embeddings: bool) -> ArchitectureSpec {
    ArchitectureSpec::Gpt2(Gpt2Spec {
        vocabulary_size: VOCABULARY,
        context_length: CONTEXT,
        hidden_size: 64,
        layers: 3,
        heads: 4,
        feed_forward_size: 256,
        layer_norm_epsilon: 1e-5,
        tied_embeddings,
    })
}

fn trainings() -> Vec<PretrainSpec> {
    let mut trainings = Vec::new();
    for model in [llama(4, true), llama(2, false), gpt2(true), gpt2(false)] {
        for activations in [Activations::Kept, Activations::Recomputed] {
            let plain = training(model.clone(), activations);
            let muon = MuonSpec { learning_rate: 0.02, momentum: 0.95, weight_decay: 0.01, iterations: 5 };
            let bf16 = PretrainSpec { precision: Precision::Bf16, ..plain.clone() };
            let average = Some(WeightAverageSpec { decay: 0.99 });
            let averaged = PretrainSpec { muon: Some(muon), weight_average: average, ..plain.clone() };
            trainings.extend([plain, bf16, averaged]);
        }
    }
    trainings
}

/// Of a trainer and two of its steps, above what was held before.
fn peak_bytes(spec: &PretrainSpec) -> usize {
    let mut documents = TokenizedDocuments::default();
    for seed in 0..24 {
        documents.push(&tokens(CONTEXT as usize - 1, VOCABULARY, seed));
    }
    let mut packing = Packing::new(&documents, CONTEXT as usize, 0, 1).unwrap();
    let before = HELD.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let weights = random_weights(&spec.model, 1, DType::F32, &Device::Cpu).unwrap();
    let mut trainer =
        Trainer::with_settings(&spec.model, &weights, TrainerSettings::from(spec), &Device::Cpu).unwrap();
    drop(weights);
    let rows = u64::from(spec.batch.rows);
    for step in 0..2 {
        let rows = packing.rows(step * rows, rows);
        trainer.train_step(&[rows], &spec.optimizer, spec.optimizer.learning_rate).unwrap();
    }
    PEAK.load(Ordering::Relaxed) - before
}

#[test]
fn a_training_never_asks_for_more_bytes_than_its_estimate_says() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| {
        let trainings = trainings();
        // What the matrix products work in is made once per thread and stays.
        peak_bytes(&trainings[0]);
        for spec in trainings {
            let (counted, estimated) = (peak_bytes(&spec) as u64, spec.training_memory_bytes());
            let with_a_tenth = counted + counted / 10;
            assert!(with_a_tenth <= estimated, "{counted} bytes were held, {estimated} expected: {spec:?}");
        }
    });
}

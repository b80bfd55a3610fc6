//! The same numbers as PyTorch and `transformers`: logits, loss, every gradient, ten steps of AdamW and of
//! Muon. The files come from `golden/make_golden.py` and `golden/make_muon_golden.py`; the tests need no
//! Python.
#![allow(clippy::unwrap_used)]

mod story;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use model::architectures::{Weights, parameters};
use model::batch::Batch;
use model::candle_ops::{CandleOps, Forms};
use model::state::State;
use model::training::packing::PackedRows;
use model::training::schedule::learning_rate;
use model::training::{Trainer, TrainerSettings};
use model::weights::Layout;
use model::{architectures::Model, hugging_face, weights};
use serde::Deserialize;
use shared::spec::{AdamWSpec, ArchitectureSpec, MuonSpec, ScheduleSpec};
use story::relative_difference;

#[derive(Deserialize)]
struct Golden {
    steps: u64,
    optimizer: AdamWSpec,
    schedule: ScheduleSpec,
    /// `[steps, rows, context_length + 1]`.
    batches: Vec<Vec<Vec<u32>>>,
    losses: Vec<f64>,
    gradient_norms: Vec<f64>,
    /// `[rows · context_length, vocabulary]`.
    logits: Vec<Vec<f32>>,
}

struct Variant {
    folder: PathBuf,
    spec: ArchitectureSpec,
    golden: Golden,
}

fn variants() -> Vec<Variant> {
    ["llama_tied", "llama_untied", "llama_scaled", "gpt2_tied", "gpt2_untied"]
        .map(|name| {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
            let read = |file: &str| std::fs::read(folder.join(file)).unwrap();
            let spec = hugging_face::from_config(&read("config.json")).unwrap();
            let golden = serde_json::from_slice(&read("golden.json")).unwrap();
            Variant { folder, spec, golden }
        })
        .into()
}

impl Variant {
    fn tensors(&self, file: &str) -> Weights {
        let expected: Vec<_> = parameters(&self.spec).into_iter().map(Into::into).collect();
        let bytes = std::fs::read(self.folder.join(file)).unwrap();
        weights::from_bytes(&bytes, &expected, &Device::Cpu).unwrap().0
    }

    fn rows(&self, step: usize) -> PackedRows {
        let batch = &self.golden.batches[step];
        let inputs = batch.iter().map(|row| &row[..row.len() - 1]);
        let targets: Vec<u32> = batch.iter().flat_map(|row| &row[1..]).copied().collect();
        let mask = vec![true; targets.len()];
        PackedRows { batch: Batch::stateless(inputs), targets, mask }
    }
}

#[test]
fn logits_are_those_of_transformers() {
    for variant in variants() {
        let model = Model::new(&variant.spec, &variant.tensors("initial.safetensors")).unwrap();
        let expected = Tensor::new(variant.golden.logits.clone(), &Device::Cpu).unwrap();
        for forms in [Forms::Composed, Forms::Fastest] {
            let ops = CandleOps::with_forms(&Device::Cpu, DType::F32, forms);
            let logits = model.logits(&ops, &variant.rows(0).batch, &mut State::none()).unwrap();
            let difference =
                (logits - &expected).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
            assert!(difference < 1e-4, "{:?}, {forms:?}: off by {difference:e}", variant.folder);
        }
    }
}

#[test]
fn scaled_positions_are_what_makes_the_scaled_model_s_logits() {
    let mut variant =
        variants().into_iter().find(|variant| variant.folder.ends_with("llama_scaled")).unwrap();
    let ArchitectureSpec::Llama(llama) = &mut variant.spec else { panic!("a llama was asked for") };
    llama.rope_scaling.take().unwrap();
    let model = Model::new(&variant.spec, &variant.tensors("initial.safetensors")).unwrap();
    let expected = Tensor::new(variant.golden.logits.clone(), &Device::Cpu).unwrap();
    let ops = CandleOps::new(&Device::Cpu, DType::F32);
    let logits = model.logits(&ops, &variant.rows(0).batch, &mut State::none()).unwrap();
    let difference = relative_difference(&logits, &expected);
    assert!(difference > 1e-2, "without scaling the logits are off by {difference:e} only");
}

/// Every way that a training can compute: CUDA has the composed forms only.
const WAYS: [(Forms, DType); 3] =
    [(Forms::Fastest, DType::F32), (Forms::Composed, DType::F32), (Forms::Composed, DType::F64)];

fn trainer(variant: &Variant, (forms, dtype): (Forms, DType)) -> Trainer {
    let initial = variant.tensors("initial.safetensors");
    let initial = initial.into_iter().map(|(name, weight)| (name, weight.to_dtype(dtype).unwrap()));
    let settings = TrainerSettings { forms, ..Default::default() };
    Trainer::with_settings(&variant.spec, &initial.collect(), settings, &Device::Cpu).unwrap()
}

#[test]
fn the_loss_and_every_gradient_are_those_of_pytorch() {
    for variant in variants() {
        for way in WAYS {
            let (loss, gradients) = trainer(&variant, way).gradients(&[variant.rows(0)]).unwrap();
            assert!((loss - variant.golden.losses[0]).abs() < 1e-4 * loss);
            for (name, expected) in variant.tensors("gradients.safetensors") {
                assert_eq!(gradients[&name].dtype(), way.1);
                let difference = relative_difference(&gradients[&name], &expected);
                assert!(difference < 1e-4, "{way:?}: the gradient of {name} is off by {difference:e}");
            }
        }
    }
}

#[test]
fn ten_steps_follow_pytorch() {
    for variant in variants() {
        let Golden { steps, optimizer, schedule, losses, gradient_norms, .. } = &variant.golden;
        let initial = variant.tensors("initial.safetensors");
        for way in WAYS {
            let mut trainer = trainer(&variant, way);
            for step in 1..=*steps {
                let rate = learning_rate(schedule, optimizer.learning_rate, step, *steps);
                let index = step as usize - 1;
                let outcome = trainer.train_step(&[variant.rows(index)], optimizer, rate).unwrap();
                let (loss, norm) = (losses[index], gradient_norms[index]);
                assert!((outcome.loss - loss).abs() < 1e-4 * loss, "{way:?}, step {step}: {outcome:?}");
                assert!(
                    (outcome.gradient_norm - norm).abs() < 1e-4 * norm,
                    "{way:?}, step {step}: {outcome:?}"
                );
            }
            let moved = trainer.weights();
            for (name, expected) in variant.tensors("final.safetensors") {
                let difference = relative_difference(&moved[&name], &expected);
                assert!(difference < 1e-4, "{way:?}: {name} is off by {difference:e} after ten steps");
                assert!(relative_difference(&initial[&name], &expected) > 5e-3, "{name} has hardly moved");
            }
        }
    }
}

/// Ten steps with PyTorch's Muon.
#[derive(Deserialize)]
struct MuonGolden {
    muon: MuonSpec,
    /// With its Newton-Schulz iteration in f32.
    losses: Vec<f64>,
    /// As PyTorch has it.
    losses_in_bfloat16: Vec<f64>,
    parameters: BTreeMap<String, FinalValues>,
}

/// Of a parameter as its file has it: its L2 norm, and the first of every so many values.
#[derive(Deserialize)]
struct FinalValues {
    norm: f64,
    values: Vec<f64>,
}

#[test]
fn ten_steps_of_muon_follow_pytorch() {
    for variant in variants() {
        let path = variant.folder.join("muon.json");
        let Ok(bytes) = std::fs::read(path) else { continue };
        let MuonGolden { muon, losses, losses_in_bfloat16, parameters: finals } =
            serde_json::from_slice(&bytes).unwrap();
        let Golden { steps, optimizer, schedule, .. } = &variant.golden;
        for (forms, dtype) in WAYS {
            let initial = variant.tensors("initial.safetensors");
            let initial = initial.into_iter().map(|(name, weight)| (name, weight.to_dtype(dtype).unwrap()));
            let settings = TrainerSettings { forms, muon: Some(muon.clone()), ..Default::default() };
            let mut trainer =
                Trainer::with_settings(&variant.spec, &initial.collect(), settings, &Device::Cpu).unwrap();
            for step in 1..=*steps {
                let rate = learning_rate(schedule, optimizer.learning_rate, step, *steps);
                let index = step as usize - 1;
                let loss = trainer.train_step(&[variant.rows(index)], optimizer, rate).unwrap().loss;
                let (exact, rounded) = (losses[index], losses_in_bfloat16[index]);
                assert!((loss - exact).abs() < 1e-4 * exact, "{forms:?}, step {step}: {loss}, {exact}");
                assert!((loss - rounded).abs() < 2e-3 * rounded, "{forms:?}, step {step}: {loss}, {rounded}");
            }
            let moved = trainer.weights();
            for parameter in parameters(&variant.spec) {
                let expected = &finals[&parameter.name];
                let weight = &moved[&parameter.name];
                let lying = match parameter.layout {
                    Layout::Plain => weight.clone(),
                    Layout::Transposed => weight.t().unwrap(),
                };
                let values = story::values(&lying);
                let norm = values.iter().map(|value| value * value).sum::<f64>().sqrt();
                assert!((norm - expected.norm).abs() < 1e-4 * expected.norm, "{forms:?}: {}", parameter.name);
                let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
                let stride = (values.len() / 16).max(1);
                for (value, expected) in values.iter().step_by(stride).zip(&expected.values) {
                    let difference = (value - expected).abs() / largest;
                    assert!(difference < 1e-4, "{forms:?}: {} is off by {difference:e}", parameter.name);
                }
            }
        }
    }
}

#[test]
fn both_families_are_among_what_muon_was_compared_on() {
    let compared = variants().into_iter().filter(|variant| variant.folder.join("muon.json").is_file());
    let mut kinds: Vec<_> = compared.map(|variant| variant.spec.kind()).collect();
    kinds.dedup();
    assert_eq!(kinds.len(), 2, "{kinds:?}");
}

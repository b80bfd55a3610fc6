//! Muon and averaged weights in a training: who is moved by whom, what is saved, what is validated on.
#![allow(clippy::unwrap_used)]

mod story;

use std::collections::BTreeSet;

use model::checkpoint;
use model::training::average::decay;
use model::training::muon::matrices;
use model::training::packing::{PackedRows, Packing, TokenizedDocuments};
use model::training::{StepOutcome, Trainer, TrainerSettings};
use model::{Device, Tensor};
use shared::spec::{ArchitectureSpec, MuonSpec, WeightAverageSpec};
use story::*;

fn muon() -> MuonSpec {
    MuonSpec { learning_rate: 0.02, momentum: 0.95, weight_decay: 0.05, iterations: 5 }
}

/// Muon and an average.
fn settings() -> TrainerSettings {
    let weight_average = Some(WeightAverageSpec { decay: 0.9 });
    TrainerSettings { muon: Some(muon()), weight_average, ..Default::default() }
}

fn trainer(spec: &ArchitectureSpec, settings: TrainerSettings) -> Trainer {
    let weights = model::architectures::random_weights(spec, 1, model::DType::F32, &Device::Cpu).unwrap();
    Trainer::with_settings(spec, &weights, settings, &Device::Cpu).unwrap()
}

fn rows(step: u64) -> PackedRows {
    let mut documents = TokenizedDocuments::default();
    for seed in 0..4 {
        documents.push(&tokens(20 + 7 * seed as usize, 60, seed));
    }
    Packing::new(&documents, 24, 60, 1).unwrap().rows(step * 3, 3)
}

fn train(trainer: &mut Trainer, until: u64) -> Vec<StepOutcome> {
    let steps = trainer.step() + 1..=until;
    steps.map(|step| trainer.train_step(&[rows(step)], &optimizer(), 3e-3).unwrap()).collect()
}

fn bytes(trainer: &Trainer) -> Vec<u8> {
    checkpoint::to_bytes(trainer).unwrap()
}

#[test]
fn muon_moves_the_matrices_of_the_blocks_and_nothing_else() {
    for spec in architectures() {
        let parameters = model::architectures::parameters(&spec);
        let moved: BTreeSet<&str> = parameters
            .iter()
            .filter(|parameter| matrices(&parameter.name, &parameter.shape) > 0)
            .map(|parameter| parameter.name.as_str())
            .collect();
        let per_block = if matches!(spec, ArchitectureSpec::Llama(_)) { 7 } else { 4 };
        assert_eq!(moved.len(), 2 * per_block, "two blocks: {moved:?}");
        assert!(
            moved
                .iter()
                .all(|name| !name.contains("embed") && !name.contains("head") && !name.contains("wpe"))
        );
        for parameter in &parameters {
            let together = if parameter.name.ends_with("c_attn.weight") { 3 } else { 1 };
            let expected = if moved.contains(parameter.name.as_str()) { together } else { 0 };
            assert_eq!(matrices(&parameter.name, &parameter.shape), expected, "{}", parameter.name);
        }

        let mut trainer = trainer(&spec, settings());
        train(&mut trainer, 1);
        for (name, moments) in trainer.moments() {
            assert_eq!(moments.dims()[0], if moved.contains(name.as_str()) { 1 } else { 2 }, "{name}");
        }
    }
}

#[test]
fn a_text_seen_again_and_again_is_learned_with_muon_too() {
    for spec in [&architectures()[1], &architectures()[4]] {
        let mut trainer = trainer(spec, settings());
        let mut step = || trainer.train_step(&[rows(0)], &optimizer(), 3e-3).unwrap().loss;
        let losses: Vec<f64> = (0..60).map(|_| step()).collect();
        assert!((losses[0] - 61f64.ln()).abs() < 0.1, "random weights know nothing: {}", losses[0]);
        assert!(losses[59] < 1.0, "{losses:?}");
    }
}

#[test]
fn with_muon_and_an_average_six_steps_are_three_a_checkpoint_and_three_more_bit_for_bit() {
    for spec in architectures() {
        let mut straight = trainer(&spec, settings());
        let outcomes = train(&mut straight, 6);
        let mut first = trainer(&spec, settings());
        let mut resumed_outcomes = train(&mut first, 3);
        let mut second = checkpoint::from_bytes(&bytes(&first), &spec, settings(), &Device::Cpu).unwrap();
        resumed_outcomes.extend(train(&mut second, 6));
        assert_eq!(resumed_outcomes, outcomes);
        assert!(bytes(&second) == bytes(&straight), "weights, moments and average are the same bits");
    }
}

#[test]
fn one_thread_and_two_agree_about_muon() {
    let spec = &architectures()[1];
    let on_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| train(&mut trainer(spec, settings()), 6))
    };
    for (one, two) in on_threads(1).iter().zip(on_threads(2)) {
        assert!((one.loss - two.loss).abs() < 1e-4, "{one:?} {two:?}");
    }
}

#[test]
fn the_average_is_what_the_formula_says_and_what_is_validated_on() {
    let spec = &architectures()[1];
    let average_spec = WeightAverageSpec { decay: 0.6 };
    let averaged = TrainerSettings { weight_average: Some(average_spec.clone()), ..Default::default() };
    let (mut with, mut without) = (trainer(spec, averaged), trainer(spec, TrainerSettings::default()));
    let mut expected: Vec<(String, Vec<f64>)> =
        with.weights().iter().map(|(name, weight)| (name.clone(), values(weight))).collect();
    for step in 1..=12 {
        assert_eq!(train(&mut with, step), train(&mut without, step), "the average leaves no trace");
        let d = 0.6f64.min((1.0 + step as f64) / (10.0 + step as f64));
        assert_eq!(d, decay(&average_spec, step));
        for (name, mean) in &mut expected {
            let weights = values(&with.weights()[name]);
            mean.iter_mut().zip(weights).for_each(|(mean, weight)| *mean = d * *mean + (1.0 - d) * weight);
        }
    }
    let average = with.average().unwrap();
    for (name, mean) in &expected {
        let mean = Tensor::from_vec(mean.clone(), average[name].shape(), &Device::Cpu).unwrap();
        assert!(relative_difference(&average[name], &mean) < 1e-6, "{name}");
        assert!(values(&average[name]) != values(&with.weights()[name]), "{name} has moved");
    }

    let of_average = Trainer::from_weights(spec, &average, &Device::Cpu).unwrap();
    let evaluate = |trainer: &Trainer| trainer.evaluate(&rows(0), |_| Some(1)).unwrap();
    assert_eq!(evaluate(&with), evaluate(&of_average));
    assert_ne!(evaluate(&with), evaluate(&without));
    assert!(with.evaluated_weights().iter().all(|(name, weight)| values(weight) == values(&average[name])));
    assert!(without.average().is_none());
}

#[test]
fn a_checkpoint_of_another_rule_is_refused_by_what_it_lacks() {
    let spec = &architectures()[1];
    let read = |bytes: &[u8], settings: TrainerSettings| {
        checkpoint::from_bytes(bytes, spec, settings, &Device::Cpu).unwrap_err().to_string()
    };
    let plain = bytes(&trainer(spec, TrainerSettings::default()));
    let error = read(&plain, TrainerSettings { muon: Some(muon()), ..Default::default() });
    assert!(error.contains("moments.model.layers.0") && error.contains("[1, "), "{error}");
    let average = Some(WeightAverageSpec { decay: 0.9 });
    let error = read(&plain, TrainerSettings { weight_average: average, ..Default::default() });
    assert!(error.contains("\"average.") && error.contains("is missing"), "{error}");
    let error = read(
        &bytes(&trainer(spec, settings())),
        TrainerSettings { muon: Some(muon()), ..Default::default() },
    );
    assert!(error.contains("\"average.") && error.contains("has no place"), "{error}");
}

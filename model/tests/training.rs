//! A training can be stopped anywhere, saved, and gone on with as if nothing had happened.
#![allow(clippy::unwrap_used)]

mod story;

use std::collections::{BTreeMap, BTreeSet};

use candle_core::{DType, Device};
use model::architectures::{Weights, random_weights};
use model::checkpoint;
use model::kernels::bfloat16_product;
use model::training::packing::{PackedRows, Packing, TokenizedDocuments};
use model::training::schedule::learning_rate;
use model::training::{StepOutcome, Trainable, Trainer, TrainerSettings};
use model::weights::{self, Expected, Layout};
use safetensors::SafeTensors;
use shared::spec::{ArchitectureSpec, Decay, Precision, ScheduleSpec};
use story::*;

const SCHEDULE: ScheduleSpec =
    ScheduleSpec { warmup_steps: 2, final_learning_rate_ratio: 0.1, decay: Decay::Cosine };

fn documents() -> TokenizedDocuments {
    let mut documents = TokenizedDocuments::default();
    for seed in 0..9 {
        documents.push(&tokens(5 + 7 * seed as usize, 60, seed));
    }
    documents
}

fn train(trainer: &mut Trainer, until: u64) -> Vec<StepOutcome> {
    let documents = documents();
    let context = trainer.spec().context_length() as usize;
    let mut packing = Packing::new(&documents, context, 60, 1).unwrap();
    (trainer.step() + 1..=until)
        .map(|step| {
            let passes: Vec<PackedRows> =
                (0..2).map(|pass| packing.rows((step - 1) * 6 + pass * 3, 3)).collect();
            let rate = learning_rate(&SCHEDULE, 1e-2, step, 6);
            trainer.train_step(&passes, &optimizer(), rate).unwrap()
        })
        .collect()
}

fn bytes(trainer: &Trainer) -> Vec<u8> {
    checkpoint::to_bytes(trainer).unwrap()
}

#[test]
fn six_steps_are_three_steps_a_checkpoint_and_three_more_bit_for_bit() {
    for spec in architectures() {
        let mut straight = Trainer::new(&spec, 1, &Device::Cpu).unwrap();
        let outcomes = train(&mut straight, 6);

        let mut first = Trainer::new(&spec, 1, &Device::Cpu).unwrap();
        let mut resumed_outcomes = train(&mut first, 3);
        let mut second =
            checkpoint::from_bytes(&bytes(&first), &spec, TrainerSettings::default(), &Device::Cpu).unwrap();
        assert_eq!(second.step(), 3);
        resumed_outcomes.extend(train(&mut second, 6));
        assert_eq!(resumed_outcomes, outcomes);
        assert!(bytes(&second) == bytes(&straight), "weights and moments are the same bits");
    }
}

#[test]
fn one_thread_and_two_agree() {
    let spec = &architectures()[1];
    let on_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| train(&mut Trainer::new(spec, 1, &Device::Cpu).unwrap(), 6))
    };
    for (one, two) in on_threads(1).iter().zip(on_threads(2)) {
        assert!((one.loss - two.loss).abs() < 1e-5, "{one:?} {two:?}");
        assert!((one.gradient_norm - two.gradient_norm).abs() < 1e-4);
    }
}

#[test]
fn bf16_learns_what_f32_learns() {
    for spec in [&architectures()[1], &architectures()[4]] {
        let last_losses = |precision: Precision| {
            let weights = random_weights(spec, 3, DType::F32, &Device::Cpu).unwrap();
            let settings = TrainerSettings { forms: precision.into(), ..TrainerSettings::default() };
            let mut trainer = Trainer::with_settings(spec, &weights, settings, &Device::Cpu).unwrap();
            let outcomes = train(&mut trainer, 60);
            outcomes[50..].iter().map(|outcome| outcome.loss).collect::<Vec<f64>>()
        };
        let (f32, bf16) = (last_losses(Precision::F32), last_losses(Precision::Bf16));
        let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
        assert!(mean(&f32) < 3.9, "well below ln 61: {f32:?}");
        assert!((mean(&bf16) / mean(&f32) - 1.0).abs() < 0.01, "{f32:?}, {bf16:?}");
        assert_eq!(f32 != bf16, bfloat16_product::is_available(), "bf16 is used where it can be");
        assert_eq!(bf16, last_losses(Precision::Bf16), "and gives the same again");
    }
}

#[test]
fn a_text_seen_again_and_again_is_learned() {
    let spec = &architectures()[2];
    let mut trainer = Trainer::new(spec, 1, &Device::Cpu).unwrap();
    let mut documents = TokenizedDocuments::default();
    documents.push(&tokens(40, 60, 1));
    let mut packing = Packing::new(&documents, 24, 60, 1).unwrap();
    let mut losses = vec![];
    for step in 0..60 {
        let rows = packing.rows(step * 2, 2);
        losses.push(trainer.train_step(&[rows], &optimizer(), 1e-2).unwrap().loss);
    }
    assert!((losses[0] - 61f64.ln()).abs() < 0.1, "random weights know nothing: {}", losses[0]);
    assert!(losses[59] < 0.3, "{losses:?}");
}

#[test]
fn two_passes_are_one_pass_of_all_rows() {
    let spec = &architectures()[1];
    let documents = documents();
    let rows = |first, count| Packing::new(&documents, 24, 60, 1).unwrap().rows(first, count);
    let trainer = Trainer::new(spec, 1, &Device::Cpu).unwrap();
    let (whole_loss, whole) = trainer.gradients(&[rows(0, 4)]).unwrap();
    let (parts_loss, parts) = trainer.gradients(&[rows(0, 1), rows(1, 3)]).unwrap();
    assert!((whole_loss - parts_loss).abs() < 1e-6);
    for (name, gradient) in &whole {
        assert!(relative_difference(&parts[name], gradient) < 1e-4, "{name}");
    }
}

#[test]
fn evaluating_leaves_no_trace_and_leaves_special_tokens_out_of_bits_per_byte() {
    let spec = &architectures()[1];
    let documents = documents();
    let rows = Packing::new(&documents, 24, 60, 1).unwrap().rows(0, 5);
    let trainer = Trainer::new(spec, 1, &Device::Cpu).unwrap();
    let before = bytes(&trainer);
    let evaluation = trainer.evaluate(&rows, |token| (token != 60).then_some(3)).unwrap();
    assert!(bytes(&trainer) == before);
    let text = rows.targets.iter().zip(&rows.mask).filter(|(target, counts)| **counts && **target != 60);
    assert_eq!(evaluation.text_bytes, 3 * text.count() as u64);
    assert_eq!(evaluation.tokens, rows.counted() as u64);
    assert!(evaluation.text_nats < evaluation.nats);
    let (loss, _) = trainer.gradients(&[rows]).unwrap();
    assert!((evaluation.loss() - loss).abs() < 1e-5);
    let bits = evaluation.text_nats / std::f64::consts::LN_2 / evaluation.text_bytes as f64;
    assert_eq!(evaluation.bits_per_byte(), bits);
}

#[test]
fn a_training_that_diverges_says_so_and_changes_nothing() {
    let spec = &architectures()[0];
    let mut poisoned = perturbed_weights(spec, model::DType::F32);
    let norm = "model.norm.weight";
    poisoned.insert(norm.to_owned(), (&poisoned[norm] * f64::NAN).unwrap());
    let mut trainer = Trainer::from_weights(spec, &poisoned, &Device::Cpu).unwrap();
    let documents = documents();
    let rows = Packing::new(&documents, 24, 60, 1).unwrap().rows(0, 1);
    let before = bytes(&trainer);
    let error = trainer.train_step(&[rows], &optimizer(), 1e-2).unwrap_err().to_string();
    assert!(error.contains("step 1") && error.contains("learning rate"), "{error}");
    assert!(bytes(&trainer) == before);
    assert_eq!(trainer.step(), 0);
}

#[test]
fn weights_that_do_not_fit_are_refused_by_name() {
    let spec = &architectures()[1];
    let expected = expected(spec);
    let good = perturbed_weights(spec, model::DType::F32);
    let read = |bytes: &[u8]| weights::from_bytes(bytes, &expected, &Device::Cpu);
    // Whatever they are, as they are.
    let written = |weights: &Weights| {
        let plain: Vec<Expected> = weights
            .iter()
            .map(|(name, weight)| Expected {
                name: name.clone(),
                shape: weight.dims().into(),
                layout: Layout::Plain,
            })
            .collect();
        weights::to_bytes(weights, &plain, BTreeMap::new()).unwrap()
    };
    let (back, _) = read(&written(&good)).unwrap();
    assert!(good.iter().all(|(name, weight)| values(&back[name]) == values(weight)));
    assert!(written(&good) == written(&back), "the same weights are the same bytes");

    let mut missing = good.clone();
    missing.remove("model.norm.weight");
    let mut unexpected = good.clone();
    unexpected.insert("extra".to_owned(), good["model.norm.weight"].clone());
    let error = weights::to_bytes(&unexpected, &expected, BTreeMap::new()).unwrap_err().to_string();
    assert!(error.contains("\"extra\" has no place"), "{error}");
    let mut reshaped = good.clone();
    let flat = reshaped["lm_head.weight"].flatten_all().unwrap();
    reshaped.insert("lm_head.weight".to_owned(), flat);
    let truncated = written(&good)[..2000].to_vec();
    let mut huge_header = written(&good);
    huge_header[..8].copy_from_slice(&u64::MAX.to_le_bytes());
    let cases = [
        (written(&missing), "\"model.norm.weight\" is missing"),
        (written(&unexpected), "\"extra\" has no place"),
        (written(&reshaped), "\"lm_head.weight\" has the shape"),
        (truncated, "cannot be used"),
        (huge_header, "header claims"),
        (vec![1, 2, 3], "shorter than"),
        (vec![0xff; 64], "header claims"),
    ];
    for (bytes, words) in cases {
        let error = read(&bytes).unwrap_err().to_string();
        assert!(error.contains(words), "{words}: {error}");
    }
}

#[test]
fn a_gpt2s_file_keeps_the_matrices_of_its_blocks_as_inputs_by_outputs() {
    let spec = architectures().pop().unwrap();
    let weights = perturbed_weights(&spec, model::DType::F32);
    let file = weights::to_bytes(&weights, &expected(&spec), BTreeMap::new()).unwrap();
    let in_file = SafeTensors::deserialize(&file).unwrap();
    let shape = |name: &str| in_file.tensor(name).unwrap().shape().to_vec();
    assert_eq!(shape("transformer.h.1.attn.c_attn.weight"), [21, 63]);
    assert_eq!(shape("transformer.h.1.mlp.c_fc.weight"), [21, 40]);
    assert_eq!(shape("lm_head.weight"), [61, 21]);
    // A square one shows by its values.
    let name = "transformer.h.0.attn.c_proj.weight";
    let bytes = in_file.tensor(name).unwrap().data().chunks_exact(4);
    let stored: Vec<f32> = bytes.map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap())).collect();
    let turned = weights[name].t().unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
    assert!(stored == turned && values(&weights[name]) != values(&weights[name].t().unwrap()));

    let (back, _) = weights::from_bytes(&file, &expected(&spec), &Device::Cpu).unwrap();
    assert!(weights.iter().all(|(name, weight)| values(&back[name]) == values(weight)));
    let plain: Vec<Expected> =
        expected(&spec).into_iter().map(|tensor| Expected { layout: Layout::Plain, ..tensor }).collect();
    let error = weights::from_bytes(&file, &plain, &Device::Cpu).unwrap_err().to_string();
    assert!(error.contains("c_attn") && error.contains("[21, 63]"), "{error}");
}

#[test]
fn a_checkpoint_of_another_shape_is_refused() {
    let specs: Vec<ArchitectureSpec> = architectures();
    let trainer = Trainer::new(&specs[1], 1, &Device::Cpu).unwrap();
    assert!(
        checkpoint::from_bytes(&bytes(&trainer), &specs[0], TrainerSettings::default(), &Device::Cpu)
            .is_err()
    );
}

/// As in fine-tuning a few weights: the last block's feed-forward and the final norm.
fn few(spec: &ArchitectureSpec) -> BTreeSet<String> {
    let names = model::architectures::parameters(spec).into_iter().map(|parameter| parameter.name);
    let few = ["model.layers.1.mlp", "model.norm.weight", "transformer.h.1.mlp", "transformer.ln_f"];
    names.filter(|name| few.iter().any(|part| name.starts_with(part))).collect()
}

fn trainer_of(spec: &ArchitectureSpec, trainable: Trainable) -> Trainer {
    let settings = TrainerSettings { trainable, ..Default::default() };
    Trainer::with_settings(spec, &perturbed_weights(spec, model::DType::F32), settings, &Device::Cpu).unwrap()
}

#[test]
fn what_is_outside_of_the_mask_keeps_its_bits_and_costs_nothing() {
    for spec in architectures() {
        let few = few(&spec);
        let before = perturbed_weights(&spec, model::DType::F32);
        let mut trainer = trainer_of(&spec, Trainable::Only(few.clone()));
        let rows = Packing::new(&documents(), 24, 60, 1).unwrap().rows(0, 3);
        let (_, gradients) = trainer.gradients(std::slice::from_ref(&rows)).unwrap();
        let (_, of_all) = trainer_of(&spec, Trainable::All).gradients(&[rows]).unwrap();
        assert!(gradients.keys().eq(&few), "only they get gradients: {:?}", gradients.keys());
        assert!(trainer.moments().keys().eq(&few), "only they have moments");
        for (name, gradient) in &gradients {
            assert_eq!(values(gradient), values(&of_all[name]), "{name} has the gradient that it always has");
        }
        train(&mut trainer, 3);
        let after = trainer.weights();
        assert!(after.keys().eq(before.keys()));
        for (name, weight) in &after {
            assert_eq!(values(weight) == values(&before[name]), !few.contains(name), "{name}");
        }
    }
}

#[test]
fn a_training_with_a_mask_is_saved_and_goes_on_with_it() {
    let spec = &architectures()[1];
    let settings = || TrainerSettings { trainable: Trainable::Only(few(spec)), ..Default::default() };
    let mut straight = trainer_of(spec, settings().trainable);
    train(&mut straight, 6);
    let mut first = trainer_of(spec, settings().trainable);
    train(&mut first, 3);
    let mut second = checkpoint::from_bytes(&bytes(&first), spec, settings(), &Device::Cpu).unwrap();
    train(&mut second, 6);
    assert!(bytes(&second) == bytes(&straight));
    let everything = checkpoint::from_bytes(&bytes(&first), spec, TrainerSettings::default(), &Device::Cpu);
    assert!(everything.unwrap_err().to_string().contains("moments."), "it has no moments for the rest");
}

#[test]
fn a_mask_that_names_nothing_or_a_stranger_is_refused() {
    let spec = &architectures()[1];
    for (names, words) in
        [(vec![], "name at least one"), (vec!["model.nrom.weight"], "\"model.nrom.weight\"")]
    {
        let names = names.into_iter().map(str::to_owned).collect();
        let settings = TrainerSettings { trainable: Trainable::Only(names), ..Default::default() };
        let weights = perturbed_weights(spec, model::DType::F32);
        let error = Trainer::with_settings(spec, &weights, settings, &Device::Cpu).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}

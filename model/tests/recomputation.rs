//! What is kept for the backward pass changes no bit of any gradient; nor does it matter that blocks are
//! graphs of their own.
#![allow(clippy::unwrap_used)]

mod story;

use std::collections::{BTreeMap, BTreeSet};

use candle_core::{DType, Device, Tensor, Var};
use model::architectures::{Model, Weights};
use model::candle_ops::{CandleOps, Forms};
use model::state::State;
use model::training::packing::{PackedRows, Packing, TokenizedDocuments};
use model::training::{Trainable, Trainer, TrainerSettings, loss};
use shared::spec::{Activations, ArchitectureSpec};
use story::*;

/// Rows of several documents each, in two passes.
fn passes() -> [PackedRows; 2] {
    let mut documents = TokenizedDocuments::default();
    for seed in 0..9 {
        documents.push(&tokens(5 + 7 * seed as usize, 60, seed));
    }
    let mut packing = Packing::new(&documents, 24, 60, 1).unwrap();
    [packing.rows(0, 3), packing.rows(3, 2)]
}

fn trainer(spec: &ArchitectureSpec, weights: &Weights, settings: TrainerSettings) -> Trainer {
    Trainer::with_settings(spec, weights, settings, &Device::Cpu).unwrap()
}

fn bits(gradients: &Weights) -> BTreeMap<&str, Vec<u64>> {
    let of = |gradient: &Tensor| values(gradient).into_iter().map(f64::to_bits).collect();
    gradients.iter().map(|(name, gradient)| (name.as_str(), of(gradient))).collect()
}

#[test]
fn recomputed_activations_give_the_same_bits() {
    for spec in architectures() {
        for forms in [Forms::Fastest, Forms::Bfloat16, Forms::Composed] {
            let of = |activations| {
                let settings = TrainerSettings { forms, activations, ..TrainerSettings::default() };
                trainer(&spec, &perturbed_weights(&spec, DType::F32), settings).gradients(&passes()).unwrap()
            };
            let (kept_loss, kept) = of(Activations::Kept);
            let (recomputed_loss, recomputed) = of(Activations::Recomputed);
            assert_eq!(kept_loss.to_bits(), recomputed_loss.to_bits());
            assert_eq!(bits(&kept), bits(&recomputed), "{spec:?} {forms:?}");
        }
    }
}

#[test]
fn blocks_apart_have_the_gradients_of_the_model_as_one_graph() {
    for spec in architectures() {
        let weights = perturbed_weights(&spec, DType::F64);
        let ops = CandleOps::with_forms(&Device::Cpu, DType::F64, Forms::Composed);
        let variables: BTreeMap<&String, Var> =
            weights.iter().map(|(name, weight)| (name, Var::from_tensor(weight).unwrap())).collect();
        let tensors: Weights =
            variables.iter().map(|(name, weight)| ((*name).clone(), weight.as_tensor().clone())).collect();
        let whole = Model::new(&spec, &tensors).unwrap();
        let [rows, _] = passes();
        let share = 1.0 / rows.counted() as f32;
        let shares: Vec<f32> = rows.mask.iter().map(|counts| f32::from(u8::from(*counts)) * share).collect();
        let hidden = whole.hidden(&ops, &rows.batch, &mut State::none(), &mut |_, _| {}).unwrap();
        let expected =
            loss::cross_entropy(&hidden, whole.head(), &rows.targets, &shares, Forms::Composed).unwrap();
        let expected_gradients = expected.tensor.backward().unwrap();

        // In f64 by graphs of candle's, in f32 by the tape of the fused kernels.
        for (dtype, bound) in [(DType::F64, 1e-12), (DType::F32, 2e-5)] {
            let weights: Weights = weights
                .iter()
                .map(|(name, weight)| (name.clone(), weight.to_dtype(dtype).unwrap()))
                .collect();
            for activations in [Activations::Kept, Activations::Recomputed] {
                let settings = TrainerSettings { activations, ..TrainerSettings::default() };
                let (loss, gradients) =
                    trainer(&spec, &weights, settings).gradients(std::slice::from_ref(&rows)).unwrap();
                assert!((loss - expected.value).abs() < bound);
                for (name, variable) in &variables {
                    let gradient = gradients[*name].to_dtype(DType::F64).unwrap();
                    let difference =
                        relative_difference(&gradient, expected_gradients.get(variable).unwrap());
                    assert!(difference < bound, "{name} in {dtype:?}: {difference:e}");
                }
            }
        }
    }
}

#[test]
fn a_few_trained_weights_have_the_gradients_that_they_always_have() {
    for spec in architectures() {
        let weights = perturbed_weights(&spec, DType::F32);
        // The upper block's feed-forward, or the embedding alone, at the very bottom.
        let upper = ["model.layers.1.mlp", "transformer.h.1.mlp"];
        let bottom = ["model.embed_tokens", "transformer.wpe"];
        for parts in [upper, bottom] {
            let names = weights.keys().filter(|name| parts.iter().any(|part| name.starts_with(part)));
            let trainable = Trainable::Only(names.cloned().collect::<BTreeSet<_>>());
            let of = |activations, trainable| {
                let settings = TrainerSettings { activations, trainable, ..TrainerSettings::default() };
                trainer(&spec, &weights, settings).gradients(&passes()).unwrap().1
            };
            let (kept, recomputed) =
                (of(Activations::Kept, trainable.clone()), of(Activations::Recomputed, trainable));
            assert!(!kept.is_empty());
            assert_eq!(bits(&kept), bits(&recomputed));
            let all = of(Activations::Kept, Trainable::All);
            for (name, gradient) in &kept {
                // A tied head adds to the embedding's gradient either way.
                assert_eq!(values(gradient), values(&all[name]), "{name}");
            }
        }
    }
}

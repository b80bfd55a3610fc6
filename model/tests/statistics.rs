//! What is told of the groups of parameters.
#![allow(clippy::unwrap_used)]

mod story;

use std::collections::BTreeSet;

use candle_core::{DType, Device, Tensor};
use model::architectures::{Weights, group, parameters};
use model::candle_ops::Forms;
use model::checkpoint;
use model::training::packing::{PackedRows, Packing, TokenizedDocuments};
use model::training::{Trainer, TrainerSettings};
use shared::events::{GroupStatistics, ParameterGroup};
use shared::spec::{Activations, ArchitectureSpec};
use story::*;

/// Two passes of a step.
fn passes() -> [PackedRows; 2] {
    let mut documents = TokenizedDocuments::default();
    for seed in 0..9 {
        documents.push(&tokens(5 + 7 * seed as usize, 60, seed));
    }
    let mut packing = Packing::new(&documents, 24, 60, 1).unwrap();
    [packing.rows(0, 3), packing.rows(3, 2)]
}

fn squares(tensor: &Tensor) -> f64 {
    values(tensor).iter().map(|value| value * value).sum()
}

fn close(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * right.abs().max(1e-12)
}

fn of(statistics: &[GroupStatistics], group: ParameterGroup) -> &GroupStatistics {
    statistics.iter().find(|found| found.group == group).unwrap()
}

fn observed(spec: &ArchitectureSpec, weights: &Weights, settings: TrainerSettings) -> Vec<GroupStatistics> {
    let mut trainer = Trainer::with_settings(spec, weights, settings, &Device::Cpu).unwrap();
    trainer.train_step_with_statistics(&passes(), &optimizer(), 1e-2).unwrap().1
}

#[test]
fn every_parameter_is_in_one_group_and_every_group_has_parameters() {
    for spec in architectures() {
        let names: Vec<String> = parameters(&spec).into_iter().map(|parameter| parameter.name).collect();
        let groups: BTreeSet<ParameterGroup> = names.iter().map(|name| group(&spec, name).unwrap()).collect();
        let mut expected = BTreeSet::from([ParameterGroup::Embedding, ParameterGroup::Norms]);
        for layer in 0..2 {
            expected.extend([ParameterGroup::Attention { layer }, ParameterGroup::FeedForward { layer }]);
        }
        if names.iter().any(|name| name == "lm_head.weight") {
            expected.insert(ParameterGroup::Head);
        }
        assert_eq!(groups, expected);
        let of_layer = |part: &str| names.iter().find(|name| name.contains(part)).unwrap();
        let second_up = of_layer(match spec {
            ArchitectureSpec::Llama(_) => "layers.1.mlp.up_proj",
            ArchitectureSpec::Gpt2(_) => "h.1.mlp.c_fc",
        });
        assert_eq!(group(&spec, second_up), Some(ParameterGroup::FeedForward { layer: 1 }));
        for stranger in ["model.layers.x.mlp.up_proj", "transformer.h.0.ln_3.weight", "wte.weight", ""] {
            assert_eq!(group(&spec, stranger), None, "{stranger:?}");
        }
    }
}

#[test]
fn norms_add_up_and_updates_are_what_two_snapshots_show() {
    for spec in architectures() {
        let weights = perturbed_weights(&spec, DType::F32);
        let mut trainer = Trainer::from_weights(&spec, &weights, &Device::Cpu).unwrap();
        let (outcome, statistics) =
            trainer.train_step_with_statistics(&passes(), &optimizer(), 1e-2).unwrap();
        let whole: f64 = statistics.iter().map(|found| found.gradient_norm.powi(2)).sum();
        assert!(close(whole.sqrt(), outcome.gradient_norm), "{whole} {}", outcome.gradient_norm);

        let after = trainer.weights();
        for found in &statistics {
            let names = weights.keys().filter(|name| group(&spec, name) == Some(found.group));
            let (mut weight, mut update) = (0.0, 0.0);
            for name in names {
                let (before, after) = (values(&weights[name]), values(&after[name]));
                weight += before.iter().map(|value| value * value).sum::<f64>();
                update +=
                    before.iter().zip(after).map(|(before, after)| (after - before).powi(2)).sum::<f64>();
            }
            assert!(close(found.weight_norm, weight.sqrt()), "{found:?}");
            assert!(close(found.update_ratio, (update / weight).sqrt()), "{found:?}");
            assert!(found.update_ratio > 1e-4, "a step moves every group: {found:?}");
            let is_feed_forward = matches!(found.group, ParameterGroup::FeedForward { .. });
            assert_eq!(found.dead_unit_share.is_some(), is_feed_forward);
        }
        let all: f64 = weights.values().map(squares).sum();
        let groups: f64 = statistics.iter().map(|found| found.weight_norm.powi(2)).sum();
        assert!(close(groups, all));
    }
}

#[test]
fn looking_changes_nothing() {
    for spec in architectures() {
        let weights = perturbed_weights(&spec, DType::F32);
        let mut watched = Trainer::from_weights(&spec, &weights, &Device::Cpu).unwrap();
        let mut alone = Trainer::from_weights(&spec, &weights, &Device::Cpu).unwrap();
        for _ in 0..2 {
            let (outcome, _) = watched.train_step_with_statistics(&passes(), &optimizer(), 1e-2).unwrap();
            assert_eq!(outcome, alone.train_step(&passes(), &optimizer(), 1e-2).unwrap());
        }
        assert!(checkpoint::to_bytes(&watched).unwrap() == checkpoint::to_bytes(&alone).unwrap());
    }
}

/// The rows of the first feed-forward matrices that make inner units `0 .. units` of `layer` zero.
fn silence(weights: &mut Weights, layer: u32, units: usize) {
    let into = [format!("model.layers.{layer}.mlp.up_proj"), format!("transformer.h.{layer}.mlp.c_fc")];
    for (name, weight) in weights.iter_mut().filter(|(name, _)| into.iter().any(|part| name.contains(part))) {
        let rest = weight.dim(0).unwrap() - units;
        let zeros = weight.narrow(0, 0, units).unwrap().zeros_like().unwrap();
        let parts = [zeros, weight.narrow(0, units, rest).unwrap()];
        assert!(name.ends_with("weight") || name.ends_with("bias"));
        *weight = Tensor::cat(&parts, 0).unwrap();
    }
}

#[test]
fn a_unit_that_no_token_moves_is_dead_and_the_others_are_not() {
    for spec in architectures() {
        let mut weights = perturbed_weights(&spec, DType::F32);
        for found in observed(&spec, &weights, TrainerSettings::default()) {
            assert!(found.dead_unit_share.is_none_or(|share| share == 0.0), "{found:?}");
        }
        silence(&mut weights, 1, 7);
        for (forms, activations) in [
            (Forms::Fastest, Activations::Kept),
            (Forms::Fastest, Activations::Recomputed),
            (Forms::Composed, Activations::Kept),
        ] {
            let settings = TrainerSettings { forms, activations, ..TrainerSettings::default() };
            let statistics = observed(&spec, &weights, settings);
            let share = |layer| of(&statistics, ParameterGroup::FeedForward { layer }).dead_unit_share;
            assert_eq!(share(0), Some(0.0));
            assert_eq!(share(1), Some(7.0 / 40.0));
        }
    }
}

#[test]
fn a_layer_that_is_all_zero_is_all_dead_and_its_numbers_stay_finite() {
    let spec = &architectures()[1];
    let mut weights = perturbed_weights(spec, DType::F32);
    for (name, weight) in weights.iter_mut().filter(|(name, _)| name.contains("layers.0.mlp")) {
        assert!(name.ends_with("weight"));
        *weight = weight.zeros_like().unwrap();
    }
    let statistics = observed(spec, &weights, TrainerSettings::default());
    let silent = of(&statistics, ParameterGroup::FeedForward { layer: 0 });
    assert_eq!((silent.weight_norm, silent.update_ratio, silent.dead_unit_share), (0.0, 0.0, Some(1.0)));
    assert_eq!(statistics.len(), 7, "no group is left out");
}

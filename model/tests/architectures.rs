//! What every architecture must hold, whatever its formula.
#![allow(clippy::unwrap_used)]

mod story;

use std::ops::ControlFlow;

use candle_core::{DType, Device, Tensor, Var};
use model::architectures::{Model, Weights, parameters, random_weights};
use model::attention_maps::{queries_and_keys, weights};
use model::batch::Batch;
use model::generate::{Ending, GenerationOptions, generate};
use model::ops::Ops;
use model::sampling::Sampling;
use model::state::State;
use model::training::loss::cross_entropy;
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use shared::spec::{ArchitectureSpec, Gpt2Spec, LlamaSpec};
use story::*;

/// Mean nats of two packed documents under `weights`.
fn loss(spec: &ArchitectureSpec, weights: &Weights, ops: &model::candle_ops::CandleOps) -> Tensor {
    let model = Model::new(spec, weights).unwrap();
    let (first, second) = (tokens(9, 61, 1), tokens(14, 61, 2));
    let batch = Batch::stateless([&first[..], &second[..]]);
    let hidden = model.hidden(ops, &batch, &mut State::none(), &mut |_, _| {}).unwrap();
    let targets = tokens(23, 61, 3);
    cross_entropy(&hidden, model.head(), &targets, &[1.0 / 23.0; 23], ops.forms()).unwrap().tensor
}

#[test]
fn every_parameter_has_a_gradient() {
    for spec in architectures() {
        for ops in [composed_ops(DType::F32), fastest_ops()] {
            let variables: Vec<(String, Var)> = perturbed_weights(&spec, DType::F32)
                .iter()
                .map(|(name, weight)| (name.clone(), Var::from_tensor(weight).unwrap()))
                .collect();
            let weights =
                variables.iter().map(|(name, var)| (name.clone(), var.as_tensor().clone())).collect();
            let gradients = loss(&spec, &weights, &ops).backward().unwrap();
            for (name, variable) in &variables {
                let gradient = gradients.get(variable).unwrap_or_else(|| panic!("{name} has no gradient"));
                let gradient = values(gradient);
                assert!(gradient.iter().all(|value| value.is_finite()), "{name}");
                let norm = gradient.iter().map(|value| value * value).sum::<f64>().sqrt();
                assert!(norm > 1e-7, "the gradient of {name} is {norm:e} in {spec:?}");
            }
        }
    }
}

#[test]
fn the_gradient_is_the_directional_derivative_in_every_parameter() {
    let ops = composed_ops(DType::F64);
    for spec in architectures() {
        let start = perturbed_weights(&spec, DType::F64);
        let variables: Vec<(String, Var)> =
            start.iter().map(|(name, weight)| (name.clone(), Var::from_tensor(weight).unwrap())).collect();
        let weights = variables.iter().map(|(name, var)| (name.clone(), var.as_tensor().clone())).collect();
        let gradients = loss(&spec, &weights, &ops).backward().unwrap();
        let mut random = ChaCha12Rng::seed_from_u64(23);
        for (name, variable) in &variables {
            let direction = noise_like(variable, 1.0, &mut random);
            let gradient = gradients.get(variable).unwrap();
            let along = (gradient * &direction).unwrap().sum_all().unwrap().to_scalar::<f64>().unwrap();
            let moved = |step: f64| {
                let mut weights = start.clone();
                weights.insert(name.clone(), (&start[name] + (&direction * step).unwrap()).unwrap());
                loss(&spec, &weights, &ops).to_scalar::<f64>().unwrap()
            };
            let step = 1e-5;
            let difference = (moved(step) - moved(-step)) / (2.0 * step);
            let relative = (along - difference).abs() / difference.abs().max(1e-4);
            assert!(relative < 1e-4, "{name}: {along} but differences say {difference}");
        }
    }
}

#[test]
fn packed_documents_do_not_see_each_other() {
    for spec in architectures() {
        for ops in [composed_ops(DType::F32), fastest_ops()] {
            let model = perturbed_model(&spec, DType::F32);
            let logits = |documents: &[&[u32]]| {
                let batch = Batch::stateless(documents.iter().copied());
                model.logits(&ops, &batch, &mut State::none()).unwrap()
            };
            let (a, other, b) = (tokens(10, 61, 1), tokens(10, 61, 2), tokens(7, 61, 3));
            let after_a = logits(&[&a, &b]).narrow(0, 10, 7).unwrap();
            let after_other = logits(&[&other, &b]).narrow(0, 10, 7).unwrap();
            assert_eq!(values(&after_a), values(&after_other), "b changed with the document before it");
            let alone = logits(&[&b]);
            assert!(relative_difference(&after_a, &alone) < 1e-5, "b alone is another b");
            let before = logits(&[&b, &a]).narrow(0, 0, 7).unwrap();
            assert!(relative_difference(&before, &alone) < 1e-5, "b changed with the document after it");
        }
    }
}

#[test]
fn a_token_does_not_see_the_future() {
    for spec in architectures() {
        let model = perturbed_model(&spec, DType::F32);
        let mut text = tokens(12, 61, 1);
        let logits = |text: &[u32]| {
            model.logits(&fastest_ops(), &Batch::stateless([text]), &mut State::none()).unwrap()
        };
        let before = logits(&text);
        text[8] = (text[8] + 1) % 61;
        let after = logits(&text);
        let past = |logits: &Tensor| values(&logits.narrow(0, 0, 8).unwrap());
        assert_eq!(past(&before), past(&after));
        let changed = |logits: &Tensor| values(&logits.narrow(0, 8, 4).unwrap());
        assert_ne!(changed(&before), changed(&after));
    }
}

#[test]
fn decoding_token_by_token_gives_the_logits_of_the_whole() {
    for spec in architectures() {
        for ops in [composed_ops(DType::F32), fastest_ops()] {
            let model = perturbed_model(&spec, DType::F32);
            let text = tokens(15, 61, 4);
            let whole = model.logits(&ops, &Batch::stateless([&text[..]]), &mut State::none()).unwrap();
            let mut state = model.empty_state(1);
            let mut parts = vec![];
            for part in [&text[..6], &text[6..7], &text[7..8], &text[8..15]] {
                let batch = Batch::continuing(0, state.length(0), part);
                parts.push(model.logits(&ops, &batch, &mut state).unwrap());
            }
            assert_eq!(state.length(0), 15);
            let parts = Tensor::cat(&parts, 0).unwrap();
            assert!(relative_difference(&parts, &whole) < 1e-5);
        }
    }
}

#[test]
fn sequences_of_different_length_decode_side_by_side() {
    for spec in architectures() {
        let ops = fastest_ops();
        let model = perturbed_model(&spec, DType::F32);
        let (long, short) = (tokens(11, 61, 5), tokens(4, 61, 6));
        let mut state = model.empty_state(2);
        let mut prompts = Batch::continuing(1, 0, &long[..10]);
        prompts.push(&short[..3], 0);
        prompts.state_slots.push(0);
        model.logits(&ops, &prompts, &mut state).unwrap();
        let mut next = Batch::continuing(0, 3, &short[3..]);
        next.push(&long[10..], 10);
        next.state_slots.push(1);
        let logits = model.logits(&ops, &next, &mut state).unwrap();
        for (row, text) in [(0, &short), (1, &long)] {
            let whole = model.logits(&ops, &Batch::stateless([&text[..]]), &mut State::none()).unwrap();
            let last = whole.narrow(0, text.len() - 1, 1).unwrap();
            assert!(relative_difference(&logits.narrow(0, row, 1).unwrap(), &last) < 1e-5);
        }
    }
}

#[test]
fn a_state_can_be_forked_and_truncated() {
    let spec = &architectures()[1];
    let ops = fastest_ops();
    let model = perturbed_model(spec, DType::F32);
    let text = tokens(8, 61, 7);
    let mut state = model.empty_state(1);
    model.logits(&ops, &Batch::continuing(0, 0, &text), &mut state).unwrap();
    let fork = state.fork(0).unwrap();
    state.truncate(&ops, fork, 5).unwrap();
    assert_eq!((state.length(0), state.length(fork)), (8, 5));
    let other = tokens(3, 61, 8);
    let logits = model.logits(&ops, &Batch::continuing(fork, 5, &other), &mut state).unwrap();
    let whole = [&text[..5], &other[..]].concat();
    let whole = model.logits(&ops, &Batch::stateless([&whole[..]]), &mut State::none()).unwrap();
    assert!(relative_difference(&logits, &whole.narrow(0, 5, 3).unwrap()) < 1e-5);
    assert_eq!(state.length(0), 8, "the origin is as it was");
    state.truncate(&ops, 0, 0).unwrap();
    assert_eq!(state.length(0), 0);
    assert!(state.fork(9).is_err());
}

/// A fork grows by turns with its origin, and neither sees what the other remembers.
#[test]
fn long_texts_on_two_forks_have_the_logits_of_each_whole() {
    let mut spec = architectures()[1].clone();
    let ArchitectureSpec::Llama(llama) = &mut spec else { unreachable!("the second is a Llama") };
    llama.context_length = 200;
    for ops in [composed_ops(DType::F32), fastest_ops()] {
        let model = perturbed_model(&spec, DType::F32);
        let (begin, ends) = (tokens(20, 61, 1), [tokens(150, 61, 2), tokens(150, 61, 3)]);
        let mut state = model.empty_state(1);
        model.logits(&ops, &Batch::continuing(0, 0, &begin), &mut state).unwrap();
        let slots = [0, state.fork(0).unwrap()];
        let mut decoded = [vec![], vec![]];
        for at in 0..150 {
            for (text, slot) in slots.into_iter().enumerate() {
                let batch = Batch::continuing(slot, 20 + at, &ends[text][at..=at]);
                decoded[text].push(model.logits(&ops, &batch, &mut state).unwrap());
            }
        }
        for (end, decoded) in ends.iter().zip(&decoded) {
            let text = [&begin[..], &end[..]].concat();
            let whole = model.logits(&ops, &Batch::stateless([&text[..]]), &mut State::none()).unwrap();
            let decoded = Tensor::cat(decoded, 0).unwrap();
            assert!(relative_difference(&decoded, &whole.narrow(0, 20, 150).unwrap()) < 1e-5);
        }
    }
}

#[test]
fn a_probe_sees_every_block() {
    let spec = &architectures()[0];
    let mut seen = vec![];
    perturbed_model(spec, DType::F32)
        .hidden(
            &fastest_ops(),
            &Batch::stateless([&[1, 2, 3][..]]),
            &mut State::none(),
            &mut |name, tensor: &Tensor| {
                seen.push((name.to_owned(), tensor.dims().to_vec()));
            },
        )
        .unwrap();
    assert!(seen.contains(&("embedding".to_owned(), vec![3, 32])));
    assert!(seen.contains(&("blocks.1.feed_forward".to_owned(), vec![3, 40])));
    assert!(seen.contains(&("blocks.1".to_owned(), vec![3, 32])));
}

#[test]
fn every_head_looks_at_what_came_before_and_at_nothing_else() {
    for spec in architectures() {
        let model = perturbed_model(&spec, DType::F32);
        let shape = model.attention_shape();
        let looks = |text: &[u32]| -> Vec<Vec<f32>> {
            let found = queries_and_keys(&model, &fastest_ops(), text).unwrap();
            let of = |tensor: &Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
            found.iter().map(|it| weights(&of(&it.queries), &of(&it.keys), shape)).collect()
        };
        let text = tokens(9, 61, 4);
        let whole = looks(&text);
        assert_eq!(whole.len(), model.layers());
        assert!(whole.iter().all(|layer| layer.len() == shape.heads * 9 * 10 / 2), "{spec:?}");
        // What comes later changes nothing of it.
        let begin = looks(&text[..5]);
        for (whole, begin) in whole.iter().zip(&begin) {
            for head in 0..shape.heads {
                let (whole, begin) = (&whole[head * 45..][..15], &begin[head * 15..][..15]);
                assert!(whole.iter().zip(begin).all(|(one, other)| (one - other).abs() < 1e-5), "{spec:?}");
                assert!((whole[0] - 1.0).abs() < 1e-6, "the first token has only itself");
            }
        }
        // Heads differ: nothing was taken twice.
        assert!(whole.iter().all(|layer| layer[..45] != layer[45..90]), "{spec:?}");
        assert!(queries_and_keys(&model, &fastest_ops(), &[]).is_err());
    }
}

#[test]
fn input_that_does_not_fit_is_an_error_that_says_why() {
    let model = perturbed_model(&architectures()[0], DType::F32);
    let attempt = |tokens: &[u32]| {
        let batch = Batch::stateless([tokens]);
        model.logits(&fastest_ops(), &batch, &mut State::none()).unwrap_err().to_string()
    };
    assert!(attempt(&[61]).contains("token id 61"));
    assert!(attempt(&[1; 25]).contains("context of 24"));
    assert!(attempt(&[]).contains("at least one token"));
}

#[test]
fn generating_greedily_picks_the_likeliest_token_each_time() {
    for spec in architectures() {
        let ops = fastest_ops();
        let model = perturbed_model(&spec, DType::F32);
        let prompt = tokens(5, 61, 9);
        let options = GenerationOptions {
            maximum_tokens: 10,
            sampling: Sampling { temperature: 0.0, top_p: 1.0 },
            seed: 0,
            stop_tokens: vec![],
        };
        let (generated, ending) =
            generate(&model, &ops, &prompt, &options, |_| ControlFlow::Continue(())).unwrap();
        assert_eq!((generated.len(), ending), (10, Ending::MaximumTokens));
        let mut text = prompt.clone();
        for token in generated {
            let logits = model.logits(&ops, &Batch::stateless([&text[..]]), &mut State::none()).unwrap();
            let last = ops.select_rows(&logits, &[text.len() as u32 - 1]).unwrap();
            let last = values(&last);
            let best = (0..61).max_by(|a, b| last[*a].total_cmp(&last[*b])).unwrap();
            assert_eq!(token as usize, best);
            text.push(token);
        }
    }
}

#[test]
fn a_generation_ends_at_its_limit_at_a_stop_token_or_when_the_context_is_full() {
    let model = perturbed_model(&architectures()[0], DType::F32);
    let options = |maximum_tokens, stop_tokens| GenerationOptions {
        maximum_tokens,
        sampling: Sampling { temperature: 1.0, top_p: 1.0 },
        seed: 3,
        stop_tokens,
    };
    let run = |options: &GenerationOptions| {
        generate(&model, &fastest_ops(), &[1, 2], options, |_| ControlFlow::Continue(())).unwrap()
    };
    let (all, ending) = run(&options(100, vec![]));
    assert_eq!((all.len(), ending), (23, Ending::ContextFull), "the last of 24 positions predicts one more");
    assert_eq!(run(&options(100, vec![])).0, all, "the same seed draws the same tokens");
    let first_use = all.iter().position(|token| *token == all[4]).unwrap();
    let (stopped, ending) = run(&options(100, vec![all[4]]));
    assert_eq!((stopped.as_slice(), ending), (&all[..first_use], Ending::StopToken));
    let too_long =
        generate(&model, &fastest_ops(), &[1; 24], &options(5, vec![]), |_| ControlFlow::Continue(()));
    assert!(too_long.unwrap_err().to_string().contains("1 to 23 tokens"));
}

#[test]
fn the_same_seed_makes_the_same_weights_and_another_seed_others() {
    let spec = &architectures()[1];
    let weights = |seed| random_weights(spec, seed, DType::F32, &Device::Cpu).unwrap();
    let name = "model.layers.1.mlp.down_proj.weight";
    assert_eq!(values(&weights(1)[name]), values(&weights(1)[name]));
    assert_ne!(values(&weights(1)[name]), values(&weights(2)[name]));
    let deviation = |name: &str| {
        let values = values(&weights(1)[name]);
        (values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64).sqrt()
    };
    assert!((deviation("model.embed_tokens.weight") - 0.02).abs() < 0.001);
    assert!((deviation(name) - 0.01).abs() < 0.001, "residual: 0.02 / √(2 · 2)");
}

#[test]
fn a_gpt2_starts_as_gpt2_did() {
    let spec = architectures().pop().unwrap();
    let weights = random_weights(&spec, 1, DType::F32, &Device::Cpu).unwrap();
    let deviation = |name: &str| {
        let values = values(&weights[name]);
        (values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64).sqrt()
    };
    for name in ["transformer.wte.weight", "transformer.wpe.weight", "transformer.h.1.mlp.c_fc.weight"] {
        assert!((deviation(name) - 0.02).abs() < 0.002, "{name}");
    }
    for name in ["transformer.h.0.attn.c_proj.weight", "transformer.h.1.mlp.c_proj.weight"] {
        assert!((deviation(name) - 0.01).abs() < 0.001, "{name}: residual, 0.02 / √(2 · 2)");
    }
    let is_all = |name: &str, value: f64| values(&weights[name]).iter().all(|v| *v == value);
    assert!(is_all("transformer.h.0.attn.c_attn.bias", 0.0) && is_all("transformer.ln_f.bias", 0.0));
    assert!(is_all("transformer.h.1.ln_2.weight", 1.0));
}

fn any_llama() -> impl Strategy<Value = LlamaSpec> {
    (1u32..200, 1u32..5, 1u32..4, 1u32..5, 1u32..9, 1u32..300, any::<bool>()).prop_map(
        |(vocabulary, layers, group, key_value_heads, half_head, feed_forward_size, tied_embeddings)| {
            LlamaSpec {
                vocabulary_size: vocabulary + 1,
                context_length: 16,
                hidden_size: 2 * half_head * group * key_value_heads,
                layers,
                heads: group * key_value_heads,
                key_value_heads,
                feed_forward_size,
                rope_theta: 10_000.0,
                rope_scaling: None,
                rms_norm_epsilon: 1e-5,
                tied_embeddings,
            }
        },
    )
}

fn any_gpt2() -> impl Strategy<Value = Gpt2Spec> {
    (1u32..200, 1u32..30, 1u32..5, 1u32..5, 2u32..9, 1u32..300, any::<bool>()).prop_map(
        |(vocabulary, context, layers, heads, head_size, feed_forward_size, tied_embeddings)| Gpt2Spec {
            vocabulary_size: vocabulary + 1,
            context_length: context + 1,
            hidden_size: heads * head_size,
            layers,
            heads,
            feed_forward_size,
            layer_norm_epsilon: 1e-5,
            tied_embeddings,
        },
    )
}

fn any_architecture() -> impl Strategy<Value = ArchitectureSpec> {
    prop_oneof![any_llama().prop_map(ArchitectureSpec::Llama), any_gpt2().prop_map(ArchitectureSpec::Gpt2)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_estimate_counts_exactly_the_parameters_that_are_built(spec in any_architecture()) {
        prop_assert!(spec.validate().is_ok());
        let built: u64 = parameters(&spec).iter().map(|p| p.shape.iter().product::<usize>() as u64).sum();
        prop_assert_eq!(built, spec.parameter_count());
        let weights = random_weights(&spec, 1, DType::F32, &Device::Cpu).unwrap();
        prop_assert_eq!(weights.len(), parameters(&spec).len());
        prop_assert!(Model::new(&spec, &weights).is_ok());
    }
}

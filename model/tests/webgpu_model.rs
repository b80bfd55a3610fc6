//! A model on the GPU is the model on the CPU.
#![cfg(feature = "webgpu")]
#![allow(clippy::unwrap_used)]

mod gpu;
mod story;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use candle_core::{DType, Device};
use gpu::{gpu, read};
use model::architectures::Model;
use model::batch::Batch;
use model::generate::{Ending, Generation, GenerationOptions, generate};
use model::ops::Ops;
use model::sampling::Sampling;
use model::state::State;
use model::webgpu::{Tensor, WebGpuOps};
use model::weights::{self, Expected, Layout};
use safetensors::tensor::{Dtype, TensorView};
use shared::spec::presets::Preset;
use shared::spec::{ArchitectureSpec, Gpt2Spec, LlamaSpec};
use story::{architectures, expected, fastest_ops, perturbed_model, perturbed_weights, tokens, values};

/// The weights of [`perturbed_model`], by way of a file.
fn model_on_gpu(ops: &WebGpuOps, spec: &ArchitectureSpec) -> Model<Tensor> {
    let file = weights::to_bytes(&perturbed_weights(spec, DType::F32), &expected(spec), BTreeMap::new());
    let file = file.unwrap();
    Model::new(spec, &ops.weights(&file, &expected(spec)).unwrap()).unwrap()
}

fn difference(left: &[f32], right: &[f32]) -> f32 {
    assert_eq!(left.len(), right.len());
    left.iter().zip(right).map(|(left, right)| (left - right).abs()).fold(0.0, f32::max)
}

fn on_cpu(spec: &ArchitectureSpec, batch: &Batch) -> Vec<f32> {
    let model = perturbed_model(spec, DType::F32);
    let logits = model.logits(&fastest_ops(), batch, &mut State::none()).unwrap();
    values(&logits).iter().map(|value| *value as f32).collect()
}

/// As wide and deep as the tiny preset.
fn tiny_gpt2() -> ArchitectureSpec {
    ArchitectureSpec::Gpt2(Gpt2Spec {
        vocabulary_size: 1_000,
        context_length: 128,
        hidden_size: 64,
        layers: 2,
        heads: 4,
        feed_forward_size: 256,
        layer_norm_epsilon: 1e-5,
        tied_embeddings: true,
    })
}

fn greedy(maximum_tokens: usize) -> GenerationOptions {
    let sampling = Sampling { temperature: 0.0, top_p: 1.0 };
    GenerationOptions { maximum_tokens, sampling, seed: 0, stop_tokens: vec![] }
}

/// The loop of the browser.
fn generate_on_gpu(
    model: &Model<Tensor>,
    ops: &WebGpuOps,
    prompt: &[u32],
    options: &GenerationOptions,
) -> (Vec<u32>, Ending) {
    let mut generation = Generation::new(model, prompt, options).unwrap();
    loop {
        let logits = match generation.next_logits(model, ops).unwrap() {
            ControlFlow::Continue(logits) => read(ops, &logits),
            ControlFlow::Break(ending) => return (generation.generated().to_vec(), ending),
        };
        if let ControlFlow::Break(ending) = generation.accept(&logits).unwrap() {
            return (generation.generated().to_vec(), ending);
        }
    }
}

#[test]
fn its_scores_at_64_positions_are_those_of_the_cpu_whole_and_token_by_token() {
    let Some(ops) = gpu() else { return };
    for spec in [Preset::Tiny.pretrain().model, tiny_gpt2()] {
        let model = model_on_gpu(ops, &spec);
        let vocabulary = spec.vocabulary_size() as usize;
        for seed in 0..3 {
            let text = tokens(64, spec.vocabulary_size(), seed);
            let whole = Batch::stateless([&text[..]]);
            let logits = model.logits(ops, &whole, &mut State::none()).unwrap();
            let (logits, on_cpu) = (read(ops, &logits), on_cpu(&spec, &whole));
            let off = difference(&logits, &on_cpu);
            println!("64 positions: off by {off:e}");
            assert!(off < 1e-3, "{off:e}");

            let mut state = model.empty_state(1);
            for (position, token) in text.iter().enumerate() {
                let batch = Batch::continuing(0, position, &[*token]);
                let row = model.logits(ops, &batch, &mut state).unwrap();
                let off = difference(&read(ops, &row), &logits[position * vocabulary..][..vocabulary]);
                assert!(off < 1e-4, "position {position}: {off:e}");
            }
        }
    }
}

#[test]
fn every_shape_of_model_scores_packed_texts_as_on_the_cpu() {
    let Some(ops) = gpu() else { return };
    for spec in architectures() {
        let (first, second) = (tokens(7, 61, 1), tokens(24, 61, 2));
        let batch = Batch::stateless([&first[..], &second[..]]);
        let logits = model_on_gpu(ops, &spec).logits(ops, &batch, &mut State::none()).unwrap();
        let off = difference(&read(ops, &logits), &on_cpu(&spec, &batch));
        assert!(off < 1e-3, "{off:e} in {spec:?}");
    }
}

#[test]
fn sequences_forked_shortened_and_decoded_side_by_side_do_not_disturb_each_other() {
    let Some(ops) = gpu() else { return };
    let spec = &architectures()[1];
    let model = model_on_gpu(ops, spec);
    let text = tokens(8, 61, 7);
    let mut state = model.empty_state(1);
    model.logits(ops, &Batch::continuing(0, 0, &text), &mut state).unwrap();
    let fork = state.fork(0).unwrap();
    let shortened = state.fork(0).unwrap();
    state.truncate(ops, shortened, 5).unwrap();

    let mut texts = [text.clone(), text.clone(), text[..5].to_vec()];
    for round in 0..6 {
        let mut batch = Batch::default();
        for (index, slot) in [0, fork, shortened].into_iter().enumerate() {
            let added = tokens(1 + index, 61, 10 * round + index as u64);
            batch.push(&added, texts[index].len() as u32);
            batch.state_slots.push(slot);
            texts[index].extend(added);
        }
        // One token, then two, then three: the rows of the last of each.
        let logits = read(ops, &model.logits(ops, &batch, &mut state).unwrap());
        for (text, row) in texts.iter().zip([0, 2, 5]) {
            let whole = on_cpu(spec, &Batch::stateless([&text[..]]));
            let off = difference(&logits[row * 61..][..61], &whole[whole.len() - 61..]);
            assert!(off < 1e-3, "round {round}, row {row}: {off:e}");
        }
        if texts[2].len() > 20 {
            break;
        }
    }
}

#[test]
fn it_continues_a_text_as_on_the_cpu() {
    let Some(ops) = gpu() else { return };
    for spec in architectures() {
        let prompt = tokens(5, 61, 9);
        let on_cpu =
            generate(&perturbed_model(&spec, DType::F32), &fastest_ops(), &prompt, &greedy(30), |_| {
                ControlFlow::Continue(())
            });
        let on_gpu = generate_on_gpu(&model_on_gpu(ops, &spec), ops, &prompt, &greedy(30));
        assert_eq!(on_gpu, on_cpu.unwrap());
        assert_eq!(on_gpu.1, Ending::ContextFull);
    }
}

#[test]
fn two_thousand_tokens_leave_memory_where_it_was() {
    let Some(ops) = gpu::another_gpu() else { return };
    let spec = ArchitectureSpec::Llama(LlamaSpec {
        vocabulary_size: 61,
        context_length: 2_048,
        hidden_size: 16,
        layers: 2,
        heads: 2,
        key_value_heads: 1,
        feed_forward_size: 24,
        rope_theta: 10_000.0,
        rope_scaling: None,
        rms_norm_epsilon: 1e-5,
        tied_embeddings: true,
    });
    let model = model_on_gpu(&ops, &spec);
    let weights_bytes = 4 * spec.parameter_count();
    let begin = std::time::Instant::now();
    let mut after = vec![];
    for _ in 0..2 {
        let (generated, _) = generate_on_gpu(&model, &ops, &tokens(8, 61, 3), &greedy(2_000));
        assert_eq!(generated.len(), 2_000);
        after.push(ops.memory_bytes());
    }
    println!("{:.0} tokens/s, {after:?} bytes", 4_000.0 / begin.elapsed().as_secs_f64());
    assert_eq!(after[0], after[1], "the second text took no memory that the first had not left");
    // Keys and values of 2,007 tokens in two layers take half a MiB, their smaller forms as much again.
    assert!(after[0] < weights_bytes + (2 << 20), "{after:?}");

    drop(model);
    read(&ops, &ops.tensor(&[1.0], 1).unwrap());
    assert!(ops.memory_bytes() <= after[0] - weights_bytes, "a dropped model's weights are freed");
}

#[test]
fn weights_of_half_the_width_are_widened() {
    let Some(ops) = gpu() else { return };
    let named = |shape: [usize; 2], layout| [Expected { name: "a".to_owned(), shape: shape.into(), layout }];
    let wanted = named([2, 3], Layout::Plain);
    // 1, −2, 0.5, 0, 65504 and 2⁻²⁴ in IEEE 754 binary16.
    let halves = [0x3c00_u16, 0xc000, 0x3800, 0, 0x7bff, 1];
    let bytes: Vec<u8> = halves.iter().flat_map(|half| half.to_le_bytes()).collect();
    let view = TensorView::new(Dtype::F16, vec![2, 3], &bytes).unwrap();
    let file = safetensors::serialize([("a", view)], None).unwrap();
    let on_gpu = ops.weights(&file, &wanted).unwrap();
    assert_eq!(read(ops, &on_gpu["a"]), [1.0, -2.0, 0.5, 0.0, 65_504.0, 2f32.powi(-24)]);
    assert_eq!((on_gpu["a"].rows(), on_gpu["a"].width()), (2, 3));

    let taller = named([3, 2], Layout::Plain);
    assert!(ops.weights(&file, &taller).unwrap_err().to_string().contains("[2, 3]"));
    let (on_cpu, _) = weights::from_bytes(&file, &wanted, &Device::Cpu).unwrap();
    assert_eq!(values(&on_cpu["a"])[4], 65_504.0);

    let turned = ops.weights(&file, &named([3, 2], Layout::Transposed)).unwrap();
    assert_eq!(read(ops, &turned["a"]), [1.0, 0.0, -2.0, 65_504.0, 0.5, 2f32.powi(-24)]);
}

#[test]
fn rows_can_be_read_again_and_again() {
    let Some(ops) = gpu() else { return };
    let large = ops.tensor(&vec![1.5; 5_000], 10).unwrap();
    let small = ops.narrow_rows(&large, 3, 1).unwrap();
    for _ in 0..3 {
        assert_eq!(read(ops, &large), [1.5; 5_000]);
        assert_eq!(read(ops, &small), [1.5; 10]);
    }
}

//! Weights that stay quantized: every form of the kernel against the plain reference, and a model of
//! such weights against the same model unpacked.

#![allow(clippy::unwrap_used)]

mod story;

use std::collections::BTreeMap;
use std::sync::Arc;

use model::architectures::Model;
use model::batch::Batch;
use model::candle_ops::{CandleOps, Forms};
use model::gguf::Format;
use model::kernels::quantized_linear::{Instructions, QuantizedMatrix, cpu, reference};
use model::ops::{Embedding, Linear, Ops, Weight};
use model::state::State;
use model::{DType, Device, Tensor};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;

const QUANTIZED: [Format; 3] = [Format::Q8_0, Format::Q4_0, Format::Q4_1];

fn noise(count: usize, seed: u64) -> Vec<f32> {
    let mut random = ChaCha12Rng::seed_from_u64(seed);
    (0..count).map(|_| random.random_range(-1.0..1.0)).collect()
}

fn matrix(format: Format, rows: usize, width: usize) -> QuantizedMatrix {
    let blocks = format.quantize(&noise(rows * width, 7));
    QuantizedMatrix::from_blocks(format, rows, width, &blocks).unwrap()
}

#[test]
fn rearranging_to_panels_changes_no_weight() {
    for format in QUANTIZED {
        for (rows, width) in [(1, 32), (16, 64), (37, 96)] {
            let values = noise(rows * width, 7);
            let plain = format.dequantize(&format.quantize(&values));
            assert_eq!(matrix(format, rows, width).dequantize(), plain, "{format:?} {rows} × {width}");
        }
    }
}

/// Rounding `x` to twice eight bits moves a sum of n products of at most 1 by about √n / 110,000.
#[test]
fn every_form_follows_the_reference_on_odd_shapes() {
    let mut tried = 0;
    for instructions in Instructions::ALL.into_iter().filter(|form| form.are_available()) {
        for format in QUANTIZED {
            for (tokens, rows, width) in
                [(1, 1, 32), (1, 17, 64), (3, 16, 32), (4, 33, 96), (5, 150, 576), (9, 7, 1024)]
            {
                let weight = matrix(format, rows, width);
                let x = noise(tokens * width, 11);
                let y = cpu::product(&x, &weight, instructions);
                let exact: Vec<f64> = x.iter().map(|value| f64::from(*value)).collect();
                let expected = reference(&exact, &weight);
                assert_eq!(y.len(), expected.len());
                let bound = 3e-5 * (width as f64).sqrt();
                for (y, expected) in y.iter().zip(&expected) {
                    let distance = (f64::from(*y) - expected).abs();
                    assert!(
                        distance < bound,
                        "{instructions:?} {format:?} {tokens} {rows} {width}: {y} {expected}"
                    );
                }
                tried += 1;
            }
        }
    }
    assert!(tried >= 18, "at least the portable form runs everywhere");
}

/// `x` of whole numbers with 127 among them is not rounded at all, and codes at the ends of their range
/// are where a sum in 16 bits would overflow.
#[test]
fn every_form_is_exact_where_nothing_is_rounded() {
    let x: Vec<f32> = (0..64).map(|i| if i % 3 == 0 { 127.0 } else { -127.0 + (i % 2) as f32 }).collect();
    for instructions in Instructions::ALL.into_iter().filter(|form| form.are_available()) {
        for format in QUANTIZED {
            for byte in [0x00, 0x7f, 0x80, 0xff, 0x3c] {
                // Two blocks of one row with d = 1 (and m = 1), all codes alike.
                let mut block = vec![byte; format.block_bytes()];
                let scales = if format == Format::Q4_1 { 2 } else { 1 };
                for half in block.chunks_exact_mut(2).take(scales) {
                    half.copy_from_slice(&[0x00, 0x3c]);
                }
                let weight = QuantizedMatrix::from_blocks(format, 1, 64, &block.repeat(2)).unwrap();
                let exact: Vec<f64> = x.iter().map(|value| f64::from(*value)).collect();
                let y = cpu::product(&x, &weight, instructions);
                let expected = reference(&exact, &weight);
                let distance = (f64::from(y[0]) - expected[0]).abs();
                assert!(
                    distance <= 1e-4 * expected[0].abs().max(1.0),
                    "{instructions:?} {format:?} {byte:x}: {y:?} {expected:?}"
                );
            }
        }
    }
}

#[test]
fn the_number_of_threads_and_of_tokens_at_once_changes_nothing() {
    let weight = matrix(Format::Q4_1, 1000, 576);
    let x = noise(6 * 576, 3);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| cpu::product(&x, &weight, Instructions::best()))
    };
    let one = on(1);
    assert_eq!(one, on(2));
    let each: Vec<f32> = x.chunks(576).flat_map(|x| cpu::product(x, &weight, Instructions::best())).collect();
    assert_eq!(one, each);
}

#[test]
fn ops_take_quantized_weights_in_either_form_and_pass_gradients_to_x() {
    let weight = Arc::new(matrix(Format::Q8_0, 40, 64));
    let bias = Tensor::from_vec(noise(40, 1), 40, &Device::Cpu).unwrap();
    let x = Tensor::from_vec(noise(3 * 64, 2), (3, 64), &Device::Cpu).unwrap();
    let linear = Linear::Quantized { weight: weight.clone(), bias: Some(bias.clone()) };
    let dense = Tensor::from_vec(weight.dequantize(), (40, 64), &Device::Cpu).unwrap();
    let values = |tensor: Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
    for forms in [Forms::Fastest, Forms::Composed] {
        let ops = CandleOps::with_forms(&Device::Cpu, DType::F32, forms);
        let expected = ops.linear(&x, &Linear::Dense { weight: dense.clone(), bias: Some(bias.clone()) });
        let y = values(ops.linear(&x, &linear).unwrap());
        for (y, expected) in y.iter().zip(values(expected.unwrap())) {
            assert!((y - expected).abs() < 5e-4, "{forms:?}: {y} {expected}");
        }
        let rows = ops.embedding(&[39, 0], &Embedding::Quantized { weight: weight.clone() }).unwrap();
        assert_eq!(values(rows), [&weight.dequantize()[39 * 64..], &weight.dequantize()[..64]].concat());
        assert!(ops.embedding(&[40], &Embedding::Quantized { weight: weight.clone() }).is_err());
    }
    let ops = CandleOps::new(&Device::Cpu, DType::F32);
    let variable = candle_core::Var::from_tensor(&x).unwrap();
    let loss = ops.linear(&variable, &linear).unwrap().sum_all().unwrap();
    let gradient = loss.backward().unwrap().get(&variable).unwrap().clone();
    let column_sums = dense.sum(0).unwrap();
    let distance = (gradient.narrow(0, 0, 1).unwrap().squeeze(0).unwrap() - column_sums).unwrap();
    assert!(values(distance.abs().unwrap()).iter().all(|distance| *distance < 1e-4));
}

/// Both families, with every matrix of 32 columns or more in q8_0.
#[test]
fn a_model_of_quantized_weights_says_nearly_what_it_says_unpacked() {
    let mut tried = 0;
    for spec in story::architectures() {
        let weights = story::perturbed_weights(&spec, DType::F32);
        let mut unpacked = weights.clone();
        let mut kept = BTreeMap::new();
        for (name, tensor) in &weights {
            let is_matrix = tensor.dims().len() == 2 && tensor.dims()[1] % 32 == 0;
            if !is_matrix {
                kept.insert(name.clone(), Weight::Dense(tensor.clone()));
                continue;
            }
            let values: Vec<f32> = tensor.flatten_all().unwrap().to_vec1().unwrap();
            let (rows, width) = tensor.dims2().unwrap();
            let blocks = Format::Q8_0.quantize(&values);
            let matrix = QuantizedMatrix::from_blocks(Format::Q8_0, rows, width, &blocks).unwrap();
            let dense = Tensor::from_vec(matrix.dequantize(), (rows, width), &Device::Cpu).unwrap();
            unpacked.insert(name.clone(), dense);
            kept.insert(name.clone(), Weight::Quantized(Arc::new(matrix)));
        }
        tried += usize::from(kept.values().any(|weight| matches!(weight, Weight::Quantized(_))));
        let ops = CandleOps::new(&Device::Cpu, DType::F32);
        let batch = Batch::stateless([&[1u32, 5, 2, 9, 30, 7][..]]);
        let logits = |model: Model<Tensor>| -> Vec<f32> {
            let logits = model.logits(&ops, &batch, &mut State::none()).unwrap();
            logits.flatten_all().unwrap().to_vec1().unwrap()
        };
        let ours = logits(Model::of_weights(&spec, &kept).unwrap());
        let theirs = logits(Model::new(&spec, &unpacked).unwrap());
        let spread = theirs.iter().fold(0.0f32, |largest, value| largest.max(value.abs()));
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert!((ours - theirs).abs() < 1e-3 * spread, "{ours} {theirs}");
        }
    }
    assert!(tried >= 4, "both families have shapes of whole blocks");
}

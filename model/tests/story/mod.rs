//! What the stories of this folder have in common.
#![allow(dead_code, clippy::unwrap_used)]

use candle_core::{DType, Device, Tensor};
use model::architectures::Model;
use model::architectures::{Weights, parameters, random_weights};
use model::candle_ops::{CandleOps, Forms};
use model::weights::Expected;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use shared::spec::{AdamWSpec, ArchitectureSpec, Gpt2Spec, LlamaSpec};

/// Every shape that changes which code runs: multi-head, grouped, multi-query; tied and untied.
pub fn architectures() -> Vec<ArchitectureSpec> {
    [llamas(), gpt2s()].concat()
}

fn llamas() -> Vec<ArchitectureSpec> {
    [(4, 4, true), (4, 2, false), (4, 2, true), (6, 1, false)]
        .map(|(heads, key_value_heads, tied_embeddings)| {
            ArchitectureSpec::Llama(LlamaSpec {
                vocabulary_size: 61,
                context_length: 24,
                hidden_size: heads * 8,
                layers: 2,
                heads,
                key_value_heads,
                feed_forward_size: 40,
                rope_theta: 10_000.0,
                rope_scaling: None,
                rms_norm_epsilon: 1e-5,
                tied_embeddings,
            })
        })
        .into()
}

/// Heads of odd width too: nothing turns pairs.
fn gpt2s() -> Vec<ArchitectureSpec> {
    [(4, 8, true), (3, 7, false)]
        .map(|(heads, head_size, tied_embeddings)| {
            ArchitectureSpec::Gpt2(Gpt2Spec {
                vocabulary_size: 61,
                context_length: 24,
                hidden_size: heads * head_size,
                layers: 2,
                heads,
                feed_forward_size: 40,
                layer_norm_epsilon: 1e-5,
                tied_embeddings,
            })
        })
        .into()
}

/// As the model's files name and lay out its weights.
pub fn expected(spec: &ArchitectureSpec) -> Vec<Expected> {
    parameters(spec).into_iter().map(Expected::from).collect()
}

pub fn optimizer() -> AdamWSpec {
    AdamWSpec {
        learning_rate: 3e-3,
        beta1: 0.9,
        beta2: 0.95,
        epsilon: 1e-8,
        weight_decay: 0.1,
        gradient_clip_norm: 1.0,
    }
}

pub fn gaussian(random: &mut impl Rng) -> f64 {
    let radius = (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * random.random::<f64>()).cos()
}

/// N(0, deviation) of the tensor's shape and type.
pub fn noise_like(tensor: &Tensor, deviation: f64, random: &mut ChaCha12Rng) -> Tensor {
    let values: Vec<f64> = (0..tensor.elem_count()).map(|_| deviation * gaussian(random)).collect();
    Tensor::from_vec(values, tensor.shape(), &Device::Cpu).unwrap().to_dtype(tensor.dtype()).unwrap()
}

/// Random weights with N(0, 0.02) added to every one, so that nothing is exactly one or symmetric.
pub fn perturbed_weights(spec: &ArchitectureSpec, dtype: DType) -> Weights {
    let mut random = ChaCha12Rng::seed_from_u64(5);
    let weights = random_weights(spec, 11, dtype, &Device::Cpu).unwrap();
    weights
        .into_iter()
        .map(|(name, weight)| {
            let noise = noise_like(&weight, 0.02, &mut random);
            (name, (weight + noise).unwrap())
        })
        .collect()
}

pub fn perturbed_model(spec: &ArchitectureSpec, dtype: DType) -> Model<Tensor> {
    Model::new(spec, &perturbed_weights(spec, dtype)).unwrap()
}

pub fn composed_ops(dtype: DType) -> CandleOps {
    CandleOps::with_forms(&Device::Cpu, dtype, Forms::Composed)
}

pub fn fastest_ops() -> CandleOps {
    CandleOps::new(&Device::Cpu, DType::F32)
}

pub fn tokens(count: usize, vocabulary: u32, seed: u64) -> Vec<u32> {
    let mut random = ChaCha12Rng::seed_from_u64(seed);
    (0..count).map(|_| random.random_range(0..vocabulary)).collect()
}

pub fn values(tensor: &Tensor) -> Vec<f64> {
    tensor.to_dtype(DType::F64).unwrap().flatten_all().unwrap().to_vec1().unwrap()
}

/// The largest difference, relative to the largest value.
pub fn relative_difference(left: &Tensor, right: &Tensor) -> f64 {
    let (left, right) = (values(left), values(right));
    assert_eq!(left.len(), right.len());
    let largest = right.iter().fold(1e-30, |largest: f64, value| largest.max(value.abs()));
    left.iter().zip(&right).map(|(l, r)| (l - r).abs()).fold(0.0, f64::max) / largest
}

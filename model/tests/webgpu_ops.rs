//! Every op on the GPU against its composed form on the CPU.
#![cfg(feature = "webgpu")]
#![allow(clippy::unwrap_used)]

mod gpu;
mod story;

use candle_core::{DType, Device, Tensor};
use gpu::{another_gpu, gpu, read};
use model::candle_ops::CandleOps;
use model::kernels::rope::frequencies;
use model::ops::{AttentionShape, Embedding, Linear, Ops, Segment};
use model::webgpu::WebGpuOps;
use model::{DeviceError, Error, Result, webgpu};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use story::{composed_ops, noise_like};

const ATTENTION: AttentionShape = AttentionShape { heads: 6, key_value_heads: 2, head_size: 10 };
const WIDE: AttentionShape = AttentionShape { heads: 4, key_value_heads: 4, head_size: 64 };

/// The same op on both devices.
struct Case {
    name: &'static str,
    shapes: Vec<[usize; 2]>,
    on_cpu: fn(&CandleOps, &[Tensor]) -> Result<Tensor>,
    on_gpu: fn(&WebGpuOps, &[webgpu::Tensor]) -> Result<webgpu::Tensor>,
}

macro_rules! case {
    ($name:literal, [$($shape:expr),*], |$ops:ident, $x:ident| $op:expr) => {
        Case {
            name: $name,
            shapes: vec![$($shape),*],
            on_cpu: |$ops, $x| $op,
            on_gpu: |$ops, $x| $op,
        }
    };
}

fn segment(query_start: usize, query_length: usize, key_start: usize, key_length: usize) -> Segment {
    Segment { query_start, query_length, key_start, key_length }
}

/// A fresh sequence, one that continues what is remembered, a single decoded token.
fn ragged() -> Vec<Segment> {
    vec![segment(0, 5, 0, 5), segment(5, 3, 5, 9), segment(8, 1, 14, 4)]
}

fn positions(count: u32) -> Vec<u32> {
    (0..count).map(|position| position * 7 % 2_000).collect()
}

fn dense<T: Clone>(weight: &T, bias: Option<&T>) -> Linear<T> {
    Linear::Dense { weight: weight.clone(), bias: bias.cloned() }
}

fn cases() -> Vec<Case> {
    vec![
        case!("embedding", [[131, 37]], |ops, x| ops
            .embedding(&[130, 0, 7, 7, 64], &Embedding::Dense { weight: x[0].clone() })),
        case!("linear, one row", [[1, 37], [53, 37]], |ops, x| ops.linear(&x[0], &dense(&x[1], None))),
        case!("linear, a tile and a rest", [[7, 5], [3, 5]], |ops, x| ops.linear(&x[0], &dense(&x[1], None))),
        case!("linear, many rows", [[130, 67], [129, 67]], |ops, x| ops.linear(&x[0], &dense(&x[1], None))),
        case!("linear, one row with bias", [[1, 64], [65, 64], [1, 65]], |ops, x| ops
            .linear(&x[0], &dense(&x[1], Some(&x[2])))),
        case!("linear of a view", [[9, 33], [12, 33]], |ops, x| {
            ops.linear(&ops.narrow_rows(&x[0], 3, 5)?, &dense(&x[1], None))
        }),
        case!("rms_norm", [[70, 37], [1, 37]], |ops, x| ops.rms_norm(&x[0], &x[1], 1e-5)),
        case!("rms_norm, one wide row", [[1, 1_537], [1, 1_537]], |ops, x| ops.rms_norm(&x[0], &x[1], 1e-6)),
        case!("layer_norm", [[70, 37], [1, 37], [1, 37]], |ops, x| ops.layer_norm(&x[0], &x[1], &x[2], 1e-5)),
        case!("layer_norm, one wide row", [[1, 1_537], [1, 1_537], [1, 1_537]], |ops, x| ops
            .layer_norm(&x[0], &x[1], &x[2], 1e-6)),
        case!("rope", [[67, 54]], |ops, x| ops
            .rope(&x[0], &ops.rotary_angles(&positions(67), &frequencies(18, 1e4, None))?)),
        case!("rope, one token", [[1, 64]], |ops, x| ops
            .rope(&x[0], &ops.rotary_angles(&[1_999], &frequencies(64, 5e5, None))?)),
        case!("causal_attention, ragged with memory", [[9, 60], [18, 20], [18, 20]], |ops, x| ops
            .causal_attention(&x[0], &x[1], &x[2], ATTENTION, &ragged())),
        case!("causal_attention, a long memory", [[1, 256], [1_999, 256], [1_999, 256]], |ops, x| ops
            .causal_attention(&x[0], &x[1], &x[2], WIDE, &[segment(0, 1, 0, 1_999)])),
        case!("causal_attention, a whole text", [[131, 60], [131, 20], [131, 20]], |ops, x| ops
            .causal_attention(&x[0], &x[1], &x[2], ATTENTION, &[segment(0, 131, 0, 131)])),
        case!(
            "causal_attention, more queries than go at once",
            [[1_100, 256], [1_100, 256], [1_100, 256]],
            |ops, x| ops.causal_attention(&x[0], &x[1], &x[2], WIDE, &[segment(0, 1_100, 0, 1_100)])
        ),
        case!("causal_attention, sharp scores", [[33, 60], [33, 20], [33, 20]], |ops, x| {
            let twice = ops.add(&x[0], &x[0])?;
            let twenty = (0..3).try_fold(twice, |sum, _| ops.add(&sum, &sum))?;
            ops.causal_attention(&twenty, &x[1], &x[2], ATTENTION, &[segment(0, 33, 0, 33)])
        }),
        case!("swiglu", [[9, 11], [9, 11]], |ops, x| ops.swiglu(&x[0], &x[1])),
        case!("gelu", [[9, 11]], |ops, x| ops.gelu(&x[0])),
        case!("gelu, far from zero", [[9, 11]], |ops, x| {
            ops.gelu(&(0..7).try_fold(x[0].clone(), |sum, _| ops.add(&sum, &sum))?)
        }),
        case!("narrow_columns", [[67, 54]], |ops, x| ops.narrow_columns(&x[0], 19, 17)),
        case!("narrow_columns of a view", [[7, 5]], |ops, x| {
            ops.narrow_columns(&ops.narrow_rows(&x[0], 1, 3)?, 4, 1)
        }),
        case!("add", [[9, 11], [9, 11]], |ops, x| ops.add(&x[0], &x[1])),
        case!(
            "add, more than one dimension of workgroups holds",
            [[4_200_001, 1], [4_200_001, 1]],
            |ops, x| { ops.add(&x[0], &x[1]) }
        ),
        case!("select_rows", [[7, 5]], |ops, x| ops.select_rows(&x[0], &[6, 2, 2])),
        case!("add of views", [[7, 5], [9, 5]], |ops, x| {
            ops.add(&ops.narrow_rows(&x[0], 1, 3)?, &ops.narrow_rows(&x[1], 6, 3)?)
        }),
        case!("a view of a view", [[9, 5]], |ops, x| {
            ops.narrow_rows(&ops.narrow_rows(&x[0], 2, 6)?, 1, 4)
        }),
        case!("concatenate_rows of views", [[7, 5], [2, 5]], |ops, x| {
            let end = ops.narrow_rows(&x[0], 5, 2)?;
            ops.concatenate_rows(&[&x[1], &ops.narrow_rows(&x[0], 1, 3)?, &end])
        }),
        case!("concatenate_rows of a tensor with itself", [[3, 5]], |ops, x| {
            ops.concatenate_rows(&[&x[0], &x[0]])
        }),
        case!("two continuations of one tensor", [[3, 5], [2, 5], [1, 5]], |ops, x| {
            let left = ops.concatenate_rows(&[&x[0], &x[1]])?;
            let right = ops.concatenate_rows(&[&x[0], &x[2]])?;
            ops.concatenate_rows(&[&left, &right, &x[0]])
        }),
        case!("a shortened tensor grows again", [[6, 5], [2, 5]], |ops, x| {
            let short = ops.narrow_rows(&x[0], 0, 4)?;
            let grown = ops.concatenate_rows(&[&short, &x[1]])?;
            ops.concatenate_rows(&[&grown, &x[0]])
        }),
    ]
}

fn inputs(case: &Case) -> Vec<Tensor> {
    let mut random = ChaCha12Rng::seed_from_u64(3);
    let zeros = case.shapes.iter().map(|shape| Tensor::zeros(shape, DType::F32, &Device::Cpu).unwrap());
    zeros.map(|zeros| noise_like(&zeros, 1.0, &mut random)).collect()
}

fn plain(tensor: &Tensor) -> Vec<f32> {
    tensor.flatten_all().unwrap().to_vec1().unwrap()
}

#[test]
fn every_op_computes_on_the_gpu_what_it_does_on_the_cpu() {
    let Some(ops) = gpu() else { return };
    println!("{}", ops.adapter_name());
    for case in cases() {
        let inputs = inputs(&case);
        let expected = plain(&(case.on_cpu)(&composed_ops(DType::F32), &inputs).unwrap());
        let on_gpu: Vec<webgpu::Tensor> =
            inputs.iter().map(|x| ops.tensor(&plain(x), x.dims()[1]).unwrap()).collect();
        let y = (case.on_gpu)(ops, &on_gpu).unwrap();
        let y = read(ops, &y);
        assert_eq!(y.len(), expected.len(), "{}", case.name);
        let difference = y.iter().zip(&expected).map(|(l, r)| (l - r).abs()).fold(0.0, f32::max);
        println!("{:50} {difference:e}", case.name);
        assert!(difference < 1e-4 && y.iter().all(|y| y.is_finite()), "{}: {difference:e}", case.name);
        for (x, on_gpu) in inputs.iter().zip(&on_gpu) {
            assert_eq!(read(ops, on_gpu), plain(x), "{} changed its input", case.name);
        }
    }
}

#[test]
fn what_does_not_fit_is_an_error_and_the_gpu_goes_on() {
    let Some(ops) = gpu() else { return };
    let x = ops.tensor(&[1.0; 12], 4).unwrap();
    let narrow = ops.tensor(&[1.0; 9], 3).unwrap();
    let table = Embedding::Dense { weight: x.clone() };
    let attention = |segments: &[Segment]| {
        let shape = AttentionShape { heads: 2, key_value_heads: 2, head_size: 2 };
        ops.causal_attention(&x, &x, &x, shape, segments)
    };
    for result in [
        ops.embedding(&[0, 3], &table),
        ops.linear(&x, &dense(&narrow, None)),
        ops.rms_norm(&x, &narrow, 1e-5),
        ops.layer_norm(&x, &narrow, &x, 1e-5),
        ops.narrow_columns(&x, 2, 3),
        ops.add(&x, &narrow),
        ops.swiglu(&x, &narrow),
        ops.select_rows(&x, &[3]),
        ops.narrow_rows(&x, 1, 3),
        ops.concatenate_rows(&[&x, &narrow]),
        ops.rope(&narrow, &ops.rotary_angles(&[0, 1, 2], &[1.0]).unwrap()),
        attention(&[segment(0, 4, 0, 4)]),
        attention(&[segment(0, 3, 0, 2)]),
        ops.tensor(&[], 4),
    ] {
        assert!(matches!(result, Err(Error::Input(_))), "{result:?}");
    }
    assert_eq!(read(ops, &ops.add(&x, &x).unwrap()), [2.0; 12]);
}

#[test]
fn a_lost_gpu_says_so() {
    let Some(ops) = another_gpu() else { return };
    let x = ops.tensor(&[1.0; 12], 4).unwrap();
    ops.close();
    let error = pollster::block_on(ops.read(&x)).unwrap_err();
    assert!(matches!(error, Error::Device(DeviceError::Lost(_))), "{error:?}");
    assert!(matches!(ops.add(&x, &x), Err(Error::Device(DeviceError::Lost(_)))));
    assert!(error.to_string().contains("open it again"), "{error}");
}

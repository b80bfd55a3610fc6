//! Every form of every op against its plain reference, and every backward pass against differences.
#![allow(clippy::unwrap_used)]

mod story;

use candle_core::{DType, Device, Tensor, Var};
use model::Result;
use model::candle_ops::{CandleOps, Forms};
use model::kernels::{
    add, causal_attention, cross_entropy, embedding, gelu, layer_norm, linear, narrow_columns, rms_norm,
    rope, swiglu,
};
use model::ops::{AttentionShape, Embedding, Linear, Ops, Segment};
use model::training::loss;
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use story::{composed_ops, fastest_ops, noise_like, relative_difference, values};

const EPSILON: f64 = 1e-5;
const THETA: f64 = 10_000.0;

/// A case: inputs' shapes, the op, and its reference on f64 slices.
struct Case {
    name: &'static str,
    shapes: Vec<Vec<usize>>,
    op: fn(&CandleOps, &[Tensor]) -> Result<Tensor>,
    reference: fn(&[Vec<f64>]) -> Vec<f64>,
}

const IDS: [u32; 5] = [3, 0, 6, 3, 2];
const POSITIONS: [u32; 7] = [0, 1, 2, 0, 1, 2, 3];
const TARGETS: [u32; 7] = [1, 4, 0, 18, 7, 7, 2];
const ATTENTION: AttentionShape = AttentionShape { heads: 4, key_value_heads: 2, head_size: 6 };

const TOGETHER: AttentionShape = AttentionShape { heads: 2, key_value_heads: 2, head_size: 7 };

/// One of a single token, one longer than a block of queries.
fn documents() -> Vec<Segment> {
    let segment = |start: usize, length: usize| Segment {
        query_start: start,
        query_length: length,
        key_start: start,
        key_length: length,
    };
    vec![segment(0, 1), segment(1, 69), segment(70, 5)]
}

/// Ragged: a fresh sequence, one that continues six remembered tokens, a single decoded token.
fn ragged() -> Vec<Segment> {
    let segment = |query_start, query_length, key_start, key_length| Segment {
        query_start,
        query_length,
        key_start,
        key_length,
    };
    vec![segment(0, 5, 0, 5), segment(5, 3, 5, 9), segment(8, 1, 14, 4)]
}

/// Longer than a block of the fused kernel.
fn long() -> Vec<Segment> {
    vec![
        Segment { query_start: 0, query_length: 70, key_start: 0, key_length: 83 },
        Segment { query_start: 70, query_length: 66, key_start: 83, key_length: 66 },
    ]
}

/// Three texts, a token of each being written.
fn single_queries() -> Vec<Segment> {
    let segment = |query: usize, key_start, key_length| Segment {
        query_start: query,
        query_length: 1,
        key_start,
        key_length,
    };
    vec![segment(0, 0, 9), segment(1, 9, 1), segment(2, 10, 4)]
}

fn cases() -> Vec<Case> {
    vec![
        Case {
            name: "embedding",
            shapes: vec![vec![7, 5]],
            op: |ops, x| ops.embedding(&IDS, &Embedding::Dense { weight: x[0].clone() }),
            reference: |x| embedding::reference(&IDS, &x[0], 5),
        },
        Case {
            name: "linear",
            shapes: vec![vec![7, 5], vec![4, 5]],
            op: |ops, x| ops.linear(&x[0], &Linear::Dense { weight: x[1].clone(), bias: None }),
            reference: |x| linear::reference(&x[0], &x[1], None, 5),
        },
        Case {
            name: "linear with bias",
            shapes: vec![vec![7, 5], vec![4, 5], vec![4]],
            op: |ops, x| ops.linear(&x[0], &Linear::Dense { weight: x[1].clone(), bias: Some(x[2].clone()) }),
            reference: |x| linear::reference(&x[0], &x[1], Some(&x[2]), 5),
        },
        Case {
            name: "linear of a single row",
            shapes: vec![vec![1, 37], vec![19, 37], vec![19]],
            op: |ops, x| ops.linear(&x[0], &Linear::Dense { weight: x[1].clone(), bias: Some(x[2].clone()) }),
            reference: |x| linear::reference(&x[0], &x[1], Some(&x[2]), 37),
        },
        Case {
            name: "linear of a few rows",
            shapes: vec![vec![6, 37], vec![19, 37], vec![19]],
            op: |ops, x| ops.linear(&x[0], &Linear::Dense { weight: x[1].clone(), bias: Some(x[2].clone()) }),
            reference: |x| linear::reference(&x[0], &x[1], Some(&x[2]), 37),
        },
        Case {
            name: "linear of more rows than are summed at a time",
            shapes: vec![vec![300, 33], vec![17, 33], vec![17]],
            op: |ops, x| ops.linear(&x[0], &Linear::Dense { weight: x[1].clone(), bias: Some(x[2].clone()) }),
            reference: |x| linear::reference(&x[0], &x[1], Some(&x[2]), 33),
        },
        Case {
            name: "rms_norm",
            shapes: vec![vec![70, 37], vec![37]],
            op: |ops, x| ops.rms_norm(&x[0], &x[1], EPSILON),
            reference: |x| rms_norm::reference(&x[0], &x[1], EPSILON),
        },
        Case {
            name: "layer_norm",
            shapes: vec![vec![70, 37], vec![37], vec![37]],
            op: |ops, x| ops.layer_norm(&x[0], &x[1], &x[2], EPSILON),
            reference: |x| layer_norm::reference(&x[0], &x[1], &x[2], EPSILON),
        },
        Case {
            name: "layer_norm, narrower than a vector",
            shapes: vec![vec![3, 5], vec![5], vec![5]],
            op: |ops, x| ops.layer_norm(&x[0], &x[1], &x[2], EPSILON),
            reference: |x| layer_norm::reference(&x[0], &x[1], &x[2], EPSILON),
        },
        Case {
            name: "rope",
            shapes: vec![vec![7, 24]],
            op: |ops, x| ops.rope(&x[0], &ops.rotary_angles(&POSITIONS, &rope::frequencies(8, THETA, None))?),
            reference: |x| rope::reference(&x[0], &POSITIONS, 3, &rope::frequencies(8, THETA, None)),
        },
        Case {
            name: "self_attention, packed documents",
            shapes: vec![vec![75, 3 * 14]],
            op: |ops, x| ops.self_attention(&x[0], TOGETHER, &documents()),
            reference: |x| {
                let third = |index: usize| narrow_columns::reference(&x[0], 3 * 14, index * 14, 14);
                causal_attention::reference(&third(0), &third(1), &third(2), TOGETHER, &documents())
            },
        },
        Case {
            name: "swiglu",
            shapes: vec![vec![9, 11], vec![9, 11]],
            op: |ops, x| ops.swiglu(&x[0], &x[1]),
            reference: |x| swiglu::reference(&x[0], &x[1]),
        },
        Case {
            name: "gelu",
            shapes: vec![vec![9, 11]],
            op: |ops, x| ops.gelu(&x[0]),
            reference: |x| gelu::reference(&x[0]),
        },
        Case {
            name: "gelu, far from zero",
            shapes: vec![vec![9, 11]],
            op: |ops, x| ops.gelu(&(&x[0] * 30.0)?),
            reference: |x| gelu::reference(&x[0].iter().map(|x| x * 30.0).collect::<Vec<_>>()),
        },
        Case {
            name: "narrow_columns",
            shapes: vec![vec![7, 11]],
            op: |ops, x| ops.narrow_columns(&x[0], 3, 5),
            reference: |x| narrow_columns::reference(&x[0], 11, 3, 5),
        },
        Case {
            name: "causal_attention, ragged with memory",
            shapes: vec![vec![9, 24], vec![18, 12], vec![18, 12]],
            op: |ops, x| ops.causal_attention(&x[0], &x[1], &x[2], ATTENTION, &ragged()),
            reference: |x| causal_attention::reference(&x[0], &x[1], &x[2], ATTENTION, &ragged()),
        },
        Case {
            name: "causal_attention, longer than a block",
            shapes: vec![vec![136, 24], vec![149, 12], vec![149, 12]],
            op: |ops, x| ops.causal_attention(&x[0], &x[1], &x[2], ATTENTION, &long()),
            reference: |x| causal_attention::reference(&x[0], &x[1], &x[2], ATTENTION, &long()),
        },
        Case {
            name: "causal_attention, single queries",
            shapes: vec![vec![3, 24], vec![14, 12], vec![14, 12]],
            op: |ops, x| ops.causal_attention(&x[0], &x[1], &x[2], ATTENTION, &single_queries()),
            reference: |x| causal_attention::reference(&x[0], &x[1], &x[2], ATTENTION, &single_queries()),
        },
        Case {
            name: "cross_entropy",
            shapes: vec![vec![7, 19]],
            op: |_, x| {
                let targets = Tensor::new(&TARGETS, &Device::Cpu)?;
                Ok(cross_entropy::composed(&x[0], &targets)?)
            },
            reference: |x| cross_entropy::reference(&x[0], &TARGETS, 19),
        },
        Case {
            name: "chunked cross-entropy with the head",
            shapes: vec![vec![7, 5], vec![19, 5]],
            op: |ops, x| chunked(ops, &x[0], &x[1]),
            reference: |x| {
                let logits = linear::reference(&x[0], &x[1], None, 5);
                let nats = cross_entropy::reference(&logits, &TARGETS, 19);
                vec![nats.iter().zip(ROW_WEIGHTS).map(|(nats, weight)| nats * f64::from(weight)).sum()]
            },
        },
        Case {
            name: "select_rows",
            shapes: vec![vec![7, 5]],
            op: |ops, x| ops.select_rows(&x[0], &[6, 2, 2]),
            reference: |x| [6, 2, 2].iter().flat_map(|row| x[0][row * 5..][..5].to_vec()).collect(),
        },
        Case {
            name: "narrow_rows and concatenate_rows",
            shapes: vec![vec![7, 5], vec![2, 5]],
            op: |ops, x| ops.concatenate_rows(&[&x[1], &ops.narrow_rows(&x[0], 1, 3)?]),
            reference: |x| [&x[1][..], &x[0][5..20]].concat(),
        },
        Case {
            name: "add",
            shapes: vec![vec![7, 5], vec![7, 5]],
            op: |ops, x| ops.add(&x[0], &x[1]),
            reference: |x| add::reference(&x[0], &x[1]),
        },
    ]
}

const ROW_WEIGHTS: [f32; 7] = [0.5, 0.0, 1.0, 0.25, 2.0, 1.0, 0.125];

fn chunked(ops: &CandleOps, hidden: &Tensor, head: &Tensor) -> Result<Tensor> {
    let head = Linear::Dense { weight: head.clone(), bias: None };
    Ok(loss::cross_entropy(hidden, &head, &TARGETS, &ROW_WEIGHTS, ops.forms())?.tensor)
}

fn bfloat16_ops() -> CandleOps {
    CandleOps::with_forms(&Device::Cpu, DType::F32, Forms::Bfloat16)
}

fn inputs(case: &Case, dtype: DType) -> Vec<Var> {
    let mut random = ChaCha12Rng::seed_from_u64(3);
    let zeros = case.shapes.iter().map(|shape| Tensor::zeros(shape.as_slice(), dtype, &Device::Cpu).unwrap());
    zeros.map(|zeros| Var::from_tensor(&noise_like(&zeros, 1.0, &mut random)).unwrap()).collect()
}

fn tensors(inputs: &[Var]) -> Vec<Tensor> {
    inputs.iter().map(|input| input.as_tensor().clone()).collect()
}

#[test]
fn every_form_computes_what_the_reference_does() {
    for case in cases() {
        for (ops, dtype, bound) in [
            (composed_ops(DType::F64), DType::F64, 1e-6),
            (composed_ops(DType::F32), DType::F32, 1e-5),
            (fastest_ops(), DType::F32, 1e-5),
            (bfloat16_ops(), DType::F32, 1e-2),
        ] {
            let inputs = tensors(&inputs(&case, dtype));
            let y = (case.op)(&ops, &inputs).unwrap();
            let expected = (case.reference)(&inputs.iter().map(values).collect::<Vec<_>>());
            let expected = Tensor::from_vec(expected, y.shape(), &Device::Cpu).unwrap();
            let difference = relative_difference(&y, &expected);
            assert!(difference < bound, "{} in {dtype:?}: off by {difference:e}", case.name);
        }
    }
}

/// Wide enough to be cut into pieces: of the weight's rows, of the heads.
#[test]
fn a_token_is_written_with_the_same_bits_on_any_number_of_threads() {
    let ops = fastest_ops();
    let mut random = ChaCha12Rng::seed_from_u64(3);
    let mut noise = |rows: usize, width: usize| {
        noise_like(&Tensor::zeros((rows, width), DType::F32, &Device::Cpu).unwrap(), 1.0, &mut random)
    };
    let (few, weight, bias) = (noise(6, 500), noise(301, 500), noise(1, 301).flatten_all().unwrap());
    let shape = AttentionShape { heads: 6, key_value_heads: 3, head_size: 64 };
    let (queries, keys, cached) = (noise(1, 6 * 64), noise(301, 3 * 64), noise(301, 3 * 64));
    let segments = [Segment { query_start: 0, query_length: 1, key_start: 0, key_length: 301 }];
    let layer = Linear::Dense { weight: weight.clone(), bias: Some(bias.clone()) };
    let on_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let one = ops.linear(&few.narrow(0, 0, 1).unwrap(), &layer).unwrap();
            let attended = ops.causal_attention(&queries, &keys, &cached, shape, &segments).unwrap();
            [one, ops.linear(&few, &layer).unwrap(), attended]
        })
    };
    let alone = on_threads(1);
    for threads in [2, 3] {
        for (alone, together) in alone.iter().zip(&on_threads(threads)) {
            assert_eq!(values(alone), values(together), "on {threads} threads");
        }
    }
    let expected = linear::reference(&values(&few), &values(&weight), Some(&values(&bias)), 500);
    let attended =
        causal_attention::reference(&values(&queries), &values(&keys), &values(&cached), shape, &segments);
    for (y, expected) in alone.iter().zip([&expected[..301], &expected, &attended]) {
        let expected = Tensor::from_slice(expected, y.shape(), &Device::Cpu).unwrap();
        assert!(relative_difference(y, &expected) < 1e-5);
    }
}

/// `Σ y ⊙ c` for fixed random c: every output counts differently, so the gradient coming in is not
/// all ones.
fn scalar(case: &Case, ops: &CandleOps, inputs: &[Tensor]) -> Tensor {
    let y = (case.op)(ops, inputs).unwrap();
    let c = noise_like(&y, 1.0, &mut ChaCha12Rng::seed_from_u64(9));
    (y * c).unwrap().sum_all().unwrap()
}

#[test]
fn the_composed_backward_passes_are_the_directional_derivatives() {
    let ops = composed_ops(DType::F64);
    for case in cases() {
        let inputs = inputs(&case, DType::F64);
        let gradients = scalar(&case, &ops, &tensors(&inputs)).backward().unwrap();
        let mut random = ChaCha12Rng::seed_from_u64(17);
        for (index, input) in inputs.iter().enumerate() {
            let direction = noise_like(input, 1.0, &mut random);
            let gradient = gradients
                .get(input)
                .unwrap_or_else(|| panic!("{}: input {index} has no gradient", case.name));
            let along = (gradient * &direction).unwrap().sum_all().unwrap().to_scalar::<f64>().unwrap();
            let step = 1e-5;
            let moved = |sign: f64| {
                let mut inputs = tensors(&inputs);
                inputs[index] = (input.as_detached_tensor() + (&direction * (sign * step)).unwrap()).unwrap();
                scalar(&case, &ops, &inputs).to_scalar::<f64>().unwrap()
            };
            let difference = (moved(1.0) - moved(-1.0)) / (2.0 * step);
            let relative = (along - difference).abs() / difference.abs().max(1e-3);
            assert!(
                relative < 2e-6,
                "{}: input {index}: {along} but differences say {difference}",
                case.name
            );
        }
    }
}

#[test]
fn the_fused_backward_passes_agree_with_the_composed_ones() {
    for case in cases() {
        let inputs = inputs(&case, DType::F32);
        let composed = scalar(&case, &composed_ops(DType::F32), &tensors(&inputs)).backward().unwrap();
        for (ops, bound) in [(fastest_ops(), 2e-5), (bfloat16_ops(), 2e-2)] {
            let fused = scalar(&case, &ops, &tensors(&inputs)).backward().unwrap();
            for (index, input) in inputs.iter().enumerate() {
                let (fused, composed) = (fused.get(input).unwrap(), composed.get(input).unwrap());
                let difference = relative_difference(fused, composed);
                let forms = ops.forms();
                assert!(
                    difference < bound,
                    "{} {forms:?}: input {index} is off by {difference:e}",
                    case.name
                );
            }
        }
    }
}

#[test]
fn a_loss_in_many_chunks_is_the_loss_in_one_product() {
    // 600 tokens of 20,000 words: three chunks of logits.
    let mut random = ChaCha12Rng::seed_from_u64(3);
    let like = |shape: (usize, usize)| Tensor::zeros(shape, DType::F32, &Device::Cpu).unwrap();
    let hidden = Var::from_tensor(&noise_like(&like((600, 8)), 1.0, &mut random)).unwrap();
    let head = Var::from_tensor(&noise_like(&like((20_000, 8)), 0.5, &mut random)).unwrap();
    let targets = story::tokens(600, 20_000, 4);
    let weights: Vec<f32> = (0..600).map(|token| if token % 7 == 0 { 0.0 } else { 1.0 / 514.0 }).collect();

    let linear = Linear::Dense { weight: head.as_tensor().clone(), bias: None };
    let chunked = loss::cross_entropy(&hidden, &linear, &targets, &weights, Forms::Fastest).unwrap();
    let ids = Tensor::from_slice(&targets, 600, &Device::Cpu).unwrap();
    let nats = cross_entropy::composed(&hidden.matmul(&head.t().unwrap()).unwrap(), &ids).unwrap();
    let whole = (&nats * Tensor::from_vec(weights, 600, &Device::Cpu).unwrap()).unwrap().sum_all().unwrap();
    assert!((chunked.value - f64::from(whole.to_scalar::<f32>().unwrap())).abs() < 1e-4);

    // Any gradient coming in: here 3.
    let chunked_gradients = (chunked.tensor * 3.0).unwrap().backward().unwrap();
    let whole_gradients = (whole * 3.0).unwrap().backward().unwrap();
    for input in [&hidden, &head] {
        let (chunked, whole) = (chunked_gradients.get(input).unwrap(), whole_gradients.get(input).unwrap());
        assert!(relative_difference(chunked, whole) < 1e-4);
    }
    let token_nats = loss::token_nats(&hidden, &linear, &targets, Forms::Fastest).unwrap();
    let token_nats = Tensor::from_vec(token_nats, 600, &Device::Cpu).unwrap();
    assert!(relative_difference(&token_nats, &nats) < 1e-5);
}

/// For a weight that is not trained, candle's store of gradients holds nothing: none was made.
#[test]
fn nothing_is_made_for_a_weight_that_is_not_trained() {
    let ops = fastest_ops();
    let like = |shape: &[usize]| Tensor::zeros(shape, DType::F32, &Device::Cpu).unwrap();
    let mut random = ChaCha12Rng::seed_from_u64(3);
    let mut noise = |shape: &[usize]| noise_like(&like(shape), 1.0, &mut random);
    let x = Var::from_tensor(&noise(&[7, 5])).unwrap();
    let (norm, matrix, head) = (noise(&[5]), noise(&[5, 5]), noise(&[19, 5]));
    let dense = |weight: &Tensor| Linear::Dense { weight: weight.clone(), bias: None };
    let states = ops.linear(&ops.rms_norm(&x, &norm, EPSILON).unwrap(), &dense(&matrix)).unwrap();
    let gradients = chunked(&ops, &states, &head).unwrap().backward().unwrap();
    assert!(gradients.get(&x).is_some());
    for frozen in [&norm, &matrix, &head] {
        assert!(gradients.get(frozen).is_none(), "a gradient of shape {:?} was made", frozen.dims());
    }

    // The other way round: below the lowest weight that is trained nothing is made either.
    let (states, head) = (noise(&[7, 5]), Var::from_tensor(&head).unwrap());
    let gradients = chunked(&ops, &states, &head).unwrap().backward().unwrap();
    assert!(gradients.get(&head).is_some() && gradients.get(&states).is_none());
}

#[test]
fn a_gate_that_is_closed_far_has_finite_gradients() {
    for ops in [composed_ops(DType::F32), fastest_ops()] {
        let gate = Var::new(&[-200.0_f32, -89.0, 0.0, 200.0], &Device::Cpu).unwrap();
        let up = Var::new(&[3.0_f32, 3.0, 3.0, 3.0], &Device::Cpu).unwrap();
        let loss = ops.swiglu(&gate, &up).unwrap().sum_all().unwrap();
        let gradients = loss.backward().unwrap();
        let of = |input: &Var| values(gradients.get(input).unwrap());
        let near = |found: Vec<f64>, wanted: [f64; 4]| {
            assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-4), "{found:?}");
        };
        near(of(&gate), [0.0, 0.0, 1.5, 3.0]);
        near(of(&up), [0.0, 0.0, 0.0, 200.0]);
    }
}

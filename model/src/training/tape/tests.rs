//! The tape by itself; whole models on it stand in `model/tests/recomputation.rs` and `golden.rs`.

use std::cell::Cell;
use std::collections::BTreeMap;

use candle_core::{DType, Device, Tensor, Var};

use super::{Gradient, Gradients, Tape};
use crate::Result;
use crate::architectures::Weights;
use crate::candle_ops::CandleOps;
use crate::ops::{Linear, Ops};

fn numbers(rows: usize, columns: usize) -> Tensor {
    let values: Vec<f32> = (0..rows * columns).map(|i| ((i * 7 + 3) % 11) as f32 - 4.0).collect();
    Tensor::from_vec(values, (rows, columns), &Device::Cpu).unwrap()
}

/// Rows and columns cut and joined, one row twice; the result counts twice.
fn cut_and_joined<O: Ops<Tensor = Tensor>>(ops: &O, x: &Tensor, weight: &Tensor) -> Result<Tensor> {
    let (some, others) = (ops.narrow_rows(x, 1, 3)?, ops.select_rows(x, &[4, 0, 4])?);
    let joined = ops.concatenate_rows(&[&some, &others])?;
    let linear = Linear::Dense { weight: weight.clone(), bias: None };
    let y = ops.linear(&ops.narrow_columns(&joined, 1, 3)?, &linear)?;
    ops.add(&y, &y)
}

#[test]
fn a_tape_finds_the_gradients_of_a_graph() {
    let ops = CandleOps::new(&Device::Cpu, DType::F32);
    let parameters = BTreeMap::from(
        [("x", numbers(5, 4)), ("weight", numbers(2, 3))]
            .map(|(name, value)| (name.to_owned(), Var::from_tensor(&value).unwrap())),
    );
    let (x, weight) = (&parameters["x"], &parameters["weight"]);
    let dy = numbers(6, 2);

    let mut sums = Weights::new();
    for _ in 0..2 {
        let tape = Tape::new(&ops, None);
        let y = cut_and_joined(&tape, x, weight).unwrap();
        assert!(tape.wanted(&y).is_some() && !y.track_op());
        let mut gradients = Gradients::new(&parameters, &mut sums);
        gradients.add(Some(y.id()), Gradient::Shared(dy.clone())).unwrap();
        tape.down(&mut gradients).unwrap();
    }
    let graph = cut_and_joined(&ops, x, weight).unwrap();
    let expected = (graph * &dy).unwrap().sum_all().unwrap().backward().unwrap();
    for (name, parameter) in &parameters {
        // Two passes; whole numbers are added exactly.
        let twice = (expected.get(parameter).unwrap() * 2.0).unwrap();
        let values = |tensor: &Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert_eq!(values(&sums[name]), values(&twice), "{name}");
    }
    assert_eq!(dy.to_vec2::<f32>().unwrap(), numbers(6, 2).to_vec2::<f32>().unwrap(), "it was only lent");
}

#[test]
fn above_what_is_not_trained_nothing_is_remembered() {
    let ops = CandleOps::new(&Device::Cpu, DType::F32);
    let tape = Tape::new(&ops, None);
    let y = cut_and_joined(&tape, &numbers(5, 4), &numbers(2, 3)).unwrap();
    assert!(tape.wanted(&y).is_none());
    assert!(tape.steps.borrow().is_empty());
}

#[test]
fn what_is_made_again_is_made_once_for_all_who_need_it() {
    let ops = CandleOps::new(&Device::Cpu, DType::F32);
    let (made, value) = (Cell::new(0), numbers(2, 2));
    let tape = Tape::new(&ops, None);
    tape.make_again(&value, || {
        made.set(made.get() + 1);
        Ok(numbers(2, 2))
    });
    let (first, second) = (tape.saved(&value), tape.saved(&value));
    tape.finish();
    for saved in [first, second] {
        assert_eq!(saved.take().unwrap().to_vec2::<f32>().unwrap(), value.to_vec2::<f32>().unwrap());
    }
    assert_eq!(made.get(), 1);
}

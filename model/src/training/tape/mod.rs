//! What a forward pass by fused kernels has to remember, and the way back.
//!
//! Every op that stands above something that is trained leaves a step: how the gradient of its output goes to
//! its inputs, with the tensors that this takes and no others. On the way back each step is taken once, the
//! last one first, and what it held is gone when it has been taken. Candle's own graph holds the inputs of
//! every op until the whole graph goes, and adds every gradient to zeros.
//!
//! Norms and activations of the feed-forward leave no output behind. Who needs it (the linear layer above, for
//! `dW = dyᵀ x`) makes it again from what the norm or the activation holds anyway: one pass over memory
//! instead of half of what a block would hold.

mod gradients;
mod ops;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use candle_core::{Tensor, TensorId};

pub use gradients::{Gradient, Gradients};

use crate::Result;
use crate::candle_ops::CandleOps;

/// Ops that remember; tensors are values without a graph of candle's, and known by their ids.
pub struct Tape<'a> {
    ops: &'a CandleOps,
    steps: RefCell<Vec<Step<'a>>>,
    /// Outputs of steps, and inputs from outside, that a gradient is wanted of. Parameters are variables.
    wanted: RefCell<HashSet<TensorId>>,
    again: RefCell<HashMap<TensorId, Rc<Again<'a>>>>,
}

struct Step<'a> {
    output: TensorId,
    down: Down<'a>,
}

/// Takes the gradient of a step's output to its inputs.
type Down<'a> = Box<dyn FnOnce(Gradient, &mut Gradients<'_>) -> Result<()> + 'a>;

/// A tensor that can be made again. If several steps need it, it is kept from the first to the last.
struct Again<'a> {
    make: Box<dyn Fn() -> Result<Tensor> + 'a>,
    made: RefCell<Option<Tensor>>,
}

/// A tensor that a step needs.
enum Saved<'a> {
    Kept(Tensor),
    Again(Rc<Again<'a>>),
}

impl Saved<'_> {
    fn take(self) -> Result<Tensor> {
        let again = match self {
            Self::Kept(tensor) => return Ok(tensor),
            Self::Again(again) => again,
        };
        let made = again.made.borrow_mut().take();
        let tensor = made.map_or_else(|| (again.make)(), Ok)?;
        if Rc::strong_count(&again) > 1 {
            again.made.replace(Some(tensor.clone()));
        }
        Ok(tensor)
    }
}

impl<'a> Tape<'a> {
    /// For a part of a model that is given `input`, if a gradient of that is wanted.
    pub fn new(ops: &'a CandleOps, input: Option<&Tensor>) -> Self {
        let wanted = RefCell::new(input.map(Tensor::id).into_iter().collect());
        Self { ops, steps: RefCell::default(), wanted, again: RefCell::default() }
    }

    /// The tensor's id, if a gradient of it is wanted.
    pub fn wanted(&self, tensor: &Tensor) -> Option<TensorId> {
        let is_wanted = tensor.is_variable() || self.wanted.borrow().contains(&tensor.id());
        is_wanted.then(|| tensor.id())
    }

    /// After the last op. What can be made again is then known to those who need it, and to nobody else.
    pub fn finish(&self) {
        self.again.borrow_mut().clear();
    }

    /// Takes what has come to the outputs down to the inputs and the parameters.
    pub fn down(self, gradients: &mut Gradients<'_>) -> Result<()> {
        for Step { output, down } in self.steps.into_inner().into_iter().rev() {
            // An output that nobody used has none.
            if let Some(gradient) = gradients.take(output) {
                down(gradient, gradients)?;
            }
        }
        Ok(())
    }

    /// Remembers how `output` was made, if a gradient of any of the `inputs` is wanted.
    fn record(
        &self,
        inputs: &[Option<TensorId>],
        output: &Tensor,
        down: impl FnOnce(Gradient, &mut Gradients<'_>) -> Result<()> + 'a,
    ) -> Tensor {
        let output = output.detach();
        if inputs.iter().any(Option::is_some) {
            self.wanted.borrow_mut().insert(output.id());
            self.steps.borrow_mut().push(Step { output: output.id(), down: Box::new(down) });
        }
        output
    }

    /// `output` need not be kept.
    fn make_again(&self, output: &Tensor, make: impl Fn() -> Result<Tensor> + 'a) {
        let again = Again { make: Box::new(make), made: RefCell::new(None) };
        self.again.borrow_mut().insert(output.id(), Rc::new(again));
    }

    fn saved(&self, tensor: &Tensor) -> Saved<'a> {
        match self.again.borrow().get(&tensor.id()) {
            Some(again) => Saved::Again(again.clone()),
            None => Saved::Kept(tensor.detach()),
        }
    }
}

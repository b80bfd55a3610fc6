//! Where the gradients of a pass are gathered.

use std::collections::{BTreeMap, HashMap};

use candle_core::backprop::GradStore;
use candle_core::{Shape, Tensor, TensorId, Var};

use crate::Result;
use crate::architectures::Weights;
use crate::kernels::matrix_product::Destination;
use crate::kernels::slices::{
    VALUES_PER_CHUNK, add_to, is_fusable, tensor, with_slice_mut, with_slices, written_once,
};

/// A gradient that comes to a tensor.
pub enum Gradient {
    /// Nobody else holds it: others may be added to it where it lies.
    Own(Tensor),
    /// It stands for several tensors at once.
    Shared(Tensor),
}

impl Gradient {
    pub fn into_tensor(self) -> Tensor {
        match self {
            Self::Own(tensor) | Self::Shared(tensor) => tensor,
        }
    }
}

/// Those of parameters are added to `sums` by name; of other tensors each waits until the op that made the
/// tensor takes it down.
pub struct Gradients<'a> {
    parameters: &'a BTreeMap<String, Var>,
    names: HashMap<TensorId, &'a str>,
    sums: &'a mut Weights,
    waiting: HashMap<TensorId, Gradient>,
}

impl<'a> Gradients<'a> {
    pub fn new(parameters: &'a BTreeMap<String, Var>, sums: &'a mut Weights) -> Self {
        let names = parameters.iter().map(|(name, parameter)| (parameter.id(), name.as_str())).collect();
        Self { parameters, names, sums, waiting: HashMap::new() }
    }

    /// Adds to what the tensor `of` has; of nothing, nothing is kept.
    pub fn add(&mut self, of: Option<TensorId>, gradient: Gradient) -> Result<()> {
        let Some(of) = of else { return Ok(()) };
        let earlier = match self.names.get(&of) {
            // What lies in the sums is nobody else's.
            Some(name) => self.sums.remove(*name).map(Gradient::Own),
            None => self.waiting.remove(&of),
        };
        let sum = match earlier {
            Some(earlier) => sum(earlier, gradient)?,
            None => gradient,
        };
        match self.names.get(&of) {
            Some(name) => {
                let sum = match sum {
                    Gradient::Own(sum) => sum,
                    Gradient::Shared(sum) => sum.copy()?,
                };
                self.sums.insert((*name).to_owned(), sum);
            }
            None => {
                self.waiting.insert(of, sum);
            }
        }
        Ok(())
    }

    /// Has `write` put a parameter's gradient where the sum is, or where it will be: it adds, or it overwrites
    /// zeros. Nothing of the parameter's size is made besides. For fused kernels.
    pub fn write(
        &mut self,
        of: TensorId,
        shape: &Shape,
        write: impl FnOnce(&mut [f32], Destination) -> candle_core::Result<()>,
    ) -> Result<()> {
        if let Some(sum) = self.names.get(&of).and_then(|name| self.sums.get(*name)) {
            return Ok(with_slice_mut(sum, |values| write(values, Destination::Add))?);
        }
        let mut values = written_once(shape.elem_count(), VALUES_PER_CHUNK, |_, _| {});
        write(&mut values, Destination::Overwrite)?;
        self.add(Some(of), Gradient::Own(tensor(values, shape)?))
    }

    /// Adds what candle's backward pass found of parameters.
    pub fn add_of_parameters(&mut self, mut found: GradStore) -> Result<()> {
        for parameter in self.parameters.values() {
            if let Some(gradient) = found.remove(parameter) {
                self.add(Some(parameter.id()), Gradient::Own(gradient))?;
            }
        }
        Ok(())
    }

    /// What has come to a tensor comes to another one instead.
    pub fn pass_on(&mut self, from: TensorId, to: TensorId) -> Result<()> {
        match self.take(from) {
            Some(gradient) => self.add(Some(to), gradient),
            None => Ok(()),
        }
    }

    /// What has come to a tensor.
    pub fn take(&mut self, of: TensorId) -> Option<Gradient> {
        self.waiting.remove(&of)
    }
}

fn sum(left: Gradient, right: Gradient) -> Result<Gradient> {
    let (own, other) = match (left, right) {
        (Gradient::Own(own), other) | (other, Gradient::Own(own)) => (own, other.into_tensor()),
        (Gradient::Shared(left), Gradient::Shared(right)) => return Ok(Gradient::Own((left + right)?)),
    };
    if !is_fusable(&[&own, &other]) || !own.is_contiguous() {
        return Ok(Gradient::Own((own + other)?));
    }
    with_slices([&other], |[other]| {
        with_slice_mut(&own, |own| {
            add_to(own, other);
            Ok(())
        })
    })?;
    Ok(Gradient::Own(own))
}

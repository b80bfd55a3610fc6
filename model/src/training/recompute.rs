//! The gradients of one pass, a block at a time. Of the forward pass either everything is kept, or only what
//! goes into each block, and the rest is computed again (Chen et al. 2016, "Training Deep Nets with Sublinear
//! Memory Cost").
//!
//! ```text
//! x₀ = embed(tokens)      xᵢ₊₁ = blockᵢ(xᵢ)      L = loss(head, final_norm(x_layers))
//! g  = dL / dx_layers
//! for every block, the last one first:
//!     y = blockᵢ(xᵢ)                       again with its graph, or the graph that was kept
//!     g, dwᵢ = the gradients of ⟨y, g⟩ in xᵢ and in the block's weights
//!     y, and all that was computed on the way to it, is dropped
//! dE = the gradients of ⟨x₀, g⟩
//! ```
//!
//! The blocks' graphs end at their inputs either way, so that a block's activations are gone before the next
//! one's gradients come. Both ways run the same kernels on the same numbers: the gradients are the same bits.

use std::collections::BTreeMap;

use candle_core::backprop::GradStore;
use candle_core::{CpuStorage, CustomOp1, Layout, Shape, Tensor, Var};
use shared::spec::Activations;

use super::loss;
use super::packing::PackedRows;
use crate::architectures::{Model, Weights};
use crate::candle_ops::{CandleOps, Forms};
use crate::ops::Linear;
use crate::{Error, Result};

/// What a pass is computed with.
pub(super) struct Pass<'a> {
    pub model: &'a Model<Tensor>,
    pub ops: &'a CandleOps,
    pub rows: &'a PackedRows,
    /// What each target counts in the loss.
    pub weights: &'a [f32],
    pub activations: Activations,
}

/// A block whose gradients are wanted.
struct Visited {
    block: usize,
    /// A variable if anything below it is trained.
    input: Tensor,
    /// With its graph, if that was kept.
    output: Option<Tensor>,
}

/// `Σ_t weights[t] · nats[t]`; adds its gradients in `parameters` to `sums`. `probe` sees what the forward
/// pass computes, once.
pub(super) fn add_gradients(
    pass: &Pass<'_>,
    parameters: &BTreeMap<String, Var>,
    probe: &mut dyn FnMut(&str, &Tensor),
    sums: &mut Weights,
) -> Result<f64> {
    let Pass { model, ops, rows, weights, activations } = pass;
    let batch = &rows.batch;
    batch.check(model.vocabulary_size() as u32, model.context_length() as u32)?;
    let angles = model.rotary_angles(*ops, batch)?;
    let embedded = model.embed(*ops, batch)?;
    let mut x = leaf(&embedded)?;
    let mut visited = Vec::new();
    for block in 0..model.layers() {
        let output = model.block(block, *ops, &x, angles.as_ref(), batch, probe)?;
        let input = std::mem::replace(&mut x, leaf(&output)?);
        if output.track_op() {
            let output = (*activations == Activations::Kept).then_some(output);
            visited.push(Visited { block, input, output });
        }
    }
    let hidden = model.final_norm(*ops, &x)?;
    let found = loss::gradients(&hidden, model.head(), &rows.targets, weights, ops.forms())?;
    let walk = Walk { parameters, forms: ops.forms() };
    if let Linear::Dense { weight, bias } = model.head() {
        for (tensor, gradient) in [(Some(weight), found.weight), (bias.as_ref(), found.bias)] {
            walk.down(tensor, gradient, None, sums)?;
        }
    }
    let mut incoming = walk.down(Some(&hidden), found.hidden, Some(&x), sums)?;
    drop((hidden, x));
    for Visited { block, input, output } in visited.into_iter().rev() {
        let output = match output {
            Some(output) => output,
            None => model.block(block, *ops, &input, angles.as_ref(), batch, &mut |_, _| {})?,
        };
        incoming = walk.down(Some(&output), incoming, Some(&input), sums)?;
    }
    walk.down(Some(&embedded), incoming, None, sums)?;
    Ok(found.value)
}

/// The same numbers without their past: a variable if that is trained.
fn leaf(x: &Tensor) -> Result<Tensor> {
    if x.track_op() { Ok(Var::from_tensor(&x.detach())?.into_inner()) } else { Ok(x.clone()) }
}

struct Walk<'a> {
    parameters: &'a BTreeMap<String, Var>,
    forms: Forms,
}

impl Walk<'_> {
    /// Takes the `gradient` of a tensor down its graph, to the parameters, whose gradients are added to `sums`,
    /// and to `input`, whose gradient is returned. Where there is no gradient there is nothing to do.
    fn down(
        &self,
        tensor: Option<&Tensor>,
        gradient: Option<Tensor>,
        input: Option<&Tensor>,
        sums: &mut Weights,
    ) -> Result<Option<Tensor>> {
        let (Some(tensor), Some(gradient)) = (tensor, gradient) else { return Ok(None) };
        if tensor.is_variable() {
            // Candle would add it to zeros.
            if let Some((name, _)) =
                self.parameters.iter().find(|(_, parameter)| parameter.id() == tensor.id())
            {
                return add(sums, name, gradient).map(|()| None);
            }
            return Ok(input.filter(|input| input.id() == tensor.id()).map(|_| gradient));
        }
        let mut gradients = backward(tensor, gradient, self.forms)?;
        for (name, parameter) in self.parameters {
            if let Some(gradient) = gradients.remove(parameter) {
                add(sums, name, gradient)?;
            }
        }
        Ok(input.and_then(|input| gradients.remove(input)))
    }
}

fn add(sums: &mut Weights, name: &str, gradient: Tensor) -> Result<()> {
    let sum = match sums.remove(name) {
        Some(sum) => (sum + gradient)?,
        None => gradient,
    };
    sums.insert(name.to_owned(), sum);
    Ok(())
}

/// The gradients of `⟨output, gradient⟩`.
fn backward(output: &Tensor, gradient: Tensor, forms: Forms) -> Result<GradStore> {
    let scalar = if forms.fuses(&[output, &gradient]) {
        output.apply_op1(Seed { gradient })?
    } else {
        (output * gradient.detach())?.sum_all()?
    };
    Ok(scalar.backward()?)
}

/// Stands for `⟨x, gradient⟩`, which nobody reads: only its gradient, which is the gradient.
struct Seed {
    gradient: Tensor,
}

impl CustomOp1 for Seed {
    fn name(&self) -> &'static str {
        "seed"
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout) -> candle_core::Result<(CpuStorage, Shape)> {
        Ok((CpuStorage::F32(vec![0.0]), Shape::from(())))
    }

    fn bwd(&self, _x: &Tensor, _scalar: &Tensor, _one: &Tensor) -> candle_core::Result<Option<Tensor>> {
        Ok(Some(self.gradient.clone()))
    }
}

/// Every parameter must have had a part in the loss.
///
/// # Errors
/// [`Error::Weights`] naming the first one that had none.
pub(super) fn check_all_found(parameters: &BTreeMap<String, Var>, gradients: &Weights) -> Result<()> {
    match parameters.keys().find(|name| !gradients.contains_key(*name)) {
        Some(name) => Err(Error::Weights(format!("{name:?} has no part in the loss"))),
        None => Ok(()),
    }
}

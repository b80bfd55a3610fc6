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

use super::loss::cross_entropy;
use super::packing::PackedRows;
use crate::architectures::{Model, Weights};
use crate::candle_ops::{CandleOps, Forms};
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
    let loss = cross_entropy(&hidden, model.head(), &rows.targets, weights, ops.forms())?;
    let mut gradients = loss.tensor.backward()?;
    let value = loss.value;
    drop((loss, hidden));
    let mut incoming = take(parameters, &mut gradients, sums, &x)?;
    drop((gradients, x));
    for Visited { block, input, output } in visited.into_iter().rev() {
        let Some(gradient) = incoming else { break };
        let output = match output {
            Some(output) => output,
            None => model.block(block, *ops, &input, angles.as_ref(), batch, &mut |_, _| {})?,
        };
        let mut gradients = backward(&output, gradient, ops.forms())?;
        incoming = take(parameters, &mut gradients, sums, &input)?;
    }
    if let Some(gradient) = incoming {
        take(parameters, &mut backward(&embedded, gradient, ops.forms())?, sums, &embedded)?;
    }
    Ok(value)
}

/// The same numbers without their past: a variable if that is trained.
fn leaf(x: &Tensor) -> Result<Tensor> {
    if x.track_op() { Ok(Var::from_tensor(&x.detach())?.into_inner()) } else { Ok(x.clone()) }
}

/// Adds the gradients of parameters to `sums`; what is left for `input`, if that has one, goes further down.
fn take(
    parameters: &BTreeMap<String, Var>,
    gradients: &mut GradStore,
    sums: &mut Weights,
    input: &Tensor,
) -> Result<Option<Tensor>> {
    for (name, parameter) in parameters {
        let Some(gradient) = gradients.remove(parameter) else { continue };
        let sum = match sums.remove(name) {
            Some(sum) => (sum + gradient)?,
            None => gradient,
        };
        sums.insert(name.clone(), sum);
    }
    Ok(gradients.remove(input))
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

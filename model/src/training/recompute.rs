//! The gradients of one pass, a block at a time. Of the forward pass either everything is kept, or only what
//! goes into each block, and the rest is computed again (Chen et al. 2016, "Training Deep Nets with Sublinear
//! Memory Cost").
//!
//! ```text
//! x₀ = embed(tokens)      xᵢ₊₁ = blockᵢ(xᵢ)      L = loss(head, final_norm(x_layers))
//! g  = dL / dx_layers
//! for every block, the last one first:
//!     y = blockᵢ(xᵢ)                       again with its past, or the past that was kept
//!     g, dwᵢ = the gradients of ⟨y, g⟩ in xᵢ and in the block's weights
//!     y, and all that was computed on the way to it, is dropped
//! dE = the gradients of ⟨x₀, g⟩
//! ```
//!
//! Each block's past ends at its input either way, so that a block's activations are gone before the next
//! one's gradients come: a [`Tape`] where the kernels are fused, a graph of candle's elsewhere. Kept or made
//! again, the same kernels run on the same numbers: the gradients are the same bits.

use std::collections::BTreeMap;

use candle_core::backprop::GradStore;
use candle_core::{CpuStorage, CustomOp1, Layout, Shape, Tensor, TensorId, Var};
use shared::spec::Activations;

use super::loss::{self, Wanted};
use super::packing::PackedRows;
use super::tape::{Gradient, Gradients, Tape};
use crate::architectures::{Model, Weights};
use crate::candle_ops::{CandleOps, Forms};
use crate::ops::{Linear, Ops, RotaryAngles};
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

/// A part of a model that has a past of its own, and what it is given.
enum Part {
    Embedding,
    Block(usize, Tensor),
    FinalNorm(Tensor),
}

/// The way back through a part.
enum Past<'a> {
    /// By fused kernels.
    Tape(Tape<'a>),
    /// By candle's graph.
    Graph { input: Option<TensorId>, leaf: Option<Tensor>, output: TensorId, graph: Tensor },
}

/// A part with something to train in it or below it.
struct Visited<'a> {
    part: Part,
    is_input_wanted: bool,
    output: TensorId,
    /// If that was kept.
    past: Option<Past<'a>>,
}

type Probe<'a> = &'a mut dyn FnMut(&str, &Tensor);

/// `Σ_t weights[t] · nats[t]`; adds its gradients in `parameters` to `sums`. `probe` sees what the forward
/// pass computes, once.
pub(super) fn add_gradients(
    pass: &Pass<'_>,
    parameters: &BTreeMap<String, Var>,
    probe: Probe<'_>,
    sums: &mut Weights,
) -> Result<f64> {
    let Pass { model, ops, rows, weights, activations } = pass;
    rows.batch.check(model.vocabulary_size() as u32, model.context_length() as u32)?;
    let angles = model.rotary_angles(*ops, &rows.batch)?;
    let angles = angles.as_ref();
    let mut visited = Vec::new();
    let mut visit = |part: Part, is_input_wanted: bool| -> Result<(Tensor, bool)> {
        let (y, past) = remembered(pass, &part, is_input_wanted, angles, &mut *probe)?;
        let is_wanted = past.is_wanted(&y);
        if is_wanted {
            let keeps = *activations == Activations::Kept || !matches!(part, Part::Block(..));
            let past = keeps.then_some(past);
            visited.push(Visited { part, is_input_wanted, output: y.id(), past });
        }
        Ok((y, is_wanted))
    };
    let (mut x, mut is_wanted) = visit(Part::Embedding, false)?;
    for block in 0..model.layers() {
        (x, is_wanted) = visit(Part::Block(block, x), is_wanted)?;
    }
    let (hidden, is_wanted) = visit(Part::FinalNorm(x), is_wanted)?;

    let mut gradients = Gradients::new(parameters, sums);
    let (weight, bias) = match model.head() {
        Linear::Dense { weight, bias } => (Some(weight), bias.as_ref()),
        Linear::Quantized { bias, .. } => (None, bias.as_ref()),
    };
    let is_trained = |tensor: Option<&Tensor>| tensor.is_some_and(Tensor::is_variable);
    let wanted = Wanted { hidden: is_wanted, weight: is_trained(weight), bias: is_trained(bias) };
    let found = loss::gradients(&hidden, model.head(), &rows.targets, weights, wanted, ops.forms())?;
    for (of, gradient) in [(Some(&hidden), found.hidden), (weight, found.weight), (bias, found.bias)] {
        if let Some(gradient) = gradient {
            gradients.add(of.map(Tensor::id), Gradient::Own(gradient))?;
        }
    }
    drop(hidden);
    for Visited { part, is_input_wanted, output, past } in visited.into_iter().rev() {
        let past = match past {
            Some(past) => past,
            None => {
                let (again, past) = remembered(pass, &part, is_input_wanted, angles, &mut |_, _| {})?;
                gradients.pass_on(output, again.id())?;
                past
            }
        };
        drop(part);
        past.down(&mut gradients, ops.forms())?;
    }
    Ok(found.value)
}

/// What a part makes, without its past, and the past.
fn remembered<'a>(
    pass: &Pass<'a>,
    part: &Part,
    is_input_wanted: bool,
    angles: Option<&RotaryAngles<Tensor>>,
    probe: Probe<'_>,
) -> Result<(Tensor, Past<'a>)> {
    let input = part.input().filter(|_| is_input_wanted);
    if pass.ops.is_fused() {
        let tape = Tape::new(pass.ops, input);
        let y = part.compute(pass, &tape, part.input(), angles, probe)?;
        tape.finish();
        return Ok((y, Past::Tape(tape)));
    }
    let leaf = input.map(Var::from_tensor).transpose()?.map(Var::into_inner);
    let graph = part.compute(pass, pass.ops, leaf.as_ref().or(part.input()), angles, probe)?;
    let y = graph.detach();
    Ok((y.clone(), Past::Graph { input: input.map(Tensor::id), leaf, output: y.id(), graph }))
}

impl Part {
    fn input(&self) -> Option<&Tensor> {
        match self {
            Self::Embedding => None,
            Self::Block(_, input) | Self::FinalNorm(input) => Some(input),
        }
    }

    /// With `input` in place of its own, where it is given one.
    fn compute<O: Ops<Tensor = Tensor>>(
        &self,
        pass: &Pass<'_>,
        ops: &O,
        input: Option<&Tensor>,
        angles: Option<&RotaryAngles<Tensor>>,
        probe: Probe<'_>,
    ) -> Result<Tensor> {
        let (model, batch) = (pass.model, &pass.rows.batch);
        match self {
            Self::Embedding => model.embed(ops, batch),
            Self::Block(block, own) => model.block(*block, ops, input.unwrap_or(own), angles, batch, probe),
            Self::FinalNorm(own) => model.final_norm(ops, input.unwrap_or(own)),
        }
    }
}

impl Past<'_> {
    /// Whether something is trained in the part that made `y`, or below it.
    fn is_wanted(&self, y: &Tensor) -> bool {
        match self {
            Self::Tape(tape) => tape.wanted(y).is_some(),
            Self::Graph { graph, .. } => graph.track_op(),
        }
    }

    /// Takes what has come to the output to the input and the parameters.
    fn down(self, gradients: &mut Gradients<'_>, forms: Forms) -> Result<()> {
        match self {
            Self::Tape(tape) => tape.down(gradients),
            Self::Graph { input, leaf, output, graph } => {
                let Some(gradient) = gradients.take(output) else { return Ok(()) };
                let mut found = backward(&graph, gradient.into_tensor(), forms)?;
                if let Some(gradient) = leaf.and_then(|leaf| found.remove(&leaf)) {
                    gradients.add(input, Gradient::Own(gradient))?;
                }
                gradients.add_of_parameters(found)
            }
        }
    }
}

/// The gradients of `⟨output, gradient⟩`.
pub(super) fn backward(output: &Tensor, gradient: Tensor, forms: Forms) -> Result<GradStore> {
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

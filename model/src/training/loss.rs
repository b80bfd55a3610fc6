//! Cross-entropy with the head, a chunk of tokens at a time: the logits of all tokens, by far the
//! largest tensor of a small model, never exist at once.

use candle_core::{DType, Tensor};

use crate::candle_ops::Forms;
pub use crate::kernels::cross_entropy::Wanted;
use crate::kernels::{cross_entropy, quantized_linear};
use crate::ops::Linear;
use crate::{Error, Result};

/// Logits that exist at a time, at most, unless that is fewer than [`LEAST_TOKENS`] rows.
const LOGITS_PER_CHUNK: usize = 1 << 21;
const LEAST_TOKENS: usize = 256;

/// A weighted sum of nats and the graph that it came from.
pub struct Loss {
    /// `Σ_t weights[t] · nats[t]`, summed in f64.
    pub value: f64,
    /// The same as a scalar that can be differentiated, with any gradient coming in.
    pub tensor: Tensor,
}

/// A weighted sum of nats and those of its gradients that were wanted.
pub struct Gradients {
    /// `Σ_t weights[t] · nats[t]`, summed in f64.
    pub value: f64,
    /// `[tokens, hidden]`.
    pub hidden: Option<Tensor>,
    /// Of the head, `[vocabulary, hidden]`.
    pub weight: Option<Tensor>,
    /// Of the head, `[vocabulary]`.
    pub bias: Option<Tensor>,
}

/// `Σ_t weights[t] · nats[t]` of `targets` under `head` applied to `hidden` `[tokens, hidden]`.
///
/// The returned scalar carries the gradients of [`gradients`] as constants:
/// `⟨hidden, d hidden⟩ + ⟨head, d head⟩` has exactly these gradients on any device.
pub fn cross_entropy(
    hidden: &Tensor,
    head: &Linear<Tensor>,
    targets: &[u32],
    weights: &[f32],
    forms: Forms,
) -> Result<Loss> {
    let (weight, bias) = &dense(head, hidden)?;
    let wanted = Wanted {
        hidden: hidden.track_op(),
        weight: weight.track_op(),
        bias: bias.as_ref().is_some_and(Tensor::track_op),
    };
    let found = gradients_of((hidden, weight, bias.as_ref()), targets, weights, wanted, forms)?;
    let value = found.value;
    if forms.fuses(&[hidden, weight]) {
        let gradients = [found.hidden, found.weight, found.bias];
        let carrier = cross_entropy::cpu::Carrier { value: value as f32, gradients };
        let tensor = match bias {
            Some(bias) => hidden.apply_op3(weight, bias, carrier)?,
            None => hidden.apply_op2(weight, carrier)?,
        };
        return Ok(Loss { value, tensor });
    }
    let mut sum = None;
    let parts = [(Some(hidden), found.hidden), (Some(weight), found.weight), (bias.as_ref(), found.bias)];
    for (tensor, gradient) in parts {
        if let (Some(tensor), Some(gradient)) = (tensor, gradient) {
            sum = Some(added(sum, tensor.mul(&gradient)?.sum_all()?)?);
        }
    }
    let Some(tensor) = sum else {
        return Ok(Loss { value, tensor: Tensor::new(value, hidden.device())?.to_dtype(hidden.dtype())? });
    };
    let shift = value - tensor.detach().to_dtype(DType::F64)?.to_scalar::<f64>()?;
    Ok(Loss { value, tensor: (tensor + shift)? })
}

/// The sum of [`cross_entropy`] and its gradients as they are.
///
/// The gradients of hidden states and head are made together with the logits, so each chunk is
/// multiplied three times, not four, and no logits are kept. What is not wanted costs nothing.
pub fn gradients(
    hidden: &Tensor,
    head: &Linear<Tensor>,
    targets: &[u32],
    weights: &[f32],
    wanted: Wanted,
    forms: Forms,
) -> Result<Gradients> {
    let (weight, bias) = &dense(head, hidden)?;
    gradients_of((hidden, weight, bias.as_ref()), targets, weights, wanted, forms)
}

fn gradients_of(
    (hidden, weight, bias): (&Tensor, &Tensor, Option<&Tensor>),
    targets: &[u32],
    weights: &[f32],
    wanted: Wanted,
    forms: Forms,
) -> Result<Gradients> {
    check(hidden, weight, targets)?;
    if weights.len() != targets.len() {
        return Err(Error::Input(format!("{} weights for {} targets", weights.len(), targets.len())));
    }
    if forms.fuses(&[hidden, weight]) {
        return fused((hidden, weight, bias), targets, weights, wanted, forms);
    }
    let (states, head) = (hidden.detach(), weight.detach());
    let mut value = 0.0;
    let mut state_gradients = Vec::new();
    let mut head_gradient: Option<Tensor> = None;
    let mut bias_gradient: Option<Tensor> = None;
    for (start, length) in chunks(targets.len(), head.dim(0)?) {
        let chunk = states.narrow(0, start, length)?;
        let (targets, weights) = (&targets[start..start + length], &weights[start..start + length]);
        let logits = logits(&chunk, &head, bias)?;
        let (ids, scales) = row_tensors(targets, weights, &logits)?;
        let (nats, gradient) = cross_entropy::composed_gradient(&logits, &ids, &scales)?;
        let nats: Vec<f64> = nats.to_dtype(DType::F64)?.to_vec1()?;
        value += nats.iter().zip(weights).map(|(nats, weight)| nats * f64::from(*weight)).sum::<f64>();
        if wanted.hidden {
            state_gradients.push(gradient.matmul(&head)?);
        }
        if wanted.weight {
            head_gradient = Some(added(head_gradient, gradient.t()?.matmul(&chunk)?)?);
        }
        if wanted.bias {
            bias_gradient = Some(added(bias_gradient, gradient.sum(0)?)?);
        }
    }
    let hidden = wanted.hidden.then(|| Tensor::cat(&state_gradients, 0)).transpose()?;
    Ok(Gradients { value, hidden, weight: head_gradient, bias: bias_gradient })
}

/// The same by slices in one buffer.
fn fused(
    (hidden, weight, bias): (&Tensor, &Tensor, Option<&Tensor>),
    targets: &[u32],
    weights: &[f32],
    wanted: Wanted,
    forms: Forms,
) -> Result<Gradients> {
    let rows = rows_per_chunk(weight.dim(0)?);
    let found = cross_entropy::cpu::with_head(
        (hidden, weight, bias),
        targets,
        weights,
        rows,
        forms.precision(),
        wanted,
    )?;
    let terms = found.nats.iter().zip(weights);
    let value = terms.map(|(nats, weight)| f64::from(*nats) * f64::from(*weight)).sum::<f64>();
    Ok(Gradients { value, hidden: found.hidden, weight: found.weight, bias: found.bias })
}

/// `[tokens]` nats of the targets, without a graph.
pub fn token_nats(hidden: &Tensor, head: &Linear<Tensor>, targets: &[u32], forms: Forms) -> Result<Vec<f64>> {
    let (weight, bias) = &dense(head, hidden)?;
    check(hidden, weight, targets)?;
    let (states, head) = (hidden.detach(), weight.detach());
    let mut all = Vec::with_capacity(targets.len());
    for (start, length) in chunks(targets.len(), head.dim(0)?) {
        let logits = logits(&states.narrow(0, start, length)?, &head, bias.as_ref())?;
        let targets = &targets[start..start + length];
        if forms.fuses(&[&logits]) {
            all.extend(cross_entropy::cpu::nats(&logits, targets)?.into_iter().map(f64::from));
        } else {
            let ids = Tensor::from_slice(targets, length, logits.device())?;
            let nats = cross_entropy::composed(&logits, &ids)?;
            all.extend(nats.to_dtype(DType::F64)?.to_vec1::<f64>()?);
        }
    }
    Ok(all)
}

/// The head as tensors; one that is quantized, and so not trained, is unpacked.
fn dense(head: &Linear<Tensor>, like: &Tensor) -> Result<(Tensor, Option<Tensor>)> {
    Ok(match head {
        Linear::Dense { weight, bias } => (weight.clone(), bias.clone()),
        Linear::Quantized { weight, bias } => {
            (quantized_linear::dense(weight, like.dtype(), like.device())?, bias.clone())
        }
    })
}

fn check(hidden: &Tensor, weight: &Tensor, targets: &[u32]) -> Result<()> {
    let (tokens, vocabulary) = (hidden.dim(0)?, weight.dim(0)?);
    if tokens != targets.len() {
        return Err(Error::Input(format!("{} targets for {tokens} tokens", targets.len())));
    }
    match targets.iter().find(|target| **target as usize >= vocabulary) {
        Some(target) => Err(Error::Input(format!("target {target} is outside of {vocabulary} tokens"))),
        None => Ok(()),
    }
}

fn rows_per_chunk(vocabulary: usize) -> usize {
    (LOGITS_PER_CHUNK / vocabulary.max(1)).max(LEAST_TOKENS)
}

fn chunks(tokens: usize, vocabulary: usize) -> impl Iterator<Item = (usize, usize)> {
    let rows = rows_per_chunk(vocabulary);
    (0..tokens).step_by(rows).map(move |start| (start, rows.min(tokens - start)))
}

fn logits(states: &Tensor, head: &Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
    let logits = states.matmul(&head.t()?)?;
    Ok(match bias {
        Some(bias) => logits.broadcast_add(&bias.detach())?,
        None => logits,
    })
}

fn row_tensors(targets: &[u32], weights: &[f32], logits: &Tensor) -> Result<(Tensor, Tensor)> {
    let ids = Tensor::from_slice(targets, targets.len(), logits.device())?;
    let weights = Tensor::from_slice(weights, weights.len(), logits.device())?;
    Ok((ids, weights.to_dtype(logits.dtype())?))
}

fn added(sum: Option<Tensor>, part: Tensor) -> Result<Tensor> {
    Ok(match sum {
        Some(sum) => (sum + part)?,
        None => part,
    })
}

//! One optimiser step, and the evaluation that leaves no trace.

use std::collections::BTreeMap;

use candle_core::{DType, Device, Tensor, Var};
use shared::events::GroupStatistics;
use shared::spec::{Activations, AdamWSpec, ArchitectureSpec, MuonSpec, PretrainSpec, WeightAverageSpec};

use super::Trainable;
use super::average;
use super::clip::{clip_scale, global_norm};
use super::loss::token_nats;
use super::optimizer::{self, Moments, Rule};
use super::packing::PackedRows;
use super::recompute::{self, Pass};
use super::statistics::Observer;
use crate::architectures::{Model, Weights, random_weights};
use crate::candle_ops::{CandleOps, Forms};
use crate::state::State;
use crate::threads::kept_awake;
use crate::{Error, Result};

/// A model in training: weights, moments, perhaps their average, and how many steps they have seen.
/// Everything else that a step depends on is handed to it, so these are all that a checkpoint needs.
#[derive(Debug)]
pub struct Trainer {
    spec: ArchitectureSpec,
    ops: CandleOps,
    activations: Activations,
    /// What is trained.
    parameters: BTreeMap<String, Var>,
    /// What is not; never written to.
    frozen: Weights,
    moments: Moments,
    muon: Option<MuonSpec>,
    /// Of the parameters.
    average: Option<(WeightAverageSpec, BTreeMap<String, Var>)>,
    /// Over the parameters themselves: its results carry a graph.
    trained: Model<Tensor>,
    /// Over the average, or the same numbers without a graph, for evaluation and samples.
    model: Model<Tensor>,
    step: u64,
}

/// What a training changes, by which rule and which forms of the kernels, and what it keeps for the backward
/// pass; the default is everything, by AdamW, the fastest way.
#[derive(Debug, Clone, Default)]
pub struct TrainerSettings {
    pub forms: Forms,
    pub trainable: Trainable,
    pub activations: Activations,
    pub muon: Option<MuonSpec>,
    pub weight_average: Option<WeightAverageSpec>,
}

impl From<&PretrainSpec> for TrainerSettings {
    fn from(spec: &PretrainSpec) -> Self {
        Self {
            forms: spec.precision.into(),
            trainable: Trainable::All,
            muon: spec.muon.clone(),
            weight_average: spec.weight_average.clone(),
            activations: spec.activations,
        }
    }
}

/// What a checkpoint held.
#[derive(Debug)]
pub struct Saved {
    pub weights: Weights,
    /// Of the parameters that are trained.
    pub moments: Moments,
    /// Of the same, where the settings ask for one.
    pub average: Option<Weights>,
    pub step: u64,
}

/// What one step found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepOutcome {
    /// The step that was made, counted from 1.
    pub step: u64,
    /// Mean nats per target, before the step.
    pub loss: f64,
    /// Before clipping.
    pub gradient_norm: f64,
    /// Targets that counted.
    pub tokens: u64,
}

/// Sums over targets.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Evaluation {
    /// Over all targets.
    pub nats: f64,
    pub tokens: u64,
    /// Over targets that are text, special tokens excluded.
    pub text_nats: f64,
    /// Raw bytes of those.
    pub text_bytes: u64,
}

impl Evaluation {
    /// Mean nats per target.
    pub fn loss(&self) -> f64 {
        self.nats / self.tokens.max(1) as f64
    }

    /// `Σ nats / (ln 2 · Σ bytes)` over text: comparable between tokenizers.
    pub fn bits_per_byte(&self) -> f64 {
        self.text_nats / (std::f64::consts::LN_2 * self.text_bytes.max(1) as f64)
    }
}

impl Trainer {
    /// Random weights from `seed`, step 0.
    pub fn new(spec: &ArchitectureSpec, seed: u64, device: &Device) -> Result<Self> {
        Self::from_weights(spec, &random_weights(spec, seed, DType::F32, device)?, device)
    }

    /// Given weights with fresh moments, step 0.
    pub fn from_weights(spec: &ArchitectureSpec, weights: &Weights, device: &Device) -> Result<Self> {
        Self::with_settings(spec, weights, TrainerSettings::default(), device)
    }

    /// [`Trainer::from_weights`], but not everything or not the fastest way.
    ///
    /// # Errors
    /// [`Error::Weights`] when the mask names what is no parameter, or nothing.
    pub fn with_settings(
        spec: &ArchitectureSpec,
        weights: &Weights,
        settings: TrainerSettings,
        device: &Device,
    ) -> Result<Self> {
        // The average of no step is what training begins with.
        let average = settings.weight_average.is_some().then(|| weights.clone());
        let saved = Saved { weights: weights.clone(), moments: Moments::new(), average, step: 0 };
        let mut trainer = Self::resume(spec, saved, settings, device)?;
        trainer.moments = optimizer::zero_moments(&trainer.parameters, trainer.muon.as_ref())?;
        Ok(trainer)
    }

    /// Goes on from what a checkpoint held.
    ///
    /// # Errors
    /// [`Error::Weights`] when it has no average and the settings ask for one.
    pub fn resume(
        spec: &ArchitectureSpec,
        saved: Saved,
        settings: TrainerSettings,
        device: &Device,
    ) -> Result<Self> {
        let Saved { weights, moments, average, step } = saved;
        settings.trainable.check(&weights)?;
        let (mut parameters, mut frozen) = (BTreeMap::new(), Weights::new());
        for (name, weight) in &weights {
            if settings.trainable.holds(name) {
                // A copy, so that training never writes to tensors of the caller.
                parameters.insert(name.clone(), Var::from_tensor(&weight.copy()?)?);
            } else {
                frozen.insert(name.clone(), weight.detach());
            }
        }
        let dtype = weights.values().next().map_or(DType::F32, Tensor::dtype);
        let trained = Model::new(spec, &tensors(&parameters, &frozen, |weight| weight.as_tensor().clone()))?;
        let average = match settings.weight_average {
            Some(spec) => Some((spec, copies(&parameters, average.as_ref())?)),
            None => None,
        };
        let evaluated = average.as_ref().map_or(&parameters, |(_, average)| average);
        let model = Model::new(spec, &tensors(evaluated, &frozen, Var::as_detached_tensor))?;
        let ops = CandleOps::with_forms(device, dtype, settings.forms);
        let (spec, muon, activations) = (spec.clone(), settings.muon, settings.activations);
        Ok(Self { spec, ops, activations, parameters, frozen, moments, muon, average, trained, model, step })
    }

    pub fn spec(&self) -> &ArchitectureSpec {
        &self.spec
    }

    /// Steps made so far.
    pub fn step(&self) -> u64 {
        self.step
    }

    pub fn ops(&self) -> &CandleOps {
        &self.ops
    }

    /// The model without a graph; it shares the average, or else the weights, and follows every step.
    pub fn model(&self) -> &Model<Tensor> {
        &self.model
    }

    pub fn weights(&self) -> Weights {
        tensors(&self.parameters, &self.frozen, Var::as_detached_tensor)
    }

    /// The average of what is trained, where one is kept.
    pub fn average(&self) -> Option<Weights> {
        let (_, average) = self.average.as_ref()?;
        Some(tensors(average, &Weights::new(), Var::as_detached_tensor))
    }

    /// What [`Trainer::model`] computes with.
    pub fn evaluated_weights(&self) -> Weights {
        let evaluated = self.average.as_ref().map_or(&self.parameters, |(_, average)| average);
        tensors(evaluated, &self.frozen, Var::as_detached_tensor)
    }

    pub fn muon(&self) -> Option<&MuonSpec> {
        self.muon.as_ref()
    }

    pub fn moments(&self) -> &Moments {
        &self.moments
    }

    /// The mean loss over all targets of `passes`, and its gradients in all that is trained.
    pub fn gradients(&self, passes: &[PackedRows]) -> Result<(f64, Weights)> {
        self.gradients_and_probe(passes, &mut |_, _| {})
    }

    /// The same; `probe` sees what the forward passes compute, by name.
    pub(super) fn gradients_and_probe(
        &self,
        passes: &[PackedRows],
        probe: &mut dyn FnMut(&str, &Tensor),
    ) -> Result<(f64, Weights)> {
        let tokens: usize = passes.iter().map(PackedRows::counted).sum();
        let share = 1.0 / tokens.max(1) as f32;
        let mut loss = 0.0;
        let mut sums = Weights::new();
        for rows in passes {
            let weights: Vec<f32> =
                rows.mask.iter().map(|counts| if *counts { share } else { 0.0 }).collect();
            let (model, ops, activations) = (&self.trained, &self.ops, self.activations);
            let pass = Pass { model, ops, rows, weights: &weights, activations };
            loss += recompute::add_gradients(&pass, &self.parameters, probe, &mut sums)?;
        }
        recompute::check_all_found(&self.parameters, &sums)?;
        Ok((loss, sums))
    }

    /// One optimiser step; the gradients of `passes` are averaged over their targets. `learning_rate` is
    /// AdamW's; Muon's is the same share of its peak.
    ///
    /// # Errors
    /// [`Error::Diverged`] when loss or gradients are not finite; nothing was changed then.
    pub fn train_step(
        &mut self,
        passes: &[PackedRows],
        optimizer: &AdamWSpec,
        learning_rate: f64,
    ) -> Result<StepOutcome> {
        kept_awake(|| self.observed_step(passes, optimizer, learning_rate, None))
    }

    /// The same step, bit for bit, and how the groups of what is trained fared in it.
    ///
    /// # Errors
    /// As [`train_step`](Self::train_step).
    pub fn train_step_with_statistics(
        &mut self,
        passes: &[PackedRows],
        optimizer: &AdamWSpec,
        learning_rate: f64,
    ) -> Result<(StepOutcome, Vec<GroupStatistics>)> {
        let spec = self.spec.clone();
        let mut observer = Observer::new(&spec, self.ops.forms());
        let outcome =
            kept_awake(|| self.observed_step(passes, optimizer, learning_rate, Some(&mut observer)))?;
        Ok((outcome, observer.into_statistics()?))
    }

    fn observed_step(
        &mut self,
        passes: &[PackedRows],
        optimizer: &AdamWSpec,
        learning_rate: f64,
        mut observer: Option<&mut Observer<'_>>,
    ) -> Result<StepOutcome> {
        let (loss, gradients) = match &mut observer {
            None => self.gradients(passes)?,
            Some(observer) => {
                self.gradients_and_probe(passes, &mut |name, tensor| observer.see(name, tensor))?
            }
        };
        let step = self.step + 1;
        let gradient_norm = global_norm(&gradients, self.ops.forms())?;
        if !loss.is_finite() || !gradient_norm.is_finite() {
            return Err(Error::Diverged { step, loss, gradient_norm });
        }
        let forms = self.ops.forms();
        let rule = Rule {
            adamw: optimizer,
            muon: self.muon.as_ref(),
            learning_rate,
            step,
            gradient_scale: clip_scale(gradient_norm, optimizer.gradient_clip_norm),
            forms,
        };
        match observer {
            None => optimizer::step(&self.parameters, &mut self.moments, &gradients, rule)?,
            Some(observer) => observer.watch(&self.parameters, &gradients, |parameters| {
                optimizer::step(parameters, &mut self.moments, &gradients, rule)
            })?,
        }
        if let Some((spec, average)) = &self.average {
            average::update(average, &self.parameters, spec, step, forms)?;
        }
        self.step = step;
        let tokens = passes.iter().map(PackedRows::counted).sum::<usize>() as u64;
        Ok(StepOutcome { step, loss, gradient_norm, tokens })
    }

    /// Adds up the rows' targets. `byte_length` is the length of a token's text, `None` for special
    /// tokens.
    pub fn evaluate(
        &self,
        rows: &PackedRows,
        byte_length: impl Fn(u32) -> Option<usize>,
    ) -> Result<Evaluation> {
        let hidden = self.model.hidden(&self.ops, &rows.batch, &mut State::none(), &mut |_, _| {})?;
        let nats = token_nats(&hidden, self.model.head(), &rows.targets, self.ops.forms())?;
        let mut sums = Evaluation::default();
        let counted = nats.iter().zip(&rows.targets).zip(&rows.mask).filter(|(_, counts)| **counts);
        for ((nats, target), _) in counted {
            sums.nats += nats;
            sums.tokens += 1;
            if let Some(length) = byte_length(*target) {
                sums.text_nats += nats;
                sums.text_bytes += length as u64;
            }
        }
        Ok(sums)
    }
}

impl std::ops::AddAssign for Evaluation {
    fn add_assign(&mut self, other: Self) {
        self.nats += other.nats;
        self.tokens += other.tokens;
        self.text_nats += other.text_nats;
        self.text_bytes += other.text_bytes;
    }
}

/// The saved tensor of every parameter, as one of its own.
fn copies(parameters: &BTreeMap<String, Var>, saved: Option<&Weights>) -> Result<BTreeMap<String, Var>> {
    parameters
        .keys()
        .map(|name| {
            let missing = || Error::Weights(format!("there is no average of {name:?}"));
            let tensor = saved.and_then(|saved| saved.get(name)).ok_or_else(missing)?;
            Ok((name.clone(), Var::from_tensor(&tensor.copy()?)?))
        })
        .collect()
}

fn tensors(parameters: &BTreeMap<String, Var>, frozen: &Weights, view: fn(&Var) -> Tensor) -> Weights {
    let trained = parameters.iter().map(|(name, weight)| (name.clone(), view(weight)));
    trained.chain(frozen.clone()).collect()
}

//! A training's whole state ↔ bytes: weights, moments, their average if one is kept, and the step, as one
//! safetensors file.

use std::collections::BTreeMap;

use candle_core::Device;
use shared::spec::{ArchitectureSpec, MuonSpec};

use crate::architectures::{Weights, parameters};
use crate::training::optimizer::moment_shape;
use crate::training::{Saved, Trainer, TrainerSettings};
use crate::weights::{self, Expected};
use crate::{Error, Result};

const STEP: &str = "step";
const MOMENTS: &str = "moments.";
const AVERAGE: &str = "average.";

/// Everything that the next step depends on besides spec, data and seed.
pub fn to_bytes(trainer: &Trainer) -> Result<Vec<u8>> {
    let mut tensors = trainer.weights();
    let moments = trainer.moments().iter();
    tensors.extend(moments.map(|(name, moments)| (format!("{MOMENTS}{name}"), moments.clone())));
    let average = trainer.average();
    let is_averaged = average.is_some();
    tensors.extend(average.into_iter().flatten().map(|(name, mean)| (format!("{AVERAGE}{name}"), mean)));
    let metadata = BTreeMap::from([
        ("format".to_owned(), "pt".to_owned()),
        (STEP.to_owned(), trainer.step().to_string()),
    ]);
    let is_trained = |name: &str| trainer.moments().contains_key(name);
    weights::to_bytes(&tensors, &expected(trainer.spec(), is_trained, trainer.muon(), is_averaged), metadata)
}

/// The trainer as it was; its next step is bit for bit the one that would have followed. `settings` are
/// those that it was made with.
///
/// # Errors
/// [`Error::Weights`] when the bytes are no checkpoint of a model of this shape.
pub fn from_bytes(
    bytes: &[u8],
    spec: &ArchitectureSpec,
    settings: TrainerSettings,
    device: &Device,
) -> Result<Trainer> {
    let (is_trained, is_averaged) =
        (|name: &str| settings.trainable.holds(name), settings.weight_average.is_some());
    let expected = expected(spec, is_trained, settings.muon.as_ref(), is_averaged);
    let (tensors, metadata) = weights::from_bytes(bytes, &expected, device)?;
    let step = metadata
        .get(STEP)
        .and_then(|step| step.parse().ok())
        .ok_or_else(|| Error::Weights("the checkpoint does not say which step it is of".to_owned()))?;
    let (mut weights, mut moments, mut average) = (Weights::new(), Weights::new(), Weights::new());
    for (name, tensor) in tensors {
        if let Some(name) = name.strip_prefix(MOMENTS) {
            moments.insert(name.to_owned(), tensor);
        } else if let Some(name) = name.strip_prefix(AVERAGE) {
            average.insert(name.to_owned(), tensor);
        } else {
            weights.insert(name, tensor);
        }
    }
    let saved = Saved { weights, moments, average: is_averaged.then_some(average), step };
    Trainer::resume(spec, saved, settings, device)
}

/// Every weight, and what is remembered of those that are trained.
fn expected(
    spec: &ArchitectureSpec,
    is_trained: impl Fn(&str) -> bool,
    muon: Option<&MuonSpec>,
    is_averaged: bool,
) -> Vec<Expected> {
    let plain = |name: String, shape| Expected { name, shape, layout: weights::Layout::Plain };
    parameters(spec)
        .into_iter()
        .flat_map(|parameter| {
            let (name, shape) = (&parameter.name, &parameter.shape);
            let is_trained = is_trained(name);
            let moments =
                is_trained.then(|| plain(format!("{MOMENTS}{name}"), moment_shape(name, shape, muon)));
            let average =
                (is_trained && is_averaged).then(|| plain(format!("{AVERAGE}{name}"), shape.clone()));
            moments.into_iter().chain(average).chain([parameter.into()])
        })
        .collect()
}

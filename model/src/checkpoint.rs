//! A training's whole state ↔ bytes: weights, both moments and the step, as one safetensors file.

use std::collections::BTreeMap;

use candle_core::Device;
use shared::spec::ArchitectureSpec;

use crate::architectures::{Weights, parameters};
use crate::training::{Trainer, TrainerSettings};
use crate::weights::{self, Expected};
use crate::{Error, Result};

const STEP: &str = "step";
const MOMENTS: &str = "moments.";

/// Everything that the next step depends on besides spec, data and seed.
pub fn to_bytes(trainer: &Trainer) -> Result<Vec<u8>> {
    let mut tensors = trainer.weights();
    tensors.extend(trainer.moments().iter().map(|(name, moments)| (moment_name(name), moments.clone())));
    let metadata = BTreeMap::from([
        ("format".to_owned(), "pt".to_owned()),
        (STEP.to_owned(), trainer.step().to_string()),
    ]);
    weights::to_bytes(
        &tensors,
        &expected(trainer.spec(), |name| trainer.moments().contains_key(name)),
        metadata,
    )
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
    let (tensors, metadata) =
        weights::from_bytes(bytes, &expected(spec, |name| settings.trainable.holds(name)), device)?;
    let step = metadata
        .get(STEP)
        .and_then(|step| step.parse().ok())
        .ok_or_else(|| Error::Weights("the checkpoint does not say which step it is of".to_owned()))?;
    let (mut weights, mut moments) = (Weights::new(), Weights::new());
    for (name, tensor) in tensors {
        match name.strip_prefix(MOMENTS) {
            Some(name) => moments.insert(name.to_owned(), tensor),
            None => weights.insert(name, tensor),
        };
    }
    Trainer::resume(spec, &weights, moments, step, settings, device)
}

/// Every weight, and the moments of those that are trained.
fn expected(spec: &ArchitectureSpec, is_trained: impl Fn(&str) -> bool) -> Vec<Expected> {
    parameters(spec)
        .into_iter()
        .flat_map(|parameter| {
            let shape = [2].iter().chain(&parameter.shape).copied().collect();
            let moments =
                Expected { name: moment_name(&parameter.name), shape, layout: weights::Layout::Plain };
            let moments = is_trained(&parameter.name).then_some(moments);
            moments.into_iter().chain([parameter.into()])
        })
        .collect()
}

fn moment_name(name: &str) -> String {
    format!("{MOMENTS}{name}")
}

//! Which parameters a training changes.

use std::collections::BTreeSet;

use crate::architectures::Weights;
use crate::{Error, Result};

/// A mask over parameter names. What is outside of it gets no gradient and no moments and keeps its
/// bits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Trainable {
    #[default]
    All,
    /// By their Hugging Face names.
    Only(BTreeSet<String>),
}

impl Trainable {
    pub fn holds(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(name),
        }
    }

    /// # Errors
    /// [`Error::Weights`] when a name is no parameter's, or nothing would be trained.
    pub(super) fn check(&self, weights: &Weights) -> Result<()> {
        let Self::Only(names) = self else { return Ok(()) };
        if names.is_empty() {
            return Err(Error::Weights("no parameter is to be trained: name at least one".to_owned()));
        }
        match names.iter().find(|name| !weights.contains_key(*name)) {
            Some(name) => Err(Error::Weights(format!("there is no parameter {name:?} to train"))),
            None => Ok(()),
        }
    }
}

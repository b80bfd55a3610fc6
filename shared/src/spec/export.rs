//! *export*: a trained model and its tokenizer → one Hugging Face folder.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Estimate, Problems};

/// What the model card says besides the lineage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportSpec {
    /// The model's name on its card.
    pub name: String,
    /// A few sentences for readers of the card.
    #[serde(default)]
    pub description: String,
    /// The licence identifier of the weights, e.g. `cc-by-4.0`.
    #[serde(default)]
    pub licence: String,
}

impl ExportSpec {
    pub(super) fn validate(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        let name = self.name.trim();
        problems.require(
            !name.is_empty() && self.name.len() <= 200,
            "name",
            "give the model a name of 1 to 200 bytes",
        );
        problems.require(!self.name.contains(['\n', '\r']), "name", "keep the name on one line");
        problems.require(self.description.len() <= 20_000, "description", "at most 20000 bytes");
        problems.require(
            self.licence.len() <= 100 && !self.licence.contains(['\n', '\r']),
            "licence",
            "at most 100 bytes on one line",
        );
        problems.into_result()
    }

    pub(super) fn estimate(&self, input_bytes: u64) -> Estimate {
        Estimate {
            memory_bytes: input_bytes.saturating_mul(2).saturating_add(64 << 20),
            ..Estimate::default()
        }
    }
}

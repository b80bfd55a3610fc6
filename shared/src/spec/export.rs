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
    /// Also a GGUF file, for llama.cpp and what builds on it, with weights of this format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gguf: Option<GgufFormat>,
}

/// How weights lie in a GGUF file: in full, by halves, or in blocks of 8 or 4 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GgufFormat {
    F32,
    F16,
    Bf16,
    #[serde(rename = "q8_0")]
    Q8_0,
    #[serde(rename = "q4_0")]
    Q4_0,
    #[serde(rename = "q4_1")]
    Q4_1,
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
            memory_bytes: input_bytes
                .saturating_mul(if self.gguf.is_some() { 3 } else { 2 })
                .saturating_add(64 << 20),
            ..Estimate::default()
        }
    }
}

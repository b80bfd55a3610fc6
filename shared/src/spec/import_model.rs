//! *import model*: a GGUF file or a Hugging Face folder, as somebody uploaded it → a model folder and its tokenizer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Estimate, Problems};

/// What is said about a model from elsewhere; what it computes stands in its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportModelSpec {
    /// What people call it.
    pub name: String,
    /// Under which terms the weights may be used, in words.
    pub licence_note: String,
}

impl ImportModelSpec {
    pub(super) fn validate(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        let is_name = !self.name.trim().is_empty() && self.name.len() <= 200;
        problems.require(
            is_name && !self.name.contains(['\n', '\r']),
            "name",
            "give the model a name of 1 to 200 bytes on one line",
        );
        problems.require(self.licence_note.len() <= 4000, "licence_note", "at most 4000 bytes");
        problems.into_result()
    }

    pub(super) fn estimate(&self, input_bytes: u64) -> Estimate {
        // Of 4.5 bits a weight become 32, as tensors and once more as the file that is written.
        Estimate {
            memory_bytes: input_bytes.saturating_mul(15).saturating_add(256 << 20),
            ..Estimate::default()
        }
    }
}

//! *train tokenizer*: byte-level BPE over a corpus.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Estimate, Problems};

/// The 256 bytes, the special tokens, then merges until `vocabulary_size` is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrainTokenizerSpec {
    /// Tokens in all: special tokens, bytes and merges. A corpus that does not hold enough pairs
    /// fails the job with the size that it does allow.
    pub vocabulary_size: u32,
    /// A pair seen less often is not merged.
    #[serde(default = "default_minimum_frequency")]
    pub minimum_frequency: u32,
    /// At most this many bytes of text are trained on, spread evenly over the corpus.
    #[serde(default = "default_text_limit_bytes")]
    pub text_limit_bytes: u64,
}

/// The special tokens, in the order of their ids from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpecialToken {
    /// Between documents, and the end of an answer's document.
    EndOfText,
    Padding,
    System,
    User,
    Assistant,
    /// Ends one message of an exchange.
    EndOfTurn,
}

impl SpecialToken {
    pub const ALL: [Self; 6] =
        [Self::EndOfText, Self::Padding, Self::System, Self::User, Self::Assistant, Self::EndOfTurn];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::EndOfText => "<|endoftext|>",
            Self::Padding => "<|padding|>",
            Self::System => "<|system|>",
            Self::User => "<|user|>",
            Self::Assistant => "<|assistant|>",
            Self::EndOfTurn => "<|endofturn|>",
        }
    }
}

/// `<|user|>질문<|endofturn|><|assistant|>대답<|endofturn|>`; a generation prompt ends in `<|assistant|>`.
pub const CHAT_TEMPLATE: &str = "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|endofturn|>' }}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

fn default_minimum_frequency() -> u32 {
    2
}

fn default_text_limit_bytes() -> u64 {
    256 << 20
}

impl TrainTokenizerSpec {
    /// Special tokens and single bytes: no vocabulary is smaller.
    pub const SMALLEST: u32 = 256 + SpecialToken::ALL.len() as u32;

    pub fn new(vocabulary_size: u32) -> Self {
        Self {
            vocabulary_size,
            minimum_frequency: default_minimum_frequency(),
            text_limit_bytes: default_text_limit_bytes(),
        }
    }

    pub(super) fn validate(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        problems.range(self.vocabulary_size, Self::SMALLEST, 1 << 20, "vocabulary_size");
        problems.range(self.minimum_frequency, 1, 1 << 20, "minimum_frequency");
        problems.range(self.text_limit_bytes, 1 << 10, 64 << 30, "text_limit_bytes");
        problems.into_result()
    }

    pub(super) fn estimate(&self, input_bytes: u64) -> Estimate {
        let text_bytes = input_bytes.min(self.text_limit_bytes);
        Estimate {
            memory_bytes: text_bytes.saturating_mul(12).saturating_add(256 << 20),
            ..Estimate::default()
        }
    }
}

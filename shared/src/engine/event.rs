//! What the worker tells a page.

use serde::{Deserialize, Serialize};

use super::{EngineError, TokenizerSlot};
use crate::artifacts::FileName;
use crate::spec::{ArchitectureSpec, GgufFormat};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The worker listens. What was sent before is lost.
    Ready,
    Progress {
        stage: LoadStage,
        /// The file at hand, where there is one.
        file: Option<FileName>,
        /// Of all files together. A load that goes on after a break does not begin at 0.
        done_bytes: u64,
        total_bytes: u64,
    },
    /// The connection broke or stands still; it is tried again from where it was.
    Retrying {
        file: FileName,
        /// Counts from 2, the second try.
        attempt: u32,
        attempts: u32,
        wait_seconds: u32,
        problem: String,
    },
    Loaded(Box<LoadedModel>),
    Started {
        prompt_tokens: u32,
        /// At the beginning of the prompt, because the context is too short for them.
        dropped_tokens: u32,
        /// Messages of an exchange that were left out with them.
        dropped_messages: u32,
    },
    /// One token was drawn.
    Delta {
        /// Counts from 1 within the generation.
        number: u32,
        id: u32,
        /// Whole characters only: empty while a syllable is not complete, and then all of it.
        text: String,
        /// What it was drawn from, if that was asked for.
        next_token: Option<NextToken>,
    },
    /// A few times a second while text is written.
    Statistics(Statistics),
    Finished {
        ending: Ending,
        /// What the last characters lacked comes here as U+FFFD; nearly always empty.
        text: String,
        statistics: Statistics,
    },
    NextToken(NextToken),
    TokenizerOpened {
        slot: TokenizerSlot,
        tokenizer: LoadedTokenizer,
    },
    Pieces {
        slot: TokenizerSlot,
        pieces: Vec<Piece>,
    },
    Encoded {
        slot: TokenizerSlot,
        ids: Vec<Vec<u32>>,
    },
    /// `rows[position][token]`: the score of every token for following `ids[..= position]`.
    Logits {
        rows: Vec<Vec<f32>>,
    },
    Attention(Attention),
    Memory(Memory),
    /// The GPU went away under the model. The worker opens it again by itself.
    DeviceLost {
        problem: String,
    },
    /// The model runs again, perhaps elsewhere; a text in the making goes on.
    Rebuilt {
        engine: Engine,
    },
    Closed,
    /// The request ends here. Without a request the worker itself is at its end: spawn another.
    Failed {
        error: EngineError,
    },
}

impl Event {
    /// Whether a request's reports end with this one.
    pub fn is_last(&self) -> bool {
        match self {
            Self::Ready
            | Self::Progress { .. }
            | Self::Retrying { .. }
            | Self::Started { .. }
            | Self::Delta { .. }
            | Self::Statistics(_)
            | Self::DeviceLost { .. }
            | Self::Rebuilt { .. } => false,
            Self::Loaded(_)
            | Self::Finished { .. }
            | Self::NextToken(_)
            | Self::TokenizerOpened { .. }
            | Self::Pieces { .. }
            | Self::Encoded { .. }
            | Self::Logits { .. }
            | Self::Attention(_)
            | Self::Memory(_)
            | Self::Closed
            | Self::Failed { .. } => true,
        }
    }
}

/// What each head looks at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attention {
    /// The text's tokens.
    pub pieces: Vec<Piece>,
    pub layers: u32,
    pub heads: u32,
    /// In ten-thousandths: layer by layer, head by head, token by token, those of the first token up to itself.
    pub weights: Vec<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadStage {
    /// Bytes come from the server.
    Fetching,
    /// Bytes that are here already are measured against their SHA-256.
    Checking,
    /// The weights go to where they are computed with.
    Preparing,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoadedModel {
    pub engine: Engine,
    pub architecture: ArchitectureSpec,
    pub parameters: u64,
    /// How its matrices are held.
    pub weights: GgufFormat,
    pub context_length: u32,
    pub tokenizer: LoadedTokenizer,
    /// Whether [`Prompt::Messages`](super::Prompt::Messages) may be asked of it.
    pub chats: bool,
    /// Bytes that came from the server this time; 0 when all was kept from before.
    pub fetched_bytes: u64,
    pub seconds: f64,
    pub memory: Memory,
}

/// What the model runs on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Engine {
    WebGpu {
        /// The GPU's own name, as far as the browser tells it.
        adapter: String,
    },
    WasmSimd {
        /// Why not on the GPU; absent when it was asked for.
        why: Option<NotOnGpu>,
    },
}

/// Why a model runs on the processor although the GPU might have been taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum NotOnGpu {
    /// There is none, or it does not take this model.
    Unusable { problem: String },
    /// It was tried with this model, and the processor wrote faster.
    Slower { adapter: String, gpu_tokens_per_second: f64, processor_tokens_per_second: f64 },
    /// It was lost and did not come back, or it was lost again and again.
    Lost { problem: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadedTokenizer {
    pub vocabulary_size: u32,
    /// Whether ids give back exactly the text's bytes. Then the byte ranges of pieces are exact and
    /// without gaps; else they tell where in the text a piece comes from.
    pub lossless: bool,
}

/// What could come next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NextToken {
    /// The ten likeliest, likeliest first; and the one drawn, if it is none of them.
    pub choices: Vec<Choice>,
    /// Tokens that temperature and top-p leave in the draw.
    pub candidates: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    pub id: u32,
    /// As in [`Piece::token`].
    pub token: String,
    /// Its text, by itself; U+FFFD for pieces of characters, empty for special tokens.
    pub text: String,
    /// The model's own.
    pub probability: f64,
    /// After temperature and top-p: the chance of being drawn; 0 for what top-p cuts off.
    pub drawn_probability: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The model ended its text.
    EndOfText,
    MaximumTokens,
    /// The context is full; a new request with the text so far goes on, remembering its end.
    ContextFull,
    Stopped,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Statistics {
    pub tokens: u32,
    /// From the first token on; absent before the second.
    pub tokens_per_second: Option<f64>,
    /// From the request's turn to its first token; absent before it.
    pub seconds_to_first_token: Option<f64>,
    pub memory: Memory,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// The worker's linear memory; it never shrinks.
    pub wasm_bytes: u64,
    /// Buffers on the GPU.
    pub gpu_bytes: u64,
}

/// One token of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub id: u32,
    /// As the vocabulary writes it, e.g. `Ġ가`.
    pub token: String,
    /// The part of the text in the piece's byte range; U+FFFD where it begins or ends inside of a
    /// character.
    pub text: String,
    /// Bytes of the text's UTF-8, end excluded.
    pub byte_start: u32,
    pub byte_end: u32,
    /// The same range in whole characters, cut ones included, as JavaScript counts them (UTF-16 code
    /// units, end excluded).
    pub text_start: u32,
    pub text_end: u32,
}

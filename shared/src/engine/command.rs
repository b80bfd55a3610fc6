//! What a page asks of the worker.

use serde::{Deserialize, Serialize};

use super::RequestNumber;
use crate::artifacts::ArtifactFile;
use crate::documents::Message;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Command {
    /// Fetches a model's files, keeps them under their SHA-256 and makes them ready to run, in the
    /// place of the model that was loaded before. → `Progress`*, `Retrying`*, [`Loaded`].
    ///
    /// [`Loaded`]: super::Event::Loaded
    Load {
        /// At least `config.json`, `model.safetensors` and `tokenizer.json`; `tokenizer_config.json`
        /// says whether it may chat. Other files are not fetched.
        files: Vec<ArtifactFile>,
        /// A file's address is `{base_url}/{name}`, e.g. of an artifact
        /// `/api/v1/artifacts/12/files`. Cookies go along to the page's own origin.
        base_url: String,
        engine: EngineChoice,
        weights: WeightChoice,
    },
    /// Continues a text or answers an exchange. → [`Started`], (`Delta`, `Statistics`)*, [`Finished`].
    ///
    /// [`Started`]: super::Event::Started
    /// [`Finished`]: super::Event::Finished
    Generate {
        prompt: Prompt,
        sampling: Sampling,
        /// The same seed, prompt and sampling write the same text on the same engine.
        seed: u64,
        maximum_tokens: u32,
        /// Whether every `Delta` tells what else could have come.
        next_tokens: bool,
    },
    /// What could follow a prompt, without drawing. → [`NextToken`](super::Event::NextToken).
    PredictNext { prompt: Prompt, sampling: Sampling },
    /// Ends a request, running or still waiting. A generation ends with `Finished`, all else with
    /// `Failed(Stopped)`. A request that has ended already is no error. No report of its own.
    Stop { request: RequestNumber },
    /// Opens a tokenizer for [`Command::Tokenize`]; no model needed. → `Progress`*,
    /// [`TokenizerOpened`](super::Event::TokenizerOpened).
    OpenTokenizer { slot: TokenizerSlot, source: TokenizerSource },
    /// Cuts a text into tokens. → [`Pieces`](super::Event::Pieces).
    Tokenize { slot: TokenizerSlot, text: String },
    /// The ids of many texts at once. → [`Encoded`](super::Event::Encoded).
    Encode { slot: TokenizerSlot, texts: Vec<String> },
    /// The model's scores for every next token of a given text (teacher forcing).
    /// → [`Logits`](super::Event::Logits).
    Score {
        /// As many as the context holds at most.
        ids: Vec<u32>,
    },
    /// What each head of the model looks at while it reads a text, at most [`ATTENTION_TOKENS`].
    /// → [`Attention`](super::Event::Attention).
    Attend { text: String },
    /// → [`Memory`](super::Event::Memory).
    MeasureMemory,
    /// Frees the model and gives the GPU back. → [`Closed`](super::Event::Closed).
    Close,
}

/// Of a text whose attention is looked at.
pub const ATTENTION_TOKENS: usize = 48;

/// Where the model runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EngineChoice {
    /// Where this model writes faster, as a few tokens tell when it is loaded.
    #[default]
    Automatic,
    /// On the GPU or not at all.
    WebGpu,
    WasmSimd,
}

/// How a model's matrices are held. Where they are rounded to few bits, the processor computes with the
/// bits; a GPU gets them unpacked and writes the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeightChoice {
    /// As they are, but in 8 bits where a large model runs on the processor: that writes faster and
    /// takes a quarter of the memory.
    #[default]
    Automatic,
    Exact,
    /// Blocks of 8 bits.
    #[serde(rename = "q8_0")]
    Q8_0,
    /// Blocks of 4 bits; embedding and head of 8.
    #[serde(rename = "q4_1")]
    Q4_1,
}

/// What comes before the model's own words. Where it is longer than the context, its beginning is
/// left out and `Started` says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// A text to continue; empty for the beginning of one.
    Text(String),
    /// An exchange to answer; its last message is the user's. Only for a model that may chat.
    Messages(Vec<Message>),
}

/// How tokens are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// Logits are divided by it; 0 picks the likeliest token.
    pub temperature: f64,
    /// Only the smallest set of likeliest tokens whose probability reaches it is drawn from
    /// (nucleus sampling, Holtzman et al. 2020). Above 0 and at most 1.
    pub top_p: f64,
}

/// Which of the worker's tokenizers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenizerSlot {
    /// That of the loaded model.
    Model,
    /// One opened by `OpenTokenizer`; the page numbers them.
    Opened(u8),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenizerSource {
    /// Fetched and kept like a model's files.
    File { file: ArtifactFile, base_url: String },
    /// The contents of a `tokenizer.json`, of any family that Hugging Face's tokenizers read.
    Json(String),
}

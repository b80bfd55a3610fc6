//! What can go wrong in the worker, as data: a page has its own words for each.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::artifacts::{FileName, Sha256};

/// The English text says what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EngineError {
    #[error("{file} is not there (404): the model may have been deleted. Go back and choose another one")]
    NotFound { file: FileName },
    #[error(
        "the server does not hand out {file} ({status}): sign in again, or ask its owner to publish the model"
    )]
    Refused { file: FileName, status: u16 },
    #[error("the server could not send {file} ({status}): try again in a minute")]
    Server { file: FileName, status: u16 },
    /// All attempts broke; what has come is kept.
    #[error(
        "{file} could not be fetched ({problem}): check the connection and load again; it goes on where it stopped"
    )]
    Network { file: FileName, problem: String },
    #[error(
        "{file} has the SHA-256 {found} instead of {expected} and was deleted: load again; if it stays so, the file \
         on the server is damaged"
    )]
    WrongBytes { file: FileName, expected: Sha256, found: Sha256 },
    #[error(
        "the browser has no room for {needed_bytes} bytes more: free disk space, or delete this site's data in the \
         browser's settings"
    )]
    StorageFull {
        needed_bytes: u64,
        /// As far as the browser tells it.
        available_bytes: Option<u64>,
    },
    #[error(
        "the browser gives this page no storage ({problem}): leave private mode, use https or localhost, or update \
         the browser"
    )]
    NoStorage { problem: String },
    #[error("the list of files has no {name}: choose the output of an export")]
    MissingFile { name: String },
    #[error("this is no model that runs here: {problem}")]
    NotAModel { problem: String },
    #[error("this tokenizer cannot be used: {problem}")]
    NotATokenizer { problem: String },
    #[error("no model is loaded: load one first")]
    NoModel,
    #[error("no tokenizer is open in this place: open one first")]
    NoTokenizer,
    #[error("this model declares no chat format: let it continue a text, or choose a model trained for talk")]
    NoChat,
    /// A prompt or setting outside of what the model can process.
    #[error("{problem}")]
    Input { problem: String },
    /// The last message of an exchange does not fit by itself.
    #[error(
        "the last message needs {tokens} tokens and this model has room for {room_tokens}: say it shorter"
    )]
    TooLong { tokens: u32, room_tokens: u32 },
    /// Only where WebGPU was asked for and nothing else, or the GPU was lost again and again.
    #[error(
        "the GPU cannot be used ({problem}): choose the processor, or close other programs and load again"
    )]
    Gpu { problem: String },
    #[error("stopped")]
    Stopped,
    /// A message that is none: page and worker are of different versions.
    #[error("page and engine do not understand each other ({problem}): reload the page")]
    Version { problem: String },
    /// The worker's own program did not arrive, or not in time.
    #[error("the engine did not start ({problem}): check the connection and load again")]
    NotStarted { problem: String },
    /// A defect of ours. The worker does not answer any more.
    #[error("the engine has crashed ({problem}): reload the page")]
    Crashed { problem: String },
}

//! The talk between a page and the Web Worker that runs a model (crate `engine`).
//!
//! Both directions are plain data, sent with `postMessage` as one JSON text ([`to_text`],
//! [`from_text`]). The page numbers its requests; everything that the worker reports about a request
//! carries that number. One worker holds one model.
//!
//! ```text
//! page                                    worker
//!  │  (spawns the worker)                   │
//!  │◄──────────────── Ready ────────────────│  only now do messages arrive
//!  │─── 1: Load ───────────────────────────►│
//!  │◄── 1: Progress*, Retrying* ────────────│
//!  │◄── 1: Loaded ──────────────────────────│
//!  │─── 2: Generate ───────────────────────►│
//!  │◄── 2: Started, (Delta, Statistics)* ───│
//!  │─── 3: Stop{2} ────────────────────────►│  overtakes what waits
//!  │◄── 2: Finished{ending: Stopped} ───────│
//!  │─── 4: Close ──────────────────────────►│
//!  │◄── 4: Closed ──────────────────────────│  now terminate() it
//! ```
//!
//! Requests are worked off one after the other, in order. Every request ends in exactly one report
//! for which [`Event::is_last`] holds: its answer, or [`Event::Failed`]. `Stop` itself has no report.
//! A lost GPU is no error: [`Event::DeviceLost`], then [`Event::Rebuilt`], and the text goes on.

mod command;
mod error;
mod event;

pub use command::{
    ATTENTION_TOKENS, Command, EngineChoice, Prompt, Sampling, TokenizerSlot, TokenizerSource, WeightChoice,
};
pub use error::EngineError;
pub use event::{
    Attention, Choice, Ending, Engine, Event, LoadStage, LoadedModel, LoadedTokenizer, Memory, NextToken,
    NotOnGpu, Piece, Statistics,
};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Given by the page; each request of a worker's life has another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestNumber(pub u32);

/// What a page sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    pub number: RequestNumber,
    pub command: Command,
}

/// What a worker sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The request that it belongs to; absent for [`Event::Ready`] and for what happens unasked.
    pub request: Option<RequestNumber>,
    pub event: Event,
}

/// The text of a [`Request`] or a [`Report`], as `postMessage` carries it.
///
/// # Errors
/// None for these types; serde cannot know that.
pub fn to_text<T: Serialize>(message: &T) -> serde_json::Result<String> {
    serde_json::to_string(message)
}

/// The [`Request`] or [`Report`] of a text.
///
/// # Errors
/// When page and worker are of different versions.
pub fn from_text<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_str(text)
}

#[cfg(test)]
mod tests;

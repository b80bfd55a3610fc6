//! The page's side of the Web Worker that runs a model (crate `engine`), in the messages of
//! `shared::engine`.
//!
//! ```text
//! pages ── desk.rs (a model, what it writes, its figures) ── worker.rs ⇄ Web Worker
//!            └ words.rs (what the worker says, in Korean)
//! ```

mod desk;
mod words;
mod worker;

pub use desk::{Desk, GpuStanding, Loading, Settings, Source};
pub use words::{ending_words, engine_words, error_words, weight_words};
pub use worker::EngineWorker;

//! The contract between browser, backend and workers: wire types, the endpoint table, what lies in
//! datasets and reports, and the job specs with their `validate()` and `estimate()`.
//!
//! Architecture invariant: nothing here does I/O, reads a clock, draws a random number, is async or
//! knows a tensor. The crate compiles for wasm32 unchanged.

pub mod api;
pub mod artifacts;
pub mod course;
pub mod datasets;
pub mod documents;
pub mod engine;
pub mod events;
pub mod ids;
pub mod preferences;
pub mod provenance;
pub mod reports;
pub mod spec;

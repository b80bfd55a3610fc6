//! The server: accounts, cohorts, the queue, events and artifacts over HTTP.
//!
//! Start one in process with [`serve::start`]; `mitbadak serve` does nothing else.
//!
//! Architecture invariant: this is the only crate that knows SQL, sessions and object storage, and it
//! never links the model core.

pub mod access;
pub mod app;
mod audit;
pub mod backup;
mod class;
pub mod command_line;
pub mod config;
pub mod controllers;
pub mod course;
pub mod db;
pub mod endpoint;
mod error;
pub mod events;
mod front_end;
mod hints;
mod http;
mod local_workers;
mod names;
mod notices;
mod passwords;
pub mod people;
mod preferences;
pub mod queue;
mod rate_limit;
pub mod router;
pub mod serve;
pub mod storage;
mod tls;
pub mod tokens;

pub use error::ApiError;

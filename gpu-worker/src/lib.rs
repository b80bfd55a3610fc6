//! The worker: claims jobs over HTTP and runs each attempt in a process of its own.
//!
//! Architecture invariant: nothing here knows SQL or the backend's storage; a worker reads only the
//! inputs of its lease and writes only with its lease token.

pub mod agent;
pub mod api_client;
pub mod attempt;
pub mod capabilities;
pub mod commands;
pub mod hub_folder;
pub mod jobs;
pub mod model_folder;
pub mod probe;
pub mod quality;
pub mod shards;

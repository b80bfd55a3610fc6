//! A model's folder as `transformers` writes and reads it: `config.json` and the files of the weights.
//!
//! A folder may come from a stranger: what a file claims is measured before memory is taken for it, and
//! what we do not compute is refused by name.

mod config;
mod tensors;

pub use config::{CONFIG_LIMIT_BYTES, SpecialIds, from_config, special_ids, to_config};
pub use tensors::{FolderTensors, INDEX_FILE, INDEX_LIMIT_BYTES, SINGLE_FILE, shard_files};

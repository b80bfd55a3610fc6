//! Binaryen's `wasm-opt`, which makes the page's WebAssembly smaller. npm carries it for every machine.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::install::npm_package;
use crate::process;

const VERSION: &str = "132.0.0";

/// The folder that holds `wasm-opt`.
pub fn ensure() -> Result<PathBuf> {
    if process::find("node").is_none() {
        bail!(
            "node is missing (wasm-opt runs on it): `sudo apt-get install nodejs npm`, then run this again"
        );
    }
    Ok(npm_package("binaryen", VERSION)?.join("bin"))
}

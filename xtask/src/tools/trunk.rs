//! Trunk puts the page together: HTML, styles and WebAssembly under hashed names.

use std::path::PathBuf;

use anyhow::Result;

use super::install::{CrateProgram, crate_program};

const VERSION: &str = "0.21.14";

/// The folder that holds `trunk`. It is built without TLS: everything that it would download is here.
pub fn ensure() -> Result<PathBuf> {
    crate_program(&CrateProgram {
        package: "trunk",
        version: VERSION.to_owned(),
        program: "trunk",
        options: &["--locked", "--no-default-features"],
    })
}

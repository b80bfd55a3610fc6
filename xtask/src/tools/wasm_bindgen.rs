//! wasm-bindgen's program. It must be of the same version as the crate in Cargo.lock.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::install::{CrateProgram, crate_program};
use crate::workspace;

/// The folder that holds `wasm-bindgen` and `wasm-bindgen-test-runner`.
pub fn ensure() -> Result<PathBuf> {
    crate_program(&CrateProgram {
        package: "wasm-bindgen-cli",
        version: version()?,
        program: "wasm-bindgen",
        options: &[],
    })
}

fn version() -> Result<String> {
    let path = workspace::root().join("Cargo.lock");
    let lock = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    locked_version(&lock, "wasm-bindgen").context("Cargo.lock names no wasm-bindgen: is it the workspace's?")
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    #[test]
    fn the_version_is_the_one_of_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "js-sys"), None);
    }
}

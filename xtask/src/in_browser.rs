//! Examples of `e2e` that look at the page in a real browser: pictures of it, and how quick it is.

use std::ffi::OsStr;
use std::process::Command;

use anyhow::Result;

use crate::tools::{self, WasmSource};
use crate::{front_end, process, test, workspace};

/// `cargo xtask screenshots`: every page as people see it, into a folder that git ignores.
pub fn screenshots(wasm: WasmSource) -> Result<()> {
    let folder = workspace::root().join("screenshots");
    example("screenshots", &[folder.as_os_str()], wasm)
}

pub fn example(name: &str, arguments: &[&OsStr], wasm: WasmSource) -> Result<()> {
    let chromium = tools::chromium::ensure()?;
    let page = front_end::build(wasm)?;
    process::run(test::native("build").args(["--bins", "--example", name]))?;
    let mut command = Command::new(workspace::target().join("debug/examples").join(name));
    command.args(arguments);
    chromium.announce(&mut command, &page);
    process::run(&mut command)
}

//! A compiler for wasm32-unknown-unknown: rustup's target, or Debian's packages where rustup cannot
//! download (see [`super::debian_rust`]).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::{WasmSource, apt, debian_rust};
use crate::{process, workspace};

pub const TARGET: &str = "wasm32-unknown-unknown";

const FLAGS_VARIABLE: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";
/// The program that runs a test's WebAssembly.
pub const RUNNER_VARIABLE: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER";
/// Random numbers are the browser's; every browser with WebGPU has 128-bit vectors; Leptos forgets the
/// types of views, which makes the page's program 13 % smaller.
const FLAGS: &str = "--cfg getrandom_backend=\"wasm_js\" --cfg erase_components -C target-feature=+simd128";

/// Which compiler works here.
#[derive(Debug)]
pub enum WasmCompiler {
    Rustup,
    Debian { folder: PathBuf },
}

pub fn ensure(source: WasmSource) -> Result<WasmCompiler> {
    let rustup = match source {
        WasmSource::Debian => None,
        WasmSource::Rustup | WasmSource::Automatic => Some(rustup_target()),
    };
    match rustup {
        Some(Ok(())) => return Ok(WasmCompiler::Rustup),
        Some(Err(error)) if source == WasmSource::Rustup || !apt::is_here() => return Err(error),
        Some(Err(error)) => println!("{error:#}\nTaking Debian's compiler for wasm32 instead."),
        None => {}
    }
    let folder = debian_rust::ensure().context(
        "no compiler for wasm32: `rustup target add wasm32-unknown-unknown` does not work here, nor do \
         Debian's packages rustc-web, rust-web-src and rust-web-clippy",
    )?;
    Ok(WasmCompiler::Debian { folder })
}

fn rustup_target() -> Result<()> {
    let installed = process::answer(Command::new("rustup").args(["target", "list", "--installed"]));
    if installed.context("rustup does not answer")?.lines().any(|line| line.trim() == TARGET) {
        return Ok(());
    }
    println!("rustup target add {TARGET} …");
    process::run_within(Command::new("rustup").args(["target", "add", TARGET]), Duration::from_secs(120))
}

impl WasmCompiler {
    pub fn description(&self) -> String {
        match self {
            Self::Rustup => format!("rustup's {TARGET}"),
            Self::Debian { folder } => format!("Debian's, in {}", folder.display()),
        }
    }

    /// `cargo clippy` for wasm32. Debian's has a target folder of its own: two compilers in one folder
    /// would rebuild each other's work. rustup's shares the procedural macros of the native build.
    pub fn clippy(&self) -> Command {
        let mut command = match self {
            Self::Rustup => process::cargo(),
            Self::Debian { folder } => debian_clippy(folder),
        };
        command.arg("clippy").args(["--target", TARGET]).env(FLAGS_VARIABLE, FLAGS);
        command
    }

    /// Prepares a program that runs cargo for wasm32 by itself.
    pub fn prepare(&self, command: &mut Command) {
        process::without_cargo_environment(command);
        command.env(FLAGS_VARIABLE, FLAGS);
        if let Self::Debian { folder } = self {
            debian_rust::use_compiler(command, folder);
            command.env("CARGO_TARGET_DIR", workspace::target().join("debian-wasm"));
        }
    }
}

/// Debian's cargo-clippy finds its clippy-driver beside itself and asks `RUSTC` for the rest.
fn debian_clippy(folder: &Path) -> Command {
    let mut command = Command::new(folder.join("usr/bin/cargo-clippy"));
    command.current_dir(workspace::root());
    process::without_cargo_environment(&mut command);
    debian_rust::use_compiler(&mut command, folder);
    command.env("CARGO_TARGET_DIR", workspace::target().join("debian-wasm"));
    command
}

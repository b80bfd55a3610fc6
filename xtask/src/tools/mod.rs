//! What is needed and cargo does not bring: for the page a compiler for wasm32, Trunk, wasm-bindgen,
//! wasm-opt and packages of npm; for tests a PostgreSQL server, a Vulkan driver in software and a browser.

mod apt;
pub mod binaryen;
pub mod chromium;
mod debian_rust;
pub mod install;
pub mod postgres;
pub mod trunk;
pub mod vulkan;
pub mod wasm;
pub mod wasm_bindgen;

use anyhow::Result;
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub struct InstallOptions {
    /// Where the wasm32 compiler comes from
    #[arg(long, value_enum, default_value = "automatic", env = "MITBADAK_WASM")]
    pub wasm: WasmSource,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WasmSource {
    /// rustup's target, or Debian's packages where rustup cannot download
    Automatic,
    Rustup,
    Debian,
}

/// Installs everything; each piece says what it found or did.
pub fn install(options: &InstallOptions) -> Result<()> {
    let postgres = postgres::ensure()?;
    println!("PostgreSQL server: {}", postgres.display());
    let driver = vulkan::ensure()?;
    let (required, variable) = (vulkan::REQUIRED_VARIABLE, vulkan::DRIVER_VARIABLE);
    println!("Vulkan driver for the tests: {required}=1 {variable}={}", driver.display());
    let chromium = chromium::ensure()?;
    println!("Chromium: {}, {}", chromium.browser.display(), chromium.driver.display());
    let compiler = wasm::ensure(options.wasm)?;
    println!("wasm32 compiler: {}", compiler.description());
    for (name, folder) in [
        ("Trunk", trunk::ensure()?),
        ("wasm-bindgen", wasm_bindgen::ensure()?),
        ("wasm-opt", binaryen::ensure()?),
    ] {
        println!("{name}: {}", folder.display());
    }
    Ok(())
}

//! `cargo xtask up`: the platform alone.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::platform::{self, Log, Platform, PlatformOptions};
use crate::tools::WasmSource;
use crate::{front_end, signals, workspace};

#[derive(Debug, Args)]
pub struct UpOptions {
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8080")]
    bind: SocketAddr,
    /// Folder of the database and the files [default: var/ in the repository]
    #[arg(long)]
    data: Option<PathBuf>,
    /// Workers on this machine
    #[arg(long, default_value_t = 1)]
    workers: u32,
    /// Threads of each worker's jobs [default: all]
    #[arg(long)]
    threads: Option<u32>,
    /// Where the wasm32 compiler comes from
    #[arg(long, value_enum, default_value = "automatic", env = "MITBADAK_WASM")]
    wasm: WasmSource,
}

pub fn run(options: &UpOptions) -> Result<()> {
    platform::build()?;
    let front_end = front_end::build(options.wasm)?;
    signals::count_stop_requests()?;
    let mut platform = Platform::start(&PlatformOptions {
        bind: options.bind,
        data: options.data.clone().unwrap_or_else(|| workspace::root().join("var")),
        workers: options.workers,
        threads: options.threads,
        front_end,
        log: Log::Terminal,
    })?;
    println!("Mitbadak runs at {}", platform.url());
    println!("Sign in, once and within 15 minutes: {}", platform.sign_in_link()?.url);
    println!("Ctrl-C stops it.");
    platform.wait_for_stop()?;
    platform.stop()
}

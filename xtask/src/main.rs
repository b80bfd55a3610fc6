//! `cargo xtask …`: everything that a person or a CI machine types in this repository.

mod bench;
mod cluster;
mod demo;
mod front_end;
mod fuzz;
mod in_browser;
mod platform;
mod process;
mod signals;
mod test;
mod tidy;
mod tools;
mod up;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Commands of the Mitbadak repository")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Text to a model that writes Korean, through the real platform, then prompts at the terminal
    Demo(demo::DemoOptions),
    /// Starts the platform alone and prints a one-time sign-in link
    Up(up::UpOptions),
    /// Installs what tests need and runs everything: format, clippy, tidy, tests, CUDA check
    Test(test::TestOptions),
    /// The quick loop: format, tidy and clippy
    Check,
    /// Measurements for docs/benchmarks.md
    Bench(bench::BenchOptions),
    /// A fuzzer on what reads a stranger's bytes as a model: gguf, hugging_face, tokenizer, archive
    Fuzz(fuzz::FuzzOptions),
    /// Pictures of every page, on a desk and on a phone, light and dark, into screenshots/
    Screenshots(tools::InstallOptions),
    /// The rules of the house that no compiler checks
    Tidy,
    /// Installs what `test` needs and nothing else
    Install(tools::InstallOptions),
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Demo(options) => demo::run(&options),
        Command::Up(options) => up::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Check => test::check(),
        Command::Bench(options) => bench::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Screenshots(options) => in_browser::screenshots(options.wasm),
        Command::Tidy => tidy::run(),
        Command::Install(options) => tools::install(&options),
    }
}

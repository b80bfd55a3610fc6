//! `cargo xtask fuzz TARGET`: libFuzzer feeds a reader of foreign bytes, on the stable compiler.
//!
//! The flags are those of cargo-fuzz without its sanitizer, which needs a nightly compiler: our code has no
//! `unsafe` where these bytes go, so what can be found is a panic, an overflow, endless work or too much
//! memory.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::{process, workspace};

/// Everything that reads a stranger's bytes as a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// A GGUF file: header, architecture, tokenizer, tensors
    Gguf,
    /// config.json, an index of shards, safetensors
    #[value(name = "hugging_face")]
    HuggingFace,
    /// tokenizer.json, tokenizer_config.json and its chat template
    Tokenizer,
    /// A zip archive
    Archive,
}

#[derive(Debug, Args)]
pub struct FuzzOptions {
    #[arg(value_enum)]
    target: Target,
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// An input that was found, to run it alone
    #[arg(long)]
    input: Option<OsString>,
}

/// What libFuzzer needs to know which way an input went.
const COVERAGE: [&str; 7] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=4",
    "--cfg fuzzing",
];
const INPUT_LIMIT_BYTES: u32 = 256 << 10;
const MEMORY_LIMIT_MIB: u32 = 2048;
const SECONDS_PER_INPUT: u32 = 20;

pub fn run(options: &FuzzOptions) -> Result<()> {
    let value = options.target.to_possible_value().context("every target has a name")?;
    let name = value.get_name();
    let folder = workspace::target().join("fuzz");
    let host = process::answer(process::cargo().args(["-vV"])).context("cargo does not say its host")?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).context("no host in cargo -vV")?;

    // The same versions as everywhere else; what only the fuzzer needs is added to them.
    let sources = workspace::root().join("fuzz");
    let lock = sources.join("Cargo.lock");
    if !lock.is_file() {
        fs::copy(workspace::root().join("Cargo.lock"), &lock).context("Cargo.lock cannot be copied")?;
    }
    // With a target named, build scripts and macros stay without coverage.
    let flags = format!("CARGO_TARGET_{}_RUSTFLAGS", host.to_uppercase().replace('-', "_"));
    let mut build = process::cargo();
    build.current_dir(&sources).args(["build", "--release", "--bin", name, "--target", host]);
    process::run(build.env("CARGO_TARGET_DIR", &folder).env(flags, COVERAGE.join(" ")))?;

    let [corpus, found] = ["corpus", "found"].map(|part| folder.join(part).join(name));
    for part in [&corpus, &found] {
        fs::create_dir_all(part).with_context(|| format!("no folder {}", part.display()))?;
    }
    let mut command = std::process::Command::new(folder.join(host).join("release").join(name));
    command
        .arg(format!("-rss_limit_mb={MEMORY_LIMIT_MIB}"))
        .arg(format!("-timeout={SECONDS_PER_INPUT}"))
        .arg(format!("-artifact_prefix={}/", found.display()));
    if let Some(input) = &options.input {
        return process::run(command.arg(input));
    }
    write_seeds(&folder.join("corpus"))?;
    command
        .arg(format!("-max_total_time={}", options.seconds))
        .arg(format!("-max_len={INPUT_LIMIT_BYTES}"))
        .args(["-print_final_stats=1", "-close_fd_mask=0"])
        .arg(&corpus);
    process::run(&mut command).with_context(|| {
        format!(
            "the input is in {}: run it alone with --input, repair what it breaks, keep it as a test",
            found.display()
        )
    })
}

/// Small good inputs, by our own writers.
fn write_seeds(corpus: &Path) -> Result<()> {
    // As the tests build it, so that nothing is built twice.
    let build = ["build", "--locked", "--workspace", "--exclude", "frontend", "--features", "model/webgpu"];
    process::run(process::cargo().args(build).args(["--example", "fuzz_seeds"]))?;
    let seeds = workspace::target().join("debug/examples/fuzz_seeds");
    process::run(std::process::Command::new(seeds).arg(corpus))
}

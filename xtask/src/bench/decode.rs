//! `cargo xtask bench decode`: tokens per second of a GGUF file, ours and llama.cpp's by turns.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::Value;

use crate::{process, workspace};

#[derive(Debug, Args)]
pub struct DecodeOptions {
    /// A GGUF file of a Llama or a GPT-2
    #[arg(long)]
    model: PathBuf,
    /// A Python with llama-cpp-python; without it only ours is measured
    #[arg(long)]
    python: Option<PathBuf>,
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    #[arg(long, default_value_t = 128)]
    tokens: usize,
}

/// One side's tokens per second, round after round.
#[derive(Default)]
struct Side {
    decode: Vec<f64>,
    prompt: Vec<f64>,
}

pub fn run(options: &DecodeOptions) -> Result<()> {
    // As the tests build it, so that nothing is built twice.
    let build = ["build", "--locked", "--workspace", "--exclude", "frontend", "--features", "model/webgpu"];
    process::run(process::cargo().args(build).args(["--example", "decode_speed"]))?;
    let ours = workspace::target().join("debug/examples/decode_speed");
    for threads in ["1", "2"] {
        let mut sides = [Side::default(), Side::default()];
        for round in 1..=options.rounds {
            let said = measure(Command::new(&ours), options, threads, &mut sides[0])?;
            println!("{threads} threads, round {round}, ours: {said} (load {})", load());
            if let Some(python) = &options.python {
                let mut command = Command::new(python);
                command.arg(workspace::root().join("model/examples/decode_speed.py"));
                let said = measure(command, options, threads, &mut sides[1])?;
                println!("{threads} threads, round {round}, llama.cpp: {said} (load {})", load());
            }
        }
        let [ours, peer] = sides.map(|side| (median(side.decode), median(side.prompt)));
        println!("{threads} threads, medians: ours {:.1} tokens/s, prompt {:.1}", ours.0, ours.1);
        if options.python.is_some() {
            println!(
                "{threads} threads, medians: llama.cpp {:.1} tokens/s, prompt {:.1}; ours to it {:.2}, prompt {:.2}",
                peer.0,
                peer.1,
                ours.0 / peer.0,
                ours.1 / peer.1
            );
        }
    }
    Ok(())
}

/// Runs one side once; what it said.
fn measure(mut command: Command, options: &DecodeOptions, threads: &str, side: &mut Side) -> Result<String> {
    command.arg(&options.model).args([threads, &options.tokens.to_string()]);
    // Elementwise work of candle starts as many threads as this says; mimalloc keeps its pages.
    command.envs([("RAYON_NUM_THREADS", threads), ("MIMALLOC_PURGE_DELAY", "-1")]);
    let said = process::output(&mut command)?;
    let value: Value = serde_json::from_str(said.trim()).context("a measurement is one line of JSON")?;
    let number = |key: &str| value[key].as_f64().with_context(|| format!("no {key} in {said}"));
    side.decode.push(number("tokens_per_second")?);
    side.prompt.push(number("prompt_tokens_per_second")?);
    Ok(said.trim().to_owned())
}

/// Of the last minute.
fn load() -> String {
    let averages = fs::read_to_string(Path::new("/proc/loadavg")).unwrap_or_default();
    averages.split(' ').next().unwrap_or_default().to_owned()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

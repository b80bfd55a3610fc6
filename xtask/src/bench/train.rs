//! `cargo xtask bench train`: our training step and, where a Python with torch is given, PyTorch's, by
//! turns, so that a machine that is busy for a while is busy for both.
//!
//! The peer is a script that takes `SHAPE eager|compile --threads N --steps N --bf16 0|1` and ends with a line
//! of JSON (`med_ms`, `min_ms`, `cpu_min_ms`, `cpu_med_ms`, `rss_mb`). Ours has what GPT-2 has and such a script
//! usually has not: biases and a norm's mean; both have an untied head. It clips gradients, too.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;
use serde::Deserialize;

use crate::{process, workspace};

const EXAMPLES: [&str; 2] = ["training_speed", "matrix_product_speed"];
/// Shapes that the peer knows too.
const SHARED_SHAPES: [&str; 3] = ["T", "S", "M"];

#[derive(Debug, Args)]
pub struct TrainOptions {
    /// `tiny` and `small` (presets), `T`, `S` and `M` (GPT-2s that the peer knows too)
    #[arg(long, value_delimiter = ',', default_value = "tiny,small,T,S,M")]
    shapes: Vec<String>,
    #[arg(long, value_delimiter = ',', default_value = "1,2")]
    threads: Vec<u32>,
    /// Steps of one round
    #[arg(long, default_value_t = 10)]
    steps: u32,
    /// How often everyone has their turn
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Ours: `f32`, `bf16`
    #[arg(long, value_delimiter = ',', default_value = "f32,bf16")]
    precisions: Vec<String>,
    /// A Python that can import torch
    #[arg(long, requires = "peer")]
    python: Option<PathBuf>,
    /// The peer's training script
    #[arg(long, requires = "python")]
    peer: Option<PathBuf>,
    /// The peer's script for matrix products, which takes the number of threads
    #[arg(long, requires = "python")]
    peer_products: Option<PathBuf>,
    /// `eager`, `compile`, `eager-bf16`, `compile-bf16`
    #[arg(long, value_delimiter = ',', default_value = "eager,compile,eager-bf16")]
    peer_modes: Vec<String>,
}

/// Of one round.
#[derive(Debug, Clone, Default)]
struct Measured {
    wall_ms: f64,
    fastest_ms: f64,
    /// Of all threads.
    processor_ms: f64,
    fastest_processor_ms: f64,
    /// What the process had before it began is taken off.
    peak_mebibytes: f64,
    tokens: f64,
}

#[derive(Deserialize)]
struct OurLine {
    tokens_per_step: f64,
    wall_ms: Vec<f64>,
    processor_ms: Vec<f64>,
    peak_mebibytes: Option<f64>,
    baseline_mebibytes: Option<f64>,
}

#[derive(Deserialize)]
struct PeerLine {
    med_ms: f64,
    min_ms: f64,
    cpu_med_ms: f64,
    cpu_min_ms: f64,
    rss_mb: f64,
}

#[derive(Clone, Copy)]
enum Contestant<'a> {
    Ours { precision: &'a str },
    Peer { python: &'a Path, script: &'a Path, mode: &'a str, import_mebibytes: f64 },
}

pub fn run(options: &TrainOptions) -> Result<()> {
    // The features of the workspace's other builds, so that nothing is compiled anew.
    let mut build = process::cargo();
    build.args(["build", "--locked", "--workspace", "--exclude", "frontend", "--features", "model/webgpu"]);
    process::run(build.args(EXAMPLES.iter().flat_map(|name| ["--example", *name])))?;
    let import_mebibytes = match &options.python {
        Some(python) => say_versions(python)?,
        None => 0.0,
    };
    for threads in &options.threads {
        process::run(our_program("matrix_product_speed", *threads).arg(threads.to_string()))?;
        if let (Some(python), Some(script)) = (&options.python, &options.peer_products) {
            process::run(Command::new(python).arg(script).arg(threads.to_string()))?;
        }
    }
    for shape in &options.shapes {
        let ours = options.precisions.iter().map(|precision| Contestant::Ours { precision });
        let mut contestants: Vec<_> = ours.collect();
        if let (Some(python), Some(script)) = (&options.python, &options.peer)
            && SHARED_SHAPES.contains(&shape.as_str())
        {
            let modes = options.peer_modes.iter();
            contestants.extend(modes.map(|mode| Contestant::Peer { python, script, mode, import_mebibytes }));
        }
        for threads in &options.threads {
            let mut rounds = vec![Vec::new(); contestants.len()];
            for round in 1..=options.rounds {
                for (contestant, rounds) in contestants.iter().zip(&mut rounds) {
                    let measured = contestant.measure(shape, *threads, options.steps)?;
                    println!(
                        "{shape}, {threads} threads, round {round}, {:14} {measured}",
                        contestant.name()
                    );
                    rounds.push(measured);
                }
            }
            summarize(shape, *threads, &contestants, &rounds);
        }
    }
    Ok(())
}

impl Contestant<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Ours { precision: "bf16" } => "ours-bf16",
            Self::Ours { .. } => "ours",
            Self::Peer { mode, .. } => mode,
        }
    }

    fn measure(&self, shape: &str, threads: u32, steps: u32) -> Result<Measured> {
        match self {
            Self::Ours { precision } => {
                let mut command = our_program("training_speed", threads);
                command.args([shape, &threads.to_string(), &steps.to_string(), precision]);
                let line: OurLine = last_line(&mut command)?;
                let peak = line.peak_mebibytes.unwrap_or(0.0) - line.baseline_mebibytes.unwrap_or(0.0);
                Ok(Measured {
                    wall_ms: median(line.wall_ms.clone()),
                    fastest_ms: smallest(&line.wall_ms),
                    processor_ms: median(line.processor_ms.clone()),
                    fastest_processor_ms: smallest(&line.processor_ms),
                    peak_mebibytes: peak,
                    tokens: line.tokens_per_step,
                })
            }
            Self::Peer { python, script, mode, import_mebibytes } => {
                let (mode, bf16) = match mode.strip_suffix("-bf16") {
                    Some(mode) => (mode, "1"),
                    None => (*mode, "0"),
                };
                let mut command = Command::new(python);
                command.arg(script).args([shape, mode, "--bf16", bf16]);
                command.args(["--threads", &threads.to_string(), "--steps", &steps.to_string()]);
                let line: PeerLine = last_line(&mut command)?;
                Ok(Measured {
                    wall_ms: line.med_ms,
                    fastest_ms: line.min_ms,
                    processor_ms: line.cpu_med_ms,
                    fastest_processor_ms: line.cpu_min_ms,
                    peak_mebibytes: line.rss_mb - import_mebibytes,
                    tokens: 0.0,
                })
            }
        }
    }
}

impl std::fmt::Display for Measured {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{:8.1} ms a step (fastest {:.1}), processor {:.1} ms (least {:.1}), peak memory {:.0} MiB",
            self.wall_ms, self.fastest_ms, self.processor_ms, self.fastest_processor_ms, self.peak_mebibytes
        )?;
        if self.tokens > 0.0 {
            write!(formatter, ", {:.0} tokens/s", 1e3 * self.tokens / self.wall_ms)?;
        }
        write!(formatter, ", load {}", load())
    }
}

/// Medians over the rounds, and ours in their terms.
fn summarize(shape: &str, threads: u32, contestants: &[Contestant<'_>], rounds: &[Vec<Measured>]) {
    let over = |rounds: &[Measured], value: fn(&Measured) -> f64, of: fn(Vec<f64>) -> f64| {
        of(rounds.iter().map(value).collect())
    };
    let figures = |rounds: &[Measured]| {
        [
            over(rounds, |round| round.wall_ms, median),
            over(rounds, |round| round.fastest_ms, |values| smallest(&values)),
            over(rounds, |round| round.fastest_processor_ms, |values| smallest(&values)),
            over(rounds, |round| round.peak_mebibytes, median),
        ]
    };
    let all: Vec<_> = contestants.iter().zip(rounds.iter().map(|rounds| figures(rounds))).collect();
    let (ours, peers): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(contestant, _)| matches!(contestant, Contestant::Ours { .. }));
    for (contestant, ours) in ours {
        let name = contestant.name();
        println!("{shape}, {threads} threads: {name} takes {:.1} ms a step, {:.0} MiB", ours[0], ours[3]);
        for (peer, theirs) in &peers {
            let ratio: Vec<f64> = ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect();
            println!(
                "{shape}, {threads} threads: {name} against {:14} {:.2} of its time (medians), {:.2} (fastest \
                 steps), {:.2} (least processor time), {:.2} of its memory",
                peer.name(),
                ratio[0],
                ratio[1],
                ratio[2],
                ratio[3]
            );
        }
    }
}

/// Says what is compared and returns the memory that importing torch takes.
fn say_versions(python: &Path) -> Result<f64> {
    let program = "import sys, torch\n\
        peak = [line for line in open('/proc/self/status') if 'VmHWM' in line][0].split()[1]\n\
        print(f'Python {sys.version.split()[0]}, torch {torch.__version__}', file=sys.stderr)\n\
        print(int(peak) / 1024)";
    let mebibytes = process::output(Command::new(python).args(["-c", program]))?;
    let mebibytes = mebibytes.trim().parse().context("Python did not say how much memory it has")?;
    println!("importing torch takes {mebibytes:.0} MiB; load {}", load());
    Ok(mebibytes)
}

fn our_program(name: &str, threads: u32) -> Command {
    let mut command = Command::new(workspace::target().join("debug/examples").join(name));
    command.env("RAYON_NUM_THREADS", threads.to_string()).env("MIMALLOC_PURGE_DELAY", "-1");
    command
}

fn last_line<T: for<'de> Deserialize<'de>>(command: &mut Command) -> Result<T> {
    let output = process::output(command)?;
    let line = output.lines().last().unwrap_or_default();
    serde_json::from_str(line).with_context(|| format!("`{}` said {line:?}", process::shown(command)))
}

/// Of the last minute, by the system's own count.
fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split_whitespace().next().unwrap_or("unknown").to_owned()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn smallest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_that_are_measured_exist() {
        for name in EXAMPLES {
            let path = workspace::root().join("model/examples").join(name).with_extension("rs");
            assert!(path.is_file(), "{} is gone, but `cargo xtask bench train` runs it", path.display());
        }
    }

    #[test]
    fn a_round_is_told_by_its_median_and_its_fastest_step() {
        assert_eq!(median(vec![9.0, 1.0, 2.0]), 2.0);
        assert_eq!(smallest(&[9.0, 1.0, 2.0]), 1.0);
    }
}

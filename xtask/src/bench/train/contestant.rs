//! One round of one contestant: a program that trains for some steps and ends with a line of JSON.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::modes::{OurMode, PeerMode, Precision};
use super::summary::{median, smallest};
use crate::{process, workspace};

/// PyTorch and its script.
#[derive(Debug)]
pub struct Peer {
    pub python: PathBuf,
    pub script: PathBuf,
    pub version: String,
    /// What importing torch takes.
    pub import_mebibytes: f64,
    /// Of one round, with compilation.
    pub limit: Duration,
}

#[derive(Debug, Clone, Copy)]
pub enum Contestant<'a> {
    Ours { mode: OurMode, version: &'a str },
    Peer { mode: PeerMode, peer: &'a Peer },
}

/// Of one round. A figure that the system does not tell is not a number.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    pub wall_ms: f64,
    pub fastest_ms: f64,
    /// Of all threads.
    pub processor_ms: f64,
    pub fastest_processor_ms: f64,
    /// What the process had before it began is taken off.
    pub peak_mebibytes: f64,
    pub tokens_per_second: f64,
    /// The first steps, which are not measured, and compilation; the peer says it.
    pub warm_up_seconds: Option<f64>,
    /// Only ours says so much.
    pub step: Option<Step>,
}

#[derive(Debug, Clone, Default)]
pub struct Step {
    pub tokens: u64,
    pub operations: f64,
    /// Outputs and inputs of the matrices that every token is multiplied by.
    pub products: Vec<[u64; 2]>,
    /// Without gradients.
    pub forward_ms: f64,
    pub fastest_forward_ms: f64,
    /// Of all threads.
    pub fastest_forward_processor_ms: f64,
    pub page_faults: f64,
}

#[derive(Deserialize)]
struct OurLine {
    tokens_per_step: u64,
    floating_point_operations_per_step: f64,
    products: Vec<[u64; 2]>,
    wall_ms: Vec<f64>,
    processor_ms: Vec<f64>,
    forward_wall_ms: Vec<f64>,
    forward_processor_ms: Vec<f64>,
    page_faults_per_step: f64,
    peak_mebibytes: Option<f64>,
    baseline_mebibytes: Option<f64>,
}

#[derive(Deserialize)]
struct PeerLine {
    med_ms: f64,
    min_ms: f64,
    cpu_med_ms: f64,
    cpu_min_ms: f64,
    tok_s: f64,
    rss_mb: f64,
    warm: Option<f64>,
}

impl Contestant<'_> {
    pub fn name(&self) -> String {
        match self {
            Self::Ours { mode, .. } => format!("ours {mode}"),
            Self::Peer { mode, .. } => format!("PyTorch {mode}"),
        }
    }

    pub fn version(&self) -> &str {
        match self {
            Self::Ours { version, .. } => version,
            Self::Peer { peer, .. } => &peer.version,
        }
    }

    pub fn measure(&self, shape: &str, threads: u32, steps: u32) -> Result<Measured> {
        match self {
            Self::Ours { mode, .. } => {
                let mut command = our_program("training_speed", threads);
                command.args([shape, &threads.to_string(), &steps.to_string(), &mode.to_string()]);
                let output = process::output(&mut command)?;
                last_line(&command, &output).map(of_our_line)
            }
            Self::Peer { mode, peer } => {
                let bfloat16 = match mode.precision {
                    Precision::Float32 => "0",
                    Precision::Bfloat16 => "1",
                };
                let mut command = Command::new(&peer.python);
                command.arg(&peer.script).args([shape, mode.execution.name(), "--bf16", bfloat16]);
                command.args(["--threads", &threads.to_string(), "--steps", &steps.to_string()]);
                let output = process::output_within(&mut command, peer.limit)?;
                last_line(&command, &output).map(|line| of_peer_line(&line, peer.import_mebibytes))
            }
        }
    }
}

fn of_our_line(line: OurLine) -> Measured {
    let wall_ms = median(line.wall_ms.clone());
    let peak = line.peak_mebibytes.zip(line.baseline_mebibytes);
    Measured {
        wall_ms,
        fastest_ms: smallest(&line.wall_ms),
        fastest_processor_ms: smallest(&line.processor_ms),
        processor_ms: median(line.processor_ms),
        peak_mebibytes: peak.map_or(f64::NAN, |(peak, before)| peak - before),
        tokens_per_second: 1e3 * line.tokens_per_step as f64 / wall_ms,
        warm_up_seconds: None,
        step: Some(Step {
            tokens: line.tokens_per_step,
            operations: line.floating_point_operations_per_step,
            products: line.products,
            fastest_forward_ms: smallest(&line.forward_wall_ms),
            fastest_forward_processor_ms: smallest(&line.forward_processor_ms),
            forward_ms: median(line.forward_wall_ms),
            page_faults: line.page_faults_per_step,
        }),
    }
}

fn of_peer_line(line: &PeerLine, import_mebibytes: f64) -> Measured {
    Measured {
        wall_ms: line.med_ms,
        fastest_ms: line.min_ms,
        processor_ms: line.cpu_med_ms,
        fastest_processor_ms: line.cpu_min_ms,
        peak_mebibytes: line.rss_mb - import_mebibytes,
        tokens_per_second: line.tok_s,
        warm_up_seconds: line.warm,
        step: None,
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:8.1} ms a step (fastest {:.1}), processor {:.1} ms (least {:.1}), {:.0} tokens/s, peak memory {:.0} MiB",
            self.wall_ms,
            self.fastest_ms,
            self.processor_ms,
            self.fastest_processor_ms,
            self.tokens_per_second,
            self.peak_mebibytes
        )?;
        if let Some(step) = &self.step {
            write!(
                formatter,
                ", forward {:.1} ms (fastest {:.1}), {:.0} page faults a step",
                step.forward_ms, step.fastest_forward_ms, step.page_faults
            )?;
        }
        self.warm_up_seconds.map_or(Ok(()), |seconds| write!(formatter, ", first three steps {seconds:.1} s"))
    }
}

/// Ours is the program of this commit.
pub fn our_version() -> String {
    let mut command = Command::new("git");
    command.current_dir(workspace::root()).args(["describe", "--always", "--dirty"]);
    process::answer(&mut command)
        .map_or("unknown commit".to_owned(), |commit| format!("commit {}", commit.trim()))
}

/// What Python and torch are called and how much memory importing torch takes, in MiB.
pub fn peer_version(python: &Path) -> Result<(String, f64)> {
    let program = "import sys, torch\n\
        peak = [line for line in open('/proc/self/status') if 'VmHWM' in line][0].split()[1]\n\
        print(f'Python {sys.version.split()[0]}, torch {torch.__version__}')\n\
        print(int(peak) / 1024)";
    let said = process::output(Command::new(python).args(["-c", program]))?;
    let (version, mebibytes) = said.trim().split_once('\n').context("Python did not say its version")?;
    let mebibytes = mebibytes.trim().parse().context("Python did not say how much memory it has")?;
    Ok((version.to_owned(), mebibytes))
}

pub fn our_program(name: &str, threads: u32) -> Command {
    let mut command = Command::new(workspace::target().join("debug/examples").join(name));
    command.env("RAYON_NUM_THREADS", threads.to_string());
    command.env("MIMALLOC_PURGE_DELAY", "-1").env("MIMALLOC_ARENA_EAGER_COMMIT", "0");
    command
}

fn last_line<T: DeserializeOwned>(command: &Command, output: &str) -> Result<T> {
    let line = output.lines().last().unwrap_or_default();
    serde_json::from_str(line).with_context(|| format!("`{}` said {line:?}", process::shown(command)))
}

/// Of the last minute, by the system's own count.
pub fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split_whitespace().next().unwrap_or("unknown").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_line_is_told_by_medians_and_without_what_the_process_had() {
        let line = r#"{"shape": "T", "tokens_per_step": 2000, "floating_point_operations_per_step": 5e9,
            "products": [[384, 128], [4000, 128]], "wall_ms": [90, 100, 120], "processor_ms": [95, 85, 90],
            "forward_wall_ms": [30, 20, 40], "forward_processor_ms": [25, 35], "page_faults_per_step": 1.5,
            "peak_mebibytes": 130.5, "baseline_mebibytes": 10.5}"#;
        let measured = of_our_line(serde_json::from_str(line).unwrap());
        assert_eq!((measured.wall_ms, measured.fastest_ms), (100.0, 90.0));
        assert_eq!((measured.processor_ms, measured.fastest_processor_ms), (90.0, 85.0));
        assert_eq!((measured.peak_mebibytes, measured.tokens_per_second), (120.0, 20_000.0));
        let step = measured.step.unwrap();
        assert_eq!((step.tokens, step.operations), (2000, 5e9));
        assert_eq!((step.forward_ms, step.fastest_forward_ms), (30.0, 20.0));
        assert_eq!(step.fastest_forward_processor_ms, 25.0);
        assert_eq!(step.products, [[384, 128], [4000, 128]]);
    }

    /// The line is what the script printed on 2026-11-24.
    #[test]
    fn the_peers_line_is_read_behind_its_warnings() {
        let said = "W1124 something\n\
            {\"impl\": \"torch\", \"mode\": \"compile\", \"warm\": 20.3, \"cpu_min_ms\": 196.9, \"cpu_med_ms\": 208.8, \
            \"med_ms\": 246.9, \"min_ms\": 234.4, \"tok_s\": 8295, \"loss\": 8.0522, \"rss_mb\": 903}\n";
        let command = Command::new("python");
        let line: PeerLine = last_line(&command, said).unwrap();
        let measured = of_peer_line(&line, 524.0);
        assert_eq!((measured.wall_ms, measured.fastest_ms), (246.9, 234.4));
        assert_eq!((measured.peak_mebibytes, measured.tokens_per_second), (379.0, 8295.0));
        assert_eq!(measured.warm_up_seconds, Some(20.3));
        let nothing = last_line::<PeerLine>(&command, "").err().unwrap().to_string();
        assert_eq!(nothing, "`python` said \"\"");
    }
}

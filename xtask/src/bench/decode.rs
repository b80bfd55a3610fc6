//! `cargo xtask bench decode`: tokens per second of a model, ours, llama.cpp's and transformers' by turns, so
//! that a machine that is busy for a while is busy for all.

use std::env;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Deserialize;

use crate::{process, workspace};

const LLAMA_CPP_SCRIPT: &str = "model/examples/decode_speed.py";
const TRANSFORMERS_SCRIPT: &str = "model/examples/decode_speed_transformers.py";
/// What the random model has room for beside the prompt and the token that follows it.
const RANDOM_TOKENS_LIMIT: usize = 256 - 32 - 1;
const VERSIONS_LIMIT: Duration = Duration::from_secs(60);

#[derive(Debug, Args)]
pub struct DecodeOptions {
    /// A GGUF file of a Llama or a GPT-2
    #[arg(long, required_unless_present = "random")]
    model: Option<PathBuf>,
    /// A GPT-2 of 14 M random parameters instead, written by us in f32 and in q8_0
    #[arg(long, conflicts_with_all = ["model", "folder"])]
    random: bool,
    /// A Python with llama-cpp-python
    #[arg(long)]
    python: Option<PathBuf>,
    /// A Python with torch and transformers, which computes in f32
    #[arg(long)]
    transformers: Option<PathBuf>,
    /// The Hugging Face folder of the same model, for transformers
    #[arg(long, requires = "transformers")]
    folder: Option<PathBuf>,
    #[arg(long, value_delimiter = ',', default_value = "1,2")]
    threads: Vec<u32>,
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    #[arg(long, default_value_t = 128)]
    tokens: usize,
    /// A peer whose turn takes longer is left out from then on
    #[arg(long, default_value_t = 120)]
    limit_seconds: u64,
}

/// Who decodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Program<'a> {
    Ours,
    LlamaCpp { python: &'a Path },
    Transformers { python: &'a Path },
}

/// One program with the file or folder that it reads.
struct Side<'a> {
    program: Program<'a>,
    weights: PathBuf,
}

/// Of one turn.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
struct Speed {
    #[serde(rename = "tokens_per_second")]
    decode: f64,
    #[serde(rename = "prompt_tokens_per_second")]
    prompt: f64,
}

pub fn run(options: &DecodeOptions) -> Result<()> {
    if options.transformers.is_some() && options.folder.is_none() && !options.random {
        bail!("transformers reads no GGUF file: name the Hugging Face folder of the same model by --folder");
    }
    if options.random && options.tokens > RANDOM_TOKENS_LIMIT {
        bail!("the random model has room for --tokens of at most {RANDOM_TOKENS_LIMIT}");
    }
    // As the tests build it, so that nothing is built twice.
    let build = ["build", "--locked", "--workspace", "--exclude", "frontend", "--features", "model/webgpu"];
    process::run(process::cargo().args(build).args(["--example", "decode_speed"]))?;
    let llama_cpp = usable(
        "llama.cpp",
        options.python.as_deref(),
        "--python",
        "'llama-cpp-python', llama_cpp.__version__",
        "llama_cpp",
    );
    let transformers = usable(
        "transformers",
        options.transformers.as_deref(),
        "--transformers",
        "'transformers', transformers.__version__, 'torch', torch.__version__",
        "torch, transformers",
    );
    let sides = |model: PathBuf, folder: Option<PathBuf>| {
        let mut sides = vec![Side { program: Program::Ours, weights: model.clone() }];
        sides.extend(llama_cpp.map(|python| Side { program: Program::LlamaCpp { python }, weights: model }));
        let pair = transformers.zip(folder);
        sides.extend(
            pair.map(|(python, weights)| Side { program: Program::Transformers { python }, weights }),
        );
        sides
    };
    if let Some(model) = &options.model {
        return compare("model", sides(model.clone(), options.folder.clone()), options);
    }
    let folder = env::temp_dir().join(format!("mitbadak-decode-{}", std::process::id()));
    fs::create_dir_all(&folder).with_context(|| format!("no folder {}", folder.display()))?;
    let measured = process::run(Command::new(ours()).arg("random").arg(&folder))
        .and_then(|()| compare("random f32", sides(folder.join("f32.gguf"), Some(folder.clone())), options))
        .and_then(|()| compare("random q8_0", sides(folder.join("q8_0.gguf"), None), options));
    fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
    measured
}

/// The Python of a peer when it can import what it needs; says which versions, or why the peer is missing.
fn usable<'a>(
    peer: &str,
    python: Option<&'a Path>,
    option: &str,
    versions: &str,
    modules: &str,
) -> Option<&'a Path> {
    let Some(python) = python else {
        println!("{peer} is not compared: name a Python that has it by {option}");
        return None;
    };
    let program = format!("import sys, {modules}; print({versions}, 'Python', sys.version.split()[0])");
    match process::output_within(Command::new(python).args(["-c", &program]), VERSIONS_LIMIT) {
        Ok(versions) => {
            println!("{peer}: {}", versions.trim());
            Some(python)
        }
        Err(error) => {
            println!("{peer} is not compared: {} cannot import {modules} ({error:#})", python.display());
            None
        }
    }
}

/// Every side has its turn in every round; ratios at the end.
fn compare(what: &str, mut sides: Vec<Side<'_>>, options: &DecodeOptions) -> Result<()> {
    let limit = Duration::from_secs(options.limit_seconds);
    for threads in &options.threads {
        let mut rounds: Vec<Vec<Speed>> = sides.iter().map(|_| Vec::new()).collect();
        for round in 1..=options.rounds {
            let mut number = 0;
            while let Some(side) = sides.get(number) {
                let name = side.program.name();
                match side.measure(*threads, options.tokens, limit) {
                    Ok(speed) => {
                        println!(
                            "{what}, {threads} threads, round {round}, {name:12} {speed} (load {})",
                            load()
                        );
                        rounds[number].push(speed);
                        number += 1;
                    }
                    Err(error) if side.program == Program::Ours => return Err(error),
                    Err(error) => {
                        println!("{what}, {threads} threads, round {round}, {name} is left out: {error:#}");
                        sides.remove(number);
                        rounds.remove(number);
                    }
                }
            }
        }
        let names = sides.iter().map(|side| side.program.name());
        for line in summary(&names.zip(&rounds).collect::<Vec<_>>()) {
            println!("{what}, {threads} threads, medians: {line}");
        }
    }
    Ok(())
}

/// A line per side, the first of which is ours. What else the machine does slows a program that waits for its
/// threads in a loop more than others: the fastest turns are compared, too.
fn summary(sides: &[(&str, &Vec<Speed>)]) -> Vec<String> {
    let over = |speeds: &[Speed], of: fn(Vec<f64>) -> f64| Speed {
        decode: of(speeds.iter().map(|speed| speed.decode).collect()),
        prompt: of(speeds.iter().map(|speed| speed.prompt).collect()),
    };
    let Some(((name, ours), peers)) = sides.split_first() else { return Vec::new() };
    let mut lines = vec![format!("{name} {}", over(ours, median))];
    for (name, peer) in peers {
        let ratio = |of| {
            let (ours, peer) = (over(ours, of), over(peer, of));
            format!("{:.2}, prompt {:.2}", ours.decode / peer.decode, ours.prompt / peer.prompt)
        };
        let (medians, fastest) = (ratio(median), ratio(largest));
        lines.push(format!("{name} {}; ours to it {medians}; fastest turns {fastest}", over(peer, median)));
    }
    lines
}

impl Program<'_> {
    fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::LlamaCpp { .. } => "llama.cpp",
            Self::Transformers { .. } => "transformers",
        }
    }
}

impl Side<'_> {
    fn measure(&self, threads: u32, tokens: usize, limit: Duration) -> Result<Speed> {
        let (program, script) = match self.program {
            Program::Ours => (ours(), None),
            Program::LlamaCpp { python } => (python.to_owned(), Some(LLAMA_CPP_SCRIPT)),
            Program::Transformers { python } => (python.to_owned(), Some(TRANSFORMERS_SCRIPT)),
        };
        let mut command = Command::new(program);
        command.args(script.map(|script| workspace::root().join(script))).arg(&self.weights);
        command.args([threads.to_string(), tokens.to_string()]);
        // Elementwise work of candle starts as many threads as this says; mimalloc keeps its pages.
        command.env("RAYON_NUM_THREADS", threads.to_string());
        command.env("MIMALLOC_PURGE_DELAY", "-1").env("MIMALLOC_ARENA_EAGER_COMMIT", "0");
        let said = process::output_within(&mut command, limit)?;
        speed(&said).with_context(|| format!("`{}` said {said:?}", process::shown(&command)))
    }
}

/// The last line is the measurement; libraries may have said something before it.
fn speed(said: &str) -> Result<Speed> {
    serde_json::from_str(said.trim().lines().last().unwrap_or_default())
        .context("a measurement is a line of JSON with tokens_per_second and prompt_tokens_per_second")
}

impl fmt::Display for Speed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:.1} tokens/s, prompt {:.1}", self.decode, self.prompt)
    }
}

fn ours() -> PathBuf {
    workspace::target().join("debug/examples/decode_speed")
}

/// Of the last minute.
fn load() -> String {
    let averages = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    averages.split(' ').next().unwrap_or_default().to_owned()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn largest(values: Vec<f64>) -> f64 {
    values.into_iter().fold(f64::NAN, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_that_are_measured_exist() {
        for file in ["model/examples/decode_speed.rs", LLAMA_CPP_SCRIPT, TRANSFORMERS_SCRIPT] {
            assert!(workspace::root().join(file).is_file(), "{file} is gone, but the measurement runs it");
        }
    }

    #[test]
    fn a_measurement_is_the_last_line_whatever_a_library_says_before_it() {
        let said = "Loading weights: 100%\n{\"tokens_per_second\": 84.5, \"prompt_tokens_per_second\": 171, \"tokens\": 9}\n";
        assert_eq!(speed(said).unwrap(), Speed { decode: 84.5, prompt: 171.0 });
        let error = speed("{\"tokens_per_second\": 84.5}").unwrap_err();
        assert!(format!("{error:#}").contains("missing field `prompt_tokens_per_second`"), "{error:#}");
        assert!(speed("").is_err());
    }

    #[test]
    fn ours_is_told_in_the_terms_of_every_peer_by_the_medians() {
        let rounds =
            |decodes: [f64; 3]| decodes.map(|decode| Speed { decode, prompt: 2.0 * decode }).to_vec();
        let (ours, slower, faster) =
            (rounds([90.0, 10.0, 100.0]), rounds([60.0, 10.0, 100.0]), rounds([180.0, 170.0, 190.0]));
        let lines = summary(&[("ours", &ours), ("llama.cpp", &slower), ("transformers", &faster)]);
        assert_eq!(
            lines,
            [
                "ours 90.0 tokens/s, prompt 180.0",
                "llama.cpp 60.0 tokens/s, prompt 120.0; ours to it 1.50, prompt 1.50; fastest turns 1.00, prompt 1.00",
                "transformers 180.0 tokens/s, prompt 360.0; ours to it 0.50, prompt 0.50; fastest turns 0.53, prompt 0.53",
            ]
        );
    }
}

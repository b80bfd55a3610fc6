//! `cargo xtask bench train`: our training step and, where a Python with torch is given, PyTorch's, by
//! turns, so that a machine that is busy for a while is busy for both.
//!
//! The peer is a script that takes `SHAPE eager|compile --threads N --steps N --bf16 0|1` and ends with a line
//! of JSON (`med_ms`, `min_ms`, `cpu_min_ms`, `cpu_med_ms`, `tok_s`, `rss_mb`, `warm`). Ours has what GPT-2 has
//! and such a script usually has not: biases and a norm's mean; both have an untied head. It clips gradients, too.

mod contestant;
mod modes;
mod products;
mod summary;

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use clap::Args;

use crate::process;
use contestant::{Contestant, Measured, Peer, load, our_program, our_version, peer_version};
use modes::{Execution, OurMode, PeerMode};
use products::FastestProducts;

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
    /// Steps of one round, after three that are not measured
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,
    /// How often everyone has their turn
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// `f32` and `bf16`, with `-recomputed` (activations) or `-frozen` (all but the queries' and values' matrices)
    #[arg(long, value_delimiter = ',', default_value = "f32,bf16")]
    ours_modes: Vec<OurMode>,
    /// A Python that can import torch
    #[arg(long, requires = "peer")]
    python: Option<PathBuf>,
    /// The peer's training script
    #[arg(long, requires = "python")]
    peer: Option<PathBuf>,
    /// The peer's script for matrix products, which takes the number of threads
    #[arg(long, requires = "python")]
    peer_products: Option<PathBuf>,
    /// `eager`, `compile`, `eager-bf16`, `compile-bf16`; compiling needs a C++ compiler
    #[arg(long, value_delimiter = ',', default_value = "eager,compile,eager-bf16")]
    peer_modes: Vec<PeerMode>,
    /// Of one round of the peer, with compilation; a mode that takes longer is left out from then on
    #[arg(long, default_value_t = 240)]
    peer_limit_seconds: u64,
}

pub fn run(options: &TrainOptions) -> Result<()> {
    // The features of the workspace's other builds, so that nothing is compiled anew.
    let mut build = process::cargo();
    build.args(["build", "--locked", "--workspace", "--exclude", "frontend", "--features", "model/webgpu"]);
    process::run(build.args(EXAMPLES.iter().flat_map(|name| ["--example", *name])))?;
    let version = our_version();
    let peer = peer(options)?;
    println!("ours: {version}; load {}", load());
    if let Some(peer) = &peer {
        println!("PyTorch: {}; importing torch takes {:.0} MiB", peer.version, peer.import_mebibytes);
    }
    if let (Some(python), Some(script)) = (&options.python, &options.peer_products) {
        for threads in &options.threads {
            process::run(Command::new(python).arg(script).arg(threads.to_string()))?;
        }
    }
    for shape in &options.shapes {
        let contestants = contestants(options, shape, &version, peer.as_ref());
        for threads in &options.threads {
            let (rounds, products) = take_turns(options, shape, *threads, &contestants)?;
            println!("\n{shape}, {threads} threads:\n");
            println!("{}", summary::table(*threads, &contestants, &rounds, &products));
        }
    }
    Ok(())
}

fn peer(options: &TrainOptions) -> Result<Option<Peer>> {
    let (Some(python), Some(script)) = (&options.python, &options.peer) else { return Ok(None) };
    let (version, import_mebibytes) = peer_version(python)?;
    Ok(Some(Peer {
        python: python.clone(),
        script: script.clone(),
        version,
        import_mebibytes,
        limit: Duration::from_secs(options.peer_limit_seconds),
    }))
}

/// In the order of their turns: one of ours, one of the peer's, and so on.
fn contestants<'a>(
    options: &TrainOptions,
    shape: &str,
    version: &'a str,
    peer: Option<&'a Peer>,
) -> Vec<Contestant<'a>> {
    let peer = peer.filter(|_| SHARED_SHAPES.contains(&shape));
    let ours = options.ours_modes.iter().map(|mode| Contestant::Ours { mode: *mode, version });
    let theirs =
        options.peer_modes.iter().filter_map(|mode| Some(Contestant::Peer { mode: *mode, peer: peer? }));
    let (mut ours, mut theirs) = (ours.fuse(), theirs.fuse());
    let mut turns = Vec::new();
    loop {
        let before = turns.len();
        turns.extend(ours.next());
        turns.extend(theirs.next());
        if turns.len() == before {
            return turns;
        }
    }
}

/// Everyone's rounds. The peer's failure is told and ends its turns; ours is an error.
fn take_turns(
    options: &TrainOptions,
    shape: &str,
    threads: u32,
    contestants: &[Contestant<'_>],
) -> Result<(Vec<Vec<Measured>>, FastestProducts)> {
    let mut rounds: Vec<Vec<Measured>> = vec![Vec::new(); contestants.len()];
    let mut failed = vec![false; contestants.len()];
    let mut products = FastestProducts::default();
    for round in 1..=options.rounds {
        for ((contestant, rounds), failed) in contestants.iter().zip(&mut rounds).zip(&mut failed) {
            if *failed {
                continue;
            }
            let turn = format!("{shape}, {threads} threads, round {round}, {:20}", contestant.name());
            match (contestant.measure(shape, threads, options.steps), contestant) {
                (Ok(measured), _) => {
                    println!("{turn} {measured}, load {}, {}", load(), contestant.version());
                    rounds.push(measured);
                }
                (Err(error), Contestant::Peer { mode, .. }) => {
                    let advice = match mode.execution {
                        Execution::Eager => "",
                        Execution::Compiled => " (torch.compile needs a C++ compiler on PATH and its time)",
                    };
                    println!("{turn} failed and is left out from here on: {error:#}{advice}");
                    *failed = true;
                }
                (Err(error), Contestant::Ours { .. }) => return Err(error),
            }
        }
        if let Some(step) = rounds.iter().flatten().find_map(|measured| measured.step.as_ref()) {
            let mut command = our_program("matrix_product_speed", threads);
            command.arg(threads.to_string()).args(products::sizes(step.tokens, &step.products));
            process::output(&mut command)?.lines().for_each(|line| {
                println!("{shape}, {threads} threads, round {round}, {line}");
                products.see(line);
            });
        }
    }
    Ok((rounds, products))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::workspace;

    #[derive(Parser)]
    struct Arguments {
        #[command(flatten)]
        options: TrainOptions,
    }

    #[test]
    fn the_programs_that_are_measured_exist() {
        for name in EXAMPLES {
            let path = workspace::root().join("model/examples").join(name).with_extension("rs");
            assert!(path.is_file(), "{} is gone, but `cargo xtask bench train` runs it", path.display());
        }
    }

    #[test]
    fn ours_and_the_peer_take_turns_where_the_peer_knows_the_shape() {
        let words = ["train", "--ours-modes", "f32,bf16,f32-frozen", "--peer-modes", "eager,compile-bf16"];
        let options = Arguments::parse_from(words).options;
        let peer = Peer {
            python: PathBuf::new(),
            script: PathBuf::new(),
            version: String::new(),
            import_mebibytes: 0.0,
            limit: Duration::ZERO,
        };
        let turns = |shape: &str| -> Vec<String> {
            contestants(&options, shape, "", Some(&peer)).iter().map(Contestant::name).collect()
        };
        let shared = ["ours f32", "PyTorch eager", "ours bf16", "PyTorch compile-bf16", "ours f32-frozen"];
        assert_eq!(turns("S"), shared);
        assert_eq!(turns("small"), ["ours f32", "ours bf16", "ours f32-frozen"]);
    }

    #[test]
    fn a_mode_that_nobody_has_and_a_peer_without_python_are_refused() {
        let refusal = |words: &[&str]| Arguments::try_parse_from(words).err().unwrap().to_string();
        assert!(refusal(&["train", "--ours-modes", "f16"]).contains("choose f32 or bf16"));
        assert!(refusal(&["train", "--peer-modes", "graph"]).contains("choose eager or compile"));
        assert!(refusal(&["train", "--peer", "gpt.py"]).contains("--python"));
        assert!(refusal(&["train", "--rounds", "0"]).contains("--rounds"));
    }
}

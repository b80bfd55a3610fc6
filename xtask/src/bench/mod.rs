//! `cargo xtask bench …`: measurements, apart from the tests. Figures go to docs/benchmarks.md.

mod decode;
mod train;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use shared::spec::presets::Preset;

use crate::cluster::{Cluster, Durability};
use crate::tools::WasmSource;
use crate::{in_browser, process, tools, workspace};

#[derive(Debug, Args)]
pub struct BenchOptions {
    #[command(subcommand)]
    measure: Measure,
}

#[derive(Debug, Subcommand)]
enum Measure {
    /// Does a model of the default corpus know Korean? Against a Kneser-Ney 5-gram, by its particles,
    /// by its own sentences
    Korean {
        /// Documents of the generated corpus
        #[arg(long, default_value_t = Preset::Small.corpus_documents())]
        documents: u64,
        /// Specs of docs/specs: `tokenizer-small.json` and `pretrain-small.json`, or those without -small
        #[arg(long, default_value = "-small")]
        suffix: String,
        /// Where everything is kept; the same folder again resumes
        #[arg(long)]
        folder: Option<PathBuf>,
        #[arg(long)]
        threads: Option<u32>,
    },
    /// Tokens per second of a GGUF file or a random GPT-2, beside llama.cpp and transformers by turns
    Decode(decode::DecodeOptions),
    /// Milliseconds per training step and peak memory by shape and number of threads; with `--python` and
    /// `--peer` beside PyTorch, by turns
    Train(train::TrainOptions),
    /// The page in a real browser: bytes and paint of a first visit, decoding, a run's page under load
    Page,
    /// Claims and finishes per second on SQLite and on a PostgreSQL of its own, with 1 and 4 workers
    Queue,
    /// A class of an hour, compressed, against the real server: no slow request, nothing lost
    Class {
        #[arg(long, default_value_t = 200)]
        learners: u32,
        /// They fake the work
        #[arg(long, default_value_t = 20)]
        workers: u32,
        #[arg(long, default_value_t = 60.0)]
        minutes: f64,
        /// So many of the class's minutes pass in one
        #[arg(long, default_value_t = 12.0)]
        compression: f64,
        /// `postgres` starts a server of its own
        #[arg(long, value_enum, default_value_t = DatabaseKind::Sqlite)]
        database: DatabaseKind,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum DatabaseKind {
    Sqlite,
    Postgres,
}

pub fn run(options: &BenchOptions) -> Result<()> {
    match &options.measure {
        Measure::Korean { documents, suffix, folder, threads } => {
            let folder = folder.clone().unwrap_or_else(|| workspace::target().join("bench-korean"));
            korean(*documents, suffix, &folder, *threads)
        }
        Measure::Decode(options) => decode::run(options),
        Measure::Train(options) => train::run(options),
        Measure::Class { learners, workers, minutes, compression, database } => {
            process::run(process::cargo().args(["build", "--locked", "-p", "backend", "--bins"]))?;
            let example = ["run", "--locked", "-p", "backend", "--example", "class_simulation", "--"];
            let mut command = process::cargo();
            command.args(example).args(["--learners", &learners.to_string()]);
            command.args(["--workers", &workers.to_string(), "--minutes", &minutes.to_string()]);
            command.args(["--compression", &compression.to_string()]).env_remove("DATABASE_URL");
            let cluster = (*database == DatabaseKind::Postgres)
                .then(|| Cluster::start(&tools::postgres::ensure()?, Durability::Full))
                .transpose()?;
            process::run(command.envs(cluster.as_ref().map(|cluster| ("DATABASE_URL", cluster.url()))))
        }
        Measure::Page => in_browser::example("page_speed", &[], WasmSource::Automatic),
        Measure::Queue => {
            let example = ["run", "--locked", "-p", "backend", "--example", "queue_throughput", "--"];
            for (workers, durable_postgres) in [("1", false), ("4", false), ("1", true), ("4", true)] {
                let mut command = process::cargo();
                command
                    .args(example)
                    .args(["--jobs", "1000", "--workers", workers])
                    .env_remove("DATABASE_URL");
                // Each measurement begins on an empty database.
                let cluster = durable_postgres
                    .then(|| Cluster::start(&tools::postgres::ensure()?, Durability::Full))
                    .transpose()?;
                process::run(command.envs(cluster.as_ref().map(|cluster| ("DATABASE_URL", cluster.url()))))?;
            }
            Ok(())
        }
    }
}

/// The five jobs at the terminal, as README shows them, then the measurement.
fn korean(documents: u64, suffix: &str, folder: &Path, threads: Option<u32>) -> Result<()> {
    process::run(process::cargo().args(["build", "--locked", "--workspace", "--bins"]))?;
    fs::create_dir_all(folder).with_context(|| format!("no folder {}", folder.display()))?;
    let corpus = folder.join(format!("stories-{documents}.jsonl.zst"));
    if !corpus.is_file() {
        let documents = documents.to_string();
        process::run(
            worker().args(["corpus", "--documents", &documents, "--seed", "1", "--out"]).arg(&corpus),
        )?;
    }
    let part = |name: &str| folder.join(name);
    let kept = part("curate").join("corpus");
    let tokenizer = part("tokenizer").join("tokenizer");
    let pretrain = format!("pretrain{suffix}");
    let stage = |name: &str, spec: &str, inputs: &[(&str, PathBuf)]| -> Result<()> {
        let begin = Instant::now();
        let mut command = worker();
        command.arg("job").arg(example_spec(spec));
        bind(&mut command, inputs);
        command.arg("--out").arg(part(name));
        if let Some(threads) = threads {
            command.args(["--threads", &threads.to_string()]);
        }
        process::run(&mut command)?;
        println!("{name}: {:.1} s", begin.elapsed().as_secs_f64());
        Ok(())
    };
    let of_corpus = ("corpus", kept.clone());
    stage("import", "import", &[("stories", corpus)])?;
    stage("curate", "curate", &[("dataset", part("import").join("dataset"))])?;
    stage("tokenizer", &format!("tokenizer{suffix}"), std::slice::from_ref(&of_corpus))?;
    stage("pretrain", &pretrain, &[of_corpus, ("tokenizer", tokenizer.clone())])?;
    let mut command = worker();
    command.arg("quality").arg(example_spec(&pretrain));
    let model = part("pretrain").join("model");
    bind(&mut command, &[("corpus", kept), ("tokenizer", tokenizer), ("model", model)]);
    let quality = process::output(&mut command)?;
    println!("{quality}");
    let path = part("quality.json");
    fs::write(&path, quality).with_context(|| format!("cannot write {}", path.display()))
}

fn worker() -> Command {
    Command::new(workspace::binary("mitbadak-worker"))
}

fn example_spec(name: &str) -> PathBuf {
    workspace::root().join("docs/specs").join(format!("{name}.json"))
}

fn bind(command: &mut Command, inputs: &[(&str, PathBuf)]) {
    for (name, path) in inputs {
        command.arg("--input").arg(format!("{name}={}", path.display()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An example that was removed would be missed only when somebody measures again.
    #[test]
    fn every_example_that_is_measured_exists() {
        let commands = include_str!("mod.rs").split("#[cfg(test)]").next().unwrap_or_default();
        let mut found = Vec::new();
        for command in commands.lines().filter(|line| line.contains("\"--example\"")) {
            let words: Vec<&str> = command.split('"').skip(1).step_by(2).collect();
            let after = |option: &str| {
                let at = words.iter().position(|word| *word == option).unwrap();
                words[at + 1]
            };
            let path = workspace::root().join(after("-p")).join("examples").join(after("--example"));
            let is_there = path.with_extension("rs").is_file() || path.join("main.rs").is_file();
            assert!(is_there, "{} is gone, but `cargo xtask bench` runs it", path.display());
            found.push(after("--example"));
        }
        assert!(found.contains(&"queue_throughput") && found.contains(&"class_simulation"), "{found:?}");
    }
}

//! `cargo xtask test`: every check, quick and independent ones first, with the minutes of each.

mod counts;
mod cuda;

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::cluster::{self, Cluster, Durability};
use crate::tools::{self, InstallOptions, WasmSource};
use crate::{front_end, process, tidy};
use counts::Counts;

#[derive(Debug, Args)]
pub struct TestOptions {
    /// Run these parts only, separated by commas
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PART,…")]
    only: Vec<Part>,
    /// Say which parts there are
    #[arg(long)]
    list: bool,
    /// Where the wasm32 compiler comes from
    #[arg(long, value_enum, default_value = "automatic", env = "MITBADAK_WASM")]
    wasm: WasmSource,
}

/// In the order in which they run: a cheap failure comes before an expensive success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Format,
    Tidy,
    Install,
    Clippy,
    Wasm,
    FrontEnd,
    Cuda,
    Build,
    Tests,
}

impl Part {
    const ALL: [Self; 9] = [
        Self::Format,
        Self::Tidy,
        Self::Install,
        Self::Clippy,
        Self::Wasm,
        Self::FrontEnd,
        Self::Cuda,
        Self::Build,
        Self::Tests,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Tidy => "tidy",
            Self::Install => "install",
            Self::Clippy => "clippy",
            Self::Wasm => "wasm",
            Self::FrontEnd => "front-end",
            Self::Cuda => "cuda",
            Self::Build => "build",
            Self::Tests => "tests",
        }
    }

    fn summary(self) -> &'static str {
        match self {
            Self::Format => "cargo fmt --check",
            Self::Tidy => "the rules of the house",
            Self::Install => "what tests need: PostgreSQL, a Vulkan driver, Chromium, a compiler for wasm32",
            Self::Clippy => "clippy on everything, warnings are errors",
            Self::Wasm => {
                "clippy for wasm32 on shared, corpus, model, the page, the classroom, its labs and its engine"
            }
            Self::FrontEnd => {
                "the tests of the page, the classroom and the labs in node, and the page as browsers get it"
            }
            Self::Cuda => "cargo check of the worker with feature cuda and a stand-in for nvcc",
            Self::Build => "the binaries and the tests, compiled",
            Self::Tests => "unit, integration, browser and documentation tests on SQLite and PostgreSQL",
        }
    }

    fn run(self, wasm: WasmSource) -> Result<Counts> {
        match self {
            Self::Format => format()?,
            Self::Tidy => tidy::run()?,
            Self::Install => tools::install(&InstallOptions { wasm })?,
            Self::Clippy => clippy()?,
            Self::Wasm => clippy_wasm(wasm)?,
            Self::FrontEnd => {
                front_end::test(wasm)?;
                front_end::build(wasm)?;
            }
            Self::Cuda => cuda::check()?,
            Self::Build => build()?,
            Self::Tests => return tests(wasm),
        }
        Ok(Counts::default())
    }
}

pub fn run(options: &TestOptions) -> Result<()> {
    if options.list {
        for part in Part::ALL {
            println!("{:9} {}", part.name(), part.summary());
        }
        return Ok(());
    }
    let wanted = |part: &Part| options.only.is_empty() || options.only.contains(part);
    let mut times = Vec::new();
    for part in Part::ALL.into_iter().filter(wanted) {
        println!("\n== {}: {}", part.name(), part.summary());
        let begin = Instant::now();
        let result = part.run(options.wasm);
        times.push((part, begin.elapsed()));
        match result {
            Ok(counts) if counts.failed > 0 => {
                print_times(&times);
                println!("{counts}");
                bail!("tests failed; `cargo xtask test --only tests` runs them again");
            }
            Ok(counts) if part == Part::Tests => {
                print_times(&times);
                println!("{counts}");
                return Ok(());
            }
            Ok(_) => {}
            Err(error) => {
                print_times(&times);
                let name = part.name();
                return Err(error
                    .context(format!("part {name} failed; `cargo xtask test --only {name}` runs it alone")));
            }
        }
    }
    print_times(&times);
    Ok(())
}

/// `cargo xtask check`
pub fn check() -> Result<()> {
    format()?;
    tidy::run()?;
    clippy()
}

fn format() -> Result<()> {
    process::run(process::cargo().args(["fmt", "--all", "--check"]))
}

/// For wasm32 only. The engine is too, but what it does without a browser is tested natively.
const PAGE: &str = "frontend";
const LABS: &str = "labs";
const CLASSROOM: &str = "classroom";
/// Everything else.
const NATIVE: [&str; 7] = ["--workspace", "--exclude", PAGE, "--exclude", LABS, "--exclude", CLASSROOM];

/// The same for clippy, build and tests: another set would compile everything above `model` again.
const FEATURES: &str = "model/webgpu";

/// `cargo …` on all of it, with the features that everything here is built with.
pub fn native(subcommand: &str) -> Command {
    let mut command = process::cargo();
    command.arg(subcommand).args(NATIVE).args(["--locked", "--features", FEATURES]);
    command
}

fn clippy() -> Result<()> {
    process::run(native("clippy").args(["--all-targets", "--", "-D", "warnings"]))
}

fn clippy_wasm(source: WasmSource) -> Result<()> {
    let compiler = tools::wasm::ensure(source)?;
    println!("with {}", compiler.description());
    process::run(
        compiler
            .clippy()
            .args([
                "-p",
                "shared",
                "-p",
                "corpus",
                "-p",
                "model",
                "-p",
                PAGE,
                "-p",
                LABS,
                "-p",
                CLASSROOM,
                "-p",
                "engine",
                "--locked",
                "--features",
                FEATURES,
            ])
            .args(["--", "-D", "warnings"]),
    )
}

/// The end-to-end tests start the real binaries, so those are built before any test runs.
fn build() -> Result<()> {
    process::run(native("build").arg("--bins"))?;
    process::run(native("test").arg("--no-run"))
}

fn tests(wasm: WasmSource) -> Result<Counts> {
    build()?;
    let page = front_end::build(wasm)?;
    let chromium = tools::chromium::ensure()?;
    let cluster = Cluster::start(&tools::postgres::ensure()?, Durability::None)?;
    println!("PostgreSQL for the tests: {}", cluster.url());
    let mut counts = Counts::default();
    let mut command = native("test");
    command
        .arg("--no-fail-fast")
        .env(tools::vulkan::REQUIRED_VARIABLE, "1")
        .env(tools::vulkan::DRIVER_VARIABLE, tools::vulkan::ensure()?)
        .env(cluster::URL_VARIABLE, cluster.url());
    chromium.announce(&mut command, &page);
    let status = process::run_reading_lines(&mut command, |line| counts.read(line))?;
    if !status.success() && counts.failed == 0 {
        bail!("`cargo test` failed without a failing test ({status}): see above");
    }
    Ok(counts)
}

fn print_times(times: &[(Part, Duration)]) {
    println!("\n{:9} {:>8}", "part", "minutes");
    for (part, time) in times {
        println!("{:9} {:>8.1}", part.name(), time.as_secs_f64() / 60.0);
    }
    let total: Duration = times.iter().map(|(_, time)| *time).sum();
    println!("{:9} {:>8.1}", "all", total.as_secs_f64() / 60.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_runs_and_has_the_name_it_is_chosen_by() {
        let chosen: Vec<&str> = Part::ALL.iter().map(|part| part.name()).collect();
        let offered: Vec<String> = Part::value_variants()
            .iter()
            .filter_map(|part| Some(part.to_possible_value()?.get_name().to_owned()))
            .collect();
        assert_eq!(chosen, offered);
    }
}

//! Programs from crates and packages from npm, each in a folder of its own that carries the version.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, workspace};

/// A program of a crate, built once per version without optimisation: it waits for other programs.
pub struct CrateProgram {
    pub package: &'static str,
    pub version: String,
    pub program: &'static str,
    /// For `cargo install`; with `--locked` where what its lock file names can still be had.
    pub options: &'static [&'static str],
}

/// The folder that holds the program.
pub fn crate_program(wanted: &CrateProgram) -> Result<PathBuf> {
    let CrateProgram { package, version, program, options } = wanted;
    let finished = workspace::tools().join(format!("{package}-{version}"));
    if finished.join("bin").join(program).is_file() {
        return Ok(finished.join("bin"));
    }
    println!("Building {package} {version}, once, into {} …", finished.display());
    once(&finished, |partial| {
        let build = partial.join("build");
        process::run(
            process::cargo()
                .args(["install", "--quiet", "--debug", "--no-track", package])
                .args(["--version", &format!("={version}")])
                .args(*options)
                .arg("--root")
                .arg(partial)
                .env("CARGO_TARGET_DIR", &build)
                .env("CARGO_PROFILE_DEV_DEBUG", "0")
                .env("CARGO_INCREMENTAL", "0"),
        )
        .with_context(|| {
            format!("{package} {version} cannot be built: does crates.io answer, and is a C compiler here?")
        })?;
        fs::remove_dir_all(&build).with_context(|| format!("cannot remove {}", build.display()))
    })?;
    Ok(finished.join("bin"))
}

/// A package of npm, unpacked once per version; none of its scripts runs.
pub fn npm_package(package: &str, version: &str) -> Result<PathBuf> {
    let finished = workspace::tools().join(format!("npm-{package}-{version}"));
    let place = finished.join("node_modules").join(package);
    if place.is_dir() {
        return Ok(place);
    }
    if process::find("npm").is_none() {
        bail!(
            "npm is missing (the page's build takes {package} from it): `sudo apt-get install nodejs npm`, \
             then run this again"
        );
    }
    println!("npm install {package}@{version} into {} …", finished.display());
    once(&finished, |partial| {
        let wanted = format!("{package}@{version}");
        process::run(
            Command::new("npm")
                .current_dir(partial)
                .args([
                    "install",
                    "--silent",
                    "--no-save",
                    "--ignore-scripts",
                    "--no-package-lock",
                    "--prefix",
                    ".",
                ])
                .arg(&wanted),
        )
        .with_context(|| format!("{wanted} cannot be had from npm: does the registry answer?"))
    })?;
    Ok(place)
}

/// Fills a folder that gets its final name only when it is complete.
fn once(finished: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let mut partial = finished.as_os_str().to_owned();
    partial.push(format!(".partial-{}", std::process::id()));
    let partial = PathBuf::from(partial);
    fs::create_dir_all(&partial).with_context(|| {
        format!("no folder {}: set MITBADAK_TOOLS to one that can be written", partial.display())
    })?;
    fill(&partial)?;
    if finished.is_dir() {
        fs::remove_dir_all(finished).with_context(|| format!("cannot remove {}", finished.display()))?;
    }
    fs::rename(&partial, finished).with_context(|| format!("cannot create {}", finished.display()))
}

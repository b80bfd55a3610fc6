//! Debian's rustc for wasm32, for machines where rustup cannot download a target.
//!
//! The packages are unpacked into a folder of their own (they conflict with rustup when installed),
//! the standard library is built for wasm32 once from `rust-web-src` and laid where that rustc looks
//! for it; from then on it is an ordinary cross compiler. About 150 MB to download, two CPU-minutes.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::apt;
use super::wasm::TARGET;
use crate::{process, workspace};

/// The folder with the finished compiler; made when this version is not there yet.
pub fn ensure() -> Result<PathBuf> {
    apt::update();
    let Some(version) = apt::candidate("rustc-web") else {
        bail!("Debian's rustc-web is not to be had: run `apt-get update` as root, or use rustup")
    };
    recent_enough(&version)?;
    let plain: String =
        version.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    let finished = workspace::tools().join(format!("debian-rust-{plain}"));
    if finished.is_dir() {
        return Ok(finished);
    }
    // Complete only under its final name: an interrupted installation starts again.
    let partial = workspace::tools().join(format!("debian-rust-{plain}.partial-{}", std::process::id()));
    fs::create_dir_all(&partial).with_context(|| {
        format!("no folder {}: set MITBADAK_TOOLS to one that can be written", partial.display())
    })?;
    println!("Unpacking Debian's rustc-web {version} into {} …", finished.display());
    apt::unpack(&packages()?, &partial)?;
    println!("Building the standard library for {TARGET}, once …");
    build_standard_library(&partial)?;
    fs::rename(&partial, &finished).with_context(|| format!("cannot create {}", finished.display()))?;
    Ok(finished)
}

/// Points a command that runs cargo at this compiler.
pub fn use_compiler(command: &mut Command, folder: &Path) {
    let libraries = folder.join("usr/lib/x86_64-linux-gnu");
    let inherited = env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
    let mut path = libraries.into_os_string();
    if !inherited.is_empty() {
        path.push(":");
        path.push(inherited);
    }
    command.env("LD_LIBRARY_PATH", path).env("RUSTC", folder.join("usr/bin/rustc"));
    if env::var_os("CI").is_some() {
        command.env("CARGO_INCREMENTAL", "0");
    }
}

/// The packages and the two libraries they load, whose names carry a version.
fn packages() -> Result<Vec<String>> {
    let standard = apt::dependency("rust-web-clippy", "libstd-rust-web-")?;
    let llvm = apt::dependency(&standard, "libllvm")?;
    let fixed = ["rustc-web", "rust-web-src", "rust-web-clippy", "libstd-rust-web-dev"];
    Ok(fixed.into_iter().map(str::to_owned).chain([standard, llvm]).collect())
}

fn recent_enough(version: &str) -> Result<()> {
    let minor = |text: &str| text.split('.').nth(1).and_then(|part| part.parse::<u32>().ok());
    let wanted = env!("CARGO_PKG_RUST_VERSION");
    if minor(version) < minor(wanted) {
        bail!(
            "Debian offers rustc-web {version}, this workspace wants Rust {wanted}: run `apt-get update` with \
             Debian's security updates among the package sources, or use rustup"
        );
    }
    Ok(())
}

fn build_standard_library(folder: &Path) -> Result<()> {
    let package = folder.join("standard-library");
    fs::create_dir_all(package.join("src"))?;
    fs::write(package.join("src/lib.rs"), "")?;
    fs::write(
        package.join("Cargo.toml"),
        "[package]\nname = \"standard-library\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n",
    )?;
    let mut build = process::cargo();
    use_compiler(&mut build, folder);
    build
        .current_dir(&package)
        .args(["build", "--quiet", "--release", "-Z", "build-std=std,panic_abort", "--target", TARGET])
        .env("RUSTC_BOOTSTRAP", "1")
        // Bitcode, so that a later link-time optimisation can look into the standard library.
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", package.join("target"));
    if let Some(linker) = rust_lld() {
        build.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    }
    process::run(&mut build)?;

    let built = package.join("target").join(TARGET).join("release/deps");
    let place = folder.join("usr/lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&place)?;
    for entry in fs::read_dir(&built)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libstandard_library") {
            fs::copy(entry.path(), place.join(&name))?;
        }
    }
    fs::remove_dir_all(&package).context("the build of the standard library cannot be removed")
}

/// rustup's linker; Debian's packages bring none.
fn rust_lld() -> Option<PathBuf> {
    let sysroot = process::answer(Command::new("rustc").args(["--print", "sysroot"]))?;
    let programs = Path::new(sysroot.trim()).join("lib/rustlib/x86_64-unknown-linux-gnu/bin");
    Some(programs.join("rust-lld")).filter(|file| file.is_file())
}

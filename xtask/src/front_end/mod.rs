//! Builds the page: Trunk's output, the packages of npm that it loads, a font of its own words, and a
//! `.br` beside every file that compresses. `demo` calls this each time; nothing happens when nothing has changed.

mod font;

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use brotli::enc::BrotliEncoderParams;

use crate::tools::install::npm_package;
use crate::tools::{WasmSource, binaryen, trunk, wasm, wasm_bindgen};
use crate::{process, workspace};

/// Everything that the page is made of.
const MADE_OF: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    "frontend",
    "engine",
    "labs",
    "classroom",
    "corpus",
    "model",
    "shared",
    "xtask/src/front_end",
    "xtask/src/tools",
];
/// Files that a browser may get compressed; pictures and fonts are already.
const COMPRESSED: &[&str] = &["html", "css", "js", "mjs", "json", "svg", "txt", "wasm", "webmanifest"];
const BROTLI_QUALITY: i32 = 11;
const BROTLI_WINDOW_BITS: i32 = 22;

/// Files of an npm package that the page loads as they are, from `/vendor/NAME-VERSION/`.
struct Vendored {
    package: &'static str,
    version: &'static str,
    /// Files, or folders with everything directly in them.
    files: &'static [&'static str],
}

impl Vendored {
    /// Where npm put it.
    fn folder(&self) -> Result<PathBuf> {
        npm_package(self.package, self.version)
    }

    /// Where the page finds it.
    fn address(&self) -> String {
        format!("/vendor/{}-{}", self.package, self.version)
    }
}

const VENDORED: &[Vendored] = &[
    // SIL Open Font License 1.1.
    Vendored {
        package: "pretendard",
        version: "1.3.9",
        files: &["dist/LICENSE.txt", "dist/web/variable/woff2-dynamic-subset"],
    },
    // MIT.
    Vendored {
        package: "uplot",
        version: "1.6.32",
        files: &["LICENSE", "dist/uPlot.iife.min.js", "dist/uPlot.min.css"],
    },
];

/// The folder with the finished page.
pub fn build(source: WasmSource) -> Result<PathBuf> {
    let folder = workspace::target().join("front-end");
    let (page, stamp) = (folder.join("page"), folder.join("made-of"));
    let made_of = format!("{:016x}", fingerprint()?);
    if page.is_dir() && fs::read_to_string(&stamp).is_ok_and(|last| last == made_of) {
        return Ok(page);
    }
    println!("Building the page …");
    let fresh = folder.join("fresh");
    remove_folder(&fresh)?;
    fs::create_dir_all(&folder).with_context(|| format!("no folder {}", folder.display()))?;
    trunk_build(source, &fresh)?;
    for vendored in VENDORED {
        copy_vendored(vendored, &fresh)?;
    }
    font::add(&fresh)?;
    references_exist(&fresh)?;
    let sizes = compress(&fresh)?;
    println!(
        "Compressed: the page's program {} KB, the classroom {} KB, the labs {} KB, the model engine {} KB.",
        sizes.program_bytes / 1000,
        sizes.classroom_bytes / 1000,
        sizes.labs_bytes / 1000,
        sizes.engine_bytes / 1000
    );
    remove_folder(&page)?;
    fs::rename(&fresh, &page).with_context(|| format!("cannot create {}", page.display()))?;
    fs::write(&stamp, made_of).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(page)
}

/// The tests of the logic of the page, the classroom and the labs, in node.
pub fn test(source: WasmSource) -> Result<()> {
    let mut command = process::cargo();
    wasm::ensure(source)?.prepare(&mut command);
    process::run(
        command
            .args([
                "test",
                "--locked",
                "--package",
                "frontend",
                "--package",
                "labs",
                "--package",
                "classroom",
                "--target",
                wasm::TARGET,
            ])
            .env(wasm::RUNNER_VARIABLE, wasm_bindgen::ensure()?.join("wasm-bindgen-test-runner")),
    )
    .context("the page's tests failed")
}

fn trunk_build(source: WasmSource, into: &Path) -> Result<()> {
    let compiler = wasm::ensure(source)?;
    let folders = [trunk::ensure()?, wasm_bindgen::ensure()?, binaryen::ensure()?];
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(folders.iter().cloned().chain(std::env::split_paths(&inherited)))
        .context("a folder on PATH has a name that PATH cannot hold")?;
    let mut command = Command::new(folders[0].join("trunk"));
    compiler.prepare(&mut command);
    command
        .current_dir(workspace::root())
        .args([
            "build",
            "--release",
            "--locked",
            "--offline",
            "--skip-version-check",
            "--log",
            "warn",
            "--dist",
        ])
        .arg(into)
        .env("PATH", path)
        // Trunk reads NO_COLOR as a boolean and refuses the usual `1`.
        .env_remove("NO_COLOR");
    // Trunk runs cargo offline; what the lock file names must be here by then.
    process::run(process::cargo().args(["fetch", "--quiet", "--locked", "--target", wasm::TARGET]))?;
    process::run(&mut command).context("the page cannot be built; the compiler's words stand above")
}

fn vendored(package: &str) -> Result<&'static Vendored> {
    let found = VENDORED.iter().find(|vendored| vendored.package == package);
    found.with_context(|| format!("{package} is not in VENDORED"))
}

fn copy_vendored(vendored: &Vendored, page: &Path) -> Result<()> {
    let from = vendored.folder()?;
    let to = page.join(&vendored.address()[1..]);
    for name in vendored.files {
        let (from, to) = (from.join(name), to.join(name));
        if from.is_dir() {
            for entry in fs::read_dir(&from)? {
                let entry = entry?;
                copy(&entry.path(), &to.join(entry.file_name()))?;
            }
        } else {
            copy(&from, &to)?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).with_context(|| format!("no folder {}", folder.display()))?;
    }
    fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

/// A version that grew here but not in the page's sources would be a missing font or chart.
fn references_exist(page: &Path) -> Result<()> {
    let mut sources = vec![workspace::root().join("frontend/index.html")];
    sources.extend(files_below(&workspace::root().join("frontend/src"))?);
    sources.extend(files_below(&workspace::root().join("frontend/styles"))?);
    for source in sources {
        let text =
            fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
        for (at, _) in text.match_indices("\"/vendor/") {
            let reference = text[at + 2..].split('"').next().unwrap_or_default();
            if !page.join(reference).is_file() {
                bail!("{} loads /{reference}, which is no file of VENDORED in xtask", source.display());
            }
        }
    }
    Ok(())
}

struct Sizes {
    /// What a first visit loads.
    program_bytes: u64,
    /// What a page of the class loads.
    classroom_bytes: u64,
    /// What a page loads that shows a lab.
    labs_bytes: u64,
    /// What a page loads that runs a model.
    engine_bytes: u64,
}

fn compress(page: &Path) -> Result<Sizes> {
    let mut sizes = Sizes { program_bytes: 0, classroom_bytes: 0, labs_bytes: 0, engine_bytes: 0 };
    for path in files_below(page)? {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if !COMPRESSED.contains(&extension) {
            continue;
        }
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let parameters = BrotliEncoderParams {
            quality: BROTLI_QUALITY,
            lgwin: BROTLI_WINDOW_BITS,
            size_hint: bytes.len(),
            ..BrotliEncoderParams::default()
        };
        let mut smaller = Vec::new();
        brotli::BrotliCompress(&mut bytes.as_slice(), &mut smaller, &parameters)
            .with_context(|| format!("cannot compress {}", path.display()))?;
        if ["wasm", "js"].contains(&extension) && path.parent() == Some(page) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let counted = match &*name {
                name if name.starts_with("engine") => &mut sizes.engine_bytes,
                name if name.starts_with("labs") => &mut sizes.labs_bytes,
                name if name.starts_with("classroom") => &mut sizes.classroom_bytes,
                _ => &mut sizes.program_bytes,
            };
            *counted += smaller.len() as u64;
        }
        let beside = path.with_extension(format!("{extension}.br"));
        fs::write(&beside, smaller).with_context(|| format!("cannot write {}", beside.display()))?;
    }
    Ok(sizes)
}

/// Changes when a byte of what the page is made of changes.
fn fingerprint() -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    for name in MADE_OF {
        for path in files_below(&workspace::root().join(name))? {
            path.hash(&mut hasher);
            fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?.hash(&mut hasher);
        }
    }
    Ok(hasher.finish())
}

/// All files of a folder and its folders in order of name, or the file itself.
fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    let entries = fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?;
    for entry in entries {
        found.extend(files_below(&entry?.path())?);
    }
    found.sort();
    Ok(found)
}

fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

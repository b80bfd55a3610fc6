//! Where things lie: the repository, the build's target folder, the tools folder.

use std::env;
use std::path::{Path, PathBuf};

/// The repository's root. Known at compile time, because xtask is always run by cargo from there.
pub fn root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest)
}

/// Cargo's target folder: `CARGO_TARGET_DIR`, or `target/` in the repository.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) if !folder.is_empty() => env::current_dir().unwrap_or_default().join(folder),
        _ => root().join("target"),
    }
}

/// A binary of the workspace, where `cargo build` leaves it.
pub fn binary(name: &str) -> PathBuf {
    target().join("debug").join(name)
}

/// Tools that are built or unpacked once per version, outside the repository: `MITBADAK_TOOLS`, or
/// `mitbadak/tools` in the user's cache folder.
pub fn tools() -> PathBuf {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("MITBADAK_TOOLS").unwrap_or_else(|| {
        let cache = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
        cache.unwrap_or_else(env::temp_dir).join("mitbadak").join("tools")
    })
}

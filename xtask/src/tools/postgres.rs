//! Finds or installs a PostgreSQL server.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::apt;
use crate::process;

/// The folder that holds `initdb` and `postgres`, installed first where that is possible.
pub fn ensure() -> Result<PathBuf> {
    if let Some(folder) = find() {
        return Ok(folder);
    }
    println!("PostgreSQL's server is missing.");
    if apt::may_install() {
        apt::install(&["postgresql"])?;
    }
    match find() {
        Some(folder) => Ok(folder),
        None => bail!(
            "PostgreSQL's server (initdb, postgres) is missing. Install it: `sudo apt-get install postgresql`, \
             `sudo dnf install postgresql-server` or `brew install postgresql`; then run this again"
        ),
    }
}

/// Debian keeps the server's programs off PATH, one folder per major version; the newest wins.
fn find() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let version = entry.file_name().to_string_lossy().parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    folders.sort();
    let on_path = process::find("initdb").and_then(|file| Some(file.parent()?.to_owned()));
    let known = folders.into_iter().rev().map(|(_, folder)| folder).chain(on_path);
    known.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

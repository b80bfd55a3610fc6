//! The files that git has or would take.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{process, workspace};

/// One file of the repository.
#[derive(Debug)]
pub struct File {
    /// From the repository's root, with `/`.
    pub path: String,
    pub size_bytes: u64,
    /// Absent for what is not UTF-8.
    pub text: Option<String>,
}

impl File {
    #[cfg(test)]
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), size_bytes: text.len() as u64, text: Some(text.to_owned()) }
    }

    pub fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    pub fn has_extension(&self, extensions: &[&str]) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, extension)| extensions.contains(&extension))
    }

    /// The crate's folder: the path's first part.
    pub fn room(&self) -> &str {
        self.path.split('/').next().unwrap_or_default()
    }

    /// Code that ships, as opposed to tests, benchmarks and examples.
    pub fn is_product_code(&self) -> bool {
        let parts: Vec<&str> = self.path.split('/').collect();
        self.has_extension(&["rs"]) && parts.get(1) == Some(&"src") && parts.last() != Some(&"tests.rs")
    }
}

pub fn of_repository() -> Result<Vec<File>> {
    let listed = process::output(Command::new("git").current_dir(workspace::root()).args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--deduplicate",
    ]))?;
    let mut files = Vec::new();
    for path in listed.split('\0').filter(|path| !path.is_empty()) {
        let place = workspace::root().join(path);
        // Deleted but not yet committed.
        let Ok(metadata) = fs::symlink_metadata(&place) else { continue };
        if !metadata.is_file() {
            continue;
        }
        let bytes = fs::read(&place).with_context(|| format!("cannot read {path}"))?;
        let size_bytes = metadata.len();
        files.push(File { path: path.to_owned(), size_bytes, text: String::from_utf8(bytes).ok() });
    }
    Ok(files)
}

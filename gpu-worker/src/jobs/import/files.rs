//! The files of an input: the file itself, or everything below a folder in sorted order.

use std::fs;
use std::path::{Path, PathBuf};

use shared::reports::import::ImportRule;

use super::report::Tally;
use crate::jobs::JobError;

const FILES_LIMIT: usize = 200_000;
const DEPTH_LIMIT: usize = 64;

/// A file to read. Its label is shown to people and goes into document ids; it is never opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    pub path: PathBuf,
    pub label: String,
    pub size_bytes: u64,
}

/// Hidden files and folders are passed over. Links inside a folder are not followed, so that a
/// folder from elsewhere cannot reach out of itself.
pub fn list(input: &Path, tally: &mut Tally) -> Result<Vec<InputFile>, JobError> {
    let metadata = fs::metadata(input).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            JobError::user(format!("{} does not exist: check the path", input.display()))
        }
        _ => JobError::transient(format!("{}: {error}", input.display())),
    })?;
    if metadata.is_file() {
        let name = input.file_name().map_or_else(String::new, |name| label(&name.to_string_lossy()));
        return Ok(vec![InputFile { path: input.to_owned(), label: name, size_bytes: metadata.len() }]);
    }
    if !metadata.is_dir() {
        return Err(JobError::user(format!("{} is neither a file nor a folder", input.display())));
    }
    let mut files = Vec::new();
    walk(input, "", 0, &mut files, tally)?;
    Ok(files)
}

fn walk(
    folder: &Path,
    prefix: &str,
    depth: usize,
    files: &mut Vec<InputFile>,
    tally: &mut Tally,
) -> Result<(), JobError> {
    if depth > DEPTH_LIMIT {
        return Err(JobError::user(format!(
            "{prefix} is nested deeper than {DEPTH_LIMIT} folders: flatten it"
        )));
    }
    let io = |error: std::io::Error| JobError::transient(format!("{}: {error}", folder.display()));
    let mut entries = fs::read_dir(folder).map_err(io)?.collect::<Result<Vec<_>, _>>().map_err(io)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        let label = label(&format!("{prefix}{name}"));
        let kind = entry.file_type().map_err(io)?;
        if kind.is_dir() {
            walk(&entry.path(), &format!("{label}/"), depth + 1, files, tally)?;
        } else if kind.is_file() {
            let size_bytes = entry.metadata().map_err(io)?.len();
            files.push(InputFile { path: entry.path(), label, size_bytes });
            if files.len() > FILES_LIMIT {
                return Err(JobError::user(format!(
                    "more than {FILES_LIMIT} files in one source: join them to fewer, or split the source"
                )));
            }
        } else {
            let what = if kind.is_symlink() { "a link" } else { "a device or pipe" };
            tally.count(ImportRule::NotAFile, &label, None, || what.to_owned());
        }
    }
    Ok(())
}

/// A file name as it may be printed.
fn label(name: &str) -> String {
    name.chars().map(|character| if character.is_control() { '_' } else { character }).take(300).collect()
}

//! The files of `--corpus`, found, checked and named before anything is started.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use shared::artifacts::FileName;

const FORMATS: &[&str] = &["txt", "jsonl", "tsv", "csv", "md"];
const COMPRESSIONS: &[&str] = &["gz", "zst"];

/// One argument of `--corpus`.
#[derive(Debug)]
pub struct Source {
    /// What people call it: the name of the file or folder.
    pub label: String,
    pub licence_note: String,
    pub files: Vec<SourceFile>,
}

#[derive(Debug)]
pub struct SourceFile {
    pub path: PathBuf,
    /// Its name inside the artifact.
    pub name: FileName,
    pub size_bytes: u64,
}

impl Source {
    /// Bytes of text, roughly: compressed Korean text unpacks to about three times its size.
    pub fn text_bytes(&self) -> u64 {
        let is_compressed = |file: &SourceFile| {
            file.path
                .extension()
                .is_some_and(|extension| COMPRESSIONS.iter().any(|known| extension == *known))
        };
        self.files
            .iter()
            .map(|file| if is_compressed(file) { 3 * file.size_bytes } else { file.size_bytes })
            .sum()
    }
}

/// Reads the argument's file, or every text file below its folder in the order of their names.
pub fn find(path: &Path) -> Result<Source> {
    let metadata = fs::metadata(path).with_context(|| {
        format!("--corpus {}: there is no such file or folder that can be read", path.display())
    })?;
    let paths = if metadata.is_dir() {
        let mut found = Vec::new();
        walk(path, &mut found)?;
        if found.is_empty() {
            bail!(
                "--corpus {}: no {} file below it (plain, .gz or .zst)",
                path.display(),
                FORMATS.join(", ")
            );
        }
        found
    } else {
        // A file that was named is taken whatever its name; import says so if it cannot read it.
        vec![path.to_owned()]
    };
    let mut taken = BTreeSet::new();
    let mut files = Vec::new();
    for file in paths {
        let opened = File::open(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        let size_bytes = opened.metadata()?.len();
        let inside = if metadata.is_dir() { file.strip_prefix(path).unwrap_or(&file) } else { base(&file) };
        files.push(SourceFile { name: file_name(inside, &mut taken)?, path: file, size_bytes });
    }
    if files.iter().all(|file| file.size_bytes == 0) {
        bail!("--corpus {}: nothing but empty files; check that they were copied completely", path.display());
    }
    let whole = fs::canonicalize(path)?;
    let label = base(&whole).to_string_lossy().chars().take(100).collect();
    let licence_note = "Given by --corpus; its terms are known to whoever brought it.".to_owned();
    Ok(Source { label, licence_note, files })
}

fn base(path: &Path) -> &Path {
    path.file_name().map_or(path, Path::new)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let listed = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut entries: Vec<PathBuf> = listed.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    entries.sort();
    for path in entries {
        let hidden = base(&path).to_string_lossy().starts_with('.');
        // Links are followed to files only: a link to a folder may lead in a circle.
        if hidden {
            continue;
        } else if fs::symlink_metadata(&path)?.is_dir() {
            walk(&path, found)?;
        } else if path.is_file() && has_text_extension(&path) {
            found.push(path);
        }
    }
    Ok(())
}

fn has_text_extension(path: &Path) -> bool {
    let name = base(path).to_string_lossy().to_lowercase();
    let plain = COMPRESSIONS.iter().find_map(|end| name.strip_suffix(&format!(".{end}"))).unwrap_or(&name);
    FORMATS.iter().any(|format| plain.ends_with(&format!(".{format}")))
}

/// A path below a source as an artifact's file name: at most four parts of plain characters, no two
/// alike. What stands for a name in another script is its position.
fn file_name(path: &Path, taken: &mut BTreeSet<String>) -> Result<FileName> {
    let mut parts: Vec<String> = path.iter().map(|part| plain(&part.to_string_lossy())).collect();
    if parts.len() > 4 {
        let rest = parts.split_off(3).join("-");
        parts.push(rest);
    }
    let mut name = parts.join("/");
    if name.len() > 180 {
        // The end says what the file is.
        let cut = plain(&name[name.len() - 150..]);
        name = cut.replace('/', "-");
    }
    let mut candidate = name.clone();
    let mut number = 1;
    while !taken.insert(candidate.clone()) {
        number += 1;
        let (folder, last) = name
            .rsplit_once('/')
            .map_or((String::new(), name.as_str()), |(folder, last)| (format!("{folder}/"), last));
        candidate = format!("{folder}{number}-{last}");
    }
    FileName::try_from(candidate).map_err(anyhow::Error::msg)
}

fn plain(part: &str) -> String {
    let plain: String =
        part.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    let plain = plain.trim_start_matches('.');
    if plain.is_empty() { "_".to_owned() } else { plain.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_plain_and_never_alike() {
        let mut taken = BTreeSet::new();
        let mut name = |path: &str| file_name(Path::new(path), &mut taken).unwrap().as_str().to_owned();
        assert_eq!(name("reviews.jsonl.zst"), "reviews.jsonl.zst");
        assert_eq!(name("법/민법.txt"), "_/__.txt");
        assert_eq!(name("법/형법.txt"), "_/2-__.txt");
        assert_eq!(name("a/b/c/d/e.txt"), "a/b/c/d-e.txt");
        assert_eq!(name("..txt"), "txt");
        assert!(name(&format!("{}.txt", "x".repeat(300))).len() <= 200);
    }

    #[test]
    fn text_files_are_known_by_their_extension_below_a_compression() {
        for (name, is_text) in [
            ("a.txt", true),
            ("a.JSONL.zst", true),
            ("a.csv.gz", true),
            ("README.md", true),
            ("a.parquet", false),
            ("a.zst", false),
            ("txt", false),
        ] {
            assert_eq!(has_text_extension(Path::new(name)), is_text, "{name}");
        }
    }
}

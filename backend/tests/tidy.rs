//! Invariants of the source text.

use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Files below `src/` that contain one of the words.
fn holding(words: &[&str]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    assert!(found.len() > 30, "the sources were not found");
    let holds = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        words.iter().any(|word| text.contains(word))
    };
    let mut names: Vec<String> = found
        .iter()
        .filter(|path| holds(path))
        .map(|path| path.strip_prefix(&root).unwrap().display().to_string())
        .collect();
    names.sort();
    names
}

#[test]
fn only_one_function_opens_transactions() {
    assert_eq!(holding(&[".begin(", ".begin_with", ".transaction("]), ["db/mod.rs"]);
}

#[test]
fn only_transitions_write_the_state_of_a_job() {
    assert_eq!(holding(&["SET state"]), ["queue/transition.rs"]);
}

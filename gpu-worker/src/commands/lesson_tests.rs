//! What the lessons tell people to type: every command of this program exists, with every option, and every spec that
//! it names lies in the repository.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;

use super::Arguments;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The lines of all `sh` blocks of a lesson.
fn typed(markdown: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut inside = false;
    for line in markdown.lines() {
        match line.trim() {
            "```sh" => inside = true,
            "```" => inside = false,
            line if inside => lines.push(line.to_owned()),
            _ => {}
        }
    }
    lines
}

/// A line as a shell takes it apart: quotes hold together, `#` begins a remark, a redirection ends the words.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, '#' | '>' | '|') => break,
            (None, ' ') => words.push(String::new()),
            _ => {
                if let Some(word) = words.last_mut() {
                    word.push(character);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn every_command_of_the_lessons_exists() {
    let mut tried = 0;
    let mut wrong = Vec::new();
    for entry in fs::read_dir(repository().join("course")).unwrap() {
        let lesson = entry.unwrap().path().join("lesson.md");
        let Ok(markdown) = fs::read_to_string(&lesson) else { continue };
        for line in typed(&markdown) {
            let words = words(&line);
            let name = words.first().map_or("", String::as_str);
            if !["worker", "mitbadak-worker"].contains(&name) {
                continue;
            }
            tried += 1;
            if let Err(error) = Arguments::try_parse_from(&words) {
                wrong.push(format!("{}: {line}\n{error}", lesson.display()));
            }
            let specs = words.iter().filter(|word| word.starts_with("docs/"));
            let missing = specs.filter(|spec| !repository().join(spec).is_file());
            wrong.extend(missing.map(|spec| format!("{}: no {spec}: {line}", lesson.display())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried >= 20, "only {tried} commands were found");
}

//! What a stranger who clones the repository would stumble over.

use super::Finding;
use super::files::File;

/// A path that exists on one machine only has no place in the repository. The prefixes are put
/// together here, so that this file does not find itself.
pub fn machine_paths(files: &[File]) -> Vec<Finding> {
    const PREFIXES: &[&str] =
        &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path != "Cargo.lock") {
        for (number, line) in file.text().lines().enumerate() {
            if let Some(prefix) = PREFIXES.iter().find(|prefix| holds_path(line, prefix)) {
                let place = format!("{}:{}", file.path, number + 1);
                let message = format!("`{prefix}…` exists on one machine only: use a relative path");
                findings.push(Finding::new(place, message));
            }
        }
    }
    findings
}

/// Not the middle of a longer path: an address, a route, a folder of the repository.
fn holds_path(line: &str, prefix: &str) -> bool {
    line.match_indices(prefix).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|character| character.is_alphanumeric() || "._-~}/".contains(character))
    })
}

/// MIT OR Apache-2.0, both in full.
pub fn licences(files: &[File]) -> Vec<Finding> {
    ["LICENSE-MIT", "LICENSE-APACHE"]
        .into_iter()
        .filter(|name| !files.iter().any(|file| file.path == *name && file.size_bytes > 500))
        .map(|name| Finding::new(name, "the licence's text is missing"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_somebodys_machine_is_refused_and_a_relative_one_is_not() {
        let line = concat!("data = \"/ho", "me/kim/data\"");
        assert_eq!(machine_paths(&[File::new("README.md", line)]).len(), 1);
        let relative = concat!("see ../wo", "rk/data and https://example.org/wo", "rk/1");
        assert_eq!(machine_paths(&[File::new("README.md", relative)]), []);
    }

    #[test]
    fn both_licences_must_be_there_in_full() {
        let text = "x".repeat(600);
        let both = [File::new("LICENSE-MIT", &text), File::new("LICENSE-APACHE", &text)];
        assert_eq!(licences(&both), []);
        assert_eq!(licences(&both[..1]).len(), 1);
        assert_eq!(licences(&[File::new("LICENSE-MIT", ""), File::new("LICENSE-APACHE", &text)]).len(), 1);
    }
}

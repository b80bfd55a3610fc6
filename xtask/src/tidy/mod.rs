//! `cargo xtask tidy`: the rules of the house that no compiler checks, one function each.
//!
//! Every rule takes the repository's files and returns what it found; its test shows it a repository
//! that breaks it. The whole list also runs as an ordinary test of this crate.

mod code;
mod crates;
mod files;
mod hygiene;
mod size;
mod words;

use anyhow::{Result, bail};

use files::File;

/// A place that breaks a rule, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// `path` or `path:line`.
    place: String,
    message: String,
}

impl Finding {
    fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

type Rule = fn(&[File]) -> Vec<Finding>;

const RULES: &[(&str, Rule)] = &[
    ("files of at most 600 lines", size::long_files),
    ("no file over 5 MB", size::large_files),
    ("crates lean on each other one way", crates::dependency_arrows),
    ("README and ARCHITECTURE name every room", crates::rooms_are_on_the_maps),
    ("every crate takes the workspace's lints", crates::workspace_lints),
    ("each room keeps to its means", words::rooms),
    ("unsafe code only in kernels", words::unsafe_code),
    ("no unfinished work", words::unfinished_work),
    ("no path of a machine", hygiene::machine_paths),
    ("licence files are present", hygiene::licences),
];

pub fn run() -> Result<()> {
    let files = files::of_repository()?;
    let findings = findings(&files);
    for (rule, finding) in &findings {
        eprintln!("{}: {} [{rule}]", finding.place, finding.message);
    }
    match findings.len() {
        0 => {
            println!("tidy: {} files, {} rules", files.len(), RULES.len());
            Ok(())
        }
        count => bail!("tidy: {count} places break a rule of the house"),
    }
}

fn findings(files: &[File]) -> Vec<(&'static str, Finding)> {
    let of = |(name, rule): &(&'static str, Rule)| {
        let name = *name;
        rule(files).into_iter().map(move |finding| (name, finding))
    };
    RULES.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_repository_keeps_the_rules_of_the_house() {
        super::run().unwrap();
    }
}

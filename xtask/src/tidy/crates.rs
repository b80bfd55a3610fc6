//! Which crate may lean on which, read from the manifests.

use super::Finding;
use super::files::File;

/// ARCHITECTURE.md's arrows. `None`: may use any room.
const MAY_USE: &[(&str, Option<&[&str]>)] = &[
    ("shared", Some(&[])),
    ("corpus", Some(&["shared"])),
    ("migrations", Some(&[])),
    ("model", Some(&["shared"])),
    ("engine", Some(&["shared", "model"])),
    ("frontend", Some(&["shared"])),
    ("classroom", Some(&["shared", "frontend"])),
    ("labs", Some(&["shared", "model", "corpus", "frontend"])),
    ("backend", Some(&["shared", "migrations"])),
    ("gpu-worker", Some(&["shared", "model", "corpus"])),
    ("fuzz", Some(&["model"])),
    ("xtask", Some(&["shared"])),
    ("e2e", None),
];

/// Frontend, backend and worker never depend on each other, and nothing below depends on them.
pub fn dependency_arrows(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in manifests(files) {
        let Some((_, allowed)) = MAY_USE.iter().find(|(room, _)| *room == file.room()) else {
            let message = "a new room: add it to MAY_USE in xtask/src/tidy/crates.rs and to ARCHITECTURE.md";
            findings.push(Finding::new(&file.path, message));
            continue;
        };
        let Some(allowed) = allowed else { continue };
        for used in dependencies(file.text()) {
            let is_room = MAY_USE.iter().any(|(room, _)| *room == used);
            if is_room && used != file.room() && !allowed.contains(&used.as_str()) {
                let message = format!("{} must not depend on {used} (ARCHITECTURE.md, rooms)", file.room());
                findings.push(Finding::new(&file.path, message));
            }
        }
    }
    findings
}

/// Whoever opens the house by README or ARCHITECTURE.md finds every room in them.
pub fn rooms_are_on_the_maps(files: &[File]) -> Vec<Finding> {
    let maps = ["README.md", "ARCHITECTURE.md"];
    let maps = files.iter().filter(|file| maps.contains(&file.path.as_str()));
    let missing = |map: &File| {
        let missing = manifests(files).filter(|file| !map.text().contains(&format!("{}/", file.room())));
        let message = |file: &File| format!("say what {}/ is for", file.room());
        missing.map(|file| Finding::new(&map.path, message(file))).collect::<Vec<_>>()
    };
    maps.flat_map(missing).collect()
}

/// Lints are written once.
pub fn workspace_lints(files: &[File]) -> Vec<Finding> {
    let takes_them = |file: &&File| {
        let manifest = file.text().replace(' ', "");
        manifest.contains("[lints]\nworkspace=true") || manifest.contains("lints.workspace=true")
    };
    manifests(files)
        .filter(|file| !takes_them(file))
        .map(|file| Finding::new(&file.path, "add `[lints]` with `workspace = true`"))
        .collect()
}

/// The members' manifests: one folder deep.
fn manifests(files: &[File]) -> impl Iterator<Item = &File> {
    files.iter().filter(|file| file.path.ends_with("/Cargo.toml") && file.path.matches('/').count() == 1)
}

/// The keys of every `[…dependencies]` table, and of `[…dependencies.NAME]`.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_end_matches(']');
            inside = header.ends_with("dependencies");
            if let Some((table, name)) = header.rsplit_once('.')
                && table.ends_with("dependencies")
            {
                names.push(name.to_owned());
            }
        } else if inside
            && !line.starts_with('#')
            && let Some((key, _)) = line.split_once('=')
        {
            names.push(key.split('.').next().unwrap_or_default().trim().to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_leans_on_the_backend_is_refused_however_it_is_written() {
        for dependency in [
            "[dependencies]\nserde = \"1\"\nbackend = { workspace = true }",
            "[dev-dependencies]\nbackend.workspace = true",
            "[target.'cfg(unix)'.dependencies]\nbackend = { path = \"../backend\" }",
            "[dependencies.backend]\nworkspace = true",
        ] {
            let findings = dependency_arrows(&[File::new("gpu-worker/Cargo.toml", dependency)]);
            assert_eq!(findings.len(), 1, "{dependency}");
        }
        let allowed = "[package]\nname = \"gpu-worker\"\n[dependencies]\nmodel = { workspace = true }";
        assert_eq!(dependency_arrows(&[File::new("gpu-worker/Cargo.toml", allowed)]), []);
    }

    #[test]
    fn an_unknown_room_is_asked_for_its_place() {
        assert_eq!(dependency_arrows(&[File::new("helpers/Cargo.toml", "[package]")]).len(), 1);
    }

    #[test]
    fn a_room_that_a_map_leaves_out_is_found() {
        let files = [
            File::new("engine/Cargo.toml", "[package]"),
            File::new("README.md", "engine/ runs a model"),
            File::new("ARCHITECTURE.md", "the engine of the house"),
        ];
        let findings = rooms_are_on_the_maps(&files);
        assert_eq!(findings, [Finding::new("ARCHITECTURE.md", "say what engine/ is for")]);
    }

    #[test]
    fn a_crate_with_lints_of_its_own_is_refused() {
        let own =
            File::new("model/Cargo.toml", "[package]\nname = \"model\"\n[lints.rust]\nunused = \"allow\"\n");
        assert_eq!(workspace_lints(&[own]).len(), 1);
        for shared in ["[lints]\nworkspace = true\n", "lints.workspace = true\n"] {
            assert_eq!(workspace_lints(&[File::new("model/Cargo.toml", shared)]), []);
        }
    }
}

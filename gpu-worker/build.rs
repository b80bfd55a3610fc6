//! Bakes the code version into the binary: `MITBADAK_CODE_VERSION` when it is set, else what git
//! says, else the crate's version (outside a repository, as in a source archive).

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-env-changed=MITBADAK_CODE_VERSION");
    println!("cargo::rerun-if-changed=build.rs");
    let given = std::env::var("MITBADAK_CODE_VERSION").ok().filter(|version| !version.is_empty());
    let version = given.or_else(described_by_git).unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned());
    println!("cargo::rustc-env=MITBADAK_CODE_VERSION={version}");
}

fn described_by_git() -> Option<String> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    // A new commit moves the branch's file; packed references and HEAD cover the other cases.
    for name in ["HEAD", "packed-refs", &git(&["symbolic-ref", "-q", "HEAD"]).unwrap_or_default()] {
        if let Some(path) = git(&["rev-parse", "--git-path", name]).filter(|_| !name.is_empty())
            && std::path::Path::new(&path).exists()
        {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    git(&["describe", "--always", "--tags", "--match", "v[0-9]*"]).filter(|version| !version.is_empty())
}

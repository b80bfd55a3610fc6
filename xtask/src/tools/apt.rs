//! Debian's packages, through apt's ordinary commands.

use std::path::Path;
use std::process::Command;
use std::sync::Once;

use anyhow::{Context, Result, bail};

use crate::process;

static LISTS_UPDATED: Once = Once::new();

pub fn is_here() -> bool {
    process::find("apt-get").is_some()
}

/// Whether packages may be installed for the whole machine.
pub fn may_install() -> bool {
    is_here() && rustix::process::geteuid().is_root()
}

/// Refreshes the package lists once per run: a new machine has none, an old one knows too little.
pub fn update() {
    LISTS_UPDATED.call_once(|| {
        if !may_install() {
            return;
        }
        println!("apt-get update …");
        if let Err(error) = process::run(Command::new("apt-get").args(["update", "-qq"])) {
            eprintln!("{error:#}; going on with the package lists that are here");
        }
    });
}

pub fn install(packages: &[&str]) -> Result<()> {
    update();
    println!("apt-get install {} …", packages.join(" "));
    process::run(
        Command::new("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(packages),
    )
    .with_context(|| format!("install {} by hand and try again", packages.join(" ")))
}

/// The version that apt would install now.
pub fn candidate(package: &str) -> Option<String> {
    let policy = process::answer(Command::new("apt-cache").args(["policy", package]))?;
    let version = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate:"))?.trim();
    (version != "(none)").then(|| version.to_owned())
}

/// The first package that `package` depends on whose name starts with `prefix`.
pub fn dependency(package: &str, prefix: &str) -> Result<String> {
    let listed = process::output(Command::new("apt-cache").args(["depends", package]))?;
    let names = listed.lines().filter_map(|line| line.trim().strip_prefix("Depends:"));
    match names.map(str::trim).find(|name| name.starts_with(prefix)) {
        Some(name) => Ok(name.to_owned()),
        None => bail!("Debian's {package} does not depend on a {prefix}… package as it used to"),
    }
}

/// Downloads packages and unpacks them below `folder`, beside whatever is installed.
pub fn unpack(packages: &[String], folder: &Path) -> Result<()> {
    let downloads = folder.join("packages");
    std::fs::create_dir_all(&downloads)
        .with_context(|| format!("no folder {}: is the disk full?", downloads.display()))?;
    process::run(Command::new("apt-get").current_dir(&downloads).args(["download", "-qq"]).args(packages))?;
    for entry in std::fs::read_dir(&downloads)? {
        process::run(Command::new("dpkg-deb").arg("-x").arg(entry?.path()).arg(folder))?;
    }
    std::fs::remove_dir_all(&downloads).context("the downloaded packages cannot be removed")
}

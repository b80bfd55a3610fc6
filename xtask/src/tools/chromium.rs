//! Finds or installs a real browser and its driver, for the tests of the page, and axe-core, which looks
//! for what keeps people out.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::apt;
use super::install::npm_package;
use crate::process;

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const DRIVER: &str = "chromedriver";
/// MPL 2.0; runs in the browser of a test and is part of nothing that we hand out.
const AXE_VERSION: &str = "4.14.1";

#[derive(Debug)]
pub struct Chromium {
    pub browser: PathBuf,
    pub driver: PathBuf,
    axe: PathBuf,
}

impl Chromium {
    /// Tells the end-to-end tests what there is, and where the page is that they open.
    pub fn announce(&self, command: &mut Command, page: &Path) {
        command
            .env("MITBADAK_TEST_CHROMIUM", &self.browser)
            .env("MITBADAK_TEST_CHROMEDRIVER", &self.driver)
            .env("MITBADAK_TEST_AXE", &self.axe)
            .env("MITBADAK_TEST_PAGE", page);
    }
}

/// Chromium and chromedriver of one version, installed first where that is possible.
pub fn ensure() -> Result<Chromium> {
    if find().is_none() {
        println!("Chromium or its driver is missing.");
        if apt::may_install() {
            apt::install(&["chromium", "chromium-driver"])?;
        }
    }
    let Some((browser, driver)) = find() else {
        bail!(
            "Chromium or chromedriver is missing. Install both in one version: `sudo apt-get install chromium \
             chromium-driver` or `sudo dnf install chromium chromedriver`; then run this again"
        )
    };
    let axe = npm_package("axe-core", AXE_VERSION)?.join("axe.min.js");
    Ok(Chromium { browser, driver, axe })
}

fn find() -> Option<(PathBuf, PathBuf)> {
    Some((BROWSERS.into_iter().find_map(process::find)?, process::find(DRIVER)?))
}

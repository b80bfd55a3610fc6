//! Finds or installs a Vulkan driver in software, so that the kernels for the GPU run on any machine.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::apt;

/// Where Vulkan's loader looks up its drivers: set to [`ensure`]'s file, tests run on that driver only.
pub const DRIVER_VARIABLE: &str = "VK_ICD_FILENAMES";
/// Set to 1, tests for the GPU fail where they would be skipped.
pub const REQUIRED_VARIABLE: &str = "MITBADAK_TEST_WEBGPU";

/// The description of Mesa's lavapipe, installed first where that is possible.
pub fn ensure() -> Result<PathBuf> {
    if let Some(driver) = find() {
        return Ok(driver);
    }
    println!("Vulkan's software driver is missing.");
    if apt::may_install() {
        apt::install(&["mesa-vulkan-drivers", "libvulkan1"])?;
    }
    match find() {
        Some(driver) => Ok(driver),
        None => bail!(
            "Vulkan's software driver (Mesa's lavapipe) or Vulkan's loader is missing. Install them: \
             `sudo apt-get install mesa-vulkan-drivers libvulkan1` or `sudo dnf install mesa-vulkan-drivers \
             vulkan-loader`; then run this again"
        ),
    }
}

/// `lvp_icd.x86_64.json` on Debian, `lvp_icd.json` elsewhere; of no use without the loader.
fn find() -> Option<PathBuf> {
    let files = |folder: &str| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect::<Vec<_>>()
    };
    let named = |file: &PathBuf, start: &str| {
        file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(start))
    };
    let libraries = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
    libraries.into_iter().flat_map(files).find(|file| named(file, "libvulkan.so.1"))?;
    let descriptions = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];
    descriptions.into_iter().flat_map(files).find(|file| named(file, "lvp_icd"))
}

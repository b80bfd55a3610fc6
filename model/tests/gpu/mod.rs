//! The GPU of the stories in `webgpu*.rs`.
#![allow(clippy::unwrap_used, clippy::explicit_write)]

use std::io::Write;
use std::sync::OnceLock;

use model::webgpu::{Tensor, WebGpuOps};

/// Set to 1 where a GPU, or a software driver for one, must be there.
const REQUIRED: &str = "MITBADAK_TEST_WEBGPU";

/// The GPU of this process; nothing where there is none and none is required.
pub fn gpu() -> Option<&'static WebGpuOps> {
    static GPU: OnceLock<Option<WebGpuOps>> = OnceLock::new();
    GPU.get_or_init(another_gpu).as_ref()
}

pub fn another_gpu() -> Option<WebGpuOps> {
    match pollster::block_on(WebGpuOps::open()) {
        Ok(ops) => Some(ops),
        Err(error) if std::env::var(REQUIRED).is_ok_and(|value| value == "1") => panic!(
            "{error}\nInstall a Vulkan driver: `apt-get install mesa-vulkan-drivers libvulkan1` brings one in \
             software, chosen by VK_ICD_FILENAMES=/usr/share/vulkan/icd.d/lvp_icd.x86_64.json"
        ),
        Err(error) => {
            // Past the test harness, which shows what passing tests print to nobody.
            writeln!(std::io::stderr(), "skipped, set {REQUIRED}=1 to make this a failure: {error}").unwrap();
            None
        }
    }
}

pub fn read(ops: &WebGpuOps, tensor: &Tensor) -> Vec<f32> {
    pollster::block_on(ops.read(tensor)).unwrap()
}

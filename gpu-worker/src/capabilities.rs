//! What this machine has: cores, memory, GPUs, driver. Nothing found is an answer, never an error.

use std::fs;
use std::process::{Command, Stdio};

use shared::api::workers::{Capabilities, Gpu};

use crate::commands::CODE_VERSION;

/// Reads the machine's state now.
pub fn read() -> Capabilities {
    let status = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let (memory_bytes, free_memory_bytes) = memory(&status, control_group());
    let (gpus, driver_version) = nvidia(&query_nvidia_smi().unwrap_or_default());
    Capabilities {
        code_version: CODE_VERSION.to_owned(),
        // Respects affinity and the control group's CPU quota.
        cores: std::thread::available_parallelism().map_or(1, |cores| cores.get() as u32),
        memory_bytes,
        free_memory_bytes,
        gpus,
        driver_version,
        cuda: cfg!(feature = "cuda"),
        training_speeds: Vec::new(),
    }
}

/// What the machine may use; 0 where nobody knows.
pub fn memory_bytes() -> u64 {
    memory(&fs::read_to_string("/proc/meminfo").unwrap_or_default(), control_group()).0
}

/// What computes here, by name: the processor, and the GPUs that are there.
pub fn processor() -> String {
    let listing = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = processor_name(&listing).unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let (gpus, _) = nvidia(&query_nvidia_smi().unwrap_or_default());
    gpus.into_iter().fold(name, |names, gpu| format!("{names}, {}", gpu.name))
}

fn processor_name(cpuinfo: &str) -> Option<String> {
    let line = cpuinfo.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The control group's limit and use, where there is a limit.
#[derive(Debug, Clone, Copy)]
struct GroupMemory {
    limit_bytes: u64,
    used_bytes: u64,
}

/// Total and free bytes: the machine's, or what the control group leaves of them.
fn memory(meminfo: &str, group: Option<GroupMemory>) -> (u64, u64) {
    let bytes = |name: &str| -> u64 {
        let line = meminfo.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) << 10
    };
    let (total, free) = (bytes("MemTotal:"), bytes("MemAvailable:"));
    match group {
        Some(group) => {
            (total.min(group.limit_bytes), free.min(group.limit_bytes.saturating_sub(group.used_bytes)))
        }
        None => (total, free),
    }
}

/// Version 2 at the group's own folder; inside a container that is the root of the mount.
fn control_group() -> Option<GroupMemory> {
    let own = fs::read_to_string("/proc/self/cgroup").ok()?;
    let path = own.lines().find_map(|line| line.strip_prefix("0::"))?;
    let mut folder = std::path::PathBuf::from(format!("/sys/fs/cgroup{path}"));
    let number = |path: std::path::PathBuf| fs::read_to_string(path).ok()?.trim().parse::<u64>().ok();
    let mut tightest: Option<GroupMemory> = None;
    while folder.starts_with("/sys/fs/cgroup") {
        // A missing file, or the word `max`, is no limit.
        if let Some(limit_bytes) = number(folder.join("memory.max")) {
            let used_bytes = number(folder.join("memory.current")).unwrap_or(0);
            if tightest.is_none_or(|group| limit_bytes < group.limit_bytes) {
                tightest = Some(GroupMemory { limit_bytes, used_bytes });
            }
        }
        folder.pop();
    }
    tightest
}

fn query_nvidia_smi() -> Option<String> {
    let output = Command::new("nvidia-smi")
        .args(["--query-gpu=name,memory.total,memory.free,driver_version", "--format=csv,noheader,nounits"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// One line per GPU: `NVIDIA H100 80GB HBM3, 81559, 80994, 580.65.06` (MiB).
fn nvidia(listing: &str) -> (Vec<Gpu>, Option<String>) {
    let mut driver = None;
    let gpus = listing
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(',').map(str::trim);
            let name = fields.next()?.to_owned();
            let memory_bytes = fields.next()?.parse::<u64>().ok()? << 20;
            let free_memory_bytes = fields.next()?.parse::<u64>().ok()? << 20;
            driver = fields.next().map(str::to_owned);
            Some(Gpu { name, memory_bytes, free_memory_bytes })
        })
        .collect();
    (gpus, driver)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_has_only_the_memory_that_its_control_group_leaves() {
        let meminfo = "MemTotal:       8000 kB\nMemFree:         10 kB\nMemAvailable:   6000 kB\n";
        assert_eq!(memory(meminfo, None), (8000 << 10, 6000 << 10));
        let group = GroupMemory { limit_bytes: 4000 << 10, used_bytes: 1000 << 10 };
        assert_eq!(memory(meminfo, Some(group)), (4000 << 10, 3000 << 10));
    }

    #[test]
    fn a_processor_is_known_by_its_name() {
        let listing = "processor\t: 0\nmodel\t\t: 143\nmodel name\t: Intel(R) Xeon(R) 8481C\nstepping\t: 8\n";
        assert_eq!(processor_name(listing).as_deref(), Some("Intel(R) Xeon(R) 8481C"));
        assert_eq!(processor_name("processor: 0\nBogoMIPS: 50\n"), None);
    }

    #[test]
    fn two_gpus_are_listed_and_none_is_an_empty_list() {
        let listing =
            "NVIDIA H100 80GB HBM3, 81559, 80994, 580.65.06\nNVIDIA H100 80GB HBM3, 81559, 12, 580.65.06\n";
        let (gpus, driver) = nvidia(listing);
        assert_eq!(gpus.len(), 2);
        assert_eq!(gpus[1].free_memory_bytes, 12 << 20);
        assert_eq!(driver.as_deref(), Some("580.65.06"));
        assert_eq!(nvidia(""), (Vec::new(), None));
        assert_eq!(nvidia("No devices were found\n"), (Vec::new(), None));
    }

    #[test]
    fn this_machine_has_a_core_and_memory() {
        let capabilities = read();
        assert!(capabilities.cores >= 1 && capabilities.memory_bytes > capabilities.free_memory_bytes);
    }
}

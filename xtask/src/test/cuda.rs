//! The CUDA build is type-checked on machines without CUDA: `assets/nvcc` stands in for the compiler.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use anyhow::{Context, Result};

use crate::{process, workspace};

const STAND_IN: &str = include_str!("../../assets/nvcc");

pub fn check() -> Result<()> {
    let target = workspace::target().join("cuda-check");
    let programs = target.join("stand-in");
    fs::create_dir_all(&programs).with_context(|| format!("cannot create {}", programs.display()))?;
    let nvcc = programs.join("nvcc");
    fs::write(&nvcc, STAND_IN)?;
    fs::set_permissions(&nvcc, fs::Permissions::from_mode(0o755))?;

    let inherited = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([programs].into_iter().chain(env::split_paths(&inherited)))?;
    process::run(
        process::cargo()
            .args(["check", "-p", "gpu-worker", "--features", "cuda", "--locked"])
            .env("PATH", path)
            .env("NVCC", &nvcc)
            .env("CUDA_COMPUTE_CAP", "90")
            .env("CUDARC_CUDA_VERSION", "13000")
            .env("CARGO_TARGET_DIR", &target),
    )
}

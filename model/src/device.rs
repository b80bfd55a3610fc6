//! Where tensors live.

use candle_core::Device;

use crate::Result;

/// Opens the `ordinal`-th CUDA device.
///
/// Candle links libcuda when the program is built (cudarc's `dynamic-linking`), so a program with the
/// feature `cuda` does not start at all where the driver is missing, and here the driver is there.
///
/// # Errors
/// When the build has no CUDA support or the device cannot be opened.
#[cfg(feature = "cuda")]
pub fn cuda(ordinal: usize) -> Result<Device> {
    Ok(Device::new_cuda(ordinal)?)
}

#[cfg(not(feature = "cuda"))]
pub fn cuda(_ordinal: usize) -> Result<Device> {
    let problem = "this build has no CUDA support: build the worker with --features cuda";
    Err(crate::DeviceError::Unusable(problem.to_owned()).into())
}

/// The first CUDA device if this build and machine have one, else the CPU.
pub fn best() -> Device {
    cuda(0).unwrap_or(Device::Cpu)
}

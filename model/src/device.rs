//! Where tensors live.

use candle_core::Device;

use crate::Result;

/// Opens the `ordinal`-th CUDA device.
///
/// # Errors
/// When the build has no CUDA support, the driver library is absent (candle would panic), or the
/// device cannot be opened.
#[cfg(feature = "cuda")]
pub fn cuda(ordinal: usize) -> Result<Device> {
    // SAFETY: only asks the loader whether libcuda can be found.
    #[allow(unsafe_code)]
    let driver_present = unsafe { cudarc::driver::sys::is_culib_present() };
    if !driver_present {
        return Err(crate::Error::Device(
            "the CUDA driver library libcuda is not installed: install the NVIDIA driver or use the CPU"
                .to_owned(),
        ));
    }
    Ok(Device::new_cuda(ordinal)?)
}

#[cfg(not(feature = "cuda"))]
pub fn cuda(_ordinal: usize) -> Result<Device> {
    Err(crate::Error::Device(
        "this build has no CUDA support: build the worker with --features cuda".to_owned(),
    ))
}

/// The first CUDA device if this build and machine have one, else the CPU.
pub fn best() -> Device {
    cuda(0).unwrap_or(Device::Cpu)
}

//! Results back from the GPU: the one thing that has to be waited for.

use std::sync::{Mutex, PoisonError};

use futures_channel::oneshot;

use super::device::Gpu;
use crate::{DeviceError, Result};

/// The buffer that the last result came through; the next one takes it again.
#[derive(Debug, Default)]
pub(super) struct Staging(Mutex<Option<Landing>>);

/// A buffer that the processor can read, gone from the GPU when dropped.
#[derive(Debug)]
pub(super) struct Landing(pub wgpu::Buffer);

impl Drop for Landing {
    fn drop(&mut self) {
        self.0.destroy();
    }
}

impl Staging {
    /// A buffer of at least `bytes`.
    pub fn take(&self, gpu: &Gpu, bytes: u64) -> Landing {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        match last {
            Some(landing) if landing.0.size() >= bytes => landing,
            _ => Landing(gpu.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("readback"),
                size: bytes,
                usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })),
        }
    }

    /// The first `bytes` of a landing, when everything that was submitted has run.
    pub async fn read(&self, gpu: &Gpu, landing: Landing, bytes: u64) -> Result<Vec<f32>> {
        let (sender, receiver) = oneshot::channel();
        landing.0.map_async(wgpu::MapMode::Read, ..bytes, move |result| {
            // Nobody waits any more when the reader was dropped.
            sender.send(result).ok();
        });
        gpu.wait()?;
        let mapped = receiver.await;
        gpu.check()?;
        let unreadable =
            |problem: String| DeviceError::Unusable(format!("the GPU's result cannot be read: {problem}"));
        mapped
            .map_err(|_| unreadable("it was given up".to_owned()))?
            .map_err(|error| unreadable(error.to_string()))?;
        let values = {
            let view = landing.0.get_mapped_range(..bytes).map_err(|error| unreadable(error.to_string()))?;
            let (values, _) = view.as_chunks::<4>();
            values.iter().map(|value| f32::from_le_bytes(*value)).collect()
        };
        landing.0.unmap();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(landing);
        Ok(values)
    }
}

//! The GPU: found, opened with everything that it offers, and asked whether it still works.

use std::sync::{Arc, Mutex, PoisonError};

use crate::{DeviceError, Result};

/// An open GPU. Errors that it reports later, on its own time, are kept in `failure`.
#[derive(Debug)]
pub(super) struct Gpu {
    pub device: wgpu::Device,
    pub queue: wgpu::Queue,
    pub adapter: wgpu::AdapterInfo,
    /// Largest buffer that a kernel can be given.
    pub buffer_limit_bytes: u64,
    /// Where in a buffer a kernel's input may begin.
    pub alignment_bytes: u64,
    failure: Arc<Mutex<Option<DeviceError>>>,
}

impl Gpu {
    /// # Errors
    /// [`DeviceError::Unusable`] when there is no adapter or it refuses.
    pub async fn open() -> Result<Self> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
            flags: wgpu::InstanceFlags::empty(),
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        });
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..Default::default()
        };
        let adapter = instance.request_adapter(&options).await.map_err(|error| {
            let problem = match error {
                // wgpu would list every driver that it was not built for.
                wgpu::RequestAdapterError::NotFound { .. } => String::new(),
                error => format!(" ({error})"),
            };
            DeviceError::Unusable(format!(
                "no GPU is to be had through WebGPU{problem}: turn it on in the browser's settings, install a \
                 Vulkan driver, or run the model on the CPU"
            ))
        })?;
        let limits = adapter.limits();
        let descriptor = wgpu::DeviceDescriptor { required_limits: limits.clone(), ..Default::default() };
        let (device, queue) = adapter
            .request_device(&descriptor)
            .await
            .map_err(|error| DeviceError::Unusable(format!("the GPU refuses to be opened: {error}")))?;
        let failure = Arc::new(Mutex::new(None));
        listen(&device, &failure);
        let alignment =
            limits.min_storage_buffer_offset_alignment.max(limits.min_uniform_buffer_offset_alignment);
        Ok(Self {
            device,
            queue,
            adapter: adapter.get_info(),
            buffer_limit_bytes: limits.max_storage_buffer_binding_size.min(limits.max_buffer_size),
            alignment_bytes: u64::from(alignment),
            failure,
        })
    }

    /// The first error that the GPU has reported, if any.
    pub fn check(&self) -> Result<()> {
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone();
        failure.map_or(Ok(()), |failure| Err(failure.into()))
    }

    pub fn close(&self) {
        self.device.destroy();
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        *failure = Some(DeviceError::Lost("it was closed".to_owned()));
    }

    /// Lets finished work call back. In the browser the page's event loop does that.
    pub fn wait(&self) -> Result<()> {
        match self.device.poll(wgpu::PollType::wait_indefinitely()) {
            Ok(_) => Ok(()),
            Err(error) => {
                self.check()?;
                Err(DeviceError::Unusable(format!("the GPU does not answer: {error}")).into())
            }
        }
    }
}

/// Memory on the GPU goes at once: in the browser nothing else returns it before the page's garbage is
/// collected.
impl Drop for Gpu {
    fn drop(&mut self) {
        self.device.destroy();
    }
}

/// Keeps the first error that no error scope catches. A lost device outranks what follows from it.
fn listen(device: &wgpu::Device, failure: &Arc<Mutex<Option<DeviceError>>>) {
    let seen = failure.clone();
    device.on_uncaptured_error(Arc::new(move |error| {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get_or_insert(match error {
            wgpu::Error::OutOfMemory { .. } => {
                DeviceError::Unusable("the GPU has no memory left: take a smaller model".to_owned())
            }
            error => DeviceError::Unusable(format!("the GPU refused a command: {error}")),
        });
    }));
    let seen = failure.clone();
    device.set_device_lost_callback(move |reason, message| {
        let message = if message.is_empty() { format!("{reason:?}") } else { message };
        *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(DeviceError::Lost(message));
    });
}

/// Runs `work` and waits for the GPU's opinion of it.
pub(super) async fn checked<T>(gpu: &Gpu, work: impl FnOnce() -> T) -> Result<T> {
    let validation = gpu.device.push_error_scope(wgpu::ErrorFilter::Validation);
    let internal = gpu.device.push_error_scope(wgpu::ErrorFilter::Internal);
    let done = work();
    let (internal, validation) = (internal.pop(), validation.pop());
    match internal.await.or(validation.await) {
        None => Ok(done),
        Some(error) => Err(DeviceError::Unusable(format!("the GPU refused a kernel: {error}")).into()),
    }
}

//! Buffers of the GPU, used again: a generation makes the same tensors for every token.
//!
//! Sizes are rounded up to powers of two, so a tensor that grows by a row often finds room behind it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::device::Gpu;
use crate::{DeviceError, Result};

/// Unused buffers above this are given back to the GPU.
const SPARE_LIMIT_BYTES: u64 = 64 << 20;
const SMALLEST_BUFFER_BYTES: u64 = 256;

#[derive(Debug, Default)]
pub(super) struct Pool {
    shelves: Mutex<Shelves>,
}

#[derive(Debug, Default)]
struct Shelves {
    /// Unused buffers by size.
    spare: BTreeMap<u64, Vec<wgpu::Buffer>>,
    spare_bytes: u64,
    /// Will not be used again; commands that are not yet submitted may still read them.
    discarded: Vec<wgpu::Buffer>,
    allocated_bytes: u64,
}

/// How long a buffer lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// For a step; rounded up and used again.
    Passing,
    /// As long as the model; exactly as large as it must be.
    Weight,
}

/// A buffer that returns to its pool when the last tensor in it is gone.
#[derive(Debug)]
pub(super) struct Storage {
    pub buffer: wgpu::Buffer,
    /// Values at the front that belong to a tensor; what lies behind is free to grow into.
    pub filled: Mutex<usize>,
    purpose: Use,
    pool: Arc<Pool>,
}

impl Drop for Storage {
    fn drop(&mut self) {
        let mut shelves = self.pool.shelves();
        match self.purpose {
            Use::Passing => {
                shelves.spare_bytes += self.buffer.size();
                shelves.spare.entry(self.buffer.size()).or_default().push(self.buffer.clone());
            }
            Use::Weight => shelves.discarded.push(self.buffer.clone()),
        }
    }
}

impl Pool {
    /// Room for `values` f32. A buffer used before still holds its old values.
    ///
    /// # Errors
    /// [`DeviceError::Unusable`] when the GPU has no buffers of this size.
    pub fn allocate(self: &Arc<Self>, gpu: &Gpu, values: usize, purpose: Use) -> Result<Storage> {
        let bytes = (values * size_of::<f32>()) as u64;
        if bytes > gpu.buffer_limit_bytes {
            return Err(DeviceError::Unusable(format!(
                "a tensor of {bytes} bytes does not fit into this GPU's buffers of {} bytes: take a smaller model \
                 or a shorter text",
                gpu.buffer_limit_bytes
            ))
            .into());
        }
        let size = match purpose {
            Use::Passing => {
                bytes.max(SMALLEST_BUFFER_BYTES).next_power_of_two().min(gpu.buffer_limit_bytes & !3)
            }
            Use::Weight => bytes.max(4),
        };
        let mut shelves = self.shelves();
        let spare = match purpose {
            Use::Passing => shelves.spare.get_mut(&size).and_then(Vec::pop),
            Use::Weight => None,
        };
        let buffer = match spare {
            Some(buffer) => {
                shelves.spare_bytes -= size;
                buffer
            }
            None => {
                shelves.allocated_bytes += size;
                gpu.device.create_buffer(&wgpu::BufferDescriptor {
                    label: None,
                    size,
                    usage: wgpu::BufferUsages::STORAGE
                        | wgpu::BufferUsages::COPY_SRC
                        | wgpu::BufferUsages::COPY_DST,
                    mapped_at_creation: false,
                })
            }
        };
        Ok(Storage { buffer, filled: Mutex::new(values), purpose, pool: self.clone() })
    }

    /// Gives back what is discarded or too much. Only right after a submission: nothing recorded may
    /// still want these buffers.
    pub fn trim(&self) {
        let mut shelves = self.shelves();
        let mut gone = std::mem::take(&mut shelves.discarded);
        while shelves.spare_bytes > SPARE_LIMIT_BYTES
            && let Some((size, mut buffers)) = shelves.spare.pop_last()
        {
            shelves.spare_bytes -= size * buffers.len() as u64;
            gone.append(&mut buffers);
        }
        for buffer in gone {
            shelves.allocated_bytes -= buffer.size();
            buffer.destroy();
        }
    }

    /// Bytes of all buffers, the unused ones among them.
    pub fn allocated_bytes(&self) -> u64 {
        self.shelves().allocated_bytes
    }

    fn shelves(&self) -> MutexGuard<'_, Shelves> {
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Rows of f32 on the GPU.

use std::sync::{Arc, PoisonError};

use super::pool::Storage;

/// `[rows, width]` values, or a vector as one row. A run of rows of another tensor shares its buffer;
/// rows are never written to after they were made.
#[derive(Debug, Clone)]
pub struct Tensor {
    pub(super) storage: Arc<Storage>,
    /// Values before the first row.
    pub(super) start: usize,
    pub(super) rows: usize,
    pub(super) width: usize,
}

impl Tensor {
    /// A tensor at the front of a new buffer.
    // Natively tensors go from thread to thread; in the browser the GPU belongs to one.
    #[cfg_attr(target_arch = "wasm32", allow(clippy::arc_with_non_send_sync))]
    pub(super) fn new(storage: Storage, rows: usize, width: usize) -> Self {
        Self { storage: Arc::new(storage), start: 0, rows, width }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub(super) fn count(&self) -> usize {
        self.rows * self.width
    }

    pub(super) fn start_bytes(&self) -> u64 {
        (self.start * size_of::<f32>()) as u64
    }

    pub(super) fn size_bytes(&self) -> u64 {
        (self.count() * size_of::<f32>()) as u64
    }

    /// Rows `start .. start + rows` in the same buffer.
    pub(super) fn view(&self, start: usize, rows: usize) -> Self {
        Self { start: self.start + start * self.width, rows, ..self.clone() }
    }

    /// This tensor with `rows` more behind it, if its buffer has that room and no other tensor took it.
    /// The new rows are the caller's to fill.
    pub(super) fn grown(&self, rows: usize) -> Option<Self> {
        let mut filled = self.storage.filled.lock().unwrap_or_else(PoisonError::into_inner);
        let end = self.start + self.count();
        let new_end = end + rows * self.width;
        let capacity = self.storage.buffer.size() as usize / size_of::<f32>();
        if *filled != end || new_end > capacity {
            return None;
        }
        *filled = new_end;
        Some(Self { rows: self.rows + rows, ..self.clone() })
    }
}

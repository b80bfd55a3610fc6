//! Rows to which more are added again and again, as keys and values are while a text is decoded.

use std::sync::{Arc, Mutex, PoisonError};

use candle_core::Tensor;

use crate::Result;

/// The least room of a buffer: a short text is copied into one once.
const LEAST_ROWS: usize = 64;

/// Rows, and perhaps room for more behind them. What was written once is never written again, so a clone
/// shares the rows with its origin; of several clones the first to grow gets the room, the others move.
#[derive(Debug, Clone)]
pub struct GrowingRows<T> {
    rows: T,
    room: Option<Room<T>>,
}

/// A buffer that is longer than the rows in it.
#[derive(Debug, Clone)]
struct Room<T> {
    buffer: T,
    /// How many of its rows have been written, by whichever clone.
    written: Arc<Mutex<usize>>,
}

impl<T> GrowingRows<T> {
    pub fn new(rows: T) -> Self {
        Self { rows, room: None }
    }

    pub fn rows(&self) -> &T {
        &self.rows
    }
}

impl<T> Room<T> {
    /// Whether the rows `from .. to` are nobody's yet; they are the caller's then.
    fn take(&self, from: usize, to: usize) -> bool {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let free = *written == from;
        if free {
            *written = to;
        }
        free
    }
}

impl GrowingRows<Tensor> {
    /// With `added` behind, in place where there is room; else in a buffer of twice the size, so that a
    /// row is copied twice in all and not once for every row after it. Neither may carry a graph.
    pub(crate) fn grown(&self, added: &Tensor) -> Result<Self> {
        let (length, width) = self.rows.dims2()?;
        let total = length + added.dim(0)?;
        let added = added.contiguous()?;
        if let Some(room) = &self.room
            && total <= room.buffer.dim(0)?
            && room.take(length, total)
        {
            room.buffer.slice_set(&added, 0, length)?;
            return Ok(Self { rows: room.buffer.narrow(0, 0, total)?, room: Some(room.clone()) });
        }
        let capacity = (2 * total).max(LEAST_ROWS);
        let buffer = Tensor::zeros((capacity, width), added.dtype(), added.device())?;
        buffer.slice_set(&self.rows.contiguous()?, 0, 0)?;
        buffer.slice_set(&added, 0, length)?;
        let rows = buffer.narrow(0, 0, total)?;
        Ok(Self { rows, room: Some(Room { buffer, written: Arc::new(Mutex::new(total)) }) })
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Storage};

    use super::*;

    fn row(value: f32) -> Tensor {
        Tensor::new(&[[value, -value]], &Device::Cpu).unwrap()
    }

    fn values(memory: &GrowingRows<Tensor>) -> Vec<f32> {
        memory.rows().narrow(1, 0, 1).unwrap().flatten_all().unwrap().to_vec1().unwrap()
    }

    fn address(memory: &GrowingRows<Tensor>) -> *const f32 {
        let (storage, _) = memory.rows().storage_and_layout();
        match &*storage {
            Storage::Cpu(storage) => storage.as_slice::<f32>().unwrap().as_ptr(),
            _ => panic!("not on the CPU"),
        }
    }

    #[test]
    fn a_thousand_rows_move_a_few_times_only() {
        let mut memory = GrowingRows::new(row(0.0));
        let mut moves = 0;
        for value in 1..1_000u16 {
            let grown = memory.grown(&row(value.into())).unwrap();
            moves += usize::from(address(&grown) != address(&memory));
            memory = grown;
        }
        assert!(moves <= 6, "{moves} moves");
        assert_eq!(values(&memory), (0..1_000u16).map(f32::from).collect::<Vec<_>>());
    }

    #[test]
    fn clones_that_grow_apart_do_not_see_each_other() {
        let origin = GrowingRows::new(row(0.0)).grown(&row(1.0)).unwrap();
        let first = origin.grown(&row(2.0)).unwrap();
        let second = origin.grown(&row(3.0)).unwrap();
        let first = first.grown(&row(4.0)).unwrap();
        assert_eq!(values(&origin), [0.0, 1.0]);
        assert_eq!(values(&first), [0.0, 1.0, 2.0, 4.0]);
        assert_eq!(values(&second), [0.0, 1.0, 3.0]);
    }
}

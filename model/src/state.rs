//! What a model remembers of the sequences that it is decoding: keys and values per slot and layer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::batch::Batch;
use crate::ops::{Behind, Ops, Segment};
use crate::{Error, Result};

/// Remembered keys and values, each `[length, key_value_heads · head_size]`. A row that counts is never written to
/// again, so a fork shares the buffers with its origin; of the rows behind, the first who wants them gets them.
#[derive(Debug, Clone)]
pub struct State<T> {
    slots: Vec<Slot<T>>,
}

#[derive(Debug, Clone)]
struct Slot<T> {
    layers: Vec<Option<Memory<T>>>,
}

#[derive(Debug, Clone)]
struct Memory<T> {
    /// `length` rows, and perhaps room for more.
    keys: T,
    values: T,
    length: usize,
    /// Rows of the buffers that count for anybody who shares them.
    taken: Arc<AtomicUsize>,
}

impl<T: Clone> Memory<T> {
    fn new(keys: T, values: T, length: usize) -> Self {
        Self { keys, values, length, taken: Arc::new(AtomicUsize::new(length)) }
    }

    /// The same with `added` more rows.
    fn extended<O: Ops<Tensor = T>>(self, ops: &O, keys: &T, values: &T, added: usize) -> Result<Self> {
        let length = self.length + added;
        let claim = self.taken.compare_exchange(self.length, length, Ordering::Relaxed, Ordering::Relaxed);
        let behind = if claim.is_ok() { Behind::Mine } else { Behind::Others };
        let keys = ops.append_rows(&self.keys, self.length, keys, behind)?;
        let values = ops.append_rows(&self.values, self.length, values, behind)?;
        Ok(match behind {
            Behind::Mine => Self { keys, values, length, ..self },
            Behind::Others => Self::new(keys, values, length),
        })
    }
}

/// The keys and values that a batch attends to, and which query sees which of them.
pub struct Attended<T> {
    pub keys: T,
    pub values: T,
    pub segments: Vec<Segment>,
}

impl<T: Clone> State<T> {
    /// Remembers nothing; for training and for scoring whole texts.
    pub fn none() -> Self {
        Self { slots: Vec::new() }
    }

    /// `slots` empty sequences of a model with `layers` blocks.
    pub fn empty(slots: usize, layers: usize) -> Self {
        Self { slots: (0..slots).map(|_| Slot { layers: vec![None; layers] }).collect() }
    }

    /// Tokens that `slot` remembers.
    pub fn length(&self, slot: usize) -> usize {
        let layers = self.slots.get(slot).map(|slot| slot.layers.as_slice()).unwrap_or_default();
        layers.last().and_then(Option::as_ref).map_or(0, |memory| memory.length)
    }

    /// A new slot that remembers what `slot` does; returns its number.
    pub fn fork(&mut self, slot: usize) -> Result<usize> {
        let copy = self.slots.get(slot).cloned().ok_or_else(|| no_slot(slot))?;
        self.slots.push(copy);
        Ok(self.slots.len() - 1)
    }

    /// Forgets everything after the first `length` tokens of `slot`.
    pub fn truncate<O: Ops<Tensor = T>>(&mut self, ops: &O, slot: usize, length: usize) -> Result<()> {
        let slot = self.slots.get_mut(slot).ok_or_else(|| no_slot(slot))?;
        for layer in &mut slot.layers {
            match layer {
                Some(_) if length == 0 => *layer = None,
                Some(memory) if memory.length > length => {
                    let keys = ops.narrow_rows(&memory.keys, 0, length)?;
                    let values = ops.narrow_rows(&memory.values, 0, length)?;
                    *memory = Memory::new(keys, values, length);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Remembers the new keys and values of `layer` and returns all that the batch attends to.
    pub fn extend<O: Ops<Tensor = T>>(
        &mut self,
        ops: &O,
        layer: usize,
        batch: &Batch,
        keys: &T,
        values: &T,
    ) -> Result<Attended<T>> {
        if batch.state_slots.is_empty() {
            let segments = batch.segments();
            return Ok(Attended { keys: keys.clone(), values: values.clone(), segments });
        }
        let sequences = batch.sequences();
        let mut segments = Vec::with_capacity(sequences.len());
        let (mut all_keys, mut all_values) = (Vec::new(), Vec::new());
        let mut key_start = 0;
        for (sequence, &slot) in sequences.iter().zip(&batch.state_slots) {
            let memory = self
                .slots
                .get_mut(slot)
                .and_then(|slot| slot.layers.get_mut(layer))
                .ok_or_else(|| no_slot(slot))?;
            let new_keys = ops.narrow_rows(keys, sequence.start, sequence.length)?;
            let new_values = ops.narrow_rows(values, sequence.start, sequence.length)?;
            let extended = match memory.take() {
                Some(old) => old.extended(ops, &new_keys, &new_values, sequence.length)?,
                None => Memory::new(new_keys, new_values, sequence.length),
            };
            let length = extended.length;
            segments.push(Segment {
                query_start: sequence.start,
                query_length: sequence.length,
                key_start,
                key_length: length,
            });
            key_start += length;
            all_keys.push(ops.narrow_rows(&extended.keys, 0, length)?);
            all_values.push(ops.narrow_rows(&extended.values, 0, length)?);
            *memory = Some(extended);
        }
        let join = |parts: &[T]| ops.concatenate_rows(&parts.iter().collect::<Vec<_>>());
        Ok(Attended { keys: join(&all_keys)?, values: join(&all_values)?, segments })
    }
}

fn no_slot(slot: usize) -> Error {
    Error::Input(format!("the state has no slot {slot} for this model"))
}

//! What one forward pass reads: tokens of several sequences, one after the other.

use crate::ops::Segment;
use crate::{Error, Result};

/// A flat, ragged batch. The tokens of a sequence lie next to each other; sequences are numbered
/// 0, 1, 2, … in the order in which they lie. A sequence sees only itself and what its state slot
/// holds, so packed documents do not see each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// `[tokens]` token ids.
    pub tokens: Vec<u32>,
    /// `[tokens]` position of each token within its sequence.
    pub positions: Vec<u32>,
    /// `[tokens]` which sequence each token belongs to.
    pub sequence_ids: Vec<u32>,
    /// `[sequences]` the slot of the state that each sequence continues; empty when nothing is
    /// remembered, as in training.
    pub state_slots: Vec<usize>,
}

/// A run of tokens of one sequence in a [`Batch`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sequence {
    pub start: usize,
    pub length: usize,
}

impl Batch {
    /// Whole sequences from position 0 that nothing is remembered of.
    pub fn stateless<'a>(sequences: impl IntoIterator<Item = &'a [u32]>) -> Self {
        let mut batch = Self::default();
        for tokens in sequences.into_iter().filter(|tokens| !tokens.is_empty()) {
            batch.push(tokens, 0);
        }
        batch
    }

    /// Continues the sequence of `slot`, which already holds `length` tokens.
    pub fn continuing(slot: usize, length: usize, tokens: &[u32]) -> Self {
        let mut batch = Self { state_slots: vec![slot], ..Self::default() };
        batch.push(tokens, length as u32);
        batch
    }

    /// Adds one sequence whose first token has `first_position`.
    pub fn push(&mut self, tokens: &[u32], first_position: u32) {
        let id = self.sequence_ids.last().map_or(0, |last| last + 1);
        self.tokens.extend_from_slice(tokens);
        self.positions.extend((first_position..).take(tokens.len()));
        self.sequence_ids.extend(std::iter::repeat_n(id, tokens.len()));
    }

    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The runs of equal sequence id, in order.
    pub fn sequences(&self) -> Vec<Sequence> {
        let mut start = 0;
        self.sequence_ids
            .chunk_by(|left, right| left == right)
            .map(|run| {
                let sequence = Sequence { start, length: run.len() };
                start += run.len();
                sequence
            })
            .collect()
    }

    /// Of sequences that nothing is remembered of: each sees its own tokens.
    pub fn segments(&self) -> Vec<Segment> {
        let segment = |Sequence { start, length }| Segment {
            query_start: start,
            query_length: length,
            key_start: start,
            key_length: length,
        };
        self.sequences().into_iter().map(segment).collect()
    }

    /// Refuses what no model could process: lists of different lengths, unknown ids, positions
    /// beyond the context.
    pub fn check(&self, vocabulary_size: u32, context_length: u32) -> Result<()> {
        let length = self.tokens.len();
        if length == 0 || self.positions.len() != length || self.sequence_ids.len() != length {
            return Err(Error::Input(
                "a batch needs as many positions and sequence ids as tokens, and at least one token"
                    .to_owned(),
            ));
        }
        if let Some(id) = self.tokens.iter().find(|id| **id >= vocabulary_size) {
            return Err(Error::Input(format!(
                "token id {id} is outside of the vocabulary of {vocabulary_size} tokens"
            )));
        }
        if let Some(position) = self.positions.iter().find(|position| **position >= context_length) {
            return Err(Error::Input(format!(
                "position {position} is outside of the context of {context_length} tokens: use a shorter text"
            )));
        }
        let consecutive =
            self.sequence_ids.windows(2).all(|pair| pair[1] == pair[0] || pair[1] == pair[0] + 1);
        if self.sequence_ids[0] != 0 || !consecutive {
            return Err(Error::Input("sequences must be numbered 0, 1, 2, … without gaps".to_owned()));
        }
        let sequences = self.sequence_ids[length - 1] as usize + 1;
        if !self.state_slots.is_empty() && self.state_slots.len() != sequences {
            return Err(Error::Input(format!(
                "{sequences} sequences need as many state slots, not {}",
                self.state_slots.len()
            )));
        }
        Ok(())
    }
}

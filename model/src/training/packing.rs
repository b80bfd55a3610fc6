//! Documents → rows of `context_length` tokens, in an order that is a pure function of seed and step.
//!
//! A document is read as `<end of text> t₁ … tₙ` and predicts `t₁ … tₙ <end of text>`, so that its
//! first token is learned too and every position has a target. The documents of an epoch are
//! shuffled, laid end to end and cut into rows; a document that crosses a cut goes on in the next
//! row as a sequence of its own. Each piece is one sequence with positions from 0: it sees itself only.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha12Rng;

use crate::batch::Batch;
use crate::{Error, Result};

/// Token ids of many documents, without the separators.
#[derive(Debug, Clone, Default)]
pub struct TokenizedDocuments {
    tokens: Vec<u32>,
    /// Where each document ends in `tokens`.
    ends: Vec<usize>,
}

impl TokenizedDocuments {
    pub fn push(&mut self, tokens: &[u32]) {
        self.tokens.extend_from_slice(tokens);
        self.ends.push(self.tokens.len());
    }

    pub fn documents(&self) -> usize {
        self.ends.len()
    }

    /// Tokens that are predicted in one epoch: those of the documents and one end of text each.
    pub fn targets(&self) -> usize {
        self.tokens.len() + self.ends.len()
    }

    /// The tokens of each document.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.documents()).map(|index| self.document(index))
    }

    fn document(&self, index: usize) -> &[u32] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.tokens[start..self.ends[index]]
    }
}

/// Rows of one forward pass and what they should predict.
#[derive(Debug, Clone, PartialEq)]
pub struct PackedRows {
    pub batch: Batch,
    /// `[tokens]` the token that follows each token.
    pub targets: Vec<u32>,
    /// `[tokens]` false where a row was filled up and nothing is to be learned.
    pub mask: Vec<bool>,
}

impl PackedRows {
    /// Targets that count.
    pub fn counted(&self) -> usize {
        self.mask.iter().filter(|counts| **counts).count()
    }
}

/// Reads rows of an endless sequence of epochs.
#[derive(Debug)]
pub struct Packing<'a> {
    documents: &'a TokenizedDocuments,
    context_length: usize,
    end_of_text: u32,
    seed: u64,
    epoch: Option<Epoch>,
}

/// The documents of one pass over the data, in their order.
#[derive(Debug)]
struct Epoch {
    number: u64,
    order: Vec<u32>,
    /// Where each document of `order` ends in the epoch's stream of targets.
    ends: Vec<usize>,
}

impl<'a> Packing<'a> {
    /// # Errors
    /// When there is nothing to learn.
    pub fn new(
        documents: &'a TokenizedDocuments,
        context_length: usize,
        end_of_text: u32,
        seed: u64,
    ) -> Result<Self> {
        if documents.documents() == 0 || context_length == 0 {
            return Err(Error::Input("there is no document to make rows of".to_owned()));
        }
        Ok(Self { documents, context_length, end_of_text, seed, epoch: None })
    }

    /// Rows of one epoch; the last one is filled up.
    pub fn rows_per_epoch(&self) -> u64 {
        self.documents.targets().div_ceil(self.context_length) as u64
    }

    /// Rows `first .. first + count`, counted from the very beginning of training.
    pub fn rows(&mut self, first: u64, count: u64) -> PackedRows {
        let capacity = count as usize * self.context_length;
        let mut packed = PackedRows {
            batch: Batch::default(),
            targets: Vec::with_capacity(capacity),
            mask: Vec::with_capacity(capacity),
        };
        let per_epoch = self.rows_per_epoch();
        for row in first..first + count {
            self.enter_epoch(row / per_epoch);
            self.push_row((row % per_epoch) as usize, &mut packed);
        }
        packed
    }

    fn enter_epoch(&mut self, number: u64) {
        if self.epoch.as_ref().is_some_and(|epoch| epoch.number == number) {
            return;
        }
        let mut order: Vec<u32> = (0..self.documents.documents() as u32).collect();
        let mut random = ChaCha12Rng::seed_from_u64(self.seed);
        random.set_stream(number);
        order.shuffle(&mut random);
        let mut end = 0;
        let ends = order
            .iter()
            .map(|index| {
                end += self.documents.document(*index as usize).len() + 1;
                end
            })
            .collect();
        self.epoch = Some(Epoch { number, order, ends });
    }

    fn push_row(&self, row: usize, packed: &mut PackedRows) {
        let Some(epoch) = &self.epoch else { return };
        let row_start = row * self.context_length;
        let row_end = row_start + self.context_length;
        let mut at = row_start;
        let first = epoch.ends.partition_point(|end| *end <= at);
        for (index, end) in epoch.order.iter().zip(&epoch.ends).skip(first) {
            let tokens = self.documents.document(*index as usize);
            let start = end - (tokens.len() + 1);
            let piece = at - start..(*end).min(row_end) - start;
            let input = |i: usize| if i == 0 { self.end_of_text } else { tokens[i - 1] };
            let inputs: Vec<u32> = piece.clone().map(input).collect();
            packed.batch.push(&inputs, 0);
            packed.targets.extend(piece.clone().map(|i| tokens.get(i).copied().unwrap_or(self.end_of_text)));
            packed.mask.extend(piece.map(|_| true));
            at = (*end).min(row_end);
            if at == row_end {
                return;
            }
        }
        // Only the last row of an epoch gets here: the documents are used up.
        let missing = row_end - at;
        packed.batch.push(&vec![self.end_of_text; missing], 0);
        packed.targets.extend(std::iter::repeat_n(self.end_of_text, missing));
        packed.mask.extend(std::iter::repeat_n(false, missing));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const END: u32 = 0;

    fn documents(lengths: &[usize]) -> TokenizedDocuments {
        let mut documents = TokenizedDocuments::default();
        for (index, length) in lengths.iter().enumerate() {
            let first = 100 * (index as u32 + 1);
            documents.push(&(first..first + *length as u32).collect::<Vec<_>>());
        }
        documents
    }

    #[test]
    fn an_epoch_predicts_every_token_and_every_end_once() {
        let documents = documents(&[5, 0, 17, 3, 8]);
        let mut packing = Packing::new(&documents, 8, END, 7).unwrap();
        let rows = packing.rows_per_epoch();
        let packed = packing.rows(0, rows);
        let mut seen: BTreeMap<u32, usize> = BTreeMap::new();
        for (target, counts) in packed.targets.iter().zip(&packed.mask) {
            *seen.entry(*target).or_default() += usize::from(*counts);
        }
        assert_eq!(seen.remove(&END), Some(5), "one end per document");
        assert_eq!(seen.len(), 33);
        assert!(seen.values().all(|times| *times == 1));
        assert_eq!(packed.counted(), documents.targets());
        assert_eq!(packed.targets.len(), rows as usize * 8);
    }

    #[test]
    fn a_target_follows_its_token_within_the_same_document() {
        let documents = documents(&[5, 17, 3, 8]);
        let mut packing = Packing::new(&documents, 8, END, 3).unwrap();
        let packed = packing.rows(0, 20);
        for (i, target) in packed.targets.iter().enumerate().filter(|(i, _)| packed.mask[*i]) {
            let input = packed.batch.tokens[i];
            if input != END && *target != END {
                assert_eq!(*target, input + 1);
            }
            if packed.batch.positions[i] > 0 {
                assert_eq!(packed.targets[i - 1], input, "inside a sequence inputs are the former targets");
            }
        }
    }

    #[test]
    fn rows_are_a_function_of_seed_and_number_alone() {
        let documents = documents(&[5, 17, 3, 8, 21, 2]);
        let packing = |seed| Packing::new(&documents, 8, END, seed).unwrap();
        let straight: Vec<_> = {
            let mut packing = packing(1);
            (0..30).map(|row| packing.rows(row, 1)).collect()
        };
        let mut late = packing(1);
        assert_eq!(late.rows(29, 1), straight[29]);
        assert_eq!(late.rows(4, 1), straight[4]);
        let per_epoch = late.rows_per_epoch();
        assert_ne!(late.rows(0, per_epoch), late.rows(per_epoch, per_epoch), "epochs are shuffled anew");
        assert_ne!(packing(2).rows(0, per_epoch), packing(1).rows(0, per_epoch));
    }

    #[test]
    fn sequences_never_cross_rows_and_start_at_position_zero() {
        let documents = documents(&[30, 1, 9]);
        let mut packing = Packing::new(&documents, 8, END, 5).unwrap();
        let packed = packing.rows(0, 6);
        packed.batch.check(10_000, 8).unwrap();
        for sequence in packed.batch.sequences() {
            assert_eq!(packed.batch.positions[sequence.start], 0);
            assert_eq!(sequence.start / 8, (sequence.start + sequence.length - 1) / 8);
        }
    }
}

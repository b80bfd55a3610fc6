//! How a vocabulary was learnt, merge by merge: what the trainer saw when it chose each pair. For people who
//! want to look; training and encoding do not need it.

use std::collections::HashMap;

use serde::Deserialize;

use super::bytes::TokenBytes;
use super::train::words;
use super::{configuration, parsed};
use crate::Result;

/// Two neighbours that became one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    pub left: u32,
    pub right: u32,
    /// The token that they became.
    pub id: u32,
}

/// The merges of a vocabulary, and the bytes of its tokens.
#[derive(Debug, Clone)]
pub struct Merges {
    merges: Vec<Merge>,
    bytes: TokenBytes,
    /// The token of each single byte.
    alphabet: [u32; 256],
}

/// A text in the pieces that so many merges make of it.
#[derive(Debug, Clone)]
pub struct Replay {
    /// Each word once.
    words: Vec<Word>,
    steps: usize,
}

#[derive(Debug, Clone)]
struct Word {
    tokens: Vec<u32>,
    count: u64,
}

#[derive(Deserialize)]
struct File {
    model: Model,
}

#[derive(Deserialize)]
struct Model {
    vocab: HashMap<String, u32>,
    merges: Vec<(String, String)>,
}

impl Merges {
    /// Of a `tokenizer.json` that [`super::train`] made.
    ///
    /// # Errors
    /// [`crate::Error::Configuration`] when it is no byte-level BPE with its merges in pairs.
    pub fn from_bytes(tokenizer_json: &[u8]) -> Result<Self> {
        let file: File =
            serde_json::from_slice(tokenizer_json).map_err(|error| configuration(error.to_string()))?;
        let bytes = TokenBytes::new(&parsed(tokenizer_json)?)?;
        let vocabulary = &file.model.vocab;
        let id = |token: &str| {
            let id = vocabulary.get(token).copied();
            id.ok_or_else(|| configuration(format!("a merge names {token:?}, which is no token")))
        };
        let merges = file.model.merges.iter().map(|(left, right)| {
            Ok(Merge { left: id(left)?, right: id(right)?, id: id(&format!("{left}{right}"))? })
        });
        let merges = merges.collect::<Result<Vec<_>>>()?;
        let mut alphabet = [None; 256];
        for id in vocabulary.values() {
            if let Some([byte]) = bytes.get(*id) {
                alphabet[usize::from(*byte)] = Some(*id);
            }
        }
        if alphabet.contains(&None) {
            return Err(configuration("it has no token for some byte".to_owned()));
        }
        Ok(Self { merges, bytes, alphabet: alphabet.map(Option::unwrap_or_default) })
    }

    /// In the order in which they were learnt.
    pub fn all(&self) -> &[Merge] {
        &self.merges
    }

    /// The bytes of a token; none of a special one.
    pub fn bytes(&self, id: u32) -> &[u8] {
        self.bytes.get(id).unwrap_or_default()
    }

    /// A text before the first merge: bytes.
    ///
    /// # Errors
    /// [`crate::Error::Input`] when it cannot be cut into words.
    pub fn replay(&self, texts: &[&str]) -> Result<Replay> {
        let mut counts: HashMap<String, u64> = HashMap::new();
        for text in texts {
            for word in words(text)? {
                *counts.entry(word).or_default() += 1;
            }
        }
        let words = counts.into_iter().map(|(word, count)| Word { tokens: self.letters(&word), count });
        Ok(Replay { words: words.collect(), steps: 0 })
    }

    /// A text's tokens after the first `steps` merges, in their order.
    ///
    /// # Errors
    /// As [`Merges::replay`].
    pub fn encode(&self, text: &str, steps: usize) -> Result<Vec<u32>> {
        let mut ids = Vec::new();
        for word in words(text)? {
            let mut tokens = self.letters(&word);
            for merge in &self.merges[..steps.min(self.merges.len())] {
                apply(&mut tokens, *merge);
            }
            ids.extend(tokens);
        }
        Ok(ids)
    }

    fn letters(&self, word: &str) -> Vec<u32> {
        word.bytes().map(|byte| self.alphabet[usize::from(byte)]).collect()
    }
}

impl Replay {
    /// Merges done so far.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Does the next merge and says at how many places; nothing after the last one.
    pub fn advance(&mut self, merges: &Merges) -> u64 {
        let Some(merge) = merges.merges.get(self.steps) else { return 0 };
        self.steps += 1;
        let mut places = 0;
        for word in &mut self.words {
            let before = word.tokens.len();
            apply(&mut word.tokens, *merge);
            places += (before - word.tokens.len()) as u64 * word.count;
        }
        places
    }

    /// Tokens of the whole text.
    pub fn tokens(&self) -> u64 {
        self.words.iter().map(|word| word.tokens.len() as u64 * word.count).sum()
    }

    /// Neighbours and how often they occur, the most frequent first, of equals those of lower ids: the first one
    /// is merged next.
    pub fn pairs(&self) -> Vec<((u32, u32), u64)> {
        let mut counts: HashMap<(u32, u32), u64> = HashMap::new();
        for word in &self.words {
            for pair in word.tokens.windows(2) {
                *counts.entry((pair[0], pair[1])).or_default() += word.count;
            }
        }
        let mut pairs: Vec<_> = counts.into_iter().collect();
        pairs.sort_unstable_by_key(|(pair, count)| (std::cmp::Reverse(*count), *pair));
        pairs
    }
}

/// From left to right, as encoding does.
fn apply(tokens: &mut Vec<u32>, merge: Merge) {
    let mut kept = 0;
    let mut at = 0;
    while at < tokens.len() {
        let merges = tokens[at] == merge.left && tokens.get(at + 1) == Some(&merge.right);
        tokens[kept] = if merges { merge.id } else { tokens[at] };
        at += if merges { 2 } else { 1 };
        kept += 1;
    }
    tokens.truncate(kept);
}

#[cfg(test)]
mod tests {
    use super::super::Tokenizer;
    use super::super::tests::{corpus, trained};
    use super::*;

    #[test]
    fn every_pair_was_the_most_frequent_one_when_it_was_merged() {
        let merges = Merges::from_bytes(&trained(380).tokenizer_json).unwrap();
        let corpus = corpus();
        let texts: Vec<&str> = corpus.iter().map(String::as_str).collect();
        let mut replay = merges.replay(&texts).unwrap();
        assert_eq!(merges.all().len(), 380 - 262);
        for merge in merges.all() {
            let (pair, count) = replay.pairs()[0];
            assert_eq!(pair, (merge.left, merge.right), "merge {} of {count}", replay.steps());
            let before = replay.tokens();
            let places = replay.advance(&merges);
            assert_eq!(before - replay.tokens(), places);
            assert!((1..=count).contains(&places));
        }
    }

    #[test]
    fn all_merges_give_the_tokenizers_own_tokens() {
        let file = trained(380).tokenizer_json;
        let (merges, tokenizer) = (Merges::from_bytes(&file).unwrap(), Tokenizer::from_bytes(&file).unwrap());
        let every = merges.all().len();
        for text in corpus().iter().map(String::as_str).chain(["쀍 😀", "  빈칸  둘", "ㅋㅋㅋㅋㅋ"])
        {
            assert_eq!(merges.encode(text, every).unwrap(), tokenizer.encode(text).unwrap(), "{text:?}");
            assert_eq!(merges.encode(text, 0).unwrap().len(), text.len());
        }
    }

    #[test]
    fn a_smaller_vocabulary_is_the_beginning_of_a_larger_one() {
        let (small, large) = (trained(320), trained(380));
        let (small, large) = (
            Merges::from_bytes(&small.tokenizer_json).unwrap(),
            Merges::from_bytes(&large.tokenizer_json).unwrap(),
        );
        assert_eq!(small.all(), &large.all()[..small.all().len()]);
    }
}

//! A vocabulary learnt from a text by the trainer of the jobs, and what it does to that text merge by merge.

use std::sync::Arc;

use model::tokenizer::replay::{Merge, Merges, Replay};
use model::tokenizer::train_as_far_as_possible;
use shared::spec::TrainTokenizerSpec;

/// Special tokens and single bytes.
pub const SMALLEST: u32 = TrainTokenizerSpec::SMALLEST;

#[derive(Debug, Clone)]
pub struct Learned {
    merges: Arc<Merges>,
    /// Places of each merge.
    places: Vec<u64>,
    /// Tokens of the text after so many merges, from none to all.
    tokens: Vec<u64>,
    bytes: u64,
    start: Replay,
}

/// Neighbours that wait to become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub left: String,
    pub right: String,
    pub count: u64,
}

impl Learned {
    /// # Errors
    /// In words of the model core; a text of any kind can be learnt from.
    pub fn from_text(text: &str, vocabulary_size: u32) -> Result<Self, String> {
        let spec = TrainTokenizerSpec::new(vocabulary_size.max(SMALLEST));
        let trained = train_as_far_as_possible(text.lines().map(str::to_owned), &spec);
        let trained = trained.map_err(|error| error.to_string())?;
        let merges = Merges::from_bytes(&trained.tokenizer_json).map_err(|error| error.to_string())?;
        let lines: Vec<&str> = text.lines().collect();
        let start = merges.replay(&lines).map_err(|error| error.to_string())?;
        let mut replay = start.clone();
        let mut tokens = vec![replay.tokens()];
        let mut places = Vec::new();
        for _ in merges.all() {
            places.push(replay.advance(&merges));
            tokens.push(replay.tokens());
        }
        let bytes = lines.iter().map(|line| line.len() as u64).sum();
        Ok(Self { merges: Arc::new(merges), places, tokens, bytes, start })
    }

    pub fn steps(&self) -> usize {
        self.merges.all().len()
    }

    /// The pair of a step, from 1 on, and at how many places it was merged.
    pub fn merge(&self, step: usize) -> Option<(Merge, u64)> {
        let at = step.checked_sub(1)?;
        Some((*self.merges.all().get(at)?, *self.places.get(at)?))
    }

    pub fn shown(&self, id: u32) -> String {
        shown(self.merges.bytes(id))
    }

    /// Of the text after `step` merges; none of an empty one.
    pub fn bytes_per_token(&self, step: usize) -> Option<f64> {
        let tokens = *self.tokens.get(step)?;
        (tokens > 0).then(|| self.bytes as f64 / tokens as f64)
    }

    /// The text after `step` merges, going on from where `last` stands if that is before it.
    pub fn at(&self, step: usize, last: Option<Replay>) -> Replay {
        let mut replay = last.filter(|last| last.steps() <= step).unwrap_or_else(|| self.start.clone());
        while replay.steps() < step.min(self.steps()) {
            replay.advance(&self.merges);
        }
        replay
    }

    /// The most frequent pairs of a replay.
    pub fn candidates(&self, replay: &Replay, most: usize) -> Vec<Candidate> {
        let pairs = replay.pairs().into_iter().take(most);
        pairs
            .map(|((left, right), count)| Candidate {
                left: self.shown(left),
                right: self.shown(right),
                count,
            })
            .collect()
    }

    /// A sentence in pieces after `step` merges: what each shows, and its bytes.
    pub fn pieces(&self, sentence: &str, step: usize) -> Vec<(String, usize)> {
        let ids = self.merges.encode(sentence, step).unwrap_or_default();
        ids.into_iter().map(|id| (self.shown(id), self.merges.bytes(id).len())).collect()
    }

    /// Tokens of some lines after each of `steps` merges.
    pub fn tokens_of(&self, lines: &[&str], steps: &[usize]) -> Result<Vec<u64>, String> {
        let mut replay = self.merges.replay(lines).map_err(|error| error.to_string())?;
        let mut tokens = Vec::new();
        for step in steps {
            while replay.steps() < (*step).min(self.steps()) {
                replay.advance(&self.merges);
            }
            tokens.push(replay.tokens());
        }
        Ok(tokens)
    }
}

/// A token as people read it: a space has a sign, a part of a character is its bytes.
fn shown(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(|letter| letter.is_control() && letter != '\n' && letter != '\t') => {
            text.replace(' ', "␣").replace('\n', "↵").replace('\t', "⇥")
        }
        _ => bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" "),
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{Learned, shown};

    const TEXT: &str = "할머니는 밥을 먹었다.\n할머니는 밥을 먹었다.\n할아버지는 밥을 먹었다.";

    #[wasm_bindgen_test]
    fn the_first_merge_of_a_text_is_its_most_frequent_pair() {
        let learned = Learned::from_text(TEXT, 280).unwrap();
        assert_eq!(learned.steps(), 280 - 262);
        let first = &learned.candidates(&learned.at(0, None), 1)[0];
        let (merge, places) = learned.merge(1).unwrap();
        assert_eq!(
            (learned.shown(merge.left), learned.shown(merge.right)),
            (first.left.clone(), first.right.clone())
        );
        assert_eq!(places, first.count);
    }

    #[wasm_bindgen_test]
    fn a_vocabulary_is_as_large_as_its_text_allows() {
        let learned = Learned::from_text(TEXT, 5_000).unwrap();
        assert!(learned.steps() > 20 && learned.steps() < 200, "{}", learned.steps());
        assert_eq!(Learned::from_text("", 300).unwrap().steps(), 0);
    }

    #[wasm_bindgen_test]
    fn pieces_grow_with_the_merges() {
        let learned = Learned::from_text(TEXT, 5_000).unwrap();
        assert_eq!(learned.pieces("할머니", 0).len(), 9);
        let pieces = learned.pieces("할머니는 밥을", learned.steps());
        let words: Vec<&str> = pieces.iter().map(|(piece, _)| piece.as_str()).collect();
        assert_eq!(words, ["할머니는", "␣밥을"]);
        let bytes = |step| learned.bytes_per_token(step).unwrap();
        assert!(bytes(0) == 1.0 && bytes(learned.steps()) > 3.0);
    }

    #[wasm_bindgen_test]
    fn going_on_from_an_earlier_step_is_the_same_as_beginning_again() {
        let learned = Learned::from_text(TEXT, 300).unwrap();
        let five = learned.at(5, None);
        assert_eq!(learned.at(20, Some(five)).pairs(), learned.at(20, None).pairs());
    }

    #[wasm_bindgen_test]
    fn half_a_syllable_is_shown_by_its_bytes() {
        assert_eq!(shown("밥".as_bytes()), "밥");
        assert_eq!(shown(&"밥".as_bytes()[..2]), "EB B0");
        assert_eq!(shown(b" a"), "␣a");
    }
}

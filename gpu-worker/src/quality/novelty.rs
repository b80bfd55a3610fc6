//! Does the model write sentences of its own, or repeat what it was shown?

use std::collections::HashSet;
use std::path::Path;

use serde::Serialize;
use shared::documents::Split;

use crate::jobs::JobError;
use crate::shards::read_documents;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Novelty {
    pub sentences: u64,
    /// Sentences that stand in a training document word for word.
    pub seen_in_training: u64,
    pub share_seen: f64,
    /// The first few of them.
    pub seen: Vec<String>,
}

const SEEN_SHOWN: usize = 60;

/// Sentences of two or more words: what is shorter is anybody's.
pub fn sentences(text: &str) -> impl Iterator<Item = String> {
    text.split(['.', '!', '?', '\n', '“', '”', '"'])
        .map(|sentence| sentence.split_whitespace().collect::<Vec<_>>())
        .filter(|words| words.len() > 1)
        .map(|words| words.join(" "))
}

/// Every sentence of the documents that may be trained on.
pub fn training_sentences(corpus: &Path) -> Result<HashSet<String>, JobError> {
    let mut all = HashSet::new();
    for document in read_documents(corpus)? {
        let document = document?;
        if document.split != Some(Split::HeldOut) {
            all.extend(document.texts().into_iter().flat_map(sentences));
        }
    }
    Ok(all)
}

/// The last sentence of a text may be cut off and is left out.
pub fn novelty(texts: &[String], training: &HashSet<String>) -> Novelty {
    let mut found = Novelty { sentences: 0, seen_in_training: 0, share_seen: 0.0, seen: Vec::new() };
    for text in texts {
        let ends = ['.', '!', '?', '\n', '”', '"'];
        let whole = text.rfind(ends).map_or("", |end| &text[..end]);
        for sentence in sentences(whole) {
            found.sentences += 1;
            if training.contains(&sentence) {
                found.seen_in_training += 1;
                if found.seen.len() < SEEN_SHOWN {
                    found.seen.push(sentence);
                }
            }
        }
    }
    found.share_seen = found.seen_in_training as f64 / found.sentences.max(1) as f64;
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_sentences_count_and_spacing_does_not() {
        let training: HashSet<String> = sentences("민준이는  학교에 갔다.\n“비가 와요!”").collect();
        let text = "“비가  와요!” 민준이가 말했다. 네. 민준이는 학교에 갔다. 민준이는 집에".to_owned();
        let found = novelty(&[text], &training);
        assert_eq!((found.sentences, found.seen_in_training), (3, 2));
    }
}

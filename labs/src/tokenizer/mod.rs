//! `tokenizer-training`: the merges of a text, one after the other; `vocabulary-sweep`: how many are worth it.

mod learned;
mod steps;
mod sweep;
mod training;
mod words;

pub use sweep::VocabularySweep;
pub use training::TokenizerTraining;

/// Longer texts would take the page's time.
const LIMIT_CHARACTERS: usize = 40_000;

/// A text of the generator's, as many documents as asked for.
fn stories(documents: usize) -> String {
    let texts = corpus::documents(7).take(documents).map(|document| document.plain_text());
    texts.collect::<Vec<_>>().join("\n")
}

fn limited(text: &str) -> String {
    text.chars().take(LIMIT_CHARACTERS).collect()
}

//! A Korean corpus that needs no download: stories and question-and-answer exchanges written by a seeded generator,
//! the Korean counterpart of TinyStories (Eldan and Li, 2023, arXiv:2305.07759).
//!
//! **This is generated text.** Passages written for it are put together, filled from a lexicon and inflected by a
//! grammar. That means: the sentences are grammatical and children's-book simple; what is named early (who lost what,
//! its colour, who promised what) comes back later, so there is something to learn beyond neighbouring words; but the
//! troubles are few, the world is small, nothing in it is a fact, and a model trained on it knows only this world. Use
//! it to see a language model learn, never as evidence about real Korean.
//!
//! Document `i` of a seed is a pure function of `(seed, i)`: any number of documents, in any order, on any number of
//! threads. Every 50th document (`i % 50 == 49`) is held out: its people and animals have names (`lexicon::names`), and
//! its stories have plots (`stories::Plot::held_out`), that no training document has. What it shares with them are
//! the words, the sentences' patterns and the parts that plots are made of. About one document in five is a chat.

pub mod cleaning;
mod exchanges;
pub mod grammar;
pub mod hangul;
pub mod lexicon;
mod scene;
pub mod stories;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use scene::Scene;

/// What a document may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Split {
    Training,
    HeldOut,
}

/// The kinds of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Genre {
    Animal,
    Daily,
    Adventure,
    FolkTale,
    Season,
    /// a passage, questions about it, answers from it
    Reading,
    /// small wishes: a story, a sentence, an antonym
    Request,
    /// how many
    Counting,
}

impl Genre {
    pub const ALL: [Self; 8] = [
        Self::Animal,
        Self::Daily,
        Self::Adventure,
        Self::FolkTale,
        Self::Season,
        Self::Reading,
        Self::Request,
        Self::Counting,
    ];
}

/// Who speaks in a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    System,
    User,
    Assistant,
}

/// One turn of a chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub role: Role,
    pub content: String,
}

/// The text of a document. Paragraphs are separated by one newline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Text(String),
    Chat(Vec<Message>),
}

/// One generated document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// `seed-index`, both decimal
    pub id: String,
    pub split: Split,
    pub genre: Genre,
    /// the plot or the kind of exchange, e.g. `missing/wind/footprints`
    pub plot: String,
    pub content: Content,
}

impl Document {
    /// All the text, turns separated by newlines.
    pub fn plain_text(&self) -> String {
        match &self.content {
            Content::Text(text) => text.clone(),
            Content::Chat(messages) => {
                let turns: Vec<&str> = messages.iter().map(|message| message.content.as_str()).collect();
                turns.join("\n")
            }
        }
    }
}

/// Every so many documents one is held out.
pub const HELD_OUT_EVERY: u64 = 50;

/// The split of a document.
pub fn split(index: u64) -> Split {
    if index % HELD_OUT_EVERY == HELD_OUT_EVERY - 1 { Split::HeldOut } else { Split::Training }
}

/// Document `index` of `seed`.
pub fn document(seed: u64, index: u64) -> Document {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(index);
    let split = split(index);
    let mut scene = Scene::new(rng, split);
    let id = format!("{seed}-{index}");
    if scene.chance(20) {
        let (genre, plot, messages) = exchanges::write(&mut scene);
        return Document { id, split, genre, plot: plot.into(), content: Content::Chat(messages) };
    }
    let (genre, plot) = stories::write(&mut scene);
    Document { id, split, genre, plot: plot.name(), content: Content::Text(scene.take()) }
}

/// The documents of `seed` in order, without end.
pub fn documents(seed: u64) -> impl Iterator<Item = Document> {
    (0..).map(move |index| document(seed, index))
}

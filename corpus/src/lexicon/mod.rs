//! The words of the corpus as typed tables. A test holds that every one of them is used.

pub mod adjectives;
pub mod names;
pub mod nouns;
pub mod verbs;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::grammar::{Class, Kind, Predicate};

pub use nouns::{Noun, NounClass};

/// A verb or an adjective of the lexicon.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    pub dictionary_form: &'static str,
    pub class: Class,
    pub kind: Kind,
    /// Classes of nouns that the verb takes as its object (selectional restriction); empty where it takes none,
    /// or where only fixed phrases of the plots use it.
    pub objects: &'static [NounClass],
}

impl Word {
    pub fn predicate(&self) -> Predicate {
        Predicate::new(self.dictionary_form, self.class, self.kind)
    }
}

/// Every verb and adjective.
pub fn predicates() -> impl Iterator<Item = &'static Word> {
    verbs::VERBS.iter().chain(adjectives::ADJECTIVES)
}

static BY_FORM: LazyLock<HashMap<&'static str, &'static Word>> =
    LazyLock::new(|| predicates().map(|word| (word.dictionary_form, word)).collect());

/// The verb or adjective with this dictionary form.
pub fn word(dictionary_form: &str) -> Option<&'static Word> {
    BY_FORM.get(dictionary_form).copied()
}

//! One document in the making: who and what is in it, who speaks to whom, and the text so far.
//!
//! Plots bind slots (a hero, a lost thing, its colour, its place) and then write templates; see `template` for
//! their notation. What is bound stays the same to the end, which is what gives a document its memory.

mod epithets;
mod joining;
mod phrases;
mod template;

use std::sync::LazyLock;

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::Split;
use crate::grammar::Level;
use crate::lexicon::names::{self, Names};

/// A person, an animal, a thing or a phrase bound to a slot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entity {
    /// as it stands before particles: 민준이, 수아, 할머니, 모자
    pub text: String,
    /// before the vocative particle: 민준, 몽실; empty where the person is called without one (할머니)
    pub call: String,
    /// 토끼 for the rabbit 몽실이
    pub kind: &'static str,
    /// what it may be called besides: 낡은, 조용한
    pub epithet: &'static str,
    /// older than a child: spoken to in 해요체
    pub elder: bool,
    /// the narrator says 께서 and -(으)시-
    pub honored: bool,
}

/// The state of one document.
#[derive(Debug)]
pub(crate) struct Scene {
    pub rng: ChaCha8Rng,
    pub split: Split,
    /// level of the narrator's sentences
    pub narration: Level,
    /// the phrase `$oneday` speaks of long ago
    pub long_ago: bool,
    /// level of a user's questions in exchanges
    pub asking: Level,
    slots: Vec<(&'static str, Entity)>,
    taken: Vec<&'static str>,
    x: Option<Entity>,
    coloured: &'static str,
    /// the slot that had a modifier last; it goes without one next time
    decorated: String,
    /// no epithets: exchanges answer in the words of the passage
    pub plain: bool,
    speech: Level,
    speech_honors: bool,
    in_quote: bool,
    last_piece: template::Piece,
    subject_honored: bool,
    out: String,
}

impl Scene {
    pub fn new(mut rng: ChaCha8Rng, split: Split) -> Self {
        let narration = match rng.random_range(0..10) {
            0..=4 => Level::Plain,
            5..=7 => Level::Polite,
            _ => Level::Formal,
        };
        let asking = match rng.random_range(0..10) {
            0..=3 => Level::Casual,
            4..=7 => Level::Polite,
            _ => Level::Formal,
        };
        Self {
            rng,
            split,
            narration,
            long_ago: false,
            asking,
            slots: Vec::with_capacity(16),
            taken: Vec::with_capacity(16),
            x: None,
            coloured: "",
            decorated: String::new(),
            plain: false,
            speech: Level::Casual,
            speech_honors: false,
            in_quote: false,
            last_piece: template::Piece::default(),
            subject_honored: false,
            out: String::with_capacity(2048),
        }
    }

    pub fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.rng.random_range(0..end.max(1))
    }

    pub fn choose<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.rng.random_range(0..from.len())]
    }

    /// A word of the list that this document has not used yet.
    pub fn fresh(&mut self, from: &[&'static str]) -> &'static str {
        let mut word = self.choose(from);
        for _ in 0..20 {
            if !self.taken.contains(&word) {
                break;
            }
            word = self.choose(from);
        }
        self.taken.push(word);
        word
    }

    /// A name of this document's split that nobody in it has yet. A few names are common and most are rare, as in
    /// life: the first twentieth of them is drawn four times in ten.
    fn fresh_name(&mut self, names: &'static LazyLock<Names>) -> &'static str {
        let of_split = names.of(self.split);
        let mut name = of_split.len() - 1;
        for _ in 0..3 {
            name = self.below(name + 1);
        }
        while self.taken.contains(&of_split[name].as_str()) {
            name = (name + 1) % of_split.len();
        }
        self.taken.push(&of_split[name]);
        &of_split[name]
    }

    pub fn bind(&mut self, slot: &'static str, entity: Entity) {
        match self.slots.iter_mut().find(|(name, _)| *name == slot) {
            Some((_, old)) => *old = entity,
            None => self.slots.push((slot, entity)),
        }
    }

    pub fn text(&mut self, slot: &'static str, text: impl Into<String>) {
        self.bind(slot, Entity { text: text.into(), ..Entity::default() });
    }

    /// A thing, a place or any other word of a list.
    pub fn pick(&mut self, slot: &'static str, from: &[&'static str]) -> &'static str {
        let word = self.fresh(from);
        let epithets = epithets::of(from);
        let epithet = if epithets.is_empty() { "" } else { self.choose(epithets) };
        self.bind(slot, Entity { text: word.into(), epithet, ..Entity::default() });
        word
    }

    /// Says that the slot `color` is the colour of `slot`; later mentions may repeat it.
    pub fn coloured(&mut self, slot: &'static str) {
        self.coloured = slot;
    }

    /// A native numeral before a counter.
    pub fn numeral(&mut self, slot: &'static str, number: usize) {
        let word = crate::grammar::numbers::before_counter(number as u32).unwrap_or_default();
        self.text(slot, word);
    }

    /// A child, called 민준이 or 수아 and addressed as 민준아 or 수아야.
    pub fn child(&mut self, slot: &'static str) {
        let name = self.fresh_name(&names::CHILDREN);
        self.bind(slot, person(name));
    }

    /// Somebody of an old tale.
    pub fn villager(&mut self, slot: &'static str) {
        let name = self.fresh_name(&names::OLD_NAMES);
        self.bind(slot, person(name));
    }

    /// An animal with a name: `{hero}` is 몽실이, `{hero.k}` is 토끼.
    pub fn animal(&mut self, slot: &'static str) {
        let name = self.fresh_name(&names::ANIMAL_NAMES);
        let kind = self.fresh(names::ANIMALS);
        let call = match name.strip_suffix('이') {
            Some(root) if crate::grammar::final_sound(root) != crate::grammar::FinalSound::Vowel => root,
            _ => name,
        };
        self.bind(slot, Entity { text: name.into(), call: call.into(), kind, ..Entity::default() });
    }

    /// A grown-up: 해요체 and 께서.
    pub fn elder(&mut self, slot: &'static str, from: &[&'static str]) {
        let word = self.fresh(from);
        self.bind(
            slot,
            Entity { text: word.into(), kind: word, elder: true, honored: true, ..Entity::default() },
        );
    }

    /// A grown-up of a tale, of whom the narrator speaks plainly.
    pub fn tale_elder(&mut self, slot: &'static str, from: &[&'static str]) {
        let word = self.fresh(from);
        self.bind(
            slot,
            Entity { text: word.into(), kind: word, elder: true, honored: false, ..Entity::default() },
        );
    }

    pub(super) fn entity(&self, slot: &str) -> Option<&Entity> {
        if slot == "x" {
            return self.x.as_ref();
        }
        self.slots.iter().find(|(name, _)| *name == slot).map(|(_, entity)| entity)
    }

    /// What a slot holds, as plain text.
    pub fn word(&self, slot: &str) -> String {
        self.entity(slot).map_or_else(String::new, |entity| entity.text.clone())
    }

    /// Writes a template, ends the paragraph and joins some of its sentences.
    pub fn paragraph(&mut self, template: &str) {
        self.write(template);
        let start = self.out.rfind('\n').map_or(0, |at| at + 1);
        let joined = joining::join(self.out[start..].trim(), &mut self.rng);
        self.out.truncate(start);
        if !joined.is_empty() {
            self.out.push_str(&joined);
            self.out.push('\n');
        }
    }

    /// Writes one of several paragraphs.
    pub fn one_of(&mut self, templates: &[&str]) {
        let template = self.choose(templates);
        self.paragraph(template);
    }

    /// Adds one of several templates to the running text.
    pub fn write_one(&mut self, templates: &[&str]) {
        let template = self.choose(templates);
        self.write(template);
    }

    /// A template as a string of its own, outside the running text.
    pub fn line(&mut self, template: &str) -> String {
        let saved = std::mem::take(&mut self.out);
        self.write(template);
        std::mem::replace(&mut self.out, saved).trim().to_owned()
    }

    /// Forgets everybody and everything, for another try.
    pub fn clear(&mut self) {
        self.slots.clear();
        self.taken.clear();
        self.out.clear();
        self.coloured = "";
        self.decorated.clear();
        self.subject_honored = false;
        self.long_ago = false;
    }

    /// Length of the text so far.
    pub fn size_bytes(&self) -> usize {
        self.out.len()
    }

    /// The finished text.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.out).trim_end().to_owned()
    }
}

fn person(name: &'static str) -> Entity {
    Entity { text: names::familiar(name), call: name.into(), kind: "아이", ..Entity::default() }
}

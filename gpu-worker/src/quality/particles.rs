//! Do particles agree with the sound that their noun ends in? 사람은 but 나무는.

use std::collections::BTreeSet;

use corpus::grammar::{Particle, final_sound};
use corpus::lexicon::{names, nouns};
use serde::Serialize;

/// Pairs of a known noun and a particle with two forms.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    pub pairs: u64,
    pub agree: u64,
    pub share: f64,
    /// The first few that do not, as written.
    pub wrong: Vec<String>,
}

const WRONG_SHOWN: usize = 20;

/// Looks at every word of the texts that is a noun of the lexicon and a particle, nothing else.
pub fn agreement(texts: &[String]) -> Agreement {
    let nouns = known_nouns();
    let mut found = Agreement { pairs: 0, agree: 0, share: 0.0, wrong: Vec::new() };
    for word in texts.iter().flat_map(|text| text.split_whitespace()) {
        let word = word.trim_matches(|character: char| !character.is_alphanumeric());
        let Some((noun, particle, form)) = split(word, &nouns) else { continue };
        found.pairs += 1;
        if particle.form_after(final_sound(noun)) == form {
            found.agree += 1;
        } else if found.wrong.len() < WRONG_SHOWN {
            found.wrong.push(word.to_owned());
        }
    }
    found.share = found.agree as f64 / found.pairs.max(1) as f64;
    found
}

/// Nouns of the lexicon and everybody's name as it stands before particles (민준이, 수아).
fn known_nouns() -> BTreeSet<String> {
    let people = [&names::CHILDREN, &names::ANIMAL_NAMES, &names::OLD_NAMES];
    let people = people.into_iter().flat_map(|names| names.all()).map(names::familiar);
    // One syllable is too often the beginning of another word.
    let nouns = nouns::all().map(|noun| noun.word.to_owned());
    nouns.chain(people).filter(|word| word.chars().count() > 1).collect()
}

/// The longest known noun that leaves a particle, unless the whole word is a noun itself (사과).
fn split<'a>(word: &'a str, nouns: &BTreeSet<String>) -> Option<(&'a str, Particle, &'a str)> {
    if nouns.contains(word) {
        return None;
    }
    word.char_indices().rev().find_map(|(at, _)| {
        let (noun, form) = word.split_at(at);
        let particle = Particle::ALL.into_iter().find(|particle| {
            let (closed, open) = particle.forms();
            form == closed || form == open
        })?;
        nouns.contains(noun).then_some((noun, particle, form))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_particle_is_found_and_a_noun_that_ends_like_one_is_not_taken_apart() {
        let text = "“사과은 서아가 좋아.” 우산로 연필으로 연필로 서준이는, 서아은!".to_owned();
        let found = agreement(&[text]);
        assert_eq!(found.wrong, ["사과은", "우산로", "연필으로", "서아은"]);
        assert_eq!((found.pairs, found.agree), (7, 3));
    }

    #[test]
    fn the_generator_itself_agrees_everywhere() {
        let texts: Vec<String> = (0..300).map(|index| corpus::document(3, index).plain_text()).collect();
        let found = agreement(&texts);
        assert!(found.pairs > 500, "{found:?}");
        assert_eq!(found.agree, found.pairs, "{found:?}");
    }
}

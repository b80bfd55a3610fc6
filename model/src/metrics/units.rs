//! What a text is counted in. Korean has three units of very different size, and each gives another score:
//! 학교에 is one eojeol, three characters, seven letters.

use std::collections::HashMap;

/// The units of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Between spaces: a word with its particles and endings.
    Eojeol,
    /// Syllables and other characters (Unicode scalar values), without the spaces.
    Character,
    /// Letters of the syllables (ㅎㅏㄱ), without the spaces. Finals are others than initials.
    Jamo,
}

impl Unit {
    pub const ALL: [Self; 3] = [Self::Eojeol, Self::Character, Self::Jamo];

    /// The units of a text in their order.
    pub fn tokens(self, text: &str) -> Vec<String> {
        let letters = || text.chars().filter(|character| !character.is_whitespace());
        match self {
            Self::Eojeol => text.split_whitespace().map(str::to_owned).collect(),
            Self::Character => letters().map(String::from).collect(),
            Self::Jamo => letters().flat_map(jamo).map(String::from).collect(),
        }
    }
}

/// A syllable's conjoining letters, by Unicode's arithmetic (chapter 3.12); anything else is itself.
fn jamo(character: char) -> impl Iterator<Item = char> {
    const FIRST: u32 = '가' as u32;
    const MEDIALS: u32 = 21;
    const FINALS: u32 = 28;
    let letter = |base: u32, index: u32| char::from_u32(base + index);
    let letters = match character {
        '가'..='힣' => {
            let index = u32::from(character) - FIRST;
            let last = index % FINALS;
            [
                letter(0x1100, index / (MEDIALS * FINALS)),
                letter(0x1161, index / FINALS % MEDIALS),
                if last == 0 { None } else { letter(0x11a7, last) },
            ]
        }
        _ => [Some(character), None, None],
    };
    letters.into_iter().flatten()
}

/// Every run of `length` units and how often it occurs.
pub(super) fn runs(tokens: &[String], length: usize) -> HashMap<&[String], u64> {
    let mut counts = HashMap::new();
    for run in tokens.windows(length.max(1)) {
        *counts.entry(run).or_default() += 1;
    }
    counts
}

/// Runs that both have, each at most as often as either.
pub(super) fn shared_runs(one: &HashMap<&[String], u64>, other: &HashMap<&[String], u64>) -> u64 {
    one.iter().map(|(run, count)| *count.min(other.get(run).unwrap_or(&0))).sum()
}

#[cfg(test)]
mod tests {
    use super::Unit;

    #[test]
    fn a_word_has_more_units_the_smaller_they_are() {
        let counts = Unit::ALL.map(|unit| unit.tokens("학교에 갔다").len());
        assert_eq!(counts, [2, 5, 12]);
        assert_eq!(Unit::Character.tokens("a 가!"), ["a", "가", "!"]);
        assert_eq!(Unit::Jamo.tokens("닭").concat(), "\u{1103}\u{1161}\u{11b0}");
    }
}

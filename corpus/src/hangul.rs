//! Arithmetic of Hangul syllables: a precomposed syllable is `0xAC00 + (initial * 21 + vowel) * 28 + final`
//! (Unicode Standard, section 3.12).

const FIRST: u32 = 0xAC00;
const LAST: u32 = 0xD7A3;
const VOWELS: u32 = 21;
const FINALS: u32 = 28;

/// Vowel numbers (jungseong) in Unicode order.
pub mod vowel {
    pub const A: u32 = 0;
    pub const AE: u32 = 1;
    pub const YA: u32 = 2;
    pub const YAE: u32 = 3;
    pub const EO: u32 = 4;
    pub const E: u32 = 5;
    pub const YEO: u32 = 6;
    pub const YE: u32 = 7;
    pub const O: u32 = 8;
    pub const WA: u32 = 9;
    pub const WAE: u32 = 10;
    pub const OE: u32 = 11;
    pub const U: u32 = 13;
    pub const WO: u32 = 14;
    pub const EU: u32 = 18;
    pub const I: u32 = 20;
}

/// Final-consonant numbers (jongseong) in Unicode order; `NONE` is an open syllable.
pub mod coda {
    pub const NONE: u32 = 0;
    pub const NIEUN: u32 = 4;
    pub const DIGEUT: u32 = 7;
    pub const RIEUL: u32 = 8;
    pub const RIEUL_MIEUM: u32 = 10;
    pub const MIEUM: u32 = 16;
    pub const BIEUP: u32 = 17;
    pub const SIOT: u32 = 19;
    pub const SSANG_SIOT: u32 = 20;
    pub const HIEUT: u32 = 27;
}

/// One precomposed syllable taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Syllable {
    pub initial: u32,
    pub vowel: u32,
    pub coda: u32,
}

/// The initial consonant of a syllable that starts with a vowel sound (ㅇ).
pub const SILENT_INITIAL: u32 = 11;

impl Syllable {
    pub fn of(character: char) -> Option<Self> {
        let code = character as u32;
        if !(FIRST..=LAST).contains(&code) {
            return None;
        }
        let offset = code - FIRST;
        Some(Self {
            initial: offset / (VOWELS * FINALS),
            vowel: offset / FINALS % VOWELS,
            coda: offset % FINALS,
        })
    }

    /// The syllable as a character. Numbers outside their tables give U+FFFD.
    pub fn compose(self) -> char {
        char::from_u32(FIRST + (self.initial * VOWELS + self.vowel) * FINALS + self.coda)
            .unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    pub fn with_vowel(self, vowel: u32) -> Self {
        Self { vowel, ..self }
    }

    pub fn with_coda(self, coda: u32) -> Self {
        Self { coda, ..self }
    }

    /// ㅏ, ㅑ and ㅗ take -아; every other vowel takes -어.
    pub fn is_bright(self) -> bool {
        matches!(self.vowel, vowel::A | vowel::YA | vowel::O)
    }
}

/// The last character of `text` as a syllable.
pub fn last_syllable(text: &str) -> Option<Syllable> {
    text.chars().next_back().and_then(Syllable::of)
}

/// Takes the last character off `text` and puts `syllable` in its place.
pub fn replace_last(text: &mut String, syllable: Syllable) {
    text.pop();
    text.push(syllable.compose());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_syllable_survives_taking_apart_and_putting_together() {
        for code in FIRST..=LAST {
            let character = char::from_u32(code).unwrap();
            assert_eq!(Syllable::of(character).unwrap().compose(), character);
        }
        assert_eq!(Syllable::of('a'), None);
        assert_eq!(Syllable::of('ㄱ'), None);
    }
}

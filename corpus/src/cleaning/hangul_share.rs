//! Documents that are written in Korean: the share of Hangul among all letters. Digits, spaces and
//! punctuation do not count either way.

pub fn is_at_least(text: &str, minimum: f64) -> bool {
    let (hangul, letters) = counts(text);
    letters > 0 && hangul as f64 >= minimum * letters as f64
}

/// Hangul among all letters; `None` without letters.
pub fn share(text: &str) -> Option<f64> {
    let (hangul, letters) = counts(text);
    (letters > 0).then(|| hangul as f64 / letters as f64)
}

fn counts(text: &str) -> (u64, u64) {
    let (mut hangul, mut letters) = (0_u64, 0_u64);
    for character in text.chars().filter(|character| character.is_alphabetic()) {
        letters += 1;
        hangul += u64::from(is_hangul(character));
    }
    (hangul, letters)
}

/// Syllables, and the letters that they are made of: ㅋㅋ and ㅠㅠ are Korean too.
pub fn is_hangul(character: char) -> bool {
    matches!(character,
        '가'..='힣' | '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' | '\u{a960}'..='\u{a97c}'
        | '\u{d7b0}'..='\u{d7fb}' | '\u{ffa1}'..='\u{ffdc}')
}

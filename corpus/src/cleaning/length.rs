//! Documents of a useful length, in characters (Unicode scalar values; a syllable is one).

pub fn is_between(text: &str, minimum: u64, maximum: u64) -> bool {
    let characters = text.chars().count() as u64;
    (minimum..=maximum).contains(&characters)
}

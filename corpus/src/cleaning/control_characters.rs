//! Characters that nobody sees: controls, zero-width spaces, direction marks, soft hyphens, fillers.
//! Every line end becomes a newline; newline and tab stay. A joiner inside an emoji stays, because
//! without it a family falls apart into people.

use std::borrow::Cow;

pub fn remove(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|character| is_unwanted(character) || character == '\u{200d}') {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    clean.push('\n');
                }
            }
            '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\u{200d}' => {
                let joins = |neighbour: Option<char>| neighbour.is_some_and(is_pictograph);
                if joins(clean.chars().next_back()) && joins(characters.peek().copied()) {
                    clean.push(character);
                }
            }
            _ if is_unwanted(character) => {}
            _ => clean.push(character),
        }
    }
    if clean == text { Cow::Borrowed(text) } else { Cow::Owned(clean) }
}

fn is_unwanted(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        _ if character.is_control() => true,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' => {
            true
        }
        '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' => true,
        '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' => true,
        '\u{fdd0}'..='\u{fdef}' => true,
        '\u{e0000}'..='\u{e007f}' => true,
        _ => (u32::from(character) & 0xfffe) == 0xfffe,
    }
}

fn is_pictograph(character: char) -> bool {
    matches!(character, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

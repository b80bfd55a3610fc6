//! Runs of spaces become one, runs of three or more newlines two; lines and the text are trimmed.

use std::borrow::Cow;

pub fn normalize(text: &str) -> Cow<'_, str> {
    let mut clean = String::with_capacity(text.len());
    let mut newlines = 0;
    for line in text.split('\n') {
        let start = clean.len();
        for word in line.split(is_space).filter(|word| !word.is_empty()) {
            if clean.is_empty() {
            } else if clean.len() == start {
                clean.extend(std::iter::repeat_n('\n', newlines.min(2)));
            } else {
                clean.push(' ');
            }
            clean.push_str(word);
        }
        newlines = if clean.len() == start { newlines + 1 } else { 1 };
    }
    if clean == text { Cow::Borrowed(text) } else { Cow::Owned(clean) }
}

fn is_space(character: char) -> bool {
    character.is_whitespace() && character != '\n'
}

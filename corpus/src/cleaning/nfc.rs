//! Unicode normalization form C. Files from macOS write 한 as three conjoining letters; a tokenizer
//! would learn every word twice.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

pub fn normalize(text: &str) -> Cow<'_, str> {
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    let normalized: String = text.nfc().collect();
    if normalized == text { Cow::Borrowed(text) } else { Cow::Owned(normalized) }
}

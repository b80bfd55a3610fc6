//! The raw bytes of every token of a byte-level vocabulary.
//!
//! Byte-level BPE writes each byte as one printable character (GPT-2's `bytes_to_unicode`): bytes
//! that print as themselves stand for themselves, the others are numbered from U+0100 on.

use std::collections::HashMap;

use tokenizers::Tokenizer;

use crate::{Error, Result};

/// Bytes by token id; special tokens have none.
#[derive(Debug, Clone)]
pub struct TokenBytes {
    bytes: Vec<Option<Vec<u8>>>,
}

impl TokenBytes {
    /// # Errors
    /// [`Error::Configuration`] when a token is not written in byte-level characters.
    pub fn new(tokenizer: &Tokenizer) -> Result<Self> {
        let alphabet: HashMap<char, u8> = (0..=255).map(|byte| (byte_level_character(byte), byte)).collect();
        let added = tokenizer.get_added_tokens_decoder();
        let vocabulary = tokenizer.get_vocab(true);
        let size = vocabulary.values().max().map_or(0, |id| *id as usize + 1);
        let mut bytes = vec![None; size];
        for (token, id) in vocabulary {
            bytes[id as usize] = match added.get(&id) {
                Some(added) if added.special => None,
                Some(added) => Some(added.content.clone().into_bytes()),
                None => {
                    let raw: Option<Vec<u8>> =
                        token.chars().map(|character| alphabet.get(&character).copied()).collect();
                    Some(raw.ok_or_else(|| Error::Configuration {
                        file: "tokenizer.json",
                        problem: format!("the token {token:?} is not byte-level"),
                    })?)
                }
            };
        }
        Ok(Self { bytes })
    }

    /// The token's bytes; `None` for special tokens and unknown ids.
    pub fn get(&self, id: u32) -> Option<&[u8]> {
        self.bytes.get(id as usize)?.as_deref()
    }

    /// Length of the token's text in bytes; `None` for special tokens and unknown ids.
    pub fn length(&self, id: u32) -> Option<usize> {
        self.get(id).map(<[u8]>::len)
    }
}

/// The character that byte-level BPE writes for a byte.
fn byte_level_character(byte: u8) -> char {
    let prints_as_itself = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    if prints_as_itself(byte) {
        char::from(byte)
    } else {
        let number = (0..byte).filter(|lower| !prints_as_itself(*lower)).count() as u32;
        char::from_u32(0x100 + number).unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokenizers::models::bpe::BPE;
    use tokenizers::pre_tokenizers::byte_level::ByteLevel;
    use tokenizers::{AddedToken, Tokenizer};

    #[test]
    fn the_alphabet_is_the_one_of_the_tokenizer() {
        let ours: std::collections::BTreeSet<char> = (0..=255).map(byte_level_character).collect();
        assert_eq!(ours, ByteLevel::alphabet().into_iter().collect());
        assert_eq!(byte_level_character(b' '), 'Ġ');
        assert_eq!(byte_level_character(b'\n'), 'Ċ');
    }

    #[test]
    fn the_lengths_of_a_text_s_tokens_add_up_to_its_bytes() {
        let vocabulary: [(String, u32); 256] =
            std::array::from_fn(|byte| (byte_level_character(byte as u8).to_string(), byte as u32));
        let model = BPE::builder().vocab_and_merges(vocabulary, vec![]).build().unwrap();
        let mut tokenizer = Tokenizer::new(model);
        tokenizer.with_pre_tokenizer(Some(ByteLevel::default().add_prefix_space(false)));
        tokenizer.add_special_tokens([AddedToken::from("<|endoftext|>", true)]).unwrap();
        let bytes = TokenBytes::new(&tokenizer).unwrap();
        let text = "가나다 abc\n😀";
        let ids = tokenizer.encode(text, false).unwrap();
        let joined: Vec<u8> = ids.get_ids().iter().flat_map(|id| bytes.get(*id).unwrap()).copied().collect();
        assert_eq!(joined, text.as_bytes());
        assert_eq!(bytes.length(256), None, "a special token is no text");
        assert_eq!(bytes.length(9_999), None);
    }
}

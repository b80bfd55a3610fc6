//! A text cut into tokens for people to look at, by any tokenizer that Hugging Face's library reads:
//! to compare ours with others, whose ids may not give the text back.

use std::ops::Range;

use shared::engine::Piece;

use super::{FILE_LIMIT_BYTES, Tokenizer, configuration, parsed};
use crate::{Error, Result};

/// Texts to look at are short.
pub const LOOK_LIMIT_BYTES: usize = 1 << 20;

/// A tokenizer of any family.
#[derive(Debug)]
pub enum AnyTokenizer {
    /// Byte-level, as ours: ids give back exactly the text's bytes.
    Lossless(Box<Tokenizer>),
    /// Whatever else: pieces only know where in the text they come from.
    Other(Box<tokenizers::Tokenizer>),
}

impl AnyTokenizer {
    /// Reads a `tokenizer.json`.
    ///
    /// # Errors
    /// [`Error::Configuration`] when it is too large or broken.
    pub fn from_bytes(tokenizer_json: &[u8]) -> Result<Self> {
        if let Ok(tokenizer) = Tokenizer::from_bytes(tokenizer_json) {
            return Ok(Self::Lossless(Box::new(tokenizer)));
        }
        if tokenizer_json.len() > FILE_LIMIT_BYTES {
            return Err(configuration(format!(
                "it has {} bytes; at most {FILE_LIMIT_BYTES} are read",
                tokenizer_json.len()
            )));
        }
        let mut inner = parsed(tokenizer_json)?;
        // A sentence of any length, as long as it is.
        inner.with_truncation(None).map_err(|error| configuration(error.to_string()))?;
        inner.with_padding(None);
        Ok(Self::Other(Box::new(inner)))
    }

    pub fn vocabulary_size(&self) -> u32 {
        match self {
            Self::Lossless(tokenizer) => tokenizer.vocabulary_size(),
            Self::Other(inner) => inner.get_vocab_size(true) as u32,
        }
    }

    pub fn is_lossless(&self) -> bool {
        matches!(self, Self::Lossless(_))
    }

    /// The ids of a text, without tokens that only frame it.
    ///
    /// # Errors
    /// As [`Tokenizer::encode`].
    pub fn encode(&self, text: &str) -> Result<Vec<u32>> {
        match self {
            Self::Lossless(tokenizer) => tokenizer.encode(text),
            Self::Other(inner) => {
                let encoding = inner.encode(text, false).map_err(uncut)?;
                Ok(encoding.get_ids().to_vec())
            }
        }
    }

    /// The tokens of a text and where in it they lie.
    ///
    /// # Errors
    /// As [`Tokenizer::encode`]; [`Error::Input`] for a text above [`LOOK_LIMIT_BYTES`].
    pub fn pieces(&self, text: &str) -> Result<Vec<Piece>> {
        match self {
            Self::Lossless(tokenizer) => tokenizer.pieces(text),
            Self::Other(inner) => {
                let places = Places::new(text)?;
                let encoding = inner.encode(text, false).map_err(uncut)?;
                let tokens = encoding.get_ids().iter().zip(encoding.get_tokens()).zip(encoding.get_offsets());
                Ok(tokens
                    .map(|((id, token), (start, end))| places.piece(*id, token.clone(), *start..*end))
                    .collect())
            }
        }
    }
}

impl Tokenizer {
    /// [`AnyTokenizer::pieces`]: here their bytes lie one after the other.
    ///
    /// # Errors
    /// As [`AnyTokenizer::pieces`].
    pub fn pieces(&self, text: &str) -> Result<Vec<Piece>> {
        let places = Places::new(text)?;
        let mut start = 0;
        let piece = |id: u32| {
            let bytes = start..start + self.token_bytes().length(id).unwrap_or(0);
            start = bytes.end;
            places.piece(id, self.token(id).unwrap_or_default(), bytes)
        };
        Ok(self.encode(text)?.into_iter().map(piece).collect())
    }
}

/// A text with its bytes counted as JavaScript counts.
struct Places<'a> {
    text: &'a str,
    /// For every byte, the UTF-16 code units before its character; one more for the end.
    units: Vec<u32>,
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Result<Self> {
        if text.len() > LOOK_LIMIT_BYTES {
            return Err(Error::Input(format!(
                "a text of {} bytes is too long to look at: take one of at most {LOOK_LIMIT_BYTES}",
                text.len()
            )));
        }
        let mut units = Vec::with_capacity(text.len() + 1);
        let mut count = 0;
        for character in text.chars() {
            units.extend(std::iter::repeat_n(count, character.len_utf8()));
            count += character.len_utf16() as u32;
        }
        units.push(count);
        Ok(Self { text, units })
    }

    fn piece(&self, id: u32, token: String, bytes: Range<usize>) -> Piece {
        let end = bytes.end.min(self.text.len());
        let start = bytes.start.min(end);
        // Cut characters count on both sides of the cut.
        let whole_end = (end..=self.text.len()).find(|at| self.text.is_char_boundary(*at)).unwrap_or(end);
        let text_end = if end > start { self.units[whole_end] } else { self.units[start] };
        Piece {
            id,
            token,
            text: String::from_utf8_lossy(&self.text.as_bytes()[start..end]).into_owned(),
            byte_start: start as u32,
            byte_end: end as u32,
            text_start: self.units[start],
            text_end,
        }
    }
}

fn uncut(error: tokenizers::Error) -> Error {
    Error::Input(format!("the text cannot be cut into tokens: {error}"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{corpus, trained};
    use super::*;

    fn ours() -> AnyTokenizer {
        AnyTokenizer::from_bytes(&trained(380).tokenizer_json).unwrap()
    }

    /// WordPiece with a normalizer, as BERT's: ids do not give the text back.
    fn word_pieces() -> AnyTokenizer {
        let json = r###"{
            "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
            "normalizer": { "type": "Lowercase" },
            "pre_tokenizer": { "type": "Whitespace" },
            "post_processor": null, "decoder": null,
            "model": {
                "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                "max_input_chars_per_word": 100,
                "vocab": { "[UNK]": 0, "학교": 1, "##에": 2, "ok": 3 }
            }
        }"###;
        AnyTokenizer::from_bytes(json.as_bytes()).unwrap()
    }

    #[test]
    fn pieces_of_ours_lie_without_gaps_and_count_as_javascript_does() {
        let tokenizer = ours();
        assert!(tokenizer.is_lossless());
        for text in corpus().iter().map(String::as_str).chain(["", "쀍 😀 끝", "\u{1112}\u{1161}\u{11ab}"])
        {
            let pieces = tokenizer.pieces(text).unwrap();
            let ids: Vec<u32> = pieces.iter().map(|piece| piece.id).collect();
            assert_eq!(ids, tokenizer.encode(text).unwrap());
            let mut end = 0;
            for piece in &pieces {
                assert_eq!(piece.byte_start, end);
                end = piece.byte_end;
                let units: Vec<u16> = text.encode_utf16().collect();
                let shown =
                    String::from_utf16(&units[piece.text_start as usize..piece.text_end as usize]).unwrap();
                assert!(shown == piece.text || piece.text.contains('\u{fffd}'), "{shown:?} {piece:?}");
            }
            assert_eq!(end as usize, text.len());
        }
    }

    #[test]
    fn a_syllable_cut_into_bytes_is_shown_cut() {
        let pieces = ours().pieces("쀍").unwrap();
        assert_eq!(pieces.len(), 3);
        for (number, piece) in (0..).zip(&pieces) {
            assert_eq!((piece.byte_start, piece.byte_end), (number, number + 1));
            assert_eq!((piece.text_start, piece.text_end), (0, 1));
            assert_eq!(piece.text, "\u{fffd}");
        }
    }

    #[test]
    fn another_family_tells_where_its_pieces_come_from() {
        let tokenizer = word_pieces();
        assert!(!tokenizer.is_lossless());
        let shown: Vec<_> = tokenizer
            .pieces("학교에 OK 😀")
            .unwrap()
            .into_iter()
            .map(|piece| (piece.id, piece.token, piece.text, piece.text_start..piece.text_end))
            .collect();
        let piece = |id, token: &str, text: &str, place| (id, token.to_owned(), text.to_owned(), place);
        assert_eq!(
            shown,
            [
                piece(1, "학교", "학교", 0..2),
                piece(2, "##에", "에", 2..3),
                piece(3, "ok", "OK", 4..6),
                piece(0, "[UNK]", "😀", 7..9),
            ]
        );
    }

    #[test]
    fn a_file_that_is_no_tokenizer_and_a_text_too_long_to_look_at_are_refused() {
        assert!(AnyTokenizer::from_bytes(b"{}").is_err());
        assert!(ours().pieces(&"가".repeat(LOOK_LIMIT_BYTES / 3 + 1)).is_err());
    }
}

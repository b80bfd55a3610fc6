//! Text ↔ token ids. A tokenizer is a Hugging Face `tokenizer.json` with a byte-level vocabulary:
//! every string has ids, and the ids give back exactly its bytes.

pub mod bytes;
pub mod pieces;
pub mod replay;
pub mod template;
pub mod train;

use shared::documents::{ChatRole, Message};
use shared::spec::SpecialToken;

use crate::{Error, Result};
use bytes::TokenBytes;
pub use pieces::AnyTokenizer;
pub use train::{TrainedTokenizer, train, train_as_far_as_possible};

/// A `tokenizer.json` may come from a stranger: larger ones are refused before they are parsed.
pub const FILE_LIMIT_BYTES: usize = 64 << 20;
/// Pieces of a text are cut by the file's own regular expression. `fancy-regex` gives up on one match
/// after a million steps back; then `encode` fails instead of running on. A text above this size
/// is refused; callers cut larger ones into documents.
pub const TEXT_LIMIT_BYTES: usize = 64 << 20;

/// A tokenizer, ready for use. Cheap to share, not to clone.
#[derive(Debug)]
pub struct Tokenizer {
    inner: tokenizers::Tokenizer,
    bytes: TokenBytes,
    special_ids: [Option<u32>; SpecialToken::ALL.len()],
    vocabulary_size: u32,
}

impl Tokenizer {
    /// Reads a `tokenizer.json`.
    ///
    /// # Errors
    /// [`Error::Configuration`] when it is too large, broken, not byte-level, or changes text before
    /// it cuts it (a normalizer would lose bytes).
    pub fn from_bytes(tokenizer_json: &[u8]) -> Result<Self> {
        if tokenizer_json.len() > FILE_LIMIT_BYTES {
            return Err(configuration(format!(
                "it has {} bytes; at most {FILE_LIMIT_BYTES} are read",
                tokenizer_json.len()
            )));
        }
        let mut inner = parsed(tokenizer_json)?;
        if inner.get_normalizer().is_some() {
            return Err(configuration("it has a normalizer, which loses bytes of the text".to_owned()));
        }
        // A text stays as long as it is, whatever the file was made for.
        inner.with_truncation(None).map_err(|error| configuration(error.to_string()))?;
        inner.with_padding(None);
        // A user who types <|endoftext|> has typed thirteen characters, not the token.
        inner.set_encode_special_tokens(true);
        let vocabulary = inner.get_vocab(true);
        let vocabulary_size = vocabulary.len() as u32;
        if vocabulary.values().any(|id| *id >= vocabulary_size) {
            return Err(configuration("its ids have gaps".to_owned()));
        }
        let bytes = TokenBytes::new(&inner)?;
        let special_ids = SpecialToken::ALL.map(|token| inner.token_to_id(token.as_str()));
        Ok(Self { inner, bytes, special_ids, vocabulary_size })
    }

    /// Tokens in all; ids are below it.
    pub fn vocabulary_size(&self) -> u32 {
        self.vocabulary_size
    }

    /// # Errors
    /// [`Error::Configuration`] when this vocabulary does not have the token.
    pub fn special_id(&self, token: SpecialToken) -> Result<u32> {
        self.special_ids[token as usize]
            .ok_or_else(|| configuration(format!("it has no token {}", token.as_str())))
    }

    /// The raw bytes of each token, for bits per byte and for streamed decoding.
    pub fn token_bytes(&self) -> &TokenBytes {
        &self.bytes
    }

    /// The ids of a text. Special tokens written out in it are encoded as the text that they are.
    ///
    /// # Errors
    /// [`Error::Input`] when the text is too large or the file's regular expression gives up on it.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>> {
        if text.len() > TEXT_LIMIT_BYTES {
            return Err(Error::Input(format!(
                "a text of {} bytes is too long to encode at once; at most {TEXT_LIMIT_BYTES} are",
                text.len()
            )));
        }
        let encoding = self
            .inner
            .encode_fast(text, false)
            .map_err(|error| Error::Input(format!("the text cannot be cut into tokens: {error}")))?;
        Ok(encoding.get_ids().to_vec())
    }

    /// What the file itself puts before a text, as Llama 3's does by its post-processor; mostly nothing.
    pub fn beginning(&self) -> Vec<u32> {
        let ids =
            |frames: bool| self.inner.encode_fast("a", frames).map(|encoding| encoding.get_ids().to_vec());
        let (Ok(plain), Ok(framed)) = (ids(false), ids(true)) else { return Vec::new() };
        let start = framed.windows(plain.len().max(1)).position(|part| part == plain);
        framed[..start.unwrap_or(0)].to_vec()
    }

    /// The id of any special token by what it is called.
    pub fn special_id_by_name(&self, name: &str) -> Option<u32> {
        let id = self.inner.token_to_id(name)?;
        self.bytes.get(id).is_none().then_some(id)
    }

    /// The ids of a text in which special tokens stand for themselves: what a chat template wrote.
    ///
    /// # Errors
    /// As [`Tokenizer::encode`].
    pub fn encode_with_special_tokens(&self, text: &str) -> Result<Vec<u32>> {
        let added = self.inner.get_added_tokens_decoder();
        let special: Vec<(&str, u32)> = added
            .iter()
            .filter(|(_, token)| token.special && !token.content.is_empty())
            .map(|(id, token)| (token.content.as_str(), *id))
            .collect();
        let mut ids = Vec::new();
        let mut rest = text;
        loop {
            // The first one; of those that begin at the same place the longest.
            let next = special
                .iter()
                .filter_map(|(token, id)| {
                    rest.find(token).map(|at| (at, std::cmp::Reverse(token.len()), *id))
                })
                .min();
            let Some((at, std::cmp::Reverse(length), id)) = next else { break };
            if at > 0 {
                ids.extend(self.encode(&rest[..at])?);
            }
            ids.push(id);
            rest = &rest[at + length..];
        }
        if !rest.is_empty() {
            ids.extend(self.encode(rest)?);
        }
        Ok(ids)
    }

    /// The special token that is written out in the text, if one is.
    pub fn names_special_token(&self, text: &str) -> Option<String> {
        let added = self.inner.get_added_tokens_decoder();
        added
            .values()
            .find(|token| token.special && !token.content.is_empty() && text.contains(&token.content))
            .map(|token| token.content.clone())
    }

    /// The ids of an exchange: per message its role's token, its content, the end of the turn. The same
    /// ids as the chat template's text would have, but nothing in a content can pose as a token.
    ///
    /// # Errors
    /// As [`Tokenizer::encode`] and [`Tokenizer::special_id`].
    pub fn encode_messages(&self, messages: &[Message], add_generation_prompt: bool) -> Result<Vec<u32>> {
        let end_of_turn = self.special_id(SpecialToken::EndOfTurn)?;
        let mut ids = Vec::new();
        for message in messages {
            ids.push(self.special_id(match message.role {
                ChatRole::System => SpecialToken::System,
                ChatRole::User => SpecialToken::User,
                ChatRole::Assistant => SpecialToken::Assistant,
            })?);
            ids.extend(self.encode(&message.content)?);
            ids.push(end_of_turn);
        }
        if add_generation_prompt {
            ids.push(self.special_id(SpecialToken::Assistant)?);
        }
        Ok(ids)
    }

    /// The text of some ids, without special tokens. Bytes that are no UTF-8 (a piece of a character)
    /// become U+FFFD.
    pub fn decode(&self, ids: &[u32]) -> String {
        let bytes: Vec<u8> = ids.iter().filter_map(|id| self.bytes.get(*id)).flatten().copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The token as its vocabulary writes it, e.g. for a report; `None` for an unknown id.
    pub fn token(&self, id: u32) -> Option<String> {
        self.inner.id_to_token(id)
    }
}

/// The library's reader panics at a decoder that is no JSON: what it is given is JSON throughout.
fn parsed(tokenizer_json: &[u8]) -> Result<tokenizers::Tokenizer> {
    let _: serde_json::Value =
        serde_json::from_slice(tokenizer_json).map_err(|error| configuration(error.to_string()))?;
    tokenizers::Tokenizer::from_bytes(tokenizer_json).map_err(|error| configuration(error.to_string()))
}

fn configuration(problem: String) -> Error {
    Error::Configuration { file: "tokenizer.json", problem }
}

#[cfg(test)]
pub(crate) mod tests;

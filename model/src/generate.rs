//! Continues token ids: one pass over the prompt, then one token at a time.

use std::ops::ControlFlow;

use candle_core::{DType, Tensor};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;

use crate::architectures::Model;
use crate::batch::Batch;
use crate::candle_ops::CandleOps;
use crate::ops::Ops;
use crate::sampling::{Sampling, sample};
use crate::{Error, Result};

/// When to stop and how to draw.
#[derive(Debug, Clone)]
pub struct GenerationOptions {
    pub maximum_tokens: usize,
    pub sampling: Sampling,
    pub seed: u64,
    /// Tokens that end the text; they are not returned.
    pub stop_tokens: Vec<u32>,
}

/// Why a generation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The model ended the text.
    StopToken,
    MaximumTokens,
    /// The model's context is full.
    ContextFull,
    /// The caller's `on_token` said so.
    Caller,
}

/// Calls `on_token` with every new token as it is drawn; returns them all.
///
/// # Errors
/// [`Error::Input`] when the prompt is empty or leaves no room in the context.
pub fn generate(
    model: &Model<Tensor>,
    ops: &CandleOps,
    prompt: &[u32],
    options: &GenerationOptions,
    mut on_token: impl FnMut(u32) -> ControlFlow<()>,
) -> Result<(Vec<u32>, Ending)> {
    let context_length = model.context_length();
    if prompt.is_empty() || prompt.len() >= context_length {
        return Err(Error::Input(format!(
            "a prompt has 1 to {} tokens for this model, not {}: use a shorter text",
            context_length - 1,
            prompt.len()
        )));
    }
    let mut random = ChaCha12Rng::seed_from_u64(options.seed);
    let mut state = model.empty_state(1);
    let mut generated = Vec::new();
    let mut input = prompt.to_vec();
    loop {
        if generated.len() >= options.maximum_tokens {
            return Ok((generated, Ending::MaximumTokens));
        }
        let remembered = state.length(0);
        if remembered + input.len() > context_length {
            return Ok((generated, Ending::ContextFull));
        }
        let batch = Batch::continuing(0, remembered, &input);
        let hidden = model.hidden(ops, &batch, &mut state, &mut |_, _| {})?;
        let last = ops.select_rows(&hidden, &[input.len() as u32 - 1])?;
        let logits = ops.linear(&last, model.head())?;
        let logits: Vec<f32> = logits.to_dtype(DType::F32)?.flatten_all()?.to_vec1()?;
        let token = sample(&logits, options.sampling, &mut random)?;
        if options.stop_tokens.contains(&token) {
            return Ok((generated, Ending::StopToken));
        }
        generated.push(token);
        if on_token(token).is_break() {
            return Ok((generated, Ending::Caller));
        }
        input = vec![token];
    }
}

/// Puts the bytes of tokens together to text without ever splitting a character.
#[derive(Debug, Default)]
pub struct Utf8Stream {
    pending: Vec<u8>,
}

impl Utf8Stream {
    /// The characters that are complete now. Bytes that can never become a character come out as
    /// U+FFFD.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        self.pending.extend_from_slice(bytes);
        let mut text = String::new();
        loop {
            match std::str::from_utf8(&self.pending) {
                Ok(valid) => {
                    text.push_str(valid);
                    self.pending.clear();
                    return text;
                }
                Err(error) => {
                    let (valid, rest) = self.pending.split_at(error.valid_up_to());
                    text.push_str(&String::from_utf8_lossy(valid));
                    let Some(invalid) = error.error_len() else {
                        self.pending = rest.to_vec();
                        return text;
                    };
                    text.push(char::REPLACEMENT_CHARACTER);
                    self.pending = rest[invalid..].to_vec();
                }
            }
        }
    }

    /// What is left at the end: U+FFFD for a character that was never completed.
    pub fn finish(&mut self) -> String {
        let rest = std::mem::take(&mut self.pending);
        String::from_utf8_lossy(&rest).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_comes_out_when_its_last_byte_is_there() {
        let mut stream = Utf8Stream::default();
        let bytes = "가나 ok".as_bytes();
        assert_eq!(stream.push(&bytes[..2]), "");
        assert_eq!(stream.push(&bytes[2..4]), "가");
        assert_eq!(stream.push(&bytes[4..8]), "나 o");
        assert_eq!(stream.push(&bytes[8..]), "k");
        assert_eq!(stream.finish(), "");
    }

    #[test]
    fn broken_bytes_become_replacement_characters_and_the_rest_goes_on() {
        let mut stream = Utf8Stream::default();
        assert_eq!(stream.push(&[0xff, b'a', 0xea, 0xb0, b'b']), "\u{fffd}a\u{fffd}b");
        assert_eq!(stream.push(&[0xea, 0xb0]), "");
        assert_eq!(stream.finish(), "\u{fffd}");
    }
}

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
use crate::state::State;
use crate::threads::kept_awake;
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

/// A text being continued, one token at a time. Each step is [`next_logits`](Self::next_logits), then
/// [`accept`](Self::accept); reading the logits back lies between them and is the caller's, who may
/// have to wait for it.
#[derive(Debug)]
pub struct Generation<T> {
    options: GenerationOptions,
    random: ChaCha12Rng,
    state: State<T>,
    /// The prompt, then what was drawn.
    text: Vec<u32>,
    prompt_length: usize,
    /// The end of `text` that the model has not read yet.
    unread: usize,
}

impl<T: Clone> Generation<T> {
    /// # Errors
    /// [`Error::Input`] when the prompt is empty or leaves no room in the context.
    pub fn new(model: &Model<T>, prompt: &[u32], options: &GenerationOptions) -> Result<Self> {
        let context_length = model.context_length();
        if prompt.is_empty() || prompt.len() >= context_length {
            return Err(Error::Input(format!(
                "a prompt has 1 to {} tokens for this model, not {}: use a shorter text",
                context_length - 1,
                prompt.len()
            )));
        }
        Ok(Self {
            options: options.clone(),
            random: ChaCha12Rng::seed_from_u64(options.seed),
            state: model.empty_state(1),
            text: prompt.to_vec(),
            prompt_length: prompt.len(),
            unread: prompt.len(),
        })
    }

    /// Reads up to `tokens` of a long prompt and stops before its last token: a caller that must not
    /// be away for long calls it until it breaks.
    pub fn read_ahead<O: Ops<Tensor = T>>(
        &mut self,
        model: &Model<T>,
        ops: &O,
        tokens: usize,
    ) -> Result<ControlFlow<()>> {
        let count = tokens.min(self.unread.saturating_sub(1));
        if count == 0 {
            return Ok(ControlFlow::Break(()));
        }
        kept_awake(|| self.read(model, ops, count))?;
        Ok(if self.unread > 1 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    }

    /// The same text on another device: that one's `model` has everything to read again.
    pub fn moved_to<U: Clone>(self, model: &Model<U>) -> Generation<U> {
        Generation {
            options: self.options,
            random: self.random,
            state: model.empty_state(1),
            unread: self.text.len(),
            text: self.text,
            prompt_length: self.prompt_length,
        }
    }

    /// The hidden states of the next `count` tokens.
    fn read<O: Ops<Tensor = T>>(&mut self, model: &Model<T>, ops: &O, count: usize) -> Result<T> {
        let start = self.text.len() - self.unread;
        let batch = Batch::continuing(0, start, &self.text[start..start + count]);
        let hidden = model.hidden(ops, &batch, &mut self.state, &mut |_, _| {})?;
        self.unread -= count;
        Ok(hidden)
    }

    /// The scores `[1, vocabulary]` of the next token, or why there is none.
    pub fn next_logits<O: Ops<Tensor = T>>(
        &mut self,
        model: &Model<T>,
        ops: &O,
    ) -> Result<ControlFlow<Ending, T>> {
        if self.generated().len() >= self.options.maximum_tokens {
            return Ok(ControlFlow::Break(Ending::MaximumTokens));
        }
        if self.text.len() > model.context_length() {
            return Ok(ControlFlow::Break(Ending::ContextFull));
        }
        let count = self.unread;
        kept_awake(|| {
            let hidden = self.read(model, ops, count)?;
            let last = ops.select_rows(&hidden, &[count as u32 - 1])?;
            Ok(ControlFlow::Continue(ops.linear(&last, model.head())?))
        })
    }

    /// Draws the next token by its scores, or ends with the text.
    pub fn accept(&mut self, logits: &[f32]) -> Result<ControlFlow<Ending, u32>> {
        let token = sample(logits, self.options.sampling, &mut self.random)?;
        if self.options.stop_tokens.contains(&token) {
            return Ok(ControlFlow::Break(Ending::StopToken));
        }
        self.text.push(token);
        self.unread += 1;
        Ok(ControlFlow::Continue(token))
    }

    /// The tokens drawn so far.
    pub fn generated(&self) -> &[u32] {
        &self.text[self.prompt_length..]
    }
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
    let mut generation = Generation::new(model, prompt, options)?;
    let ending = loop {
        let logits = match generation.next_logits(model, ops)? {
            ControlFlow::Continue(logits) => logits,
            ControlFlow::Break(ending) => break ending,
        };
        let logits: Vec<f32> = logits.to_dtype(DType::F32)?.flatten_all()?.to_vec1()?;
        match generation.accept(&logits)? {
            ControlFlow::Break(ending) => break ending,
            ControlFlow::Continue(token) if on_token(token).is_break() => break Ending::Caller,
            ControlFlow::Continue(_) => {}
        }
    };
    Ok((generation.generated().to_vec(), ending))
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

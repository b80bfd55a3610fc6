//! One dial: how deep. Everything else of a training follows from the number of layers, as in nanochat
//! (Karpathy 2025), whose width is 64 · depth too.
//!
//! ```text
//! width         64 · depth                         heads of 64; where that is even, half as many for keys and values
//! feed-forward  8/3 · width                        three matrices hold as much as two of 4 · width (Shazeer 2020)
//! context       128 … 1,024                        a power of two, about as long as the model is wide
//! batch         8 rows of one context
//! rate          4e-3 · √(192 / width), at most 4e-3
//! tokens        20 · parameters                    (Hoffmann et al. 2022)
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::presets::{Preset, with};
use super::{ArchitectureSpec, LlamaSpec, PretrainSpec, TrainTokenizerSpec};

/// Layers that the dial goes up to: a width of 3,072.
pub const DEEPEST: u32 = 48;

const WIDTH_PER_LAYER: u32 = 64;
const HEAD_SIZE: u32 = 64;
/// An AVX-512 register of f32.
const FEED_FORWARD_MULTIPLE: u32 = 16;
const ROWS: u32 = 8;
/// The preset `small` was measured at this width and this rate (docs/lab-log.md, 2026-11-24). In wider
/// models each weight of a sum moves it by less; AdamW's rate falls with the root of the width, as
/// nanochat has it. Below the measured width nothing says that a higher one is any good.
const MEASURED_RATE: f64 = 4e-3;
const MEASURED_WIDTH: f64 = 192.0;
/// What a model of that size learns most from for its computing time.
const TOKENS_PER_PARAMETER: u64 = 20;

/// Passes over the same text that are almost as good as new text (Muennighoff et al. 2023).
const GOOD_PASSES: u64 = 4;
/// Measured over the generated corpus; its tokens cover about four bytes.
const BYTES_PER_GENERATED_DOCUMENT: u64 = 1_350;
const BYTES_PER_TOKEN: u64 = 4;
/// More of them say little that is new: plots and words are those of the first hundred thousand.
const MOST_GENERATED_DOCUMENTS: u64 = 100_000;

/// How large a training is: a shape that was tried, or any depth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    Preset(Preset),
    /// Layers.
    Depth(u32),
}

impl From<Preset> for Size {
    fn from(preset: Preset) -> Self {
        Self::Preset(preset)
    }
}

impl Size {
    pub fn tokenizer(self) -> TrainTokenizerSpec {
        match self {
            Self::Preset(preset) => preset.tokenizer(),
            Self::Depth(depth) => TrainTokenizerSpec::new(vocabulary_size(depth)),
        }
    }

    pub fn pretrain(self) -> PretrainSpec {
        match self {
            Self::Preset(preset) => preset.pretrain(),
            Self::Depth(depth) => by_depth(depth, vocabulary_size(depth)),
        }
    }

    /// Documents of the generated corpus that suit the size.
    pub fn corpus_documents(self) -> u64 {
        match self {
            Self::Preset(preset) => preset.corpus_documents(),
            Self::Depth(_) => {
                let spec = self.pretrain();
                let tokens = spec.steps.saturating_mul(spec.tokens_per_step());
                let documents =
                    tokens.saturating_mul(BYTES_PER_TOKEN) / (GOOD_PASSES * BYTES_PER_GENERATED_DOCUMENT);
                documents.clamp(Preset::Tiny.corpus_documents(), MOST_GENERATED_DOCUMENTS)
            }
        }
    }

    /// Bytes of text in that corpus, where the training still has to be fitted to it: the presets were
    /// made for theirs.
    pub(super) fn corpus_bytes(self) -> Option<u64> {
        match self {
            Self::Preset(_) => None,
            Self::Depth(_) => Some(self.corpus_documents().saturating_mul(BYTES_PER_GENERATED_DOCUMENT)),
        }
    }
}

/// A vocabulary whose embedding does not outgrow the blocks: they grow with depth³, it with depth.
pub fn vocabulary_size(depth: u32) -> u32 {
    match depth {
        0..=1 => 1_000,
        2..=4 => 4_000,
        5..=8 => 8_000,
        9..=16 => 16_000,
        _ => 32_000,
    }
}

/// A Llama of `depth` layers and the training that suits it, for a tokenizer of `vocabulary_size` and as
/// much text as it wants; `whole_path::fit` cuts it down to the text at hand. A depth from 1 to
/// [`DEEPEST`] works; the spec of another one does not validate.
pub fn by_depth(depth: u32, vocabulary_size: u32) -> PretrainSpec {
    let width = depth.saturating_mul(WIDTH_PER_LAYER);
    // One head would look at one place at a time; at depth 1 there are two of 32.
    let heads = (width / HEAD_SIZE).max(2);
    let model = ArchitectureSpec::Llama(LlamaSpec {
        vocabulary_size,
        context_length: width.clamp(128, 1_024).next_power_of_two(),
        hidden_size: width,
        layers: depth,
        heads,
        key_value_heads: if heads.is_multiple_of(2) { heads / 2 } else { heads },
        feed_forward_size: feed_forward_size(width),
        rope_theta: 10_000.0,
        rms_norm_epsilon: 1e-5,
        tied_embeddings: true,
    });
    let tokens = model.parameter_count().saturating_mul(TOKENS_PER_PARAMETER);
    let tokens_per_step = u64::from(ROWS) * u64::from(model.context_length());
    let steps = tokens.div_ceil(tokens_per_step).max(1);
    with(model, steps, ROWS, learning_rate(width), between_evaluations(steps))
}

/// Ten evaluations, and never more than a thousand steps that a crash could cost.
pub(super) fn between_evaluations(steps: u64) -> u64 {
    (steps / 10).clamp(10, 1_000)
}

fn feed_forward_size(width: u32) -> u32 {
    (width.saturating_mul(8) / 3).min(1 << 20).next_multiple_of(FEED_FORWARD_MULTIPLE)
}

/// Of two digits: it is a rule of thumb and reads like one.
fn learning_rate(width: u32) -> f64 {
    let rate = MEASURED_RATE * (MEASURED_WIDTH / f64::from(width.max(1))).sqrt().min(1.0);
    (rate * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ArchitectureKind, JobSpec};

    #[test]
    fn every_depth_of_the_dial_is_a_training_that_validates() {
        for depth in 1..=DEEPEST {
            for kind in [ArchitectureKind::Llama, ArchitectureKind::Gpt2] {
                let mut spec = by_depth(depth, vocabulary_size(depth));
                spec.model = spec.model.in_kind(kind);
                JobSpec::Pretrain(spec).validate().unwrap();
            }
            JobSpec::TrainTokenizer(Size::Depth(depth).tokenizer()).validate().unwrap();
        }
    }

    #[test]
    fn a_depth_beside_the_dial_is_named_and_never_a_panic() {
        for depth in [0, 2_000, u32::MAX] {
            let problems = JobSpec::Pretrain(by_depth(depth, 4_000)).validate().unwrap_err();
            assert!(problems.0.iter().any(|problem| problem.field == "model.layers"), "{problems}");
        }
    }

    #[test]
    fn deeper_is_larger_sees_more_text_and_is_trained_more_carefully() {
        let measures = |depth| {
            let spec = by_depth(depth, 4_000);
            let tokens = spec.steps * spec.tokens_per_step();
            (spec.model.parameter_count(), tokens, spec.optimizer.learning_rate)
        };
        // An odd number of heads cannot share half as many keys, so each parity is a ladder of its own.
        for depth in 1..DEEPEST - 1 {
            let ((parameters, tokens, rate), deeper) = (measures(depth), measures(depth + 2));
            assert!(deeper.0 > parameters && deeper.1 > tokens && deeper.2 <= rate, "{depth}");
            let ratio = tokens as f64 / parameters as f64;
            assert!((20.0..20.1).contains(&ratio), "{depth}: {ratio} tokens per parameter");
        }
    }

    #[test]
    fn at_the_width_of_the_preset_small_the_dial_says_what_was_measured() {
        let (dial, small) = (by_depth(3, 4_000), Preset::Small.pretrain());
        assert_eq!(dial.optimizer.learning_rate, small.optimizer.learning_rate);
        assert_eq!(dial.model.context_length(), small.model.context_length());
        let ArchitectureSpec::Llama(llama) = dial.model else { panic!("the dial makes Llamas") };
        assert_eq!((llama.hidden_size, llama.heads, llama.feed_forward_size), (192, 3, 512));
    }

    #[test]
    fn a_short_text_makes_a_short_training_of_the_same_model() {
        let fit = crate::spec::whole_path::fit(Size::Depth(6), Some(2_000_000), None).unwrap();
        let whole = Size::Depth(6).pretrain();
        assert_eq!(fit.pretrain.model, whole.model);
        assert!(fit.pretrain.steps < whole.steps / 10);
        let passes = fit.pretrain.steps * fit.pretrain.tokens_per_step() / (2_000_000 / BYTES_PER_TOKEN);
        assert!((18..=20).contains(&passes), "{passes}");
        assert!(fit.pretrain.validation.every_steps <= fit.pretrain.steps / 9);
    }

    #[test]
    fn the_generated_corpus_is_as_long_as_the_depth_wants_and_the_training_fits_it() {
        assert_eq!(Size::Depth(1).corpus_documents(), Preset::Tiny.corpus_documents());
        assert_eq!(Size::Depth(12).corpus_documents(), MOST_GENERATED_DOCUMENTS);
        let fit = crate::spec::whole_path::fit(Size::Depth(12), None, None).unwrap();
        assert!(fit.pretrain.steps < Size::Depth(12).pretrain().steps);
    }
}

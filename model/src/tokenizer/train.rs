//! Training of a byte-level BPE vocabulary (Sennrich et al. 2016 on bytes, as GPT-2 does it).
//!
//! Text is first split into pieces that no merge may cross, then each byte is one of 256 symbols, and
//! the most frequent neighbouring pair becomes a new symbol until the vocabulary is full. Ties go to
//! the pair of lower ids, so the same texts give the same file, whatever their order and the threads.

use serde_json::json;
use shared::spec::{CHAT_TEMPLATE, SpecialToken, TrainTokenizerSpec};
use tokenizers::models::TrainerWrapper;
use tokenizers::models::bpe::{BPE, BpeTrainer};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{
    AddedToken, OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer, SplitDelimiterBehavior,
    Tokenizer,
};

use crate::{Error, Result};

/// Where a text may be cut. After GPT-4's `cl100k` pattern, with what Korean wants:
/// - an eojeol (word with its particles) keeps the space before it, as English words do; marks
///   (`\p{M}`) belong to their letters, so decomposed Hangul and accents stay together;
/// - digits come in groups of at most three, without the space before them, so that a number is the
///   same tokens wherever it stands ("2024년" is "202" "4" "년", never one token with its counter);
/// - punctuation keeps the space before it and takes the line ends behind it;
/// - a run of blanks leaves its last one to the word behind it; line ends close a run.
///
/// Every alternative is one greedy run without nested repetition: matching is linear in the text.
pub const SPLIT_PATTERN: &str = r"'(?i:[sdmt]|ll|ve|re)| ?[\p{L}\p{M}]+|\p{N}{1,3}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// A tokenizer as the two files that Hugging Face's libraries read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainedTokenizer {
    pub tokenizer_json: Vec<u8>,
    pub tokenizer_config_json: Vec<u8>,
    /// Tokens in all; equals the spec's.
    pub vocabulary_size: u32,
}

/// Learns the merges of `texts`. Ids: special tokens from 0 in the order of [`SpecialToken::ALL`],
/// the 256 bytes, then merges in the order in which they were learnt.
///
/// # Errors
/// [`Error::Input`] when the texts do not hold enough pairs for the vocabulary; it names the size
/// that they do allow.
pub fn train(
    texts: impl Iterator<Item = String> + Send,
    spec: &TrainTokenizerSpec,
) -> Result<TrainedTokenizer> {
    let trained = train_as_far_as_possible(texts, spec)?;
    let vocabulary_size = trained.vocabulary_size;
    if vocabulary_size < spec.vocabulary_size {
        return Err(Error::Input(format!(
            "the corpus allows a vocabulary of {vocabulary_size} tokens, not of {}: choose a vocabulary_size of at most \
             {vocabulary_size}, lower minimum_frequency (now {}) or use more text",
            spec.vocabulary_size, spec.minimum_frequency
        )));
    }
    Ok(trained)
}

/// The same, but of texts with too few pairs the vocabulary is as large as they allow.
///
/// # Errors
/// [`Error::Input`] when the texts cannot be cut into words.
pub fn train_as_far_as_possible(
    texts: impl Iterator<Item = String> + Send,
    spec: &TrainTokenizerSpec,
) -> Result<TrainedTokenizer> {
    let special_tokens: Vec<AddedToken> =
        SpecialToken::ALL.iter().map(|token| AddedToken::from(token.as_str(), true)).collect();
    let mut tokenizer = Tokenizer::new(BPE::default());
    tokenizer.with_pre_tokenizer(Some(Sequence::new(vec![split()?.into(), byte_level().into()])));
    tokenizer.with_decoder(Some(byte_level()));
    let trainer = BpeTrainer::builder()
        .vocab_size(spec.vocabulary_size as usize)
        .min_frequency(u64::from(spec.minimum_frequency))
        .special_tokens(special_tokens)
        .initial_alphabet(ByteLevel::alphabet().into_iter().collect())
        .show_progress(false)
        .build();
    let mut trainer = TrainerWrapper::BpeTrainer(trainer);
    tokenizer.train(&mut trainer, texts).map_err(|error| Error::Input(error.to_string()))?;

    let vocabulary_size = tokenizer.get_vocab_size(true) as u32;
    let tokenizer_json = tokenizer.to_string(true).map_err(|error| configuration(&error.to_string()))?;
    Ok(TrainedTokenizer {
        tokenizer_json: tokenizer_json.into_bytes(),
        tokenizer_config_json: configuration_file()?,
        vocabulary_size,
    })
}

/// The pieces of a text that no merge crosses.
///
/// # Errors
/// [`Error::Input`] when the text cannot be cut.
pub fn words(text: &str) -> Result<Vec<String>> {
    let mut pieces = PreTokenizedString::from(text);
    split()?.pre_tokenize(&mut pieces).map_err(|error| Error::Input(error.to_string()))?;
    let splits = pieces.get_splits(OffsetReferential::Original, OffsetType::Byte);
    Ok(splits.into_iter().map(|(piece, _, _)| piece.to_owned()).collect())
}

fn split() -> Result<Split> {
    Split::new(SplitPattern::Regex(SPLIT_PATTERN.to_owned()), SplitDelimiterBehavior::Isolated, false)
        .map_err(|error| configuration(&error.to_string()))
}

fn byte_level() -> ByteLevel {
    ByteLevel::new(false, false, false)
}

/// `tokenizer_config.json` as `transformers` reads it. It knows no context length; the exported
/// model's folder says that one.
fn configuration_file() -> Result<Vec<u8>> {
    let end_of_text = SpecialToken::EndOfText.as_str();
    let conversation =
        [SpecialToken::System, SpecialToken::User, SpecialToken::Assistant, SpecialToken::EndOfTurn];
    let added_tokens: serde_json::Map<String, serde_json::Value> = SpecialToken::ALL
        .iter()
        .enumerate()
        .map(|(id, token)| {
            let plain = json!({"content": token.as_str(), "lstrip": false, "normalized": false, "rstrip": false,
                "single_word": false, "special": true});
            (id.to_string(), plain)
        })
        .collect();
    let value = json!({
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": end_of_text,
        "eos_token": end_of_text,
        "pad_token": SpecialToken::Padding.as_str(),
        "additional_special_tokens": conversation.map(SpecialToken::as_str),
        "added_tokens_decoder": added_tokens,
        "add_prefix_space": false,
        "clean_up_tokenization_spaces": false,
        "chat_template": CHAT_TEMPLATE,
    });
    let mut bytes = serde_json::to_vec_pretty(&value).map_err(|error| configuration(&error.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn configuration(problem: &str) -> Error {
    Error::Configuration { file: "tokenizer.json", problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenizer::tests::{corpus, trained};

    #[test]
    fn the_same_texts_give_the_same_file_whatever_their_order() {
        let first = trained(380);
        let mut texts = corpus();
        texts.reverse();
        let again = train(texts.into_iter(), &TrainTokenizerSpec::new(380)).unwrap();
        assert_eq!(first, again);
        assert_eq!(first.vocabulary_size, 380);
    }

    #[test]
    fn a_vocabulary_larger_than_the_corpus_allows_names_the_size_that_works() {
        let texts = || corpus().into_iter();
        let error = train(texts(), &TrainTokenizerSpec::new(50_000)).unwrap_err().to_string();
        let allowed: u32 = error.split_whitespace().find_map(|word| word.parse().ok()).unwrap();
        assert!(allowed > TrainTokenizerSpec::SMALLEST && allowed < 50_000, "{error}");
        assert_eq!(train(texts(), &TrainTokenizerSpec::new(allowed)).unwrap().vocabulary_size, allowed);
        assert!(train(texts(), &TrainTokenizerSpec::new(allowed + 1)).is_err());
    }

    #[test]
    fn without_any_text_only_bytes_and_special_tokens_are_possible() {
        let spec = TrainTokenizerSpec::new(TrainTokenizerSpec::SMALLEST);
        let bytes_only = train(std::iter::empty(), &spec).unwrap();
        assert_eq!(bytes_only.vocabulary_size, 262);
        assert!(train(std::iter::empty(), &TrainTokenizerSpec::new(263)).is_err());
    }

    #[test]
    fn texts_are_cut_where_korean_wants_it() {
        let cases: [(&str, &[&str]); 9] = [
            ("할머니는 밥을 먹었다.", &["할머니는", " 밥을", " 먹었다", "."]),
            ("2024년 12345원", &["202", "4", "년", " ", "123", "45", "원"]),
            ("\"어디 가?\" 물었다", &["\"", "어디", " 가", "?\"", " 물었다"]),
            ("재밌다ㅋㅋㅋ ㅠㅠ", &["재밌다ㅋㅋㅋ", " ㅠㅠ"]),
            ("끝.\n\n다음", &["끝", ".\n\n", "다음"]),
            ("가   나", &["가", "  ", " 나"]),
            ("I'm 민수", &["I", "'m", " 민수"]),
            ("\u{1100}\u{1161}\u{11a8} 한", &["\u{1100}\u{1161}\u{11a8}", " 한"]),
            ("줄\n  들여", &["줄", "\n", " ", " 들여"]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text).unwrap(), expected, "{text:?}");
        }
    }
}

//! How a vocabulary fits its corpus.

use model::tokenizer::Tokenizer;
use shared::documents::Document;
use shared::reports::tokenizer::{RoundTrip, Segmentation, TokenizerReport};

use super::user_error;
use crate::jobs::JobError;

/// Text that is measured: the first documents up to this size.
const SAMPLE_BYTES: u64 = 2 << 20;
const LONGEST: usize = 50;
const SEGMENTATIONS: usize = 10;
const SEGMENTATION_CHARACTERS: usize = 60;
/// What tokenizers like to lose: blanks, a line's end, syllables that no corpus has, jamo, pieces of a
/// composed character, what is above the first plane.
const HARD_TEXTS: &[&str] = &[
    " 앞 빈칸",
    "뒤 빈칸 ",
    "빈칸  둘과\t탭",
    "줄\n바꿈\r\n두 가지\n\n",
    "아버지가방에들어가신다",
    "뷁쀍햏 ㅋㅋㅋ ㅠㅠ",
    "\u{1112}\u{1161}\u{11ab}글",
    "大韓民國 ﾊﾝｸﾞﾙ 12,345.67% (한글)",
    "👩‍👩‍👧 🇰🇷 𠮷",
    "<|user|></s>",
];

pub fn measure(
    tokenizer: &Tokenizer,
    documents: impl Iterator<Item = Result<Document, JobError>>,
) -> Result<TokenizerReport, JobError> {
    let (mut bytes, mut tokens, mut eojeols) = (0_u64, 0_u64, 0_u64);
    let mut segmentations = Vec::new();
    let mut round_trip = RoundTrip { texts: 0, changed: 0, example: None };
    for text in HARD_TEXTS {
        let ids = tokenizer.encode(text).map_err(user_error)?;
        try_round_trip(tokenizer, text, &ids, &mut round_trip);
    }
    for document in documents {
        let document = document?;
        for text in document.texts() {
            bytes += text.len() as u64;
            let ids = tokenizer.encode(text).map_err(user_error)?;
            tokens += ids.len() as u64;
            try_round_trip(tokenizer, text, &ids, &mut round_trip);
            eojeols += text.split_whitespace().count() as u64;
        }
        if let Some(text) = document.texts().first().filter(|_| segmentations.len() < SEGMENTATIONS) {
            segmentations.push(segment(tokenizer, text)?);
        }
        if bytes >= SAMPLE_BYTES {
            break;
        }
    }
    Ok(TokenizerReport {
        vocabulary_size: tokenizer.vocabulary_size(),
        bytes_per_token: bytes as f64 / tokens.max(1) as f64,
        tokens_per_eojeol: tokens as f64 / eojeols.max(1) as f64,
        measured_bytes: bytes,
        longest_tokens: longest(tokenizer),
        segmentations,
        round_trip: Some(round_trip),
    })
}

fn try_round_trip(tokenizer: &Tokenizer, text: &str, ids: &[u32], round_trip: &mut RoundTrip) {
    round_trip.texts += 1;
    if tokenizer.decode(ids) != text {
        round_trip.changed += 1;
        let start: String = text.chars().take(SEGMENTATION_CHARACTERS).collect();
        round_trip.example.get_or_insert(start);
    }
}

fn segment(tokenizer: &Tokenizer, text: &str) -> Result<Segmentation, JobError> {
    let text: String = text.chars().take(SEGMENTATION_CHARACTERS).collect();
    let ids = tokenizer.encode(&text).map_err(user_error)?;
    let tokens = ids.iter().map(|id| tokenizer.decode(&[*id])).collect();
    Ok(Segmentation { text, tokens })
}

fn longest(tokenizer: &Tokenizer) -> Vec<String> {
    let bytes = tokenizer.token_bytes();
    let mut ids: Vec<u32> = (0..tokenizer.vocabulary_size()).collect();
    ids.sort_by_key(|id| (std::cmp::Reverse(bytes.length(*id).unwrap_or(0)), *id));
    ids.truncate(LONGEST);
    ids.into_iter().map(|id| tokenizer.decode(&[id])).collect()
}

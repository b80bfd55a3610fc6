//! How a vocabulary fits its corpus.

use model::tokenizer::Tokenizer;
use shared::documents::Document;
use shared::reports::tokenizer::{Segmentation, TokenizerReport};

use super::user_error;
use crate::jobs::JobError;

/// Text that is measured: the first documents up to this size.
const SAMPLE_BYTES: u64 = 2 << 20;
const LONGEST: usize = 50;
const SEGMENTATIONS: usize = 10;
const SEGMENTATION_CHARACTERS: usize = 60;

pub fn measure(
    tokenizer: &Tokenizer,
    documents: impl Iterator<Item = Result<Document, JobError>>,
) -> Result<TokenizerReport, JobError> {
    let (mut bytes, mut tokens, mut eojeols) = (0_u64, 0_u64, 0_u64);
    let mut segmentations = Vec::new();
    for document in documents {
        let document = document?;
        for text in document.texts() {
            bytes += text.len() as u64;
            tokens += tokenizer.encode(text).map_err(user_error)?.len() as u64;
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
    })
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

//! A tokenizer and its configuration: four bytes that say how long `tokenizer.json` is, `tokenizer.json`,
//! and then `tokenizer_config.json`.
#![no_main]

use model::gguf::cutting;
use model::tokenizer::template::TemplateConfiguration;
use model::tokenizer::{AnyTokenizer, Tokenizer};

const TEXTS: [&str; 4] = ["할머니가 밥을 먹었다. 2024년\n\n", "It's \"the\" end", "", "😀\u{1112}\u{1161}\u{11ab}"];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((length, rest)) = bytes.split_first_chunk() else { return };
    let (tokenizer, configuration) = rest.split_at((u32::from_le_bytes(*length) as usize).min(rest.len()));
    let _ = cutting(tokenizer);
    if let Ok(any) = AnyTokenizer::from_bytes(tokenizer) {
        TEXTS.iter().for_each(|text| drop(any.pieces(text)));
    }
    if let Ok(configuration) = TemplateConfiguration::from_bytes(configuration) {
        let _ = configuration.render(&[], true);
    }
    let Ok(tokenizer) = Tokenizer::from_bytes(tokenizer) else { return };
    let _ = tokenizer.beginning();
    for text in TEXTS {
        let Ok(ids) = tokenizer.encode(text) else { continue };
        assert!(ids.iter().all(|id| *id < tokenizer.vocabulary_size()));
        let _ = tokenizer.decode(&ids);
        let _ = tokenizer.encode_with_special_tokens(text);
    }
});

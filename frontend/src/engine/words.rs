//! What the worker says, in the page's words.

use shared::engine::{Ending, Engine, EngineError, NotOnGpu};
use shared::spec::GgufFormat;

use crate::format;
use crate::texts::{fill, texts};

/// A panic tells more than anybody reads.
const DETAIL_LIMIT_CHARACTERS: usize = 160;

/// What is wrong and what to do.
pub fn error_words(error: &EngineError) -> String {
    let texts = &texts().engine;
    match error {
        EngineError::NotFound { file } => fill(texts.not_found, &[("file", file.as_str())]),
        EngineError::Refused { file, .. } => fill(texts.refused, &[("file", file.as_str())]),
        EngineError::Server { file, .. } => fill(texts.server, &[("file", file.as_str())]),
        EngineError::Network { file, .. } => fill(texts.network, &[("file", file.as_str())]),
        EngineError::WrongBytes { file, .. } => fill(texts.wrong_bytes, &[("file", file.as_str())]),
        EngineError::StorageFull { needed_bytes, .. } => {
            fill(texts.storage_full, &[("size", &format::bytes(*needed_bytes as f64))])
        }
        EngineError::NoStorage { problem } => with_detail(texts.no_storage, problem),
        EngineError::MissingFile { name } => fill(texts.missing_file, &[("file", name)]),
        EngineError::NotAModel { problem } => with_detail(texts.not_a_model, problem),
        EngineError::NotATokenizer { problem } => with_detail(texts.not_a_tokenizer, problem),
        EngineError::NoModel | EngineError::NoTokenizer => texts.nothing_open.to_owned(),
        EngineError::NoChat => texts.no_chat.to_owned(),
        EngineError::Input { problem } => with_detail(texts.input, problem),
        EngineError::TooLong { tokens, room_tokens } => {
            let number = |number: &u32| format::count(f64::from(*number));
            fill(texts.too_long, &[("tokens", &number(tokens)), ("room", &number(room_tokens))])
        }
        EngineError::Gpu { problem } => with_detail(texts.gpu, problem),
        EngineError::Stopped => texts.stopped.to_owned(),
        EngineError::Version { problem } => with_detail(texts.version, problem),
        EngineError::NotStarted { problem } => with_detail(texts.not_started, problem),
        EngineError::Crashed { problem } => with_detail(texts.crashed, problem),
    }
}

/// The engine's own English behind our words: for whoever is asked for help, not for the reader.
fn with_detail(words: &str, problem: &str) -> String {
    let line = problem.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return words.to_owned();
    }
    let mut detail: String = line.chars().take(DETAIL_LIMIT_CHARACTERS).collect();
    if detail.len() < line.len() {
        detail.push('…');
    }
    format!("{words} {}", fill(texts().engine.detail, &[("detail", &detail)]))
}

/// What it runs on, and why if that is not the GPU.
pub fn engine_words(engine: &Engine) -> (String, String) {
    let texts = &texts().engine;
    match engine {
        Engine::WebGpu { adapter } if adapter.trim().is_empty() => (texts.web_gpu.to_owned(), String::new()),
        Engine::WebGpu { adapter } => (format!("{} · {adapter}", texts.web_gpu), String::new()),
        Engine::WasmSimd { why } => {
            let why = why.as_ref().map(|why| match why {
                NotOnGpu::Unusable { .. } => texts.why_unusable.to_owned(),
                NotOnGpu::Lost { .. } => texts.why_lost.to_owned(),
                NotOnGpu::Slower { gpu_tokens_per_second, processor_tokens_per_second, .. } => {
                    let speed = |number: f64| format::significant(number, 2);
                    let (gpu, processor) =
                        (speed(*gpu_tokens_per_second), speed(*processor_tokens_per_second));
                    fill(texts.why_slower, &[("gpu", &gpu), ("processor", &processor)])
                }
            });
            (texts.processor.to_owned(), why.unwrap_or_default())
        }
    }
}

/// How the matrices of the loaded model are held.
pub fn weight_words(format: GgufFormat) -> &'static str {
    let texts = &texts().engine;
    match format {
        GgufFormat::F32 | GgufFormat::F16 | GgufFormat::Bf16 => texts.weights_exact,
        GgufFormat::Q8_0 => texts.weights_8_bits,
        GgufFormat::Q4_0 | GgufFormat::Q4_1 => texts.weights_4_bits,
    }
}

pub fn ending_words(ending: Ending) -> &'static str {
    let texts = &texts().engine;
    match ending {
        Ending::EndOfText => texts.end_of_text,
        Ending::MaximumTokens => texts.end_of_length,
        Ending::ContextFull => texts.end_of_context,
        Ending::Stopped => texts.end_by_stop,
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_engines_english_is_a_short_remark_behind_our_words() {
        let problem = format!("panicked at\n  {}", "x".repeat(1_000));
        let words = error_words(&EngineError::Crashed { problem });
        let (ours, detail) = words.split_once(" (").unwrap();
        assert!(ours.ends_with("다시 불러와 주세요."), "{ours}");
        assert!(detail.contains("panicked at xxx") && detail.ends_with("…)"), "{detail}");
        assert!(detail.chars().count() < 200);
        let silent = error_words(&EngineError::Gpu { problem: String::new() });
        assert!(!silent.contains('('), "{silent}");
    }

    #[wasm_bindgen_test]
    fn a_message_that_is_too_long_is_told_in_numbers() {
        let words = error_words(&EngineError::TooLong { tokens: 1_300, room_tokens: 128 });
        assert!(words.contains("1,300토큰") && words.contains("128토큰"), "{words}");
    }
}

//! What the worker says, in the page's words.

use shared::engine::{Ending, Engine, EngineError, NotOnGpu};

use crate::format;
use crate::texts::{fill, texts};

/// What is wrong and what to do.
pub fn error_words(error: &EngineError) -> String {
    let texts = &texts().engine;
    let problem = |text: &str, problem: &str| fill(text, &[("problem", problem)]);
    match error {
        EngineError::NotFound { file } => fill(texts.not_found, &[("file", file.as_str())]),
        EngineError::Refused { file, .. } => fill(texts.refused, &[("file", file.as_str())]),
        EngineError::Server { file, .. } => fill(texts.server, &[("file", file.as_str())]),
        EngineError::Network { file, .. } => fill(texts.network, &[("file", file.as_str())]),
        EngineError::WrongBytes { file, .. } => fill(texts.wrong_bytes, &[("file", file.as_str())]),
        EngineError::StorageFull { needed_bytes, .. } => {
            fill(texts.storage_full, &[("size", &format::bytes(*needed_bytes as f64))])
        }
        EngineError::NoStorage { problem: detail } => problem(texts.no_storage, detail),
        EngineError::MissingFile { name } => fill(texts.missing_file, &[("file", name)]),
        EngineError::NotAModel { problem: detail } => problem(texts.not_a_model, detail),
        EngineError::NotATokenizer { problem: detail } => problem(texts.not_a_tokenizer, detail),
        EngineError::NoModel | EngineError::NoTokenizer => texts.nothing_open.to_owned(),
        EngineError::NoChat => texts.no_chat.to_owned(),
        EngineError::Input { problem: detail } => problem(texts.input, detail),
        EngineError::Gpu { problem: detail } => problem(texts.gpu, detail),
        EngineError::Stopped => texts.stopped.to_owned(),
        EngineError::Version { problem: detail } => problem(texts.version, detail),
        EngineError::Crashed { problem: detail } => problem(texts.crashed, detail),
    }
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

pub fn ending_words(ending: Ending) -> &'static str {
    let texts = &texts().engine;
    match ending {
        Ending::EndOfText => texts.end_of_text,
        Ending::MaximumTokens => texts.end_of_length,
        Ending::ContextFull => texts.end_of_context,
        Ending::Stopped => texts.end_by_stop,
    }
}

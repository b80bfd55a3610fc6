//! Loading the model, and the figures of what it writes.

use leptos::prelude::*;
use shared::engine::{EngineChoice, EngineError, LoadStage};

use crate::components::{Button, Facts, ProgressBar};
use crate::engine::{Desk, GpuStanding, Loading, ending_words, engine_words, error_words, weight_words};
use crate::format;
use crate::texts::{fill, texts};

/// How the loading stands; nothing once the model is ready.
#[component]
pub fn LoadingStatus(desk: Desk) -> impl IntoView {
    let texts = &texts().engine;
    let is_loading = Memo::new(move |_| {
        desk.loading
            .with(|loading| !matches!(loading, Loading::Ready(_) | Loading::Failed(_) | Loading::Stopped))
    });
    let failure = Memo::new(move |_| {
        desk.loading.with(|loading| match loading {
            Loading::Failed(error @ EngineError::Crashed { .. }) => {
                Some((texts.crashed_title, error_words(error)))
            }
            Loading::Failed(error) => Some((texts.load_failed, error_words(error))),
            _ => None,
        })
    });
    let needs_gpu = Memo::new(move |_| {
        desk.loading.with(|loading| matches!(loading, Loading::Failed(EngineError::Gpu { .. })))
    });
    let take_processor = move |()| {
        desk.choice.set(EngineChoice::WasmSimd);
        desk.load();
    };
    let is_stopped = Memo::new(move |_| desk.loading.with(|loading| *loading == Loading::Stopped));
    // One button, so that whoever stopped with the keyboard goes on with the same key.
    let stop_or_load = move |()| if is_loading.get_untracked() { desk.stop_loading() } else { desk.load() };
    let share = Signal::derive(move || {
        desk.loading.with(|loading| match loading {
            Loading::Moving { done_bytes, total_bytes, .. } if *total_bytes > 0 => {
                Some(*done_bytes as f64 / *total_bytes as f64)
            }
            _ => None,
        })
    });
    let stage = move || {
        desk.loading.with(|loading| match loading {
            Loading::Moving { stage: LoadStage::Fetching, .. } => texts.fetching.to_owned(),
            Loading::Moving { stage: LoadStage::Checking, .. } => texts.checking.to_owned(),
            Loading::Moving { stage: LoadStage::Preparing, .. } => texts.preparing.to_owned(),
            Loading::Retrying { attempt, attempts } => {
                fill(texts.retrying, &[("n", &attempt.to_string()), ("of", &attempts.to_string())])
            }
            Loading::Stopped => texts.loading_stopped.to_owned(),
            _ => texts.starting.to_owned(),
        })
    };
    let amount = move || {
        desk.loading.with(|loading| match loading {
            Loading::Moving { done_bytes, total_bytes, .. } => {
                let bytes = |number: &u64| format::bytes(*number as f64);
                fill(texts.amount, &[("done", &bytes(done_bytes)), ("total", &bytes(total_bytes))])
            }
            _ => String::new(),
        })
    };
    view! {
        <Show when=move || is_loading.get() || is_stopped.get()>
            <div class="progress-line talk-loading">
                // Only a new stage is read aloud, not every byte.
                <p><span role="status">{stage}</span>" "<span class="soft">{amount}</span></p>
                <Show when=move || is_loading.get()><ProgressBar label=texts.fetching share=share/></Show>
                <div class="buttons">
                    <Button on_press=stop_or_load>
                        {move || if is_loading.get() { texts.stop_loading } else { texts.load_again }}
                    </Button>
                </div>
            </div>
        </Show>
        {move || {
            failure.get().map(|(title, words)| view! {
                <div class="error-box talk-failure" role="alert">
                    <p class="error-box-title">{title}</p>
                    <p>{words}</p>
                    <div class="buttons">
                        <Button on_press=move |()| desk.load()>{texts.load_again}</Button>
                        <Show when=move || needs_gpu.get()>
                            <Button on_press=take_processor>{texts.take_processor}</Button>
                        </Show>
                    </div>
                </div>
            })
        }}
    }
}

/// The model, what it runs on, and how fast it writes.
#[component]
pub fn ModelFacts(desk: Desk) -> impl IntoView {
    let texts = &texts().engine;
    let engine = Memo::new(move |_| desk.engine.with(|engine| engine.as_ref().map(engine_words)));
    let is_reopening = Memo::new(move |_| desk.gpu.get() == GpuStanding::Reopening);
    let facts = Signal::derive(move || {
        let mut facts = Vec::new();
        desk.loading.with(|loading| {
            if let Loading::Ready(model) = loading {
                facts.push((texts.parameters, format::count(model.parameters as f64)));
                facts.push((texts.weights, weight_words(model.weights).to_owned()));
                let length = format::count(f64::from(model.context_length));
                facts.push((texts.context_length, fill(texts.context_tokens, &[("n", &length)])));
            }
        });
        desk.progress.with(|progress| {
            if let Some(statistics) = &progress.statistics {
                facts.push((texts.tokens, format::count(f64::from(statistics.tokens))));
                facts.extend(statistics.tokens_per_second.map(|speed| {
                    (texts.speed, fill(texts.speed_words, &[("n", &format::significant(speed, 3))]))
                }));
                facts.extend(statistics.seconds_to_first_token.map(|seconds| {
                    (texts.first_token, format!("{} ms", format::significant(1000.0 * seconds, 2)))
                }));
                let memory = statistics.memory.wasm_bytes + statistics.memory.gpu_bytes;
                facts.push((texts.memory, format::bytes(memory as f64)));
            }
        });
        facts
    });
    view! {
        <section class="card talk-facts">
            <h2>{texts.engine}</h2>
            {move || engine.get().map(|(name, why)| view! { <p><strong>{name}</strong></p><p class="soft">{why}</p> })}
            <p class="soft" role="status">{move || is_reopening.get().then_some(texts.gpu_reopening)}</p>
            <Show when=move || engine.with(Option::is_none)><p class="soft">{texts.engine_waiting}</p></Show>
            <Facts facts=facts/>
        </section>
    }
}

/// How the last text ended, or why it did not come.
#[component]
pub fn EndingLine(desk: Desk) -> impl IntoView {
    let ending = move || {
        desk.progress.with(|progress| progress.ending.map(ending_words).unwrap_or_default().to_owned())
    };
    // What has ended the engine itself stands above, with a way to load again.
    let has_ended = move || desk.loading.with(|loading| matches!(loading, Loading::Failed(_)));
    let failure = move || {
        let words = || desk.progress.with(|progress| progress.failure.as_ref().map(error_words));
        if has_ended() { None } else { words() }
    };
    view! {
        <p class="soft" role="status">{ending}</p>
        <p class="field-error" role="alert">{failure}</p>
    }
}

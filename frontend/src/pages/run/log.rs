//! What happened, line by line, newest at the end.

use leptos::html;
use leptos::prelude::*;
use shared::events::LogLevel;

use crate::format;
use crate::run::{LogLine, LogTone, RunRecord};
use crate::texts::{fill, said, texts};

/// Closer to the end than this, the log stays at its end.
const AT_END_PIXELS: i32 = 40;

#[component]
pub fn Log(record: RwSignal<RunRecord>) -> impl IntoView {
    let texts = &texts().run;
    let place = NodeRef::<html::Ol>::new();
    let stays_at_end = StoredValue::new(true);
    let lines = Memo::new(move |_| record.with(|record| record.log.iter().cloned().collect::<Vec<_>>()));
    let dropped = Memo::new(move |_| record.with(|record| record.log_dropped));
    Effect::new(move || {
        lines.track();
        let Some(place) = place.get() else { return };
        if stays_at_end.get_value() {
            // After the new lines are on the page.
            request_animation_frame(move || place.set_scroll_top(place.scroll_height()));
        }
    });
    let scrolled = move |_| {
        if let Some(place) = place.get_untracked() {
            let below = place.scroll_height() - place.scroll_top() - place.client_height();
            stays_at_end.set_value(below < AT_END_PIXELS);
        }
    };
    view! {
        <Show when=move || { dropped.get() > 0 }>
            <p class="soft">{move || fill(texts.log_cut, &[("n", &format::count(dropped.get() as f64))])}</p>
        </Show>
        <ol class="log" node_ref=place tabindex="0" aria-label=texts.tab_log on:scroll=scrolled>
            <For each=move || lines.get() key=|line| line.number let(line)>
                <Line line=line/>
            </For>
        </ol>
        <Show when=move || lines.with(Vec::is_empty)><p class="soft">{texts.log_empty}</p></Show>
    }
}

#[component]
fn Line(line: LogLine) -> impl IntoView {
    let (mark, tone, words) = words(&line.tone);
    view! {
        <li class="log-line" data-tone=tone>
            <time datetime=format::machine_time(line.at_microseconds)>{format::clock(line.at_microseconds)}</time>
            <span class="log-mark">{mark}</span>
            <span class="log-words">{words}</span>
        </li>
    }
}

/// Its mark, its tone and what it says.
fn words(tone: &LogTone) -> (Option<&'static str>, &'static str, String) {
    let texts = &texts().run;
    let step = |text, step: u64| fill(text, &[("n", &format::count(step as f64))]);
    match tone {
        LogTone::Said(LogLevel::Info, message) => (None, "info", said::report(message)),
        LogTone::Said(LogLevel::Warning, message) => {
            (Some(texts.log_warning), "warning", said::report(message))
        }
        LogTone::Said(LogLevel::Error, message) => (Some(texts.log_error), "error", said::report(message)),
        LogTone::State(state, reason) => {
            let words = fill(texts.log_state, &[("state", format::state(*state))]);
            let words =
                reason.as_ref().map_or(words.clone(), |reason| format!("{words}: {}", said::report(reason)));
            (None, "state", words)
        }
        LogTone::Resumed(number) => (None, "state", step(texts.log_resumed, *number)),
        LogTone::Checkpoint(number) => (None, "state", step(texts.log_checkpoint, *number)),
    }
}

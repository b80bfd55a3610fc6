//! 다음 토큰: what the model thinks comes next, and what temperature and top-p make of it.

use std::time::Duration;

use leptos::prelude::*;
use shared::engine::{Choice, EngineError, NextToken, Prompt};

use crate::browser;
use crate::components::Card;
use crate::engine::{Desk, Settings, error_words};
use crate::format;
use crate::texts::{fill, texts};

/// Between the last change and the question.
const PAUSE: Duration = Duration::from_millis(200);

/// Asks whenever the text or a slider changes, and takes what is told while the model writes.
#[component]
pub fn NextTokens(
    desk: Desk,
    text: Memo<String>,
    next: RwSignal<Option<Result<NextToken, EngineError>>>,
    on_choose: Callback<String>,
) -> impl IntoView {
    let texts = &texts().write;
    let sampling = Memo::new(move |_| desk.settings.with(Settings::sampling));
    let is_idle = Memo::new(move |_| desk.is_ready() && !desk.is_writing());
    browser::when_quiet(PAUSE, move || {
        sampling.track();
        let prompt = text.get();
        is_idle.get().then_some(move || {
            desk.predict(Prompt::Text(prompt), move |answer| {
                next.try_set(Some(answer));
            });
        })
    });
    let bars = move || match next.get() {
        None => view! { <p class="soft">{texts.next_waiting}</p> }.into_any(),
        Some(Err(error)) => view! { <p class="field-error">{error_words(&error)}</p> }.into_any(),
        Some(Ok(next)) => {
            let scale = next
                .choices
                .iter()
                .fold(0.0_f64, |most, choice| most.max(choice.probability).max(choice.drawn_probability));
            let candidates =
                fill(texts.next_candidates, &[("n", &format::count(f64::from(next.candidates)))]);
            let rows = next.choices.into_iter().map(|choice| bar(choice, scale, on_choose));
            view! {
                <ol class="next-tokens">{rows.collect_view()}</ol>
                <p class="soft">{candidates}</p>
            }
            .into_any()
        }
    };
    view! {
        <Card title=texts.next_title.to_owned() class="next-token">
            <p class="soft">{texts.next_words}</p>
            {bars}
        </Card>
    }
}

fn bar(choice: Choice, scale: f64, on_choose: Callback<String>) -> impl IntoView {
    let texts = &texts().write;
    let width = |share: f64| format!("{:.1}%", 100.0 * share / scale.max(1e-9));
    let percent = |share: f64| format!("{}%", format::significant(100.0 * share, 2));
    let is_cut = choice.drawn_probability == 0.0;
    let drawn = if is_cut { texts.next_cut.to_owned() } else { percent(choice.drawn_probability) };
    let shown = visible(&choice.text, &choice.token);
    let can_append = !choice.text.is_empty() && !choice.text.contains(char::REPLACEMENT_CHARACTER);
    let label = fill(texts.next_append, &[("name", &shown)]);
    let text = choice.text;
    view! {
        <li class="next-choice" data-cut=is_cut.to_string()>
            <button
                type="button"
                class="next-word"
                disabled=!can_append
                aria-label=label
                on:click=move |_| on_choose.run(text.clone())
            >
                {shown}
            </button>
            <span class="next-bars" aria-hidden="true">
                <span class="next-own" style:width=width(choice.probability)></span>
                <span class="next-drawn" style:width=width(choice.drawn_probability)></span>
            </span>
            <span class="next-number">
                <span class="visually-hidden">{texts.next_own}" "</span>
                {percent(choice.probability)}
            </span>
            <span class="next-number strong">
                <span class="visually-hidden">{texts.next_drawn}" "</span>
                {drawn}
            </span>
        </li>
    }
}

/// With spaces and line breaks that can be seen; parts of characters and special tokens as the
/// vocabulary writes them.
pub fn visible(text: &str, token: &str) -> String {
    if text.is_empty() || text.contains(char::REPLACEMENT_CHARACTER) {
        return token.to_owned();
    }
    text.replace(' ', "␣").replace('\n', "↵").replace('\t', "⇥")
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::visible;

    #[wasm_bindgen_test]
    fn what_cannot_be_seen_is_shown_by_a_sign() {
        for (text, token, shown) in [
            (" 옛날", "ĠìĺĽ", "␣옛날"),
            ("\n", "Ċ", "↵"),
            ("\u{fffd}", "ìĺ", "ìĺ"),
            ("", "<|endoftext|>", "<|endoftext|>"),
        ] {
            assert_eq!(visible(text, token), shown);
        }
    }
}

//! What the model writes to the same beginnings: the newest beside the oldest, and any step between.

use leptos::prelude::*;

use crate::components::EmptyState;
use crate::format;
use crate::run::{RunRecord, Sample};
use crate::texts::{fill, texts};

#[component]
pub fn Samples(record: RwSignal<RunRecord>) -> impl IntoView {
    let texts = &texts().run;
    let prompts =
        Memo::new(move |_| record.with(|record| record.samples.keys().cloned().collect::<Vec<_>>()));
    view! {
        <Show
            when=move || !prompts.with(Vec::is_empty)
            fallback=move || view! { <EmptyState title=texts.no_samples_title words=texts.no_samples_words/> }
        >
            <p class="soft">{texts.samples_title}</p>
            <For each=move || prompts.get() key=Clone::clone let(prompt)>
                <OnePrompt prompt=prompt record=record/>
            </For>
        </Show>
    }
}

#[component]
fn OnePrompt(prompt: String, record: RwSignal<RunRecord>) -> impl IntoView {
    let texts = &texts().run;
    let of_prompt = StoredValue::new(prompt.clone());
    let samples = Memo::new(move |_| {
        record.with(|record| {
            of_prompt.with_value(|prompt| record.samples.get(prompt).cloned().unwrap_or_default())
        })
    });
    // The newest, until another is chosen.
    let chosen = RwSignal::new(None::<usize>);
    let count = move || samples.with(Vec::len);
    let at = move || chosen.get().unwrap_or(usize::MAX).min(count().saturating_sub(1));
    let choose = move |event| {
        let index = event_target_value(&event).parse().unwrap_or(usize::MAX);
        chosen.set((index + 1 < samples.with_untracked(Vec::len)).then_some(index));
    };
    let steps = move |step: u64| fill(texts.samples_at, &[("n", &format::count(step as f64))]);
    let one = move |label: &'static str, pick: Signal<Option<Sample>>| {
        let prompt = of_prompt.get_value();
        view! {
            <article class="sample">
                <h3>
                    {label}
                    <span class="soft">{move || pick.get().map(|sample| steps(sample.step))}</span>
                </h3>
                <p class="sample-text">
                    <span class="sample-prompt">{prompt}</span>
                    {move || pick.get().map(|sample| sample.text)}
                </p>
            </article>
        }
    };
    let oldest = Signal::derive(move || samples.with(|samples| samples.first().cloned()));
    let newest = Signal::derive(move || samples.with(|samples| samples.get(at()).cloned()));
    view! {
        <section class="samples">
            <h2>{format!("「{}」", prompt.trim())}</h2>
            <div class="sample-pair">
                {one(texts.samples_oldest, oldest)}
                {one(texts.samples_newest, newest)}
            </div>
            <Show when=move || { count() > 2 }>
                <input
                    type="range"
                    aria-label=texts.step
                    min="0"
                    max=move || (count() - 1).to_string()
                    prop:value=move || at().to_string()
                    aria-valuetext=move || newest.get().map(|sample| steps(sample.step))
                    on:input=choose
                />
            </Show>
        </section>
    }
}

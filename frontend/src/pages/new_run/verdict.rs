//! What the form amounts to: what was fitted, what it will need.

use leptos::prelude::*;
use shared::spec::JobSpec;
use shared::spec::whole_path::{Change, SMALLEST_TEXT_BYTES};

use super::form::Form;
use crate::components::Facts;
use crate::format;
use crate::texts::{fill, texts};

/// Two cores of a usual server; the time is a guess until the worker that will run it has told its speed.
const FLOPS_PER_SECOND: f64 = 6e10;

#[component]
pub fn Changes(form: Form) -> impl IntoView {
    let texts = &texts().new_run;
    move || match form.fitted.get() {
        Err(too_little) => {
            let (has, wants) =
                (format::bytes(too_little.text_bytes as f64), format::bytes(SMALLEST_TEXT_BYTES as f64));
            let words = fill(texts.too_little, &[("has", &has), ("wants", &wants)]);
            view! { <p class="reason" data-state="failed" role="alert">{words}</p> }.into_any()
        }
        Ok(changes) if changes.is_empty() => ().into_any(),
        Ok(changes) => {
            let lines = changes.into_iter().map(|change| {
                let words = match change {
                    Change::Vocabulary { from, to } => {
                        fill(texts.fitted_vocabulary, &[("from", &from.to_string()), ("to", &to.to_string())])
                    }
                    Change::Steps { from, to } => fill(
                        texts.fitted_steps,
                        &[("from", &format::count(from as f64)), ("to", &format::count(to as f64))],
                    ),
                    Change::HeldOut { to } => {
                        fill(texts.fitted_held_out, &[("share", &format!("{:.0}", 100.0 * to))])
                    }
                };
                view! { <li>{words}</li> }
            });
            view! { <div class="reason"><p>{texts.fitted}</p><ul class="prose">{lines.collect_view()}</ul></div> }.into_any()
        }
    }
}

#[component]
pub fn Estimates(form: Form) -> impl IntoView {
    let texts = &texts().new_run;
    let facts = Signal::derive(move || {
        if !form.problems.with(|problems| problems.0.is_empty()) {
            return Vec::new();
        }
        let estimate =
            form.draft.with(|draft| JobSpec::Pretrain(draft.pretrain.clone()).estimate(0, FLOPS_PER_SECOND));
        let mut facts = Vec::new();
        facts.extend(estimate.parameters.map(|count| (texts.parameters, format::count(count as f64))));
        facts.extend(estimate.tokens.map(|count| (texts.tokens, format::count(count as f64))));
        facts.push((texts.memory, format::bytes(estimate.memory_bytes as f64)));
        facts.extend(estimate.seconds.map(|seconds| (texts.time, format::duration(seconds))));
        facts
    });
    let has_problems = move || form.problems.with(|problems| !problems.0.is_empty());
    view! {
        <div aria-live="polite">
            <Facts facts=facts/>
            <Show when=has_problems><p class="reason" data-state="failed">{texts.has_problems}</p></Show>
        </div>
        <p class="soft">{texts.time_words}</p>
    }
}

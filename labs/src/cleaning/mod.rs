//! `cleaning-playground`: text, rules in an order, and what each rule does to each document.

mod difference;
mod rules;
mod trace;
mod view;
mod words;

use frontend::components::{Button, ButtonKind, Field, FieldIds};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use serde::Deserialize;

use crate::parts::{LabFrame, fresh_id};
use rules::{RuleList, RuleRow};
use trace::{clean, documents};

/// Longer texts would make every key slow.
const LIMIT_CHARACTERS: usize = 20_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What stands in it at first.
    text: Option<String>,
}

#[component]
pub fn CleaningPlayground(settings: Settings) -> impl IntoView {
    let first = settings.text.unwrap_or_else(|| words::SAMPLE_TEXTS[0].1.to_owned());
    let text = RwSignal::new(first);
    let rules = RwSignal::new(RuleRow::standard());
    let outcome = Memo::new(move |_| {
        let chosen: Vec<_> = rules.with(|rules| RuleRow::chosen(rules));
        let texts = text.with(|text| documents(&text.chars().take(LIMIT_CHARACTERS).collect::<String>()));
        clean(texts, &chosen)
    });
    let chosen = Memo::new(move |_| rules.with(|rules| RuleRow::chosen(rules)));
    let too_long = Signal::derive(move || {
        let is_long = text.with(|text| text.chars().count() > LIMIT_CHARACTERS);
        is_long.then(|| fill(words::TOO_LONG, &[("limit", &format::count(LIMIT_CHARACTERS as f64))]))
    });
    let ids = FieldIds::new(&fresh_id("cleaning-text"));
    let sample = move |(name, sample): (&'static str, &'static str)| {
        view! { <Button kind=ButtonKind::Quiet on_press=move |()| text.set(sample.to_owned())>{name}</Button> }
    };
    view! {
        <LabFrame title=words::TITLE lead=words::LEAD>
            <div class="lab-columns">
                <div class="lab-input">
                    <Field ids=ids.clone() label=words::TEXT hint=words::TEXT_HINT error=too_long>
                        <textarea
                            id=ids.control.clone()
                            aria-describedby=ids.described_by()
                            rows="14"
                            spellcheck="false"
                            class="lab-text"
                            prop:value=move || text.get()
                            on:input=move |event| text.set(event_target_value(&event))
                        ></textarea>
                    </Field>
                    <div class="lab-samples" role="group" aria-label=words::SAMPLES>
                        <span class="soft">{words::SAMPLES}</span>
                        {words::SAMPLE_TEXTS.map(sample).collect_view()}
                    </div>
                </div>
                <RuleList rules=rules/>
            </div>
            <view::Result outcome=outcome rules=chosen/>
        </LabFrame>
    }
}

//! The lab that follows a training.

use std::sync::Arc;
use std::time::Duration;

use frontend::components::{Field, FieldIds};
use frontend::texts::fill;
use frontend::{browser, format};
use leptos::prelude::*;
use serde::Deserialize;

use super::learned::{Learned, SMALLEST};
use super::steps::Steps;
use super::{LIMIT_CHARACTERS, limited, stories, words};
use crate::parts::{LabFrame, Slider, fresh_id};

/// After the last key.
const PAUSE: Duration = Duration::from_millis(300);
const LARGEST: u32 = 1_000;
const STANDARD: u32 = 400;
const SAMPLE_DOCUMENTS: usize = 8;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingSettings {
    text: Option<String>,
    vocabulary_size: Option<u32>,
}

/// What the last training came to; nothing while one is on its way.
pub type Training = Option<Result<Arc<Learned>, String>>;

#[component]
pub fn TokenizerTraining(settings: TrainingSettings) -> impl IntoView {
    let text = RwSignal::new(settings.text.unwrap_or_else(|| stories(SAMPLE_DOCUMENTS)));
    let size = RwSignal::new(settings.vocabulary_size.unwrap_or(STANDARD).clamp(SMALLEST + 1, LARGEST * 4));
    let largest = f64::from(size.get_untracked().max(LARGEST));
    let training: RwSignal<Training> = RwSignal::new(None);
    browser::when_quiet(PAUSE, move || {
        let (text, size) = (text.with(|text| limited(text)), size.get());
        training.set(None);
        Some(move || {
            training.try_set(Some(Learned::from_text(&text, size).map(Arc::new)));
        })
    });
    let too_long = Signal::derive(move || {
        let is_long = text.with(|text| text.chars().count() > LIMIT_CHARACTERS);
        is_long.then(|| fill(words::TOO_LONG, &[("limit", &format::count(LIMIT_CHARACTERS as f64))]))
    });
    let ids = FieldIds::new(&fresh_id("tokenizer-text"));
    view! {
        <LabFrame title=words::TITLE lead=words::LEAD>
            <div class="lab-columns">
                <Field ids=ids.clone() label=words::TEXT hint=words::TEXT_HINT error=too_long>
                    <textarea
                        id=ids.control.clone()
                        aria-describedby=ids.described_by()
                        rows="9"
                        spellcheck="false"
                        class="lab-text"
                        prop:value=move || text.get()
                        on:input=move |event| text.set(event_target_value(&event))
                    ></textarea>
                </Field>
                <div>
                    <Slider
                        label=words::VOCABULARY
                        hint=words::VOCABULARY_HINT
                        minimum=f64::from(SMALLEST)
                        maximum=largest
                        value=Signal::derive(move || f64::from(size.get()))
                        on_change=move |value: f64| size.set(value as u32)
                        shown=Signal::derive(move || {
                            fill(words::VOCABULARY_SHOWN, &[("n", &format::count(f64::from(size.get())))])
                        })
                    />
                    <p class="counts" role="status">{move || training.with(|training| said(training.as_ref(), size.get()))}</p>
                </div>
            </div>
            <Steps training=training/>
        </LabFrame>
    }
}

fn said(training: Option<&Result<Arc<Learned>, String>>, size: u32) -> String {
    match training {
        None => words::LEARNING.to_owned(),
        Some(Err(problem)) => fill(words::FAILED, &[("problem", problem)]),
        Some(Ok(learned)) => {
            let per = |step| format::significant(learned.bytes_per_token(step).unwrap_or(0.0), 3);
            let steps = learned.steps();
            let done = fill(
                words::LEARNED,
                &[("merges", &format::count(steps as f64)), ("before", &per(0)), ("after", &per(steps))],
            );
            let reached = SMALLEST + steps as u32;
            if reached < size {
                format!("{done} {}", fill(words::ENOUGH, &[("n", &format::count(f64::from(reached)))]))
            } else {
                done
            }
        }
    }
}

//! `metric-workbench`: scores of texts in three units of Korean, and of a classifier by its confusion matrix.

mod classes;
mod texts;
mod words;

use leptos::prelude::*;
use serde::Deserialize;

use crate::parts::{Choices, LabFrame};
use classes::Classes;
use texts::Texts;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    reference: Option<String>,
    candidate: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Texts,
    Classes,
}

#[component]
pub fn MetricWorkbench(settings: Settings) -> impl IntoView {
    let shown = RwSignal::new(Shown::Texts);
    let reference = RwSignal::new(settings.reference.unwrap_or_else(|| words::REFERENCE_SAMPLE.to_owned()));
    let candidate = RwSignal::new(settings.candidate.unwrap_or_else(|| words::CANDIDATE_SAMPLE.to_owned()));
    view! {
        <LabFrame title=words::TITLE lead=words::LEAD>
            <Choices
                label=words::KIND
                choices=vec![
                    (Shown::Texts, words::GENERATION.to_owned()),
                    (Shown::Classes, words::CLASSIFICATION.to_owned()),
                ]
                chosen=shown
                on_choose=move |chosen| shown.set(chosen)
            />
            <div class="lab-part" hidden=move || shown.get() != Shown::Texts>
                <Texts reference=reference candidate=candidate/>
            </div>
            <div class="lab-part" hidden=move || shown.get() != Shown::Classes>
                <Classes/>
            </div>
        </LabFrame>
    }
}

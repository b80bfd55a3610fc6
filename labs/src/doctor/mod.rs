//! `environment-doctor`: what this browser can do for a model, and what to do where it cannot.

mod findings;
mod look;
mod probe;
mod words;

use frontend::components::Button;
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;

use crate::parts::LabFrame;
use findings::{Finding, Verdict, findings};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {}

#[component]
pub fn EnvironmentDoctor(settings: Settings) -> impl IntoView {
    let Settings {} = settings;
    let found = RwSignal::new(None::<Vec<Finding>>);
    let examine = move || {
        found.set(None);
        spawn_local(async move {
            let facts = look::look().await;
            // The page may have been left meanwhile.
            found.try_set(Some(findings(&facts)));
        });
    };
    examine();
    let said = move || {
        found.with(|found| match found {
            None => words::LOOKING.to_owned(),
            Some(found) => summary(found),
        })
    };
    let rows = move || found.with(|found| found.as_ref().map(|found| found.iter().map(row).collect_view()));
    view! {
        <LabFrame title=words::TITLE lead=words::LEAD>
            <p class="counts" role="status">{said}</p>
            <ul class="findings" aria-label=words::RESULTS>{rows}</ul>
            <div class="buttons"><Button on_press=move |()| examine()>{words::AGAIN}</Button></div>
        </LabFrame>
    }
}

fn summary(found: &[Finding]) -> String {
    let count = |verdict| found.iter().filter(|finding| finding.verdict == verdict).count().to_string();
    fill(
        words::DONE,
        &[
            ("all", &found.len().to_string()),
            ("good", &count(Verdict::Good)),
            ("fair", &count(Verdict::Fair)),
            ("bad", &count(Verdict::Bad)),
        ],
    )
}

fn row(finding: &Finding) -> impl IntoView + use<> {
    let (state, verdict) = match finding.verdict {
        Verdict::Good => ("succeeded", words::GOOD),
        Verdict::Fair => ("waiting", words::FAIR),
        Verdict::Bad => ("failed", words::BAD),
    };
    view! {
        <li class="finding">
            <span class="tag" data-state=state>{verdict}</span>
            <strong>{finding.name}</strong>
            <span>{finding.words.clone()}</span>
        </li>
    }
}

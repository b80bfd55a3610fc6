//! `lineage`: from a model up to the texts that it was made from.

use std::collections::BTreeSet;

use frontend::api::call;
use frontend::api::poll::poll;
use frontend::components::{Arrived, Loading};
use frontend::format;
use frontend::texts::fill;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::artifacts::{GetArtifact, ListArtifacts};
use shared::artifacts::{Artifact, ArtifactKind, Purpose};
use shared::ids::ArtifactId;
use shared::spec::JobSpec;

use super::Frame;
use super::words::LINEAGE;

/// Ancestors that are fetched: a path of ours has five.
const ANCESTORS_LIMIT: usize = 60;

/// An artifact and how many steps it lies above the model; `None` where it is somebody else's.
#[derive(Debug, Clone, PartialEq)]
struct Ancestor {
    steps: u32,
    id: ArtifactId,
    artifact: Option<Artifact>,
}

#[component]
pub fn LineageLab() -> impl IntoView {
    let polled = poll(|| ListArtifacts { kind: Some(ArtifactKind::Model), before: None, limit: Some(50) });
    let models = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().map(|list| list.artifacts.clone()).unwrap_or_default())
    });
    let chosen = RwSignal::new(None::<ArtifactId>);
    let model = Memo::new(move |_| {
        chosen.get().or_else(|| models.with(|models| models.first().map(|model| model.artifact_id)))
    });
    let found = RwSignal::new(None::<Vec<Ancestor>>);
    Effect::new(move || {
        found.set(None);
        let Some(id) = model.get() else { return };
        spawn_local(async move {
            let ancestors = climb(id).await;
            if model.try_get_untracked() == Some(Some(id)) {
                found.try_set(Some(ancestors));
            }
        });
    });
    let shown = move || {
        if models.with(Vec::is_empty) {
            return view! { <p class="soft">{LINEAGE.none}</p> }.into_any();
        }
        let options = models.get().into_iter().map(|model| {
            let number = model.artifact_id.to_string();
            view! { <option value=number.clone()>{format!("{number} · {}", format::artifact_name(&model))}</option> }
        });
        let options = options.collect_view();
        view! {
            <div class="field">
                <label for="lineage-model">{LINEAGE.choose}</label>
                <select
                    id="lineage-model"
                    on:change=move |event| chosen.set(event_target_value(&event).parse().ok().map(ArtifactId))
                >
                    {options}
                </select>
            </div>
            {move || match found.get() {
                None => view! { <Loading/> }.into_any(),
                Some(ancestors) => {
                    let lines = ancestors.into_iter().map(|ancestor| view! { <Line ancestor=ancestor/> });
                    view! { <ol class="lineage">{lines.collect_view()}</ol> }.into_any()
                }
            }}
        }
        .into_any()
    };
    view! {
        <Frame title=LINEAGE.title lead=LINEAGE.lead>
            <Arrived polled=polled>{shown}</Arrived>
        </Frame>
    }
}

/// The model and everything above it, nearest first.
async fn climb(model: ArtifactId) -> Vec<Ancestor> {
    let (mut found, mut seen, mut level, mut steps) = (Vec::new(), BTreeSet::from([model]), vec![model], 0);
    while !level.is_empty() && found.len() < ANCESTORS_LIMIT {
        let mut above = Vec::new();
        for id in level {
            let artifact = call(&GetArtifact { artifact_id: id }).await.ok();
            let parents = artifact.iter().flat_map(|artifact| artifact.lineage.parents.clone());
            above.extend(parents.filter(|parent| seen.insert(*parent)));
            found.push(Ancestor { steps, id, artifact });
        }
        level = above;
        steps += 1;
    }
    found
}

#[component]
fn Line(ancestor: Ancestor) -> impl IntoView {
    let number = ancestor.id.to_string();
    let step = (ancestor.steps > 0).then(|| fill(LINEAGE.step, &[("n", &ancestor.steps.to_string())]));
    let Some(artifact) = ancestor.artifact else {
        return view! { <li><span>{format!("{number} · {}", LINEAGE.others)}</span> <span class="soft">{step}</span></li> }
            .into_any();
    };
    let mut facts = vec![format::artifact_kind(artifact.kind).to_owned()];
    facts.push(match artifact.lineage.job_id {
        Some(job) => fill(LINEAGE.made_by, &[("n", &job.to_string())]),
        None => LINEAGE.uploaded.to_owned(),
    });
    facts.extend(artifact.lineage.seed.map(|seed| fill(LINEAGE.seed, &[("n", &seed.to_string())])));
    facts.extend(licences(&artifact));
    if artifact.purpose == Purpose::Evaluation {
        facts.push(LINEAGE.evaluation.to_owned());
    }
    if artifact.deleted_at_microseconds.is_some() {
        facts.push(LINEAGE.deleted.to_owned());
    }
    let hash: String = artifact.sha256.as_str().chars().take(12).collect();
    view! {
        <li>
            <a href=format!("/artifacts/{number}")>{format!("{number} · {}", format::artifact_name(&artifact))}</a>
            <span class="soft">{step}</span>
            <span class="soft">{facts.join(" · ")}</span>
            <span class="hash">{hash}</span>
        </li>
    }
    .into_any()
}

/// An import says under which terms it took its texts.
fn licences(artifact: &Artifact) -> Vec<String> {
    let Some(JobSpec::Import(spec)) = &artifact.lineage.spec else { return Vec::new() };
    let words = |note: &str| match note.trim() {
        "" => LINEAGE.licence_missing.to_owned(),
        note => fill(LINEAGE.licence, &[("licence", note)]),
    };
    spec.sources.iter().map(|source| words(&source.licence_note)).collect()
}

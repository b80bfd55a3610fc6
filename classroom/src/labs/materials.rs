//! `corpus-report` and `tokenizer-comparison`: the way to one's own corpora and to the playground.

use frontend::api::poll::poll;
use frontend::components::toast::use_toasts;
use frontend::components::{Arrived, Button};
use frontend::format;
use leptos::prelude::*;
use serde::Deserialize;
use shared::api::artifacts::ListArtifacts;
use shared::artifacts::{Artifact, ArtifactKind};

use super::Frame;
use super::words::MATERIALS;

#[component]
pub fn CorpusReport() -> impl IntoView {
    let polled = poll(|| ListArtifacts { kind: Some(ArtifactKind::Corpus), before: None, limit: Some(20) });
    let line = |artifact: Artifact| {
        view! {
            <li>
                <a href=format!("/artifacts/{}", artifact.artifact_id)>{format::artifact_name(&artifact)}</a>
                <span class="soft">{format::bytes(artifact.size_bytes as f64)}</span>
            </li>
        }
    };
    let lines = move || {
        let corpora =
            polled.reply.with(|reply| reply.as_ref().map(|list| list.artifacts.clone()).unwrap_or_default());
        if corpora.is_empty() {
            view! { <p class="soft">{MATERIALS.corpus_none}</p> }.into_any()
        } else {
            view! { <ul class="plain-list">{corpora.into_iter().map(line).collect_view()}</ul> }.into_any()
        }
    };
    view! {
        <Frame title=MATERIALS.corpus_title lead=MATERIALS.corpus_lead>
            <Arrived polled=polled>{lines}</Arrived>
        </Frame>
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    texts: Vec<String>,
}

#[component]
pub fn TokenizerComparison(settings: Comparison) -> impl IntoView {
    let toasts = use_toasts();
    let text = StoredValue::new(settings.texts.join("\n"));
    let copy = move |()| text.with_value(|text| super::copy(text, toasts));
    let lines = settings.texts.into_iter().map(|line| view! { <li>{line}</li> });
    view! {
        <Frame title=MATERIALS.comparison_title lead=MATERIALS.comparison_lead>
            <ul class="sample-lines" lang="ko">{lines.collect_view()}</ul>
            <div class="answer-end">
                <Button on_press=copy>{MATERIALS.comparison_copy}</Button>
                <a class="button" href="/tokenizers" target="_blank" rel="noopener">{MATERIALS.comparison_open}</a>
            </div>
        </Frame>
    }
}

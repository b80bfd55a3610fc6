//! `first-generation` and `share`: models that can be opened, and one's own that can be opened to others.

use frontend::api::poll::poll;
use frontend::components::toast::use_toasts;
use frontend::components::{Arrived, Button};
use frontend::format;
use leptos::prelude::*;
use serde::Deserialize;
use shared::api::artifacts::ListArtifacts;
use shared::api::models::{ListPublishedModels, PublishedModel, runs_in_a_browser};
use shared::artifacts::{Artifact, ArtifactKind};

use super::Frame;
use super::words::{COPY, MODELS};

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beginnings {
    #[serde(default)]
    pub prompts: Vec<String>,
}

#[component]
pub fn FirstGeneration(settings: Beginnings) -> impl IntoView {
    view! { <Writing prompts=settings.prompts/> }
}

/// Models to open beside the lesson, and texts to begin with.
#[component]
fn Writing(prompts: Vec<String>) -> impl IntoView {
    let toasts = use_toasts();
    let published = poll(|| ListPublishedModels { before: None, limit: Some(20) });
    let mine = poll(|| ListArtifacts { kind: Some(ArtifactKind::Model), before: None, limit: Some(20) });
    let models = move || {
        let published =
            published.reply.with(|reply| reply.as_ref().map(|list| list.models.clone()).unwrap_or_default());
        let mine =
            mine.reply.with(|reply| reply.as_ref().map(|list| list.artifacts.clone()).unwrap_or_default());
        let open = published.into_iter().map(|model: PublishedModel| {
            (format!("/models/{}/write", model.artifact_id), model.name, MODELS.public)
        });
        let own = mine.into_iter().filter(|artifact| runs_in_a_browser(&artifact.files)).map(|artifact| {
            (
                format!("/artifacts/{}/write", artifact.artifact_id),
                format::artifact_name(&artifact),
                MODELS.mine,
            )
        });
        let lines: Vec<_> = open
            .chain(own)
            .map(|(address, name, whose)| {
                view! {
                    <li>
                        <span>{name}" "<span class="soft">{whose}</span></span>
                        <a class="button" href=address target="_blank" rel="noopener">{MODELS.write}</a>
                    </li>
                }
            })
            .collect();
        if lines.is_empty() {
            view! { <p class="soft">{MODELS.first_none}</p> }.into_any()
        } else {
            view! { <ul class="plain-list">{lines}</ul> }.into_any()
        }
    };
    let prompts = prompts.into_iter().map(move |prompt| {
        let text = prompt.clone();
        view! {
            <li>
                <span class="given">{prompt}</span>
                <Button on_press=move |()| super::copy(&text, toasts)>{COPY}</Button>
            </li>
        }
    });
    view! {
        <Frame title=MODELS.first_title lead=MODELS.first_lead>
            <Arrived polled=published>{models}</Arrived>
            <p class="soft">{MODELS.prompts}</p>
            <ul class="plain-list sample-prompts" lang="ko">{prompts.collect_view()}</ul>
        </Frame>
    }
}

#[component]
pub fn Share() -> impl IntoView {
    let polled = poll(|| ListArtifacts { kind: Some(ArtifactKind::Model), before: None, limit: Some(50) });
    let line = |artifact: Artifact| {
        let id = artifact.artifact_id;
        let end = if artifact.published_at_microseconds.is_some() {
            view! {
                <span class="soft">{MODELS.published}</span>
                <a class="button" href=format!("/models/{id}")>{MODELS.see}</a>
            }
            .into_any()
        } else {
            view! { <a class="button" href=format!("/artifacts/{id}")>{MODELS.publish}</a> }.into_any()
        };
        view! { <li><span>{format::artifact_name(&artifact)}</span>{end}</li> }
    };
    let lines = move || {
        let models =
            polled.reply.with(|reply| reply.as_ref().map(|list| list.artifacts.clone()).unwrap_or_default());
        let models: Vec<_> =
            models.into_iter().filter(|artifact| runs_in_a_browser(&artifact.files)).map(line).collect();
        if models.is_empty() {
            view! { <p class="soft">{MODELS.share_none}</p> }.into_any()
        } else {
            view! { <ul class="plain-list">{models}</ul> }.into_any()
        }
    };
    view! {
        <Frame title=MODELS.share_title lead=MODELS.share_lead>
            <Arrived polled=polled>{lines}</Arrived>
        </Frame>
    }
}

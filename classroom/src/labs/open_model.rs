//! A model to work with inside of a lesson: chosen among one's own and the published ones, opened on this device.

use std::collections::BTreeMap;

use frontend::api::files_address;
use frontend::api::poll::poll;
use frontend::components::{Arrived, Button, ButtonKind, Field, FieldIds};
use frontend::engine::{Desk, Source};
use frontend::format;
use frontend::pages::LoadingStatus;
use frontend::texts::fill;
use leptos::prelude::*;
use shared::api::API_PREFIX;
use shared::api::artifacts::ListArtifacts;
use shared::api::models::{ListPublishedModels, runs_in_a_browser};
use shared::artifacts::ArtifactKind;

use super::words::OPEN_MODEL;

/// Shows the choice until a model is open; then `children` make of it what the lab is about.
#[component]
pub fn OpenModel(
    /// Unique on the page.
    id: &'static str,
    children: fn(Desk) -> AnyView,
) -> impl IntoView {
    let published = poll(|| ListPublishedModels { before: None, limit: Some(50) });
    let mine = poll(|| ListArtifacts { kind: Some(ArtifactKind::Model), before: None, limit: Some(50) });
    let chosen = RwSignal::new(String::new());
    let open = RwSignal::new(None::<Source>);
    // By its page.
    let sources = Memo::new(move |_| {
        let mut sources = BTreeMap::new();
        let own =
            mine.reply.with(|reply| reply.as_ref().map(|list| list.artifacts.clone()).unwrap_or_default());
        for artifact in own.into_iter().filter(|artifact| runs_in_a_browser(&artifact.files)) {
            let name = fill(OPEN_MODEL.mine, &[("name", &format::artifact_name(&artifact))]);
            let page = format!("/artifacts/{}", artifact.artifact_id);
            let base_url = files_address(artifact.artifact_id);
            sources.insert(page.clone(), Source { name, page, files: artifact.files, base_url });
        }
        let open =
            published.reply.with(|reply| reply.as_ref().map(|list| list.models.clone()).unwrap_or_default());
        for model in open {
            let page = format!("/models/{}", model.artifact_id);
            let base_url = format!("{API_PREFIX}/models/{}/files", model.artifact_id);
            let name = fill(OPEN_MODEL.public, &[("name", &model.name)]);
            sources.insert(page.clone(), Source { name, page, files: model.files, base_url });
        }
        sources
    });
    let begin = move |()| {
        let source = sources.with_untracked(|sources| sources.get(&chosen.get_untracked()).cloned());
        if source.is_some() {
            open.set(source);
        }
    };
    let choice = move || {
        if sources.with(BTreeMap::is_empty) {
            // Whether there is none is known once both have come.
            return view! {
                <Arrived polled=published>
                    <p class="soft">{OPEN_MODEL.none}" "<a href="/models">{OPEN_MODEL.see}</a></p>
                </Arrived>
            }
            .into_any();
        }
        let ids = FieldIds::new(id);
        let options = sources.get().into_values().map(|source| {
            view! { <option value=source.page>{source.name}</option> }
        });
        view! {
            <div class="fields-in-a-row">
                <Field ids=ids.clone() label=OPEN_MODEL.label>
                    <select
                        id=ids.control.clone()
                        aria-describedby=ids.described_by()
                        prop:value=move || chosen.get()
                        on:change=move |event| chosen.set(event_target_value(&event))
                    >
                        <option value="">{OPEN_MODEL.choose}</option>
                        {options.collect_view()}
                    </select>
                </Field>
                <Button
                    kind=ButtonKind::Primary
                    disabled=Signal::derive(move || chosen.with(String::is_empty))
                    on_press=begin
                >
                    {OPEN_MODEL.open}
                </Button>
            </div>
        }
        .into_any()
    };
    let opened = move || {
        open.get().map(|source| {
            let name = source.name.clone();
            let desk = Desk::open(source);
            view! {
                <p><strong>{name}</strong></p>
                <LoadingStatus desk=desk/>
                {children(desk)}
            }
        })
    };
    view! {
        <Arrived polled=mine>{choice}</Arrived>
        {opened}
    }
}

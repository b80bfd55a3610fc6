//! `/artifacts/:id`: what it is, what is in it, where it comes from.

mod delete;
mod facts;
mod import_model;
mod publication;
mod report;
mod rows;
mod training;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::api::artifacts::GetArtifact;
use shared::api::models::runs_in_a_browser;
use shared::artifacts::{Artifact, ArtifactKind};
use shared::ids::ArtifactId;

use super::{NotFound, SignedIn};
use crate::api::poll::{Arrival, poll};
use crate::components::{ButtonKind, ErrorBox, LinkButton, Loading, PageTitle};
use crate::format;
use crate::texts::texts;
use delete::DeleteButton;
pub use facts::FileTable;
use facts::{ArtifactFacts, Files, Origin};
use import_model::{ImportModel, may_be_a_model};
use publication::Publication;
use report::ReportView;
use rows::Rows;

#[component]
pub fn ArtifactPage() -> impl IntoView {
    let parameters = use_params_map();
    let number = Memo::new(move |_| parameters.with(|map| map.get("id")?.parse::<i64>().ok()));
    view! {
        <SignedIn>
            {move || match number.get() {
                Some(number) => view! { <Loaded artifact_id=ArtifactId(number)/> }.into_any(),
                None => view! { <NotFound/> }.into_any(),
            }}
        </SignedIn>
    }
}

#[component]
fn Loaded(artifact_id: ArtifactId) -> impl IntoView {
    let polled = poll(move || GetArtifact { artifact_id });
    let artifact = Memo::new(move |_| polled.reply.get());
    let arrival = polled.arrival();
    let ask_again = Callback::new(move |()| polled.ask_again());
    move || match arrival.get() {
        // Only what has changed on the server builds the page anew: people page, filter and type in it.
        Arrival::Known => {
            let page = move || {
                artifact.get().map(|artifact| view! { <Page artifact=artifact on_change=ask_again/> })
            };
            page.into_any()
        }
        Arrival::Failed(failure) if failure.is_not_found() => view! { <NotFound/> }.into_any(),
        Arrival::Failed(failure) => view! { <ErrorBox failure=failure on_retry=ask_again/> }.into_any(),
        Arrival::Waiting => view! { <Loading/> }.into_any(),
    }
}

#[component]
fn Page(artifact: Artifact, on_change: Callback<()>) -> impl IntoView {
    let texts = &texts().artifact;
    let is_deleted = artifact.deleted_at_microseconds.is_some();
    let content = match artifact.kind {
        _ if is_deleted => view! { <p class="lead-small">{texts.deleted}</p> }.into_any(),
        ArtifactKind::Dataset | ArtifactKind::Corpus => {
            view! { <Rows artifact=artifact.clone()/> }.into_any()
        }
        ArtifactKind::Report => view! { <ReportView artifact=artifact.clone()/> }.into_any(),
        ArtifactKind::Model if runs_in_a_browser(&artifact.files) => {
            view! { <Publication artifact=artifact.clone() on_change=on_change/> }.into_any()
        }
        ArtifactKind::Tokenizer => {
            let address = format!("/tokenizers?artifact={}", artifact.artifact_id);
            view! { <p class="buttons"><LinkButton href=address kind=ButtonKind::Primary>{texts.playground}</LinkButton></p> }
                .into_any()
        }
        ArtifactKind::Source if may_be_a_model(&artifact) => {
            view! { <ImportModel artifact=artifact.clone()/> }.into_any()
        }
        ArtifactKind::Source | ArtifactKind::Model => ().into_any(),
    };
    view! {
        <PageTitle title=format::artifact_name(&artifact)>
            {(!is_deleted).then(|| view! { <DeleteButton artifact_id=artifact.artifact_id/> })}
        </PageTitle>
        <ArtifactFacts artifact=artifact.clone()/>
        <div class="run-body">
            <div class="run-main">{content} <Files artifact=artifact.clone()/></div>
            <aside class="run-side"><Origin artifact=artifact/></aside>
        </div>
    }
}

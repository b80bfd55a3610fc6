//! `/models/:id`: a published model, for whoever comes by.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::api::API_PREFIX;
use shared::api::models::{GetPublishedModel, PublishedModel};
use shared::ids::ArtifactId;

use crate::api::poll::poll;
use crate::components::{ButtonKind, Card, EmptyState, ErrorBox, Facts, LinkButton, Loading, PageTitle};
use crate::format;
use crate::pages::NotFound;
use crate::pages::artifact::FileTable;
use crate::pages::talk::ChatLink;
use crate::texts::texts;

#[component]
pub fn PublishedModelPage() -> impl IntoView {
    let parameters = use_params_map();
    let number = Memo::new(move |_| parameters.with(|map| map.get("id")?.parse::<i64>().ok()));
    move || match number.get() {
        Some(number) => view! { <Loaded artifact_id=ArtifactId(number)/> }.into_any(),
        None => view! { <NotFound/> }.into_any(),
    }
}

#[component]
fn Loaded(artifact_id: ArtifactId) -> impl IntoView {
    let texts = &texts().models;
    let polled = poll(move || GetPublishedModel { artifact_id });
    let model = Memo::new(move |_| polled.reply.get());
    move || match (model.get(), polled.failure.get()) {
        (_, Some(failure)) if failure.is_not_found() => view! {
            <PageTitle title=texts.title.to_owned()/>
            <EmptyState title=texts.gone_title words=texts.gone_words>
                <p><LinkButton href="/models">{texts.public}</LinkButton></p>
            </EmptyState>
        }
        .into_any(),
        (Some(model), _) => view! { <Page model=model/> }.into_any(),
        (None, Some(failure)) => {
            view! { <ErrorBox failure=failure on_retry=Callback::new(move |()| polled.ask_again())/> }
                .into_any()
        }
        (None, None) => view! { <Loading/> }.into_any(),
    }
}

#[component]
fn Page(model: PublishedModel) -> impl IntoView {
    let texts = &texts().models;
    let id = model.artifact_id;
    let files_address = format!("{API_PREFIX}/models/{id}/files");
    let facts = vec![
        (texts.publisher, model.publisher),
        (texts.published_at, format::date_time(model.published_at_microseconds)),
        (crate::texts::texts().artifact.size, format::bytes(model.size_bytes as f64)),
    ];
    let (files, base_url) = (model.files.clone(), files_address.clone());
    view! {
        <PageTitle title=model.name>
            <LinkButton href=format!("/models/{id}/write") kind=ButtonKind::Primary>{texts.write}</LinkButton>
            <ChatLink page=format!("/models/{id}") files=files base_url=base_url/>
        </PageTitle>
        <p class="model-description">{model.description}</p>
        <div class="standing"><Facts facts=facts/></div>
        <Card title=texts.files_title.to_owned() class="files">
            <FileTable files=model.files address=Some(files_address)/>
        </Card>
    }
}

//! Which model: one's own or a published one.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;
use shared::api::API_PREFIX;
use shared::api::artifacts::GetArtifact;
use shared::api::models::GetPublishedModel;
use shared::ids::ArtifactId;

use super::Talk;
use super::chat::{ChatPage, NoChat};
use super::chat_link::chats_by_file;
use super::write::WritePage;
use crate::api::{Failure, call, files_address};
use crate::components::{EmptyState, ErrorBox, LinkButton, Loading, PageTitle};
use crate::engine::{Desk, Source};
use crate::format;
use crate::pages::NotFound;
use crate::texts::{fill, texts};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    Me,
    Anybody,
}

#[component]
pub fn WithModel(owner: Owner, talk: Talk) -> impl IntoView {
    let parameters = use_params_map();
    let number = Memo::new(move |_| parameters.with(|map| map.get("id")?.parse::<i64>().ok()));
    move || match number.get() {
        Some(number) => view! { <Open owner=owner talk=talk artifact_id=ArtifactId(number)/> }.into_any(),
        None => view! { <NotFound/> }.into_any(),
    }
}

/// Asks once: what somebody writes is never lost to a fresher answer.
#[component]
fn Open(owner: Owner, talk: Talk, artifact_id: ArtifactId) -> impl IntoView {
    let texts = &texts().models;
    let source = RwSignal::new(None::<Result<Found, Failure>>);
    let ask = move || {
        source.set(None);
        spawn_local(async move {
            let found = find(owner, talk, artifact_id).await;
            source.try_set(Some(found));
        });
    };
    ask();
    move || match source.get() {
        None => view! { <Loading/> }.into_any(),
        Some(Ok(Found { source, may_chat: false })) if talk == Talk::Chat => view! {
            <PageTitle title=fill(crate::texts::texts().chat.title, &[("name", &source.name)])/>
            <NoChat page=source.page/>
        }
        .into_any(),
        Some(Ok(Found { source, .. })) => {
            let desk = Desk::open(source);
            match talk {
                Talk::Write => view! { <WritePage desk=desk/> }.into_any(),
                Talk::Chat => view! { <ChatPage desk=desk/> }.into_any(),
            }
        }
        Some(Err(failure)) if failure.is_not_found() => view! {
            <PageTitle title=texts.title.to_owned()/>
            <EmptyState title=texts.gone_title words=texts.gone_words>
                <p><LinkButton href="/models">{texts.public}</LinkButton></p>
            </EmptyState>
        }
        .into_any(),
        Some(Err(failure)) => {
            view! { <ErrorBox failure=failure on_retry=Callback::new(move |()| ask())/> }.into_any()
        }
    }
}

#[derive(Debug, Clone)]
struct Found {
    source: Source,
    /// False for a model that says it has no chat format: it need not be loaded to find that out.
    may_chat: bool,
}

async fn find(owner: Owner, talk: Talk, artifact_id: ArtifactId) -> Result<Found, Failure> {
    let source = source_of(owner, artifact_id).await?;
    let may_chat = talk != Talk::Chat || chats_by_file(&source.files, &source.base_url).await != Some(false);
    Ok(Found { source, may_chat })
}

async fn source_of(owner: Owner, artifact_id: ArtifactId) -> Result<Source, Failure> {
    Ok(match owner {
        Owner::Me => {
            let artifact = call(&GetArtifact { artifact_id }).await?;
            Source {
                name: format::artifact_name(&artifact),
                page: format!("/artifacts/{artifact_id}"),
                files: artifact.files,
                base_url: files_address(artifact_id),
            }
        }
        Owner::Anybody => {
            let model = call(&GetPublishedModel { artifact_id }).await?;
            Source {
                name: model.name,
                page: format!("/models/{artifact_id}"),
                files: model.files,
                base_url: format!("{API_PREFIX}/models/{artifact_id}/files"),
            }
        }
    })
}

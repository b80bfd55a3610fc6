//! `/models`: my models, and those that are open to everybody.

mod published;

use leptos::prelude::*;
use shared::api::artifacts::ListArtifacts;
use shared::api::models::{ListPublishedModels, PublishedModel, runs_in_a_browser};
use shared::artifacts::{Artifact, ArtifactKind};
use shared::ids::ArtifactId;

use crate::api::poll::poll;
use crate::components::{Card, EmptyState, ErrorBox, LinkButton, Loading, PageTitle, Pager};
use crate::format;
use crate::session::use_session;
use crate::texts::{fill, texts};
pub use published::PublishedModelPage;

const PAGE_MODELS: usize = 20;

#[component]
pub fn Models() -> impl IntoView {
    let texts = &texts().models;
    let session = use_session();
    let is_person = Memo::new(move |_| session.state.with(|state| state.me().is_some()));
    view! {
        <PageTitle title=texts.title.to_owned()>
            <LinkButton href="/tokenizers">{crate::texts::texts().tokenizers.title}</LinkButton>
        </PageTitle>
        <p class="lead-small">{texts.lead}</p>
        <div class="models">
            <Show when=move || is_person.get()><Mine/></Show>
            <Public/>
        </div>
    }
}

#[component]
fn Mine() -> impl IntoView {
    let texts = &texts().models;
    let polled = poll(|| ListArtifacts { kind: Some(ArtifactKind::Model), before: None, limit: Some(200) });
    // A model without its tokenizer, as a training leaves it, is not for talking.
    let mine = Memo::new(move |_| {
        let whole = |artifact: &&Artifact| runs_in_a_browser(&artifact.files);
        polled.reply.with(|reply| {
            reply.as_ref().map(|list| list.artifacts.iter().filter(whole).cloned().collect::<Vec<_>>())
        })
    });
    view! {
        <Card title=texts.mine.to_owned()>
            {move || match (mine.get(), polled.failure.get()) {
                (Some(models), _) if models.is_empty() => {
                    view! { <EmptyState title=texts.mine_empty_title words=texts.mine_empty_words/> }.into_any()
                }
                (Some(models), _) => {
                    view! { <ul class="model-list">{models.into_iter().map(my_model).collect_view()}</ul> }.into_any()
                }
                (None, Some(failure)) => {
                    view! { <ErrorBox failure=failure on_retry=Callback::new(move |()| polled.ask_again())/> }.into_any()
                }
                (None, None) => view! { <Loading/> }.into_any(),
            }}
        </Card>
    }
}

fn my_model(model: Artifact) -> impl IntoView {
    let at = format::ago(model.created_at_microseconds);
    let published = model.published_at_microseconds.map(|_| texts().models.is_published);
    Entry {
        base: "/artifacts",
        id: model.artifact_id,
        name: format::artifact_name(&model),
        words: [Some(format::bytes(model.size_bytes as f64)), Some(at), published.map(str::to_owned)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · "),
        description: String::new(),
    }
    .view()
}

#[component]
fn Public() -> impl IntoView {
    let texts = &texts().models;
    // The last model of each page before this one.
    let pages = RwSignal::new(Vec::<ArtifactId>::new());
    let polled = poll(move || ListPublishedModels {
        before: pages.with(|pages| pages.last().copied()),
        limit: Some(PAGE_MODELS as u32 + 1),
    });
    let shown = Memo::new(move |_| {
        polled.reply.with(|reply| {
            reply.as_ref().map(|list| list.models.iter().take(PAGE_MODELS).cloned().collect::<Vec<_>>())
        })
    });
    let has_older = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().is_some_and(|list| list.models.len() > PAGE_MODELS))
    });
    let older = move |()| {
        let last = shown.with_untracked(|shown| shown.as_ref()?.last().map(|model| model.artifact_id));
        pages.update(|pages| pages.extend(last));
    };
    let newer = move |()| {
        pages.update(|pages| {
            pages.pop();
        });
    };
    view! {
        <Card title=texts.public.to_owned()>
            {move || match (shown.get(), polled.failure.get()) {
                (Some(models), _) if models.is_empty() => {
                    view! { <EmptyState title=texts.public_empty_title words=texts.public_empty_words/> }.into_any()
                }
                (Some(models), _) => {
                    view! { <ul class="model-list">{models.into_iter().map(public_model).collect_view()}</ul> }
                        .into_any()
                }
                (None, Some(failure)) => {
                    view! { <ErrorBox failure=failure on_retry=Callback::new(move |()| polled.ask_again())/> }.into_any()
                }
                (None, None) => view! { <Loading/> }.into_any(),
            }}
            <Pager
                has_newer=Signal::derive(move || pages.with(|pages| !pages.is_empty()))
                has_older=has_older
                on_newer=Callback::new(newer)
                on_older=Callback::new(older)
            />
        </Card>
    }
}

fn public_model(model: PublishedModel) -> impl IntoView {
    let by = fill(texts().models.by, &[("name", &model.publisher)]);
    Entry {
        base: "/models",
        id: model.artifact_id,
        name: model.name,
        words: format!("{by} · {}", format::bytes(model.size_bytes as f64)),
        description: model.description,
    }
    .view()
}

/// A model in a list. Its name and description are somebody's: text, never markup.
struct Entry {
    /// Its page is `{base}/{id}`, with `/write` below. Whether it may chat is told there.
    base: &'static str,
    id: ArtifactId,
    name: String,
    words: String,
    description: String,
}

impl Entry {
    fn view(self) -> impl IntoView {
        let texts = &texts().models;
        let page = format!("{}/{}", self.base, self.id);
        view! {
            <li class="model">
                <div class="model-words">
                    <h3><a href=page.clone()>{self.name}</a></h3>
                    <p class="soft">{self.words}</p>
                    <p class="model-description">{self.description}</p>
                </div>
                <div class="buttons">
                    <LinkButton href=format!("{page}/write")>{texts.write}</LinkButton>
                </div>
            </li>
        }
    }
}

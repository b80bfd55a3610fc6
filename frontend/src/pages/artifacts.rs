//! What I uploaded and what my jobs made.

use leptos::prelude::*;
use shared::api::artifacts::ListArtifacts;
use shared::artifacts::{Artifact, ArtifactKind, Purpose};
use shared::ids::ArtifactId;

use super::SignedIn;
use crate::api::poll::poll;
use crate::components::{Ago, Arrived, ButtonKind, EmptyState, LinkButton, PageTitle, Pager, TableBox};
use crate::format;
use crate::texts::{fill, texts};

const PAGE_ARTIFACTS: usize = 20;
const KINDS: [ArtifactKind; 6] = [
    ArtifactKind::Source,
    ArtifactKind::Dataset,
    ArtifactKind::Corpus,
    ArtifactKind::Tokenizer,
    ArtifactKind::Model,
    ArtifactKind::Report,
];

#[component]
pub fn Artifacts() -> impl IntoView {
    view! { <SignedIn><ArtifactList/></SignedIn> }
}

#[component]
fn ArtifactList() -> impl IntoView {
    let texts = &texts().artifacts;
    let kind = RwSignal::new(None::<ArtifactKind>);
    // The last artifact of each page before this one.
    let pages = RwSignal::new(Vec::<ArtifactId>::new());
    let polled = poll(move || ListArtifacts {
        kind: kind.get(),
        before: pages.with(|pages| pages.last().copied()),
        // One more than is shown tells whether there is another page.
        limit: Some(PAGE_ARTIFACTS as u32 + 1),
    });
    let shown = Memo::new(move |_| {
        polled.reply.with(|reply| {
            reply.as_ref().map(|list| list.artifacts.iter().take(PAGE_ARTIFACTS).cloned().collect::<Vec<_>>())
        })
    });
    let has_older = Memo::new(move |_| {
        polled.reply.with(|reply| reply.as_ref().is_some_and(|list| list.artifacts.len() > PAGE_ARTIFACTS))
    });
    let older = move |()| {
        if polled.is_stale.get_untracked() {
            // The page that is shown is not the one that was asked for: its last row leads elsewhere.
            return;
        }
        let last = shown.with_untracked(|shown| shown.as_ref()?.last().map(|artifact| artifact.artifact_id));
        pages.update(|pages| pages.extend(last));
    };
    let newer = move |()| {
        pages.update(|pages| {
            pages.pop();
        });
    };
    let choices = std::iter::once(None).chain(KINDS.map(Some)).map(|choice| {
        let name = choice.map_or(texts.all, format::artifact_kind);
        let choose = move |_| {
            pages.set(Vec::new());
            kind.set(choice);
        };
        view! {
            <button type="button" class="choice" aria-pressed=move || (kind.get() == choice).to_string() on:click=choose>
                {name}
            </button>
        }
    });
    view! {
        <PageTitle title=texts.title.to_owned()>
            <LinkButton href="/upload" kind=ButtonKind::Primary>{texts.upload}</LinkButton>
        </PageTitle>
        <p class="lead-small">{texts.lead}</p>
        <div class="choices" role="group" aria-label=texts.show_kind>{choices.collect_view()}</div>
        <div aria-busy=polled.aria_busy()>
            <Arrived polled=polled>
                {move || {
                    let artifacts = shown.get().unwrap_or_default();
                    if artifacts.is_empty() {
                        view! { <EmptyState title=texts.empty_title words=texts.empty_words/> }.into_any()
                    } else {
                        view! { <ArtifactTable artifacts=artifacts/> }.into_any()
                    }
                }}
            </Arrived>
        </div>
        <Pager
            has_newer=Signal::derive(move || pages.with(|pages| !pages.is_empty()))
            has_older=has_older
            on_newer=Callback::new(newer)
            on_older=Callback::new(older)
        />
    }
}

#[component]
fn ArtifactTable(artifacts: Vec<Artifact>) -> impl IntoView {
    let texts = &texts().artifacts;
    let rows = artifacts.into_iter().map(|artifact| {
        let at = artifact.created_at_microseconds;
        let from = artifact.lineage.job_id.map(|job| {
            let words = fill(texts.from_job, &[("n", &job.to_string())]);
            view! { <a href=format!("/runs/{job}")>{words}</a> }.into_any()
        });
        let evaluation = (artifact.purpose == Purpose::Evaluation).then_some(texts.evaluation);
        view! {
            <tr>
                <td class="number">{artifact.artifact_id.to_string()}</td>
                <th scope="row">
                    <a href=format!("/artifacts/{}", artifact.artifact_id)>{format::artifact_name(&artifact)}</a>
                    <span class="soft">{evaluation}</span>
                </th>
                <td>{format::artifact_kind(artifact.kind)}</td>
                <td class="number">{format::bytes(artifact.size_bytes as f64)}</td>
                <td>{from.unwrap_or_else(|| texts.uploaded.into_any())}</td>
                <td><Ago at_microseconds=at/></td>
            </tr>
        }
    });
    view! {
        <TableBox label=texts.title>
            <thead>
                <tr>
                    <th scope="col" class="number">{texts.number}</th>
                    <th scope="col">{texts.label}</th>
                    <th scope="col">{texts.kind}</th>
                    <th scope="col" class="number">{texts.size}</th>
                    <th scope="col">{texts.origin}</th>
                    <th scope="col">{texts.created}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </TableBox>
    }
}

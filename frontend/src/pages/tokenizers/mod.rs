//! `/tokenizers`: type, and see how one or two tokenizers cut it. Everything happens in this browser.

mod pieces;
mod side;

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use shared::api::artifacts::{GetArtifact, ListArtifacts};
use shared::artifacts::{Artifact, ArtifactKind};
use shared::ids::ArtifactId;

use crate::api::poll::poll;
use crate::api::{Failure, call};
use crate::browser;
use crate::components::{Button, ErrorBox, Field, FieldIds, Loading, PageTitle};
use crate::engine::{EngineWorker, error_words};
use crate::format;
use crate::kept::{keep, recall};
use crate::session::{SessionState, use_session};
use crate::texts::{fill, texts};
use side::{Side, SideView};

/// Characters that are cut at once; a page with more would stand still.
const TEXT_LIMIT_CHARACTERS: usize = 20_000;
/// Between the last key and the cutting.
const PAUSE: Duration = Duration::from_millis(120);
const KEPT_NAME: &str = "text /tokenizers";

#[component]
pub fn TokenizersPage() -> impl IntoView {
    let texts = &texts().tokenizers;
    let session = use_session();
    // Nothing while the server is asked: whoever turns out to be signed in has tokenizers of their own.
    let is_person = Memo::new(move |_| {
        session.state.with(|state| (*state != SessionState::Asking).then(|| state.me().is_some()))
    });
    view! {
        <PageTitle title=texts.title.to_owned()/>
        <p class="lead-small">{texts.lead}</p>
        {move || match is_person.get() {
            None => view! { <Loading/> }.into_any(),
            Some(true) => view! { <WithMine/> }.into_any(),
            Some(false) => view! { <Playground mine=Signal::stored(Vec::new())/> }.into_any(),
        }}
    }
}

/// With the tokenizers of whoever is signed in.
#[component]
fn WithMine() -> impl IntoView {
    let polled =
        poll(|| ListArtifacts { kind: Some(ArtifactKind::Tokenizer), before: None, limit: Some(200) });
    let mine = Memo::new(move |_| {
        let has_file = |artifact: &&Artifact| side::tokenizer_file(artifact).is_some();
        polled.reply.with(|reply| {
            reply.as_ref().map(|list| list.artifacts.iter().filter(has_file).cloned().collect::<Vec<_>>())
        })
    });
    // Without a list a file can still be opened.
    let failure = Memo::new(move |_| polled.failure.get().filter(|_| mine.with(Option::is_none)));
    view! {
        {move || {
            failure.get().map(|failure| view! {
                <ErrorBox
                    failure=failure
                    title=texts().tokenizers.mine_failed
                    on_retry=Callback::new(move |()| polled.ask_again())
                />
            })
        }}
        <Playground mine=Signal::derive(move || mine.get().unwrap_or_default())/>
    }
}

#[component]
fn Playground(#[prop(into)] mine: Signal<Vec<Artifact>>) -> impl IntoView {
    let texts = &texts().tokenizers;
    let worker = EngineWorker::start();
    let text = RwSignal::new(recall::<String>(KEPT_NAME).unwrap_or_else(|| texts.first_text.to_owned()));
    Effect::new(move || text.with(|text| keep(KEPT_NAME, text)));
    let sides = [Side::new(worker, 0), Side::new(worker, 1)];
    let asked_failure = RwSignal::new(None::<Failure>);
    open_asked_for(mine, sides[0], asked_failure);
    // With the worker both are gone, and with another both come back.
    Effect::new(move |had_crashed: Option<bool>| {
        let has_crashed = worker.crashed.with(Option::is_some);
        match (had_crashed, has_crashed) {
            (_, true) => sides.iter().for_each(|side| side.lose()),
            (Some(true), false) => sides.iter().for_each(|side| side.open_again()),
            _ => {}
        }
        has_crashed
    });
    let is_cut = Memo::new(move |_| text.with(|text| text.chars().nth(TEXT_LIMIT_CHARACTERS).is_some()));
    browser::when_quiet(PAUSE, move || {
        let text: String = text.with(|text| text.chars().take(TEXT_LIMIT_CHARACTERS).collect());
        sides.iter().for_each(|side| side.opened.track());
        Some(move || sides.iter().for_each(|side| side.cut(text.clone())))
    });
    let ids = FieldIds::new("tokenizer-text");
    let cut_words = move || {
        let limit = format::count(TEXT_LIMIT_CHARACTERS as f64);
        is_cut.get().then(|| fill(texts.cut_text, &[("n", &limit)]))
    };
    let crashed = move || worker.crashed.with(|error| error.as_ref().map(error_words));
    let [left, right] = sides;
    view! {
        <div class="wide-field"><Field ids=ids.clone() label=texts.text>
            <textarea
                rows="4"
                lang="ko"
                spellcheck="false"
                id=ids.control.clone()
                aria-describedby=ids.described_by()
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            ></textarea>
        </Field></div>
        <p class="soft">{cut_words}</p>
        <div role="alert">
            {move || {
                crashed().map(|words| view! {
                    <div class="error-box">
                        <p>{words}</p>
                        <Button on_press=move |()| worker.start_again()>{texts.open_again}</Button>
                    </div>
                })
            }}
            {move || asked_failure.get().map(|failure| view! { <p class="field-error">{failure.words()}</p> })}
        </div>
        <div class="tokenizer-sides">
            <SideView side=left title=texts.left mine=mine/>
            <SideView side=right title=texts.right mine=mine/>
        </div>
    }
}

/// `?artifact=N`, else the newest of one's own, once the list has come. The list may be longer than
/// what is shown of it.
fn open_asked_for(mine: Signal<Vec<Artifact>>, side: Side, failure: RwSignal<Option<Failure>>) {
    let query = use_query_map();
    let asked = query.with_untracked(|map| map.get("artifact").and_then(|number| number.parse().ok()));
    let asked = asked.map(ArtifactId);
    Effect::new(move |done: Option<bool>| {
        if done == Some(true) {
            return true;
        }
        mine.with(|mine| {
            let found = mine.iter().find(|artifact| Some(artifact.artifact_id) == asked);
            match (found, asked, mine.first()) {
                (Some(artifact), _, _) | (None, None, Some(artifact)) => side.open_artifact(artifact),
                (None, Some(asked), Some(_)) => fetch_and_open(asked, side, failure),
                (None, _, None) => return false,
            }
            true
        })
    });
}

fn fetch_and_open(artifact_id: ArtifactId, side: Side, failure: RwSignal<Option<Failure>>) {
    spawn_local(async move {
        match call(&GetArtifact { artifact_id }).await {
            Ok(artifact) => side.open_artifact(&artifact),
            Err(error) => {
                failure.try_set(Some(error));
            }
        }
    });
}

//! One of the two tokenizers: where it comes from, and what it makes of the text.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::artifacts::{Artifact, ArtifactFile};
use shared::engine::{
    Command, EngineError, Event, LoadedTokenizer, Piece, RequestNumber, TokenizerSlot, TokenizerSource,
};
use shared::ids::ArtifactId;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

use super::pieces::Pieces;
use crate::api::files_address;
use crate::components::{Card, Field, FieldIds};
use crate::engine::{EngineWorker, error_words};
use crate::format;
use crate::texts::{fill, texts};

/// Larger files are no tokenizers.
const FILE_LIMIT_BYTES: f64 = 64e6;

#[derive(Clone, Copy)]
pub struct Side {
    worker: EngineWorker,
    number: u8,
    pub opened: RwSignal<Option<LoadedTokenizer>>,
    /// The artifact, if it is one.
    artifact: RwSignal<Option<ArtifactId>>,
    is_loading: RwSignal<bool>,
    failure: RwSignal<Option<EngineError>>,
    pieces: RwSignal<Vec<Piece>>,
    cutting: StoredValue<Option<RequestNumber>>,
}

/// The file that the playground needs.
pub fn tokenizer_file(artifact: &Artifact) -> Option<&ArtifactFile> {
    artifact.files.iter().find(|file| file.name.as_str() == "tokenizer.json")
}

impl Side {
    pub fn new(worker: EngineWorker, number: u8) -> Self {
        Self {
            worker,
            number,
            opened: RwSignal::new(None),
            artifact: RwSignal::new(None),
            is_loading: RwSignal::new(false),
            failure: RwSignal::new(None),
            pieces: RwSignal::new(Vec::new()),
            cutting: StoredValue::new(None),
        }
    }

    pub fn open_artifact(self, artifact: &Artifact) {
        let Some(file) = tokenizer_file(artifact) else { return };
        let base_url = files_address(artifact.artifact_id);
        self.artifact.set(Some(artifact.artifact_id));
        self.open(TokenizerSource::File { file: file.clone(), base_url });
    }

    fn open(self, source: TokenizerSource) {
        self.opened.set(None);
        self.failure.set(None);
        self.pieces.set(Vec::new());
        self.is_loading.set(true);
        let command = Command::OpenTokenizer { slot: TokenizerSlot::Opened(self.number), source };
        self.worker.send(command, move |event| match event {
            Event::TokenizerOpened { tokenizer, .. } => {
                self.is_loading.try_set(false);
                self.opened.try_set(Some(tokenizer));
            }
            Event::Failed { error } => {
                self.is_loading.try_set(false);
                self.failure.try_set(Some(error));
            }
            _ => {}
        });
    }

    fn open_file(self, input: &HtmlInputElement) {
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        self.artifact.set(None);
        if file.size() > FILE_LIMIT_BYTES {
            let problem = format!("{} > {}", format::bytes(file.size()), format::bytes(FILE_LIMIT_BYTES));
            self.failure.set(Some(EngineError::NotATokenizer { problem }));
            return;
        }
        spawn_local(async move {
            match JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()) {
                Some(json) => self.open(TokenizerSource::Json(json)),
                None => {
                    let problem = "the file cannot be read".to_owned();
                    self.failure.try_set(Some(EngineError::NotATokenizer { problem }));
                }
            }
        });
    }

    /// Cuts the text; an earlier one that still waits is forgotten.
    pub fn cut(self, text: String) {
        if self.opened.with_untracked(Option::is_none) {
            return;
        }
        if let Some(earlier) = self.cutting.get_value() {
            self.worker.stop(earlier);
        }
        let command = Command::Tokenize { slot: TokenizerSlot::Opened(self.number), text };
        let number = self.worker.send(command, move |event| match event {
            Event::Pieces { pieces, .. } => {
                self.failure.try_set(None);
                self.pieces.try_set(pieces);
            }
            Event::Failed { error: EngineError::Stopped } => {}
            Event::Failed { error } => {
                self.failure.try_set(Some(error));
            }
            _ => {}
        });
        self.cutting.set_value(Some(number));
    }
}

#[component]
pub fn SideView(
    side: Side,
    title: &'static str,
    mine: Signal<Vec<Artifact>>,
    text: RwSignal<String>,
) -> impl IntoView {
    let texts = &texts().tokenizers;
    let list = Memo::new(move |_| mine.get());
    let file_ids = FieldIds::new(&format!("tokenizer-file-{}", side.number));
    let choose_file = move |event: web_sys::Event| {
        if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
            side.open_file(&input);
        }
    };
    let described = move || {
        side.opened.with(|opened| {
            opened.as_ref().map(|tokenizer| {
                let size = format::count(f64::from(tokenizer.vocabulary_size));
                let words = if tokenizer.lossless { texts.lossless } else { texts.lossy };
                format!("{} · {words}", fill(texts.vocabulary, &[("n", &size)]))
            })
        })
    };
    view! {
        <Card title=title.to_owned() class="tokenizer-side">
            <Show when=move || list.with(|list| !list.is_empty())>
                <Choice side=side list=list/>
            </Show>
            <Field ids=file_ids.clone() label=texts.from_file hint=texts.from_file_hint>
                <input
                    type="file"
                    accept=".json,application/json"
                    id=file_ids.control.clone()
                    aria-describedby=file_ids.described_by()
                    on:change=choose_file
                />
            </Field>
            <p class="soft" role="status">
                {move || side.is_loading.get().then_some(texts.loading)}
                {described}
            </p>
            <p class="field-error" role="alert">
                {move || side.failure.with(|failure| failure.as_ref().map(error_words))}
            </p>
            <Show
                when=move || side.opened.with(Option::is_some)
                fallback=move || view! { <p class="soft">{texts.empty}</p> }
            >
                <Pieces pieces=side.pieces text=text/>
            </Show>
        </Card>
    }
}

#[component]
fn Choice(side: Side, list: Memo<Vec<Artifact>>) -> impl IntoView {
    let texts = &texts().tokenizers;
    let ids = FieldIds::new(&format!("tokenizer-choice-{}", side.number));
    let options = move || {
        let options = list.get().into_iter().map(|artifact| {
            let id = artifact.artifact_id;
            let name = format!("{} ({id})", format::artifact_name(&artifact));
            let is_chosen = move || side.artifact.get() == Some(id);
            view! { <option value=id.to_string() selected=is_chosen>{name}</option> }
        });
        options.collect_view()
    };
    let choose = move |event| {
        let Ok(id) = event_target_value(&event).parse() else { return };
        list.with_untracked(|list| {
            if let Some(artifact) = list.iter().find(|artifact| artifact.artifact_id == ArtifactId(id)) {
                side.open_artifact(artifact);
            }
        });
    };
    view! {
        <Field ids=ids.clone() label=texts.choose>
            <select id=ids.control.clone() aria-describedby=ids.described_by() on:change=choose>
                <option value="" selected=move || side.artifact.get().is_none()>{texts.choose_none}</option>
                {options}
            </select>
        </Field>
    }
}

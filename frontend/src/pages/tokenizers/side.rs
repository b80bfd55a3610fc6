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

/// A text and what became of it: the one is read by the places of the other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cut {
    pub text: String,
    pub pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq)]
enum Trouble {
    Engine(EngineError),
    FileTooLarge,
    FileUnreadable,
}

impl Trouble {
    fn words(&self) -> String {
        let texts = &texts().tokenizers;
        match self {
            Self::Engine(error) => error_words(error),
            Self::FileTooLarge => fill(texts.file_too_large, &[("limit", &format::bytes(FILE_LIMIT_BYTES))]),
            Self::FileUnreadable => texts.file_unreadable.to_owned(),
        }
    }
}

#[derive(Clone, Copy)]
pub struct Side {
    worker: EngineWorker,
    number: u8,
    pub opened: RwSignal<Option<LoadedTokenizer>>,
    /// The artifact, if it is one.
    artifact: RwSignal<Option<ArtifactId>>,
    /// What was opened last, for when the worker has to begin anew.
    source: StoredValue<Option<TokenizerSource>>,
    is_loading: RwSignal<bool>,
    failure: RwSignal<Option<Trouble>>,
    cut: RwSignal<Cut>,
    opening: StoredValue<Option<RequestNumber>>,
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
            source: StoredValue::new(None),
            is_loading: RwSignal::new(false),
            failure: RwSignal::new(None),
            cut: RwSignal::new(Cut::default()),
            opening: StoredValue::new(None),
            cutting: StoredValue::new(None),
        }
    }

    pub fn open_artifact(self, artifact: &Artifact) {
        let Some(file) = tokenizer_file(artifact) else { return };
        let base_url = files_address(artifact.artifact_id);
        self.artifact.set(Some(artifact.artifact_id));
        self.open(TokenizerSource::File { file: file.clone(), base_url });
    }

    /// In the place of what was open or on its way.
    fn open(self, source: TokenizerSource) {
        self.source.set_value(Some(source.clone()));
        if self.worker.has_crashed() {
            // Both sides are opened again when that is heard of.
            return self.worker.start_again();
        }
        self.forget();
        self.failure.set(None);
        self.is_loading.set(true);
        let command = Command::OpenTokenizer { slot: TokenizerSlot::Opened(self.number), source };
        let number = self.worker.send(command, move |event| match event {
            Event::TokenizerOpened { tokenizer, .. } => {
                self.is_loading.try_set(false);
                self.opened.try_set(Some(tokenizer));
            }
            Event::Failed { error } => {
                self.is_loading.try_set(false);
                self.failure.try_set(Some(Trouble::Engine(error)));
            }
            _ => {}
        });
        self.opening.set_value(Some(number));
    }

    pub fn open_again(self) {
        if let Some(source) = self.source.get_value() {
            self.open(source);
        }
    }

    /// The worker is gone; the page says so once, above both sides.
    pub fn lose(self) {
        self.forget();
        self.failure.set(None);
    }

    fn forget(self) {
        for request in [self.opening, self.cutting] {
            if let Some(earlier) = request.try_update_value(Option::take).flatten() {
                self.worker.abandon(earlier);
            }
        }
        self.is_loading.set(false);
        self.opened.set(None);
        self.cut.set(Cut::default());
    }

    fn open_file(self, input: &HtmlInputElement) {
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        self.artifact.set(None);
        self.forget();
        if file.size() > FILE_LIMIT_BYTES {
            self.failure.set(Some(Trouble::FileTooLarge));
            return;
        }
        self.failure.set(None);
        self.is_loading.set(true);
        spawn_local(async move {
            match JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()) {
                Some(json) => self.open(TokenizerSource::Json(json)),
                None => {
                    self.is_loading.try_set(false);
                    self.failure.try_set(Some(Trouble::FileUnreadable));
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
            self.worker.abandon(earlier);
        }
        let command = Command::Tokenize { slot: TokenizerSlot::Opened(self.number), text: text.clone() };
        let number = self.worker.send(command, move |event| match event {
            Event::Pieces { pieces, .. } => {
                self.failure.try_set(None);
                self.cut.try_set(Cut { text: text.clone(), pieces });
            }
            Event::Failed { error } => {
                self.failure.try_set(Some(Trouble::Engine(error)));
            }
            _ => {}
        });
        self.cutting.set_value(Some(number));
    }
}

#[component]
pub fn SideView(side: Side, title: &'static str, mine: Signal<Vec<Artifact>>) -> impl IntoView {
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
                {move || side.failure.with(|failure| failure.as_ref().map(Trouble::words))}
            </p>
            <Show
                when=move || side.opened.with(Option::is_some)
                fallback=move || view! {
                    <Show when=move || !side.is_loading.get()><p class="soft">{texts.empty}</p></Show>
                }
            >
                <Pieces cut=side.cut of=title/>
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

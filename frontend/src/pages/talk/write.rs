//! 이어쓰기: a person and a model write one text.

use leptos::html;
use leptos::prelude::*;
use shared::engine::{EngineError, NextToken, Prompt};
use web_sys::KeyboardEvent;

use super::marks::Marks;
use super::next_token::NextTokens;
use super::settings::SettingFields;
use super::status::{EndingLine, LoadingStatus, ModelFacts};
use crate::components::{Button, ButtonKind, LinkButton, PageTitle};
use crate::engine::{Desk, Loading};
use crate::format;
use crate::texts::{fill, texts};

#[component]
pub fn WritePage(desk: Desk) -> impl IntoView {
    let texts = &texts().write;
    let source = desk.source();
    let chats = Memo::new(move |_| {
        desk.loading.with(|loading| matches!(loading, Loading::Ready(model) if model.chats))
    });
    let title = fill(texts.title, &[("name", &source.name)]);
    view! {
        <PageTitle title=title>
            <Show when=move || chats.get()>
                <LinkButton href=format!("{}/chat", desk.source().page)>{texts.to_chat}</LinkButton>
            </Show>
        </PageTitle>
        <p class="lead-small">{texts.lead}</p>
        <LoadingStatus desk=desk/>
        <Surface desk=desk/>
    }
}

/// The text, who wrote what, and how it stood before the model last wrote.
#[derive(Clone, Copy)]
struct Paper {
    text: RwSignal<String>,
    marks: RwSignal<Marks>,
    before: RwSignal<Option<(String, Marks)>>,
}

impl Paper {
    fn new() -> Self {
        Self {
            text: RwSignal::new(String::new()),
            marks: RwSignal::new(Marks::default()),
            before: RwSignal::new(None),
        }
    }

    /// The model's words go to the end.
    fn append(self, words: &str) {
        if words.is_empty() || self.text.try_with_untracked(|_| ()).is_none() {
            return;
        }
        let start = self.text.with_untracked(String::len);
        self.marks.update(|marks| marks.add(start..start + words.len()));
        self.text.update(|text| text.push_str(words));
    }

    fn edit(self, new: String) {
        self.text.with_untracked(|old| self.marks.update(|marks| marks.edit(old, &new)));
        self.text.set(new);
    }

    fn clear(self) {
        self.text.set(String::new());
        self.marks.set(Marks::default());
        self.before.set(None);
    }
}

#[component]
fn Surface(desk: Desk) -> impl IntoView {
    let texts = &texts().write;
    let paper = Paper::new();
    let next = RwSignal::new(None::<Result<NextToken, EngineError>>);
    let shows_next = RwSignal::new(false);
    let place = NodeRef::<html::Textarea>::new();
    let is_writing = Memo::new(move |_| desk.is_writing());
    let cannot_write = Memo::new(move |_| !desk.is_ready());

    let write = move || {
        if !desk.is_ready() || desk.is_writing() {
            return;
        }
        let text = paper.text.get_untracked();
        paper.before.set(Some((text.clone(), paper.marks.get_untracked())));
        desk.write(Prompt::Text(text), shows_next.get_untracked(), move |words, told| {
            paper.append(words);
            if let Some(told) = told {
                next.try_set(Some(Ok(told)));
            }
        });
    };
    let again = move || {
        if let Some((text, marks)) = paper.before.get_untracked() {
            paper.text.set(text);
            paper.marks.set(marks);
            write();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let is_enter = event.key() == "Enter" && (event.ctrl_key() || event.meta_key());
        // While a syllable is being composed, Enter belongs to the input method.
        if is_enter && !is_composing(&event) {
            event.prevent_default();
            write();
        }
    };
    let backdrop = move || {
        paper.marks.with(|marks| {
            paper.text.with(|text| {
                let parts = marks.parts(text).into_iter().map(|(is_model, part)| {
                    let part = part.to_owned();
                    if is_model { view! { <mark>{part}</mark> }.into_any() } else { part.into_any() }
                });
                parts.collect_view()
            })
        })
    };
    let dropped = move || {
        let dropped = desk.progress.with(|progress| progress.dropped_tokens);
        (dropped > 0).then(|| fill(texts.dropped, &[("n", &format::count(f64::from(dropped)))]))
    };
    let choose = Callback::new(move |words: String| {
        if !desk.is_writing() {
            paper.append(&words);
        }
    });
    view! {
        <div class="run-body talk">
            <div class="run-main">
                <div class="paper">
                    <label class="visually-hidden" for="paper-text">{texts.text}</label>
                    <div class="paper-backdrop" aria-hidden="true">{backdrop}"\u{200b}"</div>
                    <textarea
                        id="paper-text"
                        class="paper-text"
                        lang="ko"
                        spellcheck="false"
                        placeholder=texts.placeholder
                        node_ref=place
                        readonly=move || is_writing.get()
                        prop:value=move || paper.text.get()
                        on:input=move |event| paper.edit(event_target_value(&event))
                        on:keydown=on_key
                    ></textarea>
                </div>
                <p class="soft">{dropped}</p>
                <div class="buttons">
                    <Show
                        when=move || is_writing.get()
                        fallback=move || view! {
                            <Button kind=ButtonKind::Primary busy=cannot_write on_press=move |()| write()>
                                {texts.start}
                            </Button>
                        }
                    >
                        <Button kind=ButtonKind::Primary on_press=move |()| desk.stop()>{texts.stop}</Button>
                    </Show>
                    <Show when=move || !is_writing.get() && paper.before.with(Option::is_some)>
                        <Button on_press=move |()| again()>{texts.again}</Button>
                        <Button kind=ButtonKind::Quiet on_press=move |()| paper.clear()>{texts.clear}</Button>
                    </Show>
                    <label class="radio next-toggle">
                        <input
                            type="checkbox"
                            prop:checked=move || shows_next.get()
                            on:change=move |event| shows_next.set(event_target_checked(&event))
                        />
                        <span>{texts.next_open}</span>
                    </label>
                </div>
                <EndingLine desk=desk/>
                <Show when=move || shows_next.get()>
                    <NextTokens desk=desk text=paper.text next=next on_choose=choose/>
                </Show>
            </div>
            <aside class="run-side">
                <ModelFacts desk=desk/>
                <SettingFields desk=desk/>
            </aside>
        </div>
    }
}

/// Whether an input method is at work; Safari tells it by the key code alone.
pub fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

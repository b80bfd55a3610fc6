//! 이어쓰기: a person and a model write one text.

use leptos::html;
use leptos::prelude::*;
use shared::engine::{EngineError, NextToken, Prompt};
use web_sys::KeyboardEvent;

use super::draft::Draft;
use super::follow::Follow;
use super::next_token::NextTokens;
use super::settings::SettingFields;
use super::status::{EndingLine, LoadingStatus, ModelFacts};
use crate::components::{Button, ButtonKind, LinkButton, PageTitle};
use crate::engine::{Desk, Loading};
use crate::format;
use crate::kept::{keep, recall};
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

/// What lies on the table; a reload leaves the text where it was.
#[derive(Clone, Copy)]
struct Paper {
    draft: RwSignal<Draft>,
    /// The text before it was last thrown away, by a new try or by clearing; 되돌리기 exchanges the two.
    aside: RwSignal<Option<Draft>>,
}

impl Paper {
    fn open(kept_name: String) -> Self {
        let draft = RwSignal::new(recall::<Draft>(&kept_name).unwrap_or_default());
        Effect::new(move || draft.with(|draft| keep(&kept_name, draft)));
        Self { draft, aside: RwSignal::new(None) }
    }

    fn append(self, words: &str) {
        if !words.is_empty() {
            // The person may have left the page.
            self.draft.try_update(|draft| draft.append(words));
        }
    }

    fn put_aside(self) {
        self.aside.set(Some(self.draft.get_untracked()));
    }

    fn exchange(self) {
        if let Some(aside) = self.aside.get_untracked() {
            self.put_aside();
            self.draft.set(aside);
        }
    }
}

#[component]
fn Surface(desk: Desk) -> impl IntoView {
    let texts = &texts().write;
    let paper = Paper::open(format!("write {}", desk.source().page));
    let next = RwSignal::new(None::<Result<NextToken, EngineError>>);
    let shows_next = RwSignal::new(false);
    let place = NodeRef::<html::Textarea>::new();
    let is_writing = Memo::new(move |_| desk.is_writing());
    let follow = Follow::new(move || paper.draft.track());
    let text = Memo::new(move |_| paper.draft.with(|draft| draft.text().to_owned()));

    let write = move || {
        if !desk.is_ready() || desk.is_writing() {
            return;
        }
        follow.begin();
        paper.draft.update(Draft::begin_writing);
        let prompt = Prompt::Text(paper.draft.with_untracked(|draft| draft.text().to_owned()));
        desk.write(prompt, shows_next.get_untracked(), move |words, told| {
            paper.append(words);
            if let Some(told) = told {
                next.try_set(Some(Ok(told)));
            }
        });
    };
    let again = move || {
        paper.put_aside();
        paper.draft.update(Draft::take_back);
        write();
    };
    let clear = move || {
        paper.put_aside();
        paper.draft.set(Draft::default());
        // The button leaves with the text.
        if let Some(place) = place.get_untracked() {
            let _ = place.focus();
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
        paper.draft.with(|draft| {
            let parts = draft.parts().into_iter().map(|(is_model, part)| {
                let part = part.to_owned();
                if is_model { view! { <mark>{part}</mark> }.into_any() } else { part.into_any() }
            });
            parts.collect_view()
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
    let can_rewrite = Memo::new(move |_| {
        let has_written = paper.draft.with(|draft| draft.rewritten_from().is_some());
        has_written || is_writing.get() && paper.aside.with(Option::is_some)
    });
    let has_aside = Memo::new(move |_| paper.aside.with(Option::is_some));
    let has_text = Memo::new(move |_| text.with(|text| !text.is_empty()));
    let cannot_begin = Signal::derive(move || is_writing.get() || !desk.is_ready());
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
                        prop:value=move || text.get()
                        on:input=move |event| paper.draft.update(|draft| draft.edit(event_target_value(&event)))
                        on:keydown=on_key
                    ></textarea>
                </div>
                <p class="soft">{dropped}</p>
                <div class="buttons" node_ref=follow.end>
                    <StartButton desk=desk start=texts.start stop=texts.stop on_start=move |()| write()/>
                    <Show when=move || can_rewrite.get()>
                        <Button busy=cannot_begin on_press=move |()| again()>{texts.again}</Button>
                    </Show>
                    <Show when=move || has_aside.get()>
                        <Button kind=ButtonKind::Quiet busy=is_writing on_press=move |()| paper.exchange()>
                            {texts.undo}
                        </Button>
                    </Show>
                    <Show when=move || has_text.get()>
                        <Button kind=ButtonKind::Quiet busy=is_writing on_press=move |()| clear()>{texts.clear}</Button>
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
                    <NextTokens desk=desk text=text next=next on_choose=choose/>
                </Show>
            </div>
            <aside class="run-side">
                <ModelFacts desk=desk/>
                <SettingFields desk=desk/>
            </aside>
        </div>
    }
}

/// One button, so that whoever pressed it with the keyboard stops with the same key.
#[component]
pub fn StartButton(
    desk: Desk,
    start: &'static str,
    stop: &'static str,
    #[prop(into)] on_start: Callback<()>,
) -> impl IntoView {
    let is_writing = Memo::new(move |_| desk.is_writing());
    let press = move |()| if desk.is_writing() { desk.stop() } else { on_start.run(()) };
    let cannot_press = Signal::derive(move || !is_writing.get() && !desk.is_ready());
    view! {
        <Button kind=ButtonKind::Primary busy=cannot_press on_press=press>
            {move || if is_writing.get() { stop } else { start }}
        </Button>
    }
}

/// Whether an input method is at work; Safari tells it by the key code alone.
pub fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

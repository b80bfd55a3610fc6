//! 대화: an exchange with a model that declares a chat format.

use leptos::html;
use leptos::prelude::*;
use shared::documents::{ChatRole, Message};
use shared::engine::Prompt;
use web_sys::KeyboardEvent;

use super::exchange::Exchange;
use super::follow::Follow;
use super::settings::SettingFields;
use super::status::{EndingLine, LoadingStatus, ModelFacts};
use super::write::{StartButton, is_composing};
use crate::components::{Button, ButtonKind, EmptyState, LinkButton, PageTitle};
use crate::engine::{Desk, Loading};
use crate::kept::{keep, recall};
use crate::texts::{fill, texts};

#[component]
pub fn ChatPage(desk: Desk) -> impl IntoView {
    let texts = &texts().chat;
    let source = desk.source();
    let title = fill(texts.title, &[("name", &source.name)]);
    let chats = Memo::new(move |_| {
        desk.loading.with(|loading| match loading {
            Loading::Ready(model) => Some(model.chats),
            _ => None,
        })
    });
    let to_write = move || format!("{}/write", desk.source().page);
    view! {
        <PageTitle title=title>
            <LinkButton href=to_write()>{texts.to_write}</LinkButton>
        </PageTitle>
        <p class="lead-small">{texts.lead}</p>
        <LoadingStatus desk=desk/>
        <Show
            when=move || chats.get() != Some(false)
            fallback=move || view! { <NoChat page=desk.source().page/> }
        >
            <Table desk=desk/>
        </Show>
    }
}

/// For a model that declares no chat format.
#[component]
pub fn NoChat(page: String) -> impl IntoView {
    let texts = &texts().chat;
    view! {
        <EmptyState title=texts.no_chat_title words=texts.no_chat_words>
            <p>
                <LinkButton href=format!("{page}/write") kind=ButtonKind::Primary>{texts.to_write}</LinkButton>
            </p>
        </EmptyState>
    }
}

#[component]
fn Table(desk: Desk) -> impl IntoView {
    let texts = &texts().chat;
    let kept_name = format!("chat {}", desk.source().page);
    let recalled = recall::<Exchange>(&kept_name).unwrap_or_default().settled();
    let messages = RwSignal::new(recalled.messages);
    let draft = RwSignal::new(recalled.draft);
    // The answer in the making stands apart, so that a token does not draw the whole exchange anew.
    let answer = RwSignal::new(String::new());
    // The exchange before 새 대화, for whoever pressed it by mistake.
    let aside = RwSignal::new(None::<Vec<Message>>);
    Effect::new(move || {
        let exchange = Exchange { messages: messages.get(), answer: answer.get(), draft: draft.get() };
        keep(&kept_name, &exchange);
    });
    let place = NodeRef::<html::Textarea>::new();
    let is_writing = Memo::new(move |_| desk.is_writing());
    let follow = Follow::new(move || {
        messages.track();
        answer.track();
    });

    let ask = move || {
        answer.set(String::new());
        follow.begin();
        desk.write(Prompt::Messages(messages.get_untracked()), false, move |words, _| {
            answer.try_update(|answer| answer.push_str(words));
        });
    };
    let send = move || {
        let content = draft.with_untracked(|draft| draft.trim().to_owned());
        if content.is_empty() || !desk.is_ready() || desk.is_writing() {
            return;
        }
        messages.update(|messages| messages.push(Message { role: ChatRole::User, content }));
        draft.set(String::new());
        aside.set(None);
        ask();
    };
    let again = move || {
        messages.update(|messages| {
            if messages.last().is_some_and(|message| message.role == ChatRole::Assistant) {
                messages.pop();
            }
        });
        ask();
    };
    let focus = move || {
        if let Some(place) = place.get_untracked() {
            let _ = place.focus();
        }
    };
    let renew = move || {
        desk.stop();
        aside.set(Some(messages.get_untracked()));
        messages.set(Vec::new());
        answer.set(String::new());
        focus();
    };
    let undo = move || {
        messages.set(aside.get_untracked().unwrap_or_default());
        aside.set(None);
        focus();
    };
    // A finished answer joins the exchange.
    Effect::new(move |was_writing: Option<bool>| {
        let writes = is_writing.get();
        if was_writing == Some(true) && !writes {
            let told = Exchange {
                messages: messages.get_untracked(),
                answer: answer.get_untracked(),
                draft: String::new(),
            };
            messages.set(told.settled().messages);
            answer.set(String::new());
        }
        writes
    });
    let on_key = move |event: KeyboardEvent| {
        // While a syllable is being composed, Enter belongs to the input method.
        if event.key() == "Enter" && !event.shift_key() && !is_composing(&event) {
            event.prevent_default();
            send();
        }
    };
    // What stands already stays: drawn anew, a screen reader would read the whole exchange again.
    let lines = move || messages.get().into_iter().enumerate().collect::<Vec<_>>();
    let key = |(place, message): &(usize, Message)| (*place, message.content.clone());
    let dropped = move || {
        let dropped = desk.progress.with(|progress| progress.dropped_messages);
        (dropped > 0).then(|| fill(texts.dropped, &[("n", &dropped.to_string())]))
    };
    let is_empty = Memo::new(move |_| messages.with(Vec::is_empty));
    let has_aside = Memo::new(move |_| !is_writing.get() && aside.with(Option::is_some));
    let cannot_begin = Signal::derive(move || is_writing.get() || !desk.is_ready());
    view! {
        <div class="run-body talk">
            <div class="run-main">
                <div role="log" aria-label=texts.conversation>
                    <ol class="exchange">
                        <For each=lines key=key let((_, message))>{message_view(message)}</For>
                        <Show when=move || is_writing.get()>
                            <li class="message" data-role="assistant" aria-live="off">
                                <span class="message-role">{texts.model}</span>
                                <p class="message-text">
                                    {move || answer.get()}<span class="caret" aria-hidden="true"></span>
                                </p>
                            </li>
                        </Show>
                    </ol>
                </div>
                <Show when=move || is_empty.get()><p class="soft">{texts.empty}</p></Show>
                <p class="soft">{dropped}</p>
                <EndingLine desk=desk/>
                <div class="field chat-field">
                    <label for="chat-message">{texts.message}</label>
                    <textarea
                        id="chat-message"
                        rows="3"
                        lang="ko"
                        placeholder=texts.placeholder
                        node_ref=place
                        prop:value=move || draft.get()
                        on:input=move |event| draft.set(event_target_value(&event))
                        on:keydown=on_key
                    ></textarea>
                </div>
                <div class="buttons" node_ref=follow.end>
                    <StartButton desk=desk start=texts.send stop=texts.stop on_start=move |()| send()/>
                    <Show when=move || !is_empty.get()>
                        <Button busy=cannot_begin on_press=move |()| again()>{texts.again}</Button>
                        <Button kind=ButtonKind::Quiet on_press=move |()| renew()>{texts.new}</Button>
                    </Show>
                    <Show when=move || has_aside.get()>
                        <Button kind=ButtonKind::Quiet on_press=move |()| undo()>{texts.undo}</Button>
                    </Show>
                </div>
            </div>
            <aside class="run-side">
                <ModelFacts desk=desk/>
                <SettingFields desk=desk/>
            </aside>
        </div>
    }
}

fn message_view(message: Message) -> impl IntoView {
    let texts = &texts().chat;
    let (role, name) = match message.role {
        ChatRole::Assistant => ("assistant", texts.model),
        ChatRole::User | ChatRole::System => ("user", texts.you),
    };
    view! {
        <li class="message" data-role=role>
            <span class="message-role">{name}</span>
            <p class="message-text">{message.content}</p>
        </li>
    }
}

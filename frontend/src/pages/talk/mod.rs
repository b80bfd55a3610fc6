//! `…/write` and `…/chat` below a model of one's own (`/artifacts/:id`) or a published one
//! (`/models/:id`): the model runs in this browser.

mod chat;
mod chat_link;
mod draft;
mod exchange;
mod follow;
mod marks;
mod next_token;
mod settings;
mod source;
mod status;
mod write;

use leptos::prelude::*;

use crate::pages::SignedIn;
pub use chat_link::ChatLink;
use source::{Owner, WithModel};
pub use status::LoadingStatus;

/// What to do with the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Talk {
    Write,
    Chat,
}

#[component]
pub fn WriteWithMine() -> impl IntoView {
    view! { <SignedIn><WithModel owner=Owner::Me talk=Talk::Write/></SignedIn> }
}

#[component]
pub fn ChatWithMine() -> impl IntoView {
    view! { <SignedIn><WithModel owner=Owner::Me talk=Talk::Chat/></SignedIn> }
}

#[component]
pub fn WriteWithPublished() -> impl IntoView {
    view! { <WithModel owner=Owner::Anybody talk=Talk::Write/> }
}

#[component]
pub fn ChatWithPublished() -> impl IntoView {
    view! { <WithModel owner=Owner::Anybody talk=Talk::Chat/> }
}

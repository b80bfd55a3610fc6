//! How many notifications are unread, in the header of every page.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos_router::components::A;
use shared::api::notifications::CountUnread;

use crate::api::poll::poll_every;
use crate::texts::{fill, texts};

const EVERY: Duration = Duration::from_secs(30);

/// What a page tells the window after it marked some as read.
pub const READ_EVENT: &str = "notifications-read";

#[component]
pub fn Bell() -> impl IntoView {
    let texts = &texts().layout;
    let polled = poll_every(EVERY, || CountUnread {});
    let read =
        window_event_listener(ev::Custom::<web_sys::Event>::new(READ_EVENT), move |_| polled.ask_again());
    on_cleanup(move || read.remove());
    let unread =
        Memo::new(move |_| polled.reply.with(|reply| reply.as_ref().map_or(0, |reply| reply.unread)));
    let label = move || match unread.get() {
        0 => texts.notifications.to_owned(),
        unread => fill(texts.notifications_unread, &[("n", &unread.to_string())]),
    };
    let number = move || {
        let unread = unread.get();
        // Its place is kept: the header does not move when news comes.
        let shown = if unread > 99 { "99+".to_owned() } else { unread.to_string() };
        view! { <span class="bell-number" class=("none", unread == 0) aria-hidden="true">{shown}</span> }
    };
    view! {
        <A href="/notifications" attr:class="bell">
            <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="M12 3a6 6 0 0 0-6 6c0 5-2 7-2 7h16s-2-2-2-7a6 6 0 0 0-6-6z"/>
                <path d="M10 20a2 2 0 0 0 4 0"/>
            </svg>
            {number}
            <span class="visually-hidden">{label}</span>
        </A>
    }
}

//! How many notifications are unread, in the header of every page.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use shared::api::notifications::CountUnread;

use crate::api::call;
use crate::connection::Connection;
use crate::texts::{fill, texts};

const EVERY: Duration = Duration::from_secs(30);

/// What a page tells the window after it marked some as read.
pub const READ_EVENT: &str = "notifications-read";

/// Not polled like what a page is about: rarely, and a call that fails says nothing.
#[component]
pub fn Bell() -> impl IntoView {
    let texts = &texts().layout;
    let unread = RwSignal::new(0_u32);
    let ask = move || {
        spawn_local(async move {
            if let Ok(answer) = call(&CountUnread {}).await {
                unread.try_set(answer.unread);
            }
        });
    };
    let regained = expect_context::<Connection>().regained;
    Effect::new(move || {
        regained.track();
        ask();
    });
    let tick = move || {
        if !document().hidden() {
            ask();
        }
    };
    if let Ok(ticking) = set_interval_with_handle(tick, EVERY) {
        on_cleanup(move || ticking.clear());
    }
    let read = window_event_listener(ev::Custom::<web_sys::Event>::new(READ_EVENT), move |_| ask());
    on_cleanup(move || read.remove());
    let label = move || match unread.get() {
        0 => texts.notifications.to_owned(),
        unread => fill(texts.notifications_unread, &[("n", &unread.to_string())]),
    };
    let number = move || {
        let unread = unread.get();
        if unread > 99 { "99+".to_owned() } else { unread.to_string() }
    };
    view! {
        <A href="/notifications" attr:class="bell">
            <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="M12 3a6 6 0 0 0-6 6c0 5-2 7-2 7h16s-2-2-2-7a6 6 0 0 0-6-6zM10 20a2 2 0 0 0 4 0"/>
            </svg>
            // Its place is kept: the header does not move when news comes.
            <span class="bell-number" class=("none", move || unread.get() == 0) aria-hidden="true">{number}</span>
            <span class="visually-hidden">{label}</span>
        </A>
    }
}

//! Whether the server can be reached: a banner that says so, and tries again until it is.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::sessions::Health;

use crate::api;
use crate::texts::texts;

const FIRST_WAIT_SECONDS: u32 = 1;
const LONGEST_WAIT_SECONDS: u32 = 15;

/// How the connection stands. Pages that track `regained` ask again when it comes back.
#[derive(Clone, Copy)]
pub struct Connection {
    pub lost: RwSignal<bool>,
    /// Counts how often it came back.
    pub regained: RwSignal<u32>,
    /// Until the next try.
    seconds_left: RwSignal<u32>,
    wait_seconds: RwSignal<u32>,
}

impl Connection {
    /// What a call found out.
    pub fn tell(self, reached: bool) {
        let was_lost = self.lost.get_untracked();
        if reached && was_lost {
            self.wait_seconds.set(FIRST_WAIT_SECONDS);
            self.lost.set(false);
            self.regained.update(|count| *count += 1);
        } else if !reached && !was_lost {
            self.seconds_left.set(FIRST_WAIT_SECONDS);
            self.lost.set(true);
        }
    }

    fn try_now(self) {
        let longer = (self.wait_seconds.get_untracked() * 2).min(LONGEST_WAIT_SECONDS);
        self.wait_seconds.set(longer);
        self.seconds_left.set(longer);
        spawn_local(async {
            // The watch on every call learns the outcome.
            let _ = api::call(&Health {}).await;
        });
    }
}

pub fn provide_connection() {
    let connection = Connection {
        lost: RwSignal::new(false),
        regained: RwSignal::new(0),
        seconds_left: RwSignal::new(FIRST_WAIT_SECONDS),
        wait_seconds: RwSignal::new(FIRST_WAIT_SECONDS),
    };
    provide_context(connection);
    let back_online = window_event_listener(ev::online, move |_| connection.try_now());
    on_cleanup(move || back_online.remove());
    Effect::new(move || {
        if !connection.lost.get() {
            return;
        }
        let tick = move || {
            let left = connection.seconds_left.get_untracked();
            if left > 1 {
                connection.seconds_left.set(left - 1);
            } else {
                connection.try_now();
            }
        };
        if let Ok(ticking) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || ticking.clear());
        }
    });
}

#[component]
pub fn ConnectionBanner() -> impl IntoView {
    let connection = expect_context::<Connection>();
    let texts = &texts().connection;
    let words = move || {
        let seconds = connection.seconds_left.get().to_string();
        crate::texts::fill(texts.lost, &[("seconds", &seconds)])
    };
    // The live region stands from the start, so that its filling is announced; the countdown is not.
    view! {
        <div role="status" class="banner-place">
            <Show when=move || connection.lost.get()>
                <div class="banner">
                    <span aria-live="off">{words}</span>
                    <button type="button" class="button quiet" on:click=move |_| connection.try_now()>
                        {texts.try_now}
                    </button>
                </div>
            </Show>
        </div>
    }
}

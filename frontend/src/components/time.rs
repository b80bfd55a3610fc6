//! How long ago, and how long already: what these say grows while it is looked at.

use leptos::prelude::*;

use crate::clock::use_clock;
use crate::format;

#[component]
pub fn Ago(at_microseconds: i64) -> impl IntoView {
    let clock = use_clock();
    let words = Memo::new(move |_| {
        clock.track();
        format::ago(at_microseconds)
    });
    view! {
        <time datetime=format::machine_time(at_microseconds) title=format::date_time(at_microseconds)>
            {move || words.get()}
        </time>
    }
}

/// From a start to an end, or until now; empty before the start.
#[component]
pub fn Took(started_at_microseconds: Option<i64>, ended_at_microseconds: Option<i64>) -> impl IntoView {
    let clock = use_clock();
    let words = Memo::new(move |_| {
        if ended_at_microseconds.is_none() {
            clock.track();
        }
        format::seconds_between(started_at_microseconds, ended_at_microseconds).map(format::duration)
    });
    move || words.get()
}

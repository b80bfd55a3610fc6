//! Tables scroll sideways by themselves on a phone; long ones have pages.

use leptos::prelude::*;

use super::{Button, ButtonKind};
use crate::texts::texts;

#[component]
pub fn TableBox(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! {
        <div class="table-box" role="group" aria-label=label tabindex="0">
            <table>{children()}</table>
        </div>
    }
}

/// Newer and older, or whatever the two directions are called. One that leads nowhere stays as long as the
/// other does: the focus is on it after the last page was turned.
#[component]
pub fn Pager(
    #[prop(optional, into)] newer: Option<&'static str>,
    #[prop(optional, into)] older: Option<&'static str>,
    #[prop(into)] has_newer: Signal<bool>,
    #[prop(into)] has_older: Signal<bool>,
    #[prop(into)] on_newer: Callback<()>,
    #[prop(into)] on_older: Callback<()>,
) -> impl IntoView {
    let texts = &texts().common;
    let leads_nowhere = |leads: Signal<bool>| Signal::derive(move || !leads.get());
    view! {
        <Show when=move || has_newer.get() || has_older.get()>
            <nav class="pager" aria-label=texts.pages>
                <Button kind=ButtonKind::Plain disabled=leads_nowhere(has_newer) on_press=on_newer>
                    {newer.unwrap_or(texts.newer)}
                </Button>
                <Button kind=ButtonKind::Plain disabled=leads_nowhere(has_older) on_press=on_older>
                    {older.unwrap_or(texts.older)}
                </Button>
            </nav>
        </Show>
    }
}

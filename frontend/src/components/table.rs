//! Tables scroll sideways by themselves on a phone; long ones have pages.

use leptos::prelude::*;

use super::{Button, ButtonKind};
use crate::texts::texts;

#[component]
pub fn TableBox(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! {
        <div class="table-box" role="region" aria-label=label tabindex="0">
            <table>{children()}</table>
        </div>
    }
}

/// Newer and older; a direction that leads nowhere is not offered.
#[component]
pub fn Pager(
    #[prop(into)] has_newer: Signal<bool>,
    #[prop(into)] has_older: Signal<bool>,
    #[prop(into)] on_newer: Callback<()>,
    #[prop(into)] on_older: Callback<()>,
) -> impl IntoView {
    let texts = &texts().common;
    view! {
        <nav class="pager" aria-label="pages">
            <Show when=move || has_newer.get()>
                <Button kind=ButtonKind::Plain on_press=on_newer>{texts.newer}</Button>
            </Show>
            <Show when=move || has_older.get()>
                <Button kind=ButtonKind::Plain on_press=on_older>{texts.older}</Button>
            </Show>
        </nav>
    }
}

//! A question that waits for its answer. The browser's own dialog: it keeps the focus inside and
//! closes on Escape.

use leptos::html;
use leptos::prelude::*;

#[component]
pub fn Dialog(open: RwSignal<bool>, #[prop(into)] title: String, children: Children) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) if dialog.show_modal().is_err() => {
                leptos::logging::warn!("the dialog is not on the page")
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let label = title.clone();
    view! {
        <dialog node_ref=dialog class="dialog" aria-label=label on:close=move |_| open.set(false)>
            <h2>{title}</h2>
            {children()}
        </dialog>
    }
}

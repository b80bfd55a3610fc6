//! Views of one thing, one at a time. Arrow keys go from tab to tab.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// `tabs` are ids and names; the panels are [`TabPanel`]s of the same ids.
#[component]
pub fn Tabs(
    #[prop(into)] label: String,
    #[prop(into)] tabs: Signal<Vec<(&'static str, String)>>,
    selected: RwSignal<&'static str>,
) -> impl IntoView {
    let go = move |event: KeyboardEvent| {
        let step: isize = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            _ => return,
        };
        let tabs = tabs.get_untracked();
        let at = tabs.iter().position(|(id, _)| *id == selected.get_untracked()).unwrap_or(0) as isize;
        let next = (at + step).rem_euclid(tabs.len().max(1) as isize) as usize;
        if let Some((id, _)) = tabs.get(next) {
            event.prevent_default();
            selected.set(id);
            let element = document().get_element_by_id(&format!("tab-{id}"));
            if let Some(Ok(tab)) = element.map(JsCast::dyn_into::<web_sys::HtmlElement>) {
                // A tab that has left the page meanwhile needs no focus.
                let _ = tab.focus();
            }
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=go>
            <For each=move || tabs.get() key=|tab| tab.clone() let((id, name))>
                <button
                    type="button"
                    role="tab"
                    id=format!("tab-{id}")
                    aria-controls=format!("panel-{id}")
                    aria-selected=move || (selected.get() == id).to_string()
                    tabindex=move || if selected.get() == id { "0" } else { "-1" }
                    on:click=move |_| selected.set(id)
                >
                    {name}
                </button>
            </For>
        </div>
    }
}

/// Stays on the page while another is shown, so that its charts keep their data.
#[component]
pub fn TabPanel(id: &'static str, selected: RwSignal<&'static str>, children: Children) -> impl IntoView {
    view! {
        <div
            role="tabpanel"
            class="tab-panel"
            id=format!("panel-{id}")
            aria-labelledby=format!("tab-{id}")
            tabindex="0"
            hidden=move || selected.get() != id
        >
            {children()}
        </div>
    }
}

//! Titles, sections and what stands where nothing is.

use leptos::prelude::*;

use crate::browser;
use crate::texts::{fill, texts};

/// The page's heading, also in the browser's tab.
#[component]
pub fn PageTitle(
    #[prop(into)] title: Signal<String>,
    /// What stands beside it, as buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    Effect::new(move || {
        browser::set_title(&fill(texts().common.page_title, &[("title", &title.get())]));
    });
    view! {
        <div class="page-title">
            <h1>{move || title.get()}</h1>
            {children.map(|children| view! { <div class="page-title-end">{children()}</div> })}
        </div>
    }
}

/// A section with a heading.
#[component]
pub fn Card(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <section class=format!("card {class}")>
            <h2>{move || title.get()}</h2>
            {children()}
        </section>
    }
}

/// Says what will be here and what to do for it.
#[component]
pub fn EmptyState(
    #[prop(into)] title: String,
    #[prop(into)] words: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty-state">
            <p class="empty-state-title">{title}</p>
            <p>{words}</p>
            {children.map(|children| children())}
        </div>
    }
}

/// Names and values, in pairs.
#[component]
pub fn Facts(#[prop(into)] facts: Signal<Vec<(&'static str, String)>>) -> impl IntoView {
    // Only the value that changes is written anew: the others stay selected, and read aloud where one was.
    let names = Memo::new(move |_| {
        facts.with(|facts| facts.iter().map(|(name, _)| *name).enumerate().collect::<Vec<_>>())
    });
    view! {
        <dl class="facts">
            <For each=move || names.get() key=|place| *place let((index, name))>
                <div>
                    <dt>{name}</dt>
                    <dd>{move || facts.with(|facts| facts.get(index).map(|(_, value)| value.clone()))}</dd>
                </div>
            </For>
        </dl>
    }
}

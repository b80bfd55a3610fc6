//! What does something, and what leads somewhere.

use leptos::prelude::*;
use leptos_router::components::A;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do on a page.
    Primary,
    #[default]
    Plain,
    Quiet,
    /// Cannot be undone.
    Danger,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Plain => "button",
            Self::Quiet => "button quiet",
            Self::Danger => "button danger",
        }
    }
}

/// While it is busy, or leads nowhere, it keeps the focus and takes no press.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(into)] on_press: Callback<()>,
    children: Children,
) -> impl IntoView {
    let press = move |_| {
        if !busy.get_untracked() && !disabled.get_untracked() {
            on_press.run(());
        }
    };
    view! {
        <button
            type="button"
            class=kind.class()
            aria-disabled=move || (busy.get() || disabled.get()).then_some("true")
            aria-busy=move || busy.get().then_some("true")
            on:click=press
        >
            {children()}
        </button>
    }
}

#[component]
pub fn LinkButton(
    #[prop(into)] href: String,
    #[prop(optional)] kind: ButtonKind,
    children: Children,
) -> impl IntoView {
    view! { <A href=href attr:class=kind.class()>{children()}</A> }
}

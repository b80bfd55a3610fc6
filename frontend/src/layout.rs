//! Header and footer of every page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::{use_location, use_navigate};

use crate::components::toast::use_toasts;
use crate::session::{SessionState, use_session};
use crate::texts::texts;
use crate::theme::ThemeToggle;

/// Pages in the navigation, for people who are signed in.
fn places() -> [(&'static str, &'static str); 4] {
    let texts = &texts().layout;
    [("/", texts.home), ("/runs", texts.runs), ("/artifacts", texts.artifacts), ("/models", texts.models)]
}

#[component]
pub fn Header() -> impl IntoView {
    let texts = &texts().layout;
    let session = use_session();
    let location = use_location();
    let menu_is_open = RwSignal::new(false);
    // Going somewhere closes the menu of a phone.
    Effect::new(move || {
        location.pathname.track();
        menu_is_open.set(false);
    });
    let links = move || {
        places()
            .into_iter()
            .map(|(path, name)| view! { <li><A href=path exact=path == "/">{name}</A></li> })
            .collect_view()
    };
    let is_person = Memo::new(move |_| session.state.with(|state| state.me().is_some()));
    view! {
        <header class="site-header">
            <div class="site-header-inner">
                <a class="wordmark" href="/">{texts.name}</a>
                <Show when=move || is_person.get()>
                    <button
                        type="button"
                        class="menu-button"
                        aria-expanded=move || menu_is_open.get().to_string()
                        aria-controls="site-navigation"
                        on:click=move |_| menu_is_open.update(|open| *open = !*open)
                    >
                        {texts.menu}
                    </button>
                    <nav
                        id="site-navigation"
                        aria-label=texts.navigation
                        class=("open", move || menu_is_open.get())
                    >
                        <ul>{links}</ul>
                    </nav>
                </Show>
                <div class="site-header-end">
                    <Account/>
                    <ThemeToggle/>
                </div>
            </div>
        </header>
    }
}

#[component]
fn Account() -> impl IntoView {
    let texts = &texts().layout;
    let session = use_session();
    let toasts = use_toasts();
    let navigate = use_navigate();
    let sign_out = move |_| {
        let navigate = navigate.clone();
        spawn_local(async move {
            match session.sign_out().await {
                Ok(()) => navigate("/", Default::default()),
                Err(failure) => toasts.error(failure.words()),
            }
        });
    };
    let name = Memo::new(move |_| session.name());
    move || {
        let sign_out = sign_out.clone();
        match name.get() {
            Some(name) => view! {
                <span class="account-name">{name}</span>
                <button type="button" class="button quiet" on:click=sign_out>{texts.sign_out}</button>
            }
            .into_any(),
            None if session.state.with(|state| *state == SessionState::Asking) => ().into_any(),
            None => view! { <A href="/sign-in" attr:class="button quiet">{texts.sign_in}</A> }.into_any(),
        }
    }
}

#[component]
pub fn Footer() -> impl IntoView {
    view! {
        <footer class="site-footer">
            <p>{texts().layout.footer}</p>
        </footer>
    }
}

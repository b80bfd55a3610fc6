//! Header and footer of every page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::{use_location, use_navigate};

use crate::bell::Bell;
use crate::browser;
use crate::components::toast::use_toasts;
use crate::session::{SessionState, use_session};
use crate::texts::texts;
use crate::theme::ThemeToggle;

/// Whom a page in the navigation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Audience {
    Everybody,
    SignedIn,
}

/// Pages in the navigation.
fn places() -> [(&'static str, &'static str, Audience); 6] {
    let texts = &texts().layout;
    [
        ("/", texts.home, Audience::Everybody),
        ("/course", texts.course, Audience::SignedIn),
        ("/runs", texts.runs, Audience::SignedIn),
        ("/artifacts", texts.artifacts, Audience::SignedIn),
        ("/models", texts.models, Audience::Everybody),
        ("/tokenizers", texts.tokenizers, Audience::Everybody),
    ]
}

/// The first stop of the keyboard. The router takes links to a fragment for pages, so it moves the focus
/// itself; it also does so when another page is shown, where the focus would stay on a link that has gone.
#[component]
pub fn SkipLink() -> impl IntoView {
    let location = use_location();
    Effect::new(move |before: Option<String>| {
        let path = location.pathname.get();
        if before.is_some_and(|before| before != path) {
            browser::focus("main");
        }
        path
    });
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        browser::focus("main");
    };
    view! { <a class="skip-link" href="#main" on:click=skip>{texts().layout.skip_to_content}</a> }
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
    let is_person = Memo::new(move |_| session.state.with(|state| state.me().is_some()));
    let links = move || {
        let is_for = move |audience| audience == Audience::Everybody || is_person.get();
        places()
            .into_iter()
            .filter(|(_, _, audience)| is_for(*audience))
            .map(|(path, name, _)| view! { <li><A href=path exact=path == "/">{name}</A></li> })
            .collect_view()
    };
    // Beside the name there is no room on a phone.
    let account = move || {
        is_person.get().then(|| view! { <li class="phone-only"><A href="/account">{texts.account}</A></li> })
    };
    view! {
        <header class="site-header">
            <div class="site-header-inner">
                <a class="wordmark" href="/">{texts.name}</a>
                <button
                    type="button"
                    class="menu-button"
                    aria-expanded=move || menu_is_open.get().to_string()
                    aria-controls="site-navigation"
                    on:click=move |_| menu_is_open.update(|open| *open = !*open)
                >
                    {texts.menu}
                </button>
                <nav id="site-navigation" aria-label=texts.navigation class=("open", move || menu_is_open.get())>
                    <ul>{links}{account}</ul>
                </nav>
                <div class="site-header-end">
                    <Show when=move || is_person.get()><Bell/></Show>
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
                <A href="/account" attr:class="account-name">{name}</A>
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

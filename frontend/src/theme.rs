//! Light or dark: the system's choice, or the person's, which this browser remembers. `start.js`
//! sets it before the first paint.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::browser;
use crate::texts::texts;

const KEY: &str = "theme";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    fn name(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    fn label(self) -> &'static str {
        let texts = &texts().layout;
        match self {
            Self::System => texts.theme_system,
            Self::Light => texts.theme_light,
            Self::Dark => texts.theme_dark,
        }
    }
}

/// The theme in force; charts track it to take its colours.
pub fn provide_theme() {
    let stored = match browser::stored(KEY).as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    };
    let theme = RwSignal::new(stored);
    provide_context(theme);
    provide_system_theme();
    Effect::new(move |before: Option<Theme>| {
        let theme = theme.get();
        if before.is_some_and(|before| before != theme) {
            browser::store(KEY, theme.name());
            browser::set_theme(theme.name());
        }
        theme
    });
}

pub fn use_theme() -> RwSignal<Theme> {
    expect_context::<RwSignal<Theme>>()
}

/// Goes round: the system's, light, dark.
#[component]
pub fn ThemeToggle() -> impl IntoView {
    let theme = use_theme();
    view! {
        <button
            type="button"
            class="theme-toggle"
            title=move || theme.get().label()
            aria-label=move || theme.get().label()
            on:click=move |_| theme.update(|theme| *theme = theme.next())
        >
            <span class="theme-icon" data-choice=move || theme.get().name().unwrap_or("system")></span>
        </button>
    }
}

/// Changes whenever the page looks different, by choice or by the system: canvases draw anew.
pub fn use_appearance() -> Signal<(Theme, bool)> {
    let theme = use_theme();
    let system_is_dark = expect_context::<SystemIsDark>().0;
    Signal::derive(move || (theme.get(), system_is_dark.get()))
}

#[derive(Clone, Copy)]
struct SystemIsDark(RwSignal<bool>);

/// Listens for as long as the page lives.
fn provide_system_theme() {
    let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    let is_dark = RwSignal::new(query.as_ref().is_some_and(|query| query.matches()));
    provide_context(SystemIsDark(is_dark));
    let Some(query) = query else { return };
    let changed = {
        let query = query.clone();
        Closure::<dyn Fn()>::new(move || is_dark.set(query.matches()))
    };
    query.set_onchange(Some(changed.as_ref().unchecked_ref()));
    changed.forget();
}

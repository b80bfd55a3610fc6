//! Forms of a few fields, and what the server says to them.

use frontend::api::Failure;
use frontend::components::toast::ToastList;
use frontend::components::{Field, FieldIds, aria_invalid};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use crate::words::REFUSED;

/// Sends on Enter and on its button, once at a time.
#[component]
pub fn Form(
    #[prop(into)] send: &'static str,
    #[prop(into)] busy: Signal<bool>,
    /// Shown above the button, read aloud.
    #[prop(into)]
    failure: Signal<Option<Failure>>,
    #[prop(into)] on_send: Callback<()>,
    children: Children,
) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            on_send.run(());
        }
    };
    view! {
        <form class="form" on:submit=submit>
            {children()}
            <div role="alert">
                {move || failure.get().map(|failure| view! { <p class="field-error">{refusal(&failure)}</p> })}
            </div>
            <button type="submit" class="button primary" aria-busy=move || busy.get().then_some("true")>
                {send}
            </button>
        </form>
    }
}

/// What a text field is for, so that browsers help to fill it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Nothing that a browser knows.
    Text,
    Name,
    OldPassword,
    NewPassword,
}

impl Holds {
    fn kind(self) -> &'static str {
        match self {
            Self::Text | Self::Name => "text",
            Self::OldPassword | Self::NewPassword => "password",
        }
    }

    fn autocomplete(self) -> &'static str {
        match self {
            Self::Text => "off",
            Self::Name => "username",
            Self::OldPassword => "current-password",
            Self::NewPassword => "new-password",
        }
    }
}

/// `id` is unique on the page.
#[component]
pub fn TextField(
    id: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    holds: Holds,
    value: RwSignal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let ids = FieldIds::new(id);
    view! {
        <Field ids=ids.clone() label=label hint=hint error=error>
            <input
                id=ids.control.clone()
                type=holds.kind()
                autocomplete=holds.autocomplete()
                required
                maxlength="200"
                aria-describedby=ids.described_by()
                aria-invalid=aria_invalid(error)
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
        </Field>
    }
}

/// A choice in a list: its value, its name.
pub type Choice = (&'static str, String);

#[component]
pub fn SelectField(
    id: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    choices: Vec<Choice>,
    value: RwSignal<&'static str>,
) -> impl IntoView {
    let ids = FieldIds::new(id);
    let values: Vec<&'static str> = choices.iter().map(|(value, _)| *value).collect();
    let choose = move |event: leptos::ev::Event| {
        let chosen = event_target_value(&event);
        if let Some(known) = values.iter().find(|value| **value == chosen) {
            value.set(known);
        }
    };
    let options = choices.into_iter().map(move |(of, name)| {
        view! { <option value=of selected=move || value.get() == of>{name}</option> }
    });
    view! {
        <Field ids=ids.clone() label=label hint=hint>
            <select id=ids.control.clone() aria-describedby=ids.described_by() on:change=choose>
                {options.collect_view()}
            </select>
        </Field>
    }
}

/// Why the server does not do it, in words that know these pages.
pub fn refusal(failure: &Failure) -> String {
    let Failure::Refused(body) = failure else { return failure.words() };
    let problems = body.problems.iter().map(|problem| said(&problem.message));
    let mut lines = problems.collect::<Option<Vec<_>>>().unwrap_or_default();
    if body.problems.is_empty() {
        lines.extend(said(&body.message));
    }
    if lines.is_empty() { failure.words() } else { lines.join(" ") }
}

/// A sentence of the server's, by what it begins with or contains.
pub fn said(message: &str) -> Option<String> {
    REFUSED.iter().find(|(known, _)| message.contains(known)).map(|(_, words)| (*words).to_owned())
}

/// Hands a text to the clipboard and says so.
pub fn copy(text: &str, toasts: ToastList, words: &'static str) {
    let copied = window().navigator().clipboard().write_text(text);
    spawn_local(async move {
        // Where a browser refuses, the text can be selected.
        if JsFuture::from(copied).await.is_ok() {
            toasts.done(words);
        }
    });
}

#[cfg(test)]
mod tests {
    use shared::api::{ErrorBody, ErrorCode};
    use shared::spec::Problem;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn what_the_server_refuses_is_said_in_korean() {
        let refused = |code, message: &str, problems| {
            Failure::Refused(ErrorBody { code, message: message.into(), problems })
        };
        let taken = "a user of this name exists already; choose another name";
        assert!(refusal(&refused(ErrorCode::Conflict, taken, Vec::new())).contains("이미 쓰이고 있습니다"));
        let short = Problem { field: "password".into(), message: "use 10 to 200 characters".into() };
        assert!(
            refusal(&refused(ErrorCode::Invalid, "these fields cannot work", vec![short])).contains("10자")
        );
    }
}

//! A form's field: its label, what to enter, and what is wrong with what was entered.

use leptos::prelude::*;

/// The ids that a control carries, so that screen readers tell its hint and its error.
#[derive(Debug, Clone)]
pub struct FieldIds {
    pub control: String,
    pub hint: String,
    pub error: String,
}

impl FieldIds {
    /// `id` is unique on the page.
    pub fn new(id: &str) -> Self {
        Self { control: id.to_owned(), hint: format!("{id}-hint"), error: format!("{id}-error") }
    }

    /// For the control's `aria-describedby`.
    pub fn described_by(&self) -> String {
        format!("{} {}", self.hint, self.error)
    }
}

/// For the control's `aria-invalid`, from the signal that the field shows.
pub fn aria_invalid(
    error: impl Into<Signal<Option<String>>>,
) -> impl Fn() -> Option<&'static str> + Copy + Send + Sync + 'static {
    let error = error.into();
    move || error.with(Option::is_some).then_some("true")
}

/// The control is the caller's: `<Field …><input id=ids.control aria-describedby=ids.described_by()/></Field>`.
#[component]
pub fn Field(
    ids: FieldIds,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field" class=("invalid", move || error.with(Option::is_some))>
            <label for=ids.control>{label}</label>
            {children()}
            <p class="field-hint" id=ids.hint>{hint}</p>
            <p class="field-error" id=ids.error aria-live="polite">{move || error.get()}</p>
        </div>
    }
}

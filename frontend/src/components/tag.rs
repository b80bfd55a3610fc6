//! A job's state as a small mark: its word, and a shape and colour that only repeat it.

use leptos::prelude::*;
use shared::api::jobs::JobState;

use crate::format;

#[component]
pub fn StateTag(#[prop(into)] state: Signal<JobState>) -> impl IntoView {
    view! { <span class="tag" data-state=move || state.get().as_str()>{move || format::state(state.get())}</span> }
}

//! One of a few short names, side by side.

use leptos::prelude::*;

#[component]
pub fn Choices<T: Copy + PartialEq + Send + Sync + 'static>(
    /// Read aloud before the choices.
    label: &'static str,
    choices: Vec<(T, String)>,
    #[prop(into)] chosen: Signal<T>,
    #[prop(into)] on_choose: Callback<T>,
) -> impl IntoView {
    let choice = move |(value, name): (T, String)| {
        view! {
            <button
                type="button"
                class="choice"
                aria-pressed=move || (chosen.get() == value).to_string()
                on:click=move |_| on_choose.run(value)
            >
                {name}
            </button>
        }
    };
    view! {
        <div class="choices lab-choices" role="group" aria-label=label>
            {choices.into_iter().map(choice).collect_view()}
        </div>
    }
}

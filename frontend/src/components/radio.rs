//! One of a few, each with a word on what it means.

use leptos::prelude::*;

/// What stands above the choices.
#[derive(Debug, Clone, Copy)]
pub enum Legend {
    Shown(&'static str),
    /// For people who do not see that it stands under a heading.
    Spoken(&'static str),
}

/// A choice: its value, its name, and what it means.
pub type Choice<T> = (T, &'static str, &'static str);

/// `name` is unique on the page. None is chosen where the value is none of them.
#[component]
pub fn Radio<T: Copy + PartialEq + Send + Sync + 'static>(
    name: &'static str,
    legend: Legend,
    choices: Vec<Choice<T>>,
    #[prop(into)] chosen: Signal<Option<T>>,
    #[prop(into)] on_choose: Callback<T>,
) -> impl IntoView {
    let choice = move |(value, title, words): Choice<T>| {
        view! {
            <label class="radio">
                <input
                    type="radio"
                    name=name
                    prop:checked=move || chosen.get() == Some(value)
                    on:change=move |_| on_choose.run(value)
                />
                <span><strong>{title}</strong><span class="soft">{words}</span></span>
            </label>
        }
    };
    let (class, title) = match legend {
        Legend::Shown(title) => ("", title),
        Legend::Spoken(title) => ("visually-hidden", title),
    };
    view! {
        <fieldset class="field">
            <legend class=class>{title}</legend>
            {choices.into_iter().map(choice).collect_view()}
        </fieldset>
    }
}

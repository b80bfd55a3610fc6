//! What went wrong, what to do, and a way to try again; and the wait before it.

use leptos::prelude::*;

use super::{Button, ButtonKind};
use crate::api::Failure;
use crate::texts::{said, texts};

#[component]
pub fn ErrorBox(
    failure: Failure,
    #[prop(optional, into)] title: Option<String>,
    #[prop(optional, into)] on_retry: Option<Callback<()>>,
) -> impl IntoView {
    let problems = failure.problems().iter().map(said::problem_of_field).collect::<Vec<_>>();
    let problems = (!problems.is_empty()).then(|| {
        let lines = problems.into_iter().map(|words| view! { <li>{words}</li> });
        view! { <ul>{lines.collect_view()}</ul> }
    });
    view! {
        <div class="error-box" role="alert">
            {title.map(|title| view! { <p class="error-box-title">{title}</p> })}
            <p>{failure.words()}</p>
            {problems}
            {on_retry
                .map(|retry| view! { <Button kind=ButtonKind::Plain on_press=retry>{texts().common.try_again}</Button> })}
        </div>
    }
}

#[component]
pub fn Loading(#[prop(optional, into)] words: Option<String>) -> impl IntoView {
    let words = words.unwrap_or_else(|| texts().common.loading.to_owned());
    view! { <p class="loading" role="status">{words}</p> }
}

//! What went wrong, what to do, and a way to try again; and the wait before it.

use leptos::prelude::*;

use super::{Button, ButtonKind};
use crate::api::Failure;
use crate::texts::texts;

#[component]
pub fn ErrorBox(
    failure: Failure,
    #[prop(optional, into)] title: Option<String>,
    #[prop(optional, into)] on_retry: Option<Callback<()>>,
) -> impl IntoView {
    view! {
        <div class="error-box" role="alert">
            {title.map(|title| view! { <p class="error-box-title">{title}</p> })}
            <p>{failure.words()}</p>
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

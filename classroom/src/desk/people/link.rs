//! A link that is shown once.

use frontend::components::Button;
use frontend::components::toast::use_toasts;
use leptos::prelude::*;

use super::words::INVITATIONS;
use crate::forms::copy;

#[component]
pub fn OnceLink(url: String) -> impl IntoView {
    let toasts = use_toasts();
    let copied = url.clone();
    view! {
        <p class="once-link"><code>{url}</code></p>
        <Button on_press=move |()| copy(&copied, toasts, INVITATIONS.copied)>{INVITATIONS.copy}</Button>
    }
}

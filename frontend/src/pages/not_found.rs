//! An address without a page.

use leptos::prelude::*;

use crate::components::{ButtonKind, LinkButton, PageTitle};
use crate::texts::texts;

#[component]
pub fn NotFound() -> impl IntoView {
    let texts = &texts().not_found;
    view! {
        <PageTitle title=texts.title.to_owned()/>
        <div class="prose"><p>{texts.words}</p></div>
        <LinkButton href="/" kind=ButtonKind::Primary>{texts.to_home}</LinkButton>
    }
}

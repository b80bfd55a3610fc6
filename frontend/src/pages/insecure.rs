//! An origin on which a browser keeps no session and runs no model.

use leptos::prelude::*;

use crate::browser;
use crate::texts::{fill, texts};

#[component]
pub fn Insecure() -> impl IntoView {
    let texts = &texts().insecure;
    view! {
        <p class="wordmark">{crate::texts::texts().layout.name}</p>
        <div class="page-title"><h1>{texts.title}</h1></div>
        <div class="prose">
            <p>{fill(texts.words, &[("origin", &browser::origin())])}</p>
            <p>{texts.what_to_do}</p>
            <ul>
                <li>{texts.localhost}</li>
                <li>{texts.tls}</li>
                <li>{texts.proxy}</li>
            </ul>
        </div>
    }
}

//! 대화, offered only for a model that declares our chat format: one small file of it tells.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use shared::artifacts::ArtifactFile;
use shared::spec::CHAT_TEMPLATE;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::components::LinkButton;
use crate::texts::texts;

const FILE: &str = "tokenizer_config.json";
/// Ours has a few kilobytes; a model's page is not the place to load more.
const FILE_LIMIT_BYTES: u64 = 256 << 10;

/// Nothing until the file is here, and nothing if it does not come: 이어쓰기 finds out for itself.
#[component]
pub fn ChatLink(
    /// The model's own; its files are below `base_url`.
    page: String,
    files: Vec<ArtifactFile>,
    base_url: String,
) -> impl IntoView {
    let chats = RwSignal::new(false);
    spawn_local(async move {
        let found = chats_by_file(&files, &base_url).await;
        chats.try_set(found == Some(true));
    });
    view! {
        <Show when=move || chats.get()>
            <LinkButton href=format!("{page}/chat")>{texts().models.chat}</LinkButton>
        </Show>
    }
}

/// Whether the model below `base_url` chats; None where its file cannot tell.
pub async fn chats_by_file(files: &[ArtifactFile], base_url: &str) -> Option<bool> {
    let may_tell = |file: &ArtifactFile| file.name.as_str() == FILE && file.size_bytes <= FILE_LIMIT_BYTES;
    if !files.iter().any(may_tell) {
        return None;
    }
    Some(declares_chat(&read(&format!("{base_url}/{FILE}")).await?))
}

async fn read(address: &str) -> Option<String> {
    let response: Response = JsFuture::from(window().fetch_with_str(address)).await.ok()?.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

/// The engine's own rule (`may_chat`), as far as this file tells: another template is not run here.
fn declares_chat(tokenizer_config_json: &str) -> bool {
    #[derive(Deserialize)]
    struct Configuration {
        chat_template: Option<String>,
    }
    serde_json::from_str::<Configuration>(tokenizer_config_json)
        .is_ok_and(|configuration| configuration.chat_template.as_deref() == Some(CHAT_TEMPLATE))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn only_our_own_chat_format_is_one() {
        let ours = serde_json::json!({ "chat_template": CHAT_TEMPLATE, "eos_token": "<|endoftext|>" });
        assert!(declares_chat(&ours.to_string()));
        for other in [r#"{"chat_template":"{{ messages }}"}"#, r#"{"chat_template":null}"#, "{}", ""] {
            assert!(!declares_chat(other), "{other}");
        }
    }
}

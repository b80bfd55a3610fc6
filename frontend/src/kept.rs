//! What this tab keeps over a reload, by name. It is gone when the tab is closed or somebody signs out.

use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use web_sys::Storage;

/// Grows when an older value could be misread.
const VERSION: u32 = 2;

#[derive(Serialize, Deserialize)]
struct Kept<T> {
    version: u32,
    value: T,
}

pub fn keep<T: Serialize>(name: &str, value: &T) {
    let kept = storage().zip(to_text(value)).map(|(storage, text)| storage.set_item(name, &text));
    if !matches!(kept, Some(Ok(()))) {
        leptos::logging::warn!("the browser keeps no {name}: its storage is full or switched off");
    }
}

/// `None` for what was never kept, or by a page of another version.
pub fn recall<T: DeserializeOwned>(name: &str) -> Option<T> {
    from_text(&storage()?.get_item(name).ok()??)
}

pub fn forget(name: &str) {
    if let Some(storage) = storage() {
        // What cannot be removed was never kept.
        let _ = storage.remove_item(name);
    }
}

/// Whoever sits here next finds nothing of the one before.
pub fn forget_everything() {
    if let Some(storage) = storage() {
        let _ = storage.clear();
    }
}

fn storage() -> Option<Storage> {
    window().session_storage().ok()?
}

fn to_text<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_string(&Kept { version: VERSION, value }).ok()
}

fn from_text<T: DeserializeOwned>(text: &str) -> Option<T> {
    let kept = serde_json::from_str::<Kept<T>>(text).ok()?;
    (kept.version == VERSION).then_some(kept.value)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_value_comes_back_and_one_of_another_version_does_not() {
        let text = to_text(&("옛날에".to_owned(), Some(3_usize))).unwrap();
        assert_eq!(from_text(&text), Some(("옛날에".to_owned(), Some(3_usize))));
        assert_eq!(
            from_text::<(String, Option<usize>)>(&text.replace("\"version\":2", "\"version\":3")),
            None
        );
        assert_eq!(from_text::<(String, Option<usize>)>("옛날에"), None);
        assert_eq!(from_text::<u32>(&text), None);
    }
}

//! Texts as files: handed to the browser to keep, and read from a chosen one.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, Url};

/// Hands a text to the browser as a file to keep.
pub fn save(text: &str, file_name: &str, media_type: &str) {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let kind = BlobPropertyBag::new();
    kind.set_type(media_type);
    let address = Blob::new_with_str_sequence_and_options(&parts, &kind)
        .and_then(|blob| Url::create_object_url_with_blob(&blob));
    let Ok(address) = address else { return };
    if let Ok(link) = document().create_element("a").map(JsCast::unchecked_into::<HtmlAnchorElement>) {
        link.set_href(&address);
        link.set_download(file_name);
        link.click();
    }
    // Without this the text stays in memory until the tab is closed.
    let _ = Url::revoke_object_url(&address);
}

/// `None` where the file is no text.
pub async fn read(file: &File) -> Option<String> {
    JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string())
}

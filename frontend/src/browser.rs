//! What the browser offers, without its exceptions: what is switched off or missing is `None`.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{FocusOptions, HtmlElement};

pub fn is_secure_context() -> bool {
    window().is_secure_context()
}

pub fn remove_element(id: &str) {
    if let Some(element) = window().document().and_then(|document| document.get_element_by_id(id)) {
        element.remove();
    }
}

/// Moves the focus without moving the page.
pub fn focus(id: &str) {
    let element = window().document().and_then(|document| document.get_element_by_id(id));
    let Some(Ok(element)) = element.map(JsCast::dyn_into::<HtmlElement>) else { return };
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // An element that has left the page meanwhile needs no focus.
    let _ = element.focus_with_options(&options);
}

/// Milliseconds since 1970.
pub fn now_milliseconds() -> f64 {
    js_sys::Date::now()
}

/// A name that nobody else has.
pub fn random_name() -> String {
    let random = || format!("{:08x}", (js_sys::Math::random() * 4_294_967_296.0) as u32);
    format!("{}{}{}", random(), random(), random())
}

/// Small enough to be read and typed again.
pub fn random_seed() -> u64 {
    (js_sys::Math::random() * 1e6) as u64
}

/// Acts once what `prepare` reads has not changed for `pause`; not at all when it prepares nothing or
/// the page has been left.
pub fn when_quiet<A: FnOnce() + 'static>(pause: Duration, prepare: impl Fn() -> Option<A> + 'static) {
    let pending = StoredValue::new(None::<TimeoutHandle>);
    let forget = move || {
        if let Some(timer) = pending.try_get_value().flatten() {
            timer.clear();
        }
    };
    Effect::new(move || {
        forget();
        let timer = prepare().and_then(|act| set_timeout_with_handle(act, pause).ok());
        pending.set_value(timer);
    });
    on_cleanup(forget);
}

/// The address as people type it: `https://house.example`.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// What stands after `#`, and removes it from the address and the history: it may be a secret.
pub fn take_fragment() -> Option<String> {
    let location = window().location();
    let fragment = location.hash().ok()?;
    let fragment = fragment.strip_prefix('#').filter(|text| !text.is_empty())?.to_owned();
    let path = location.pathname().unwrap_or_else(|_| "/".to_owned());
    if let Ok(history) = window().history() {
        let replaced = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
        debug_assert!(replaced.is_ok());
    }
    Some(fragment)
}

/// Whether this browser keeps values for us at all.
pub fn has_storage() -> bool {
    window().local_storage().is_ok_and(|storage| storage.is_some())
}

/// A value that this browser keeps for us; none when storage is switched off.
pub fn stored(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}

/// Keeps a value, or removes it. Without storage the choice holds until the page is closed.
pub fn store(name: &str, value: Option<&str>) {
    let Ok(Some(storage)) = window().local_storage() else { return };
    let kept = match value {
        Some(value) => storage.set_item(name, value),
        None => storage.remove_item(name),
    };
    if kept.is_err() {
        leptos::logging::warn!("the browser keeps no {name}: its storage is full");
    }
}

pub fn set_title(title: &str) {
    if let Some(document) = window().document() {
        document.set_title(title);
    }
}

/// A colour or length of `tokens.css`, as it is in the theme of the moment.
pub fn token(name: &str) -> String {
    let root = window().document().and_then(|document| document.document_element());
    let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    style.and_then(|style| style.get_property_value(name).ok()).unwrap_or_default().trim().to_owned()
}

/// The chosen theme on the page's root; none leaves it to the system.
pub fn set_theme(name: Option<&str>) {
    let Some(root) = window().document().and_then(|document| document.document_element()) else { return };
    let set = match name {
        Some(name) => root.set_attribute("data-theme", name),
        None => root.remove_attribute("data-theme"),
    };
    debug_assert!(set.is_ok());
}

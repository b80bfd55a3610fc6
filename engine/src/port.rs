//! The way out to the page.

use shared::engine::{EngineError, Event, Report, RequestNumber, to_text};
use wasm_bindgen::JsValue;

use crate::clock;

pub fn send(request: Option<RequestNumber>, event: Event) {
    // Neither fails: the types are serializable and a text can always be posted.
    if let Ok(text) = to_text(&Report { request, event }) {
        clock::scope().post_message(&JsValue::from_str(&text)).ok();
    }
}

/// A panic ends the worker; the page must hear of it.
pub fn announce_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let error = EngineError::Crashed { problem: panic.to_string() };
        send(None, Event::Failed { error });
    }));
}

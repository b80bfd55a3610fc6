//! Calls to the backend: a request value is the call, as everywhere.

mod failure;
pub mod poll;
pub mod stream;
pub mod upload;

use std::cell::Cell;

use js_sys::Uint8Array;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use shared::api::encoding::encode;
use shared::api::{API_PREFIX, Endpoint, ErrorBody};
use shared::ids::ArtifactId;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Request, RequestInit, Response};

pub use failure::Failure;

/// A server that says nothing for so long is as good as away.
const TIMEOUT_MILLISECONDS: u32 = 20_000;

/// Who learns how a call went: the banner of a lost connection, and the session when it has ended.
#[derive(Clone, Copy)]
pub struct Watch {
    pub on_reached: Callback<bool>,
    pub on_signed_out: Callback<()>,
}

thread_local! {
    /// Calls are made from tasks, where the components' context is out of reach.
    static WATCH: Cell<Option<Watch>> = const { Cell::new(None) };
    /// How often the session's cookie has been exchanged or given up here.
    static SESSION: Cell<u32> = const { Cell::new(0) };
}

/// Which session's cookie a call carried: its answer says nothing about a later session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionNumber(u32);

impl SessionNumber {
    pub fn now() -> Self {
        Self(SESSION.get())
    }

    pub fn is_over(self) -> bool {
        self != Self::now()
    }
}

/// Somebody has just signed in or out.
pub fn session_has_changed() {
    SESSION.set(SESSION.get() + 1);
}

/// From here on every call tells how it went.
pub fn install_watch(watch: Watch) {
    WATCH.set(Some(watch));
}

pub async fn call<E: Endpoint>(request: &E) -> Result<E::Reply, Failure> {
    let session = SessionNumber::now();
    tell(exchange(request).await, session)
}

/// A file of an artifact that holds JSON, for instance a report.
pub async fn read_json<T: DeserializeOwned>(artifact: ArtifactId, file: &str) -> Result<T, Failure> {
    let session = SessionNumber::now();
    let address = format!("{}/{file}", files_address(artifact));
    let asked = window().fetch_with_str_and_init(&address, &patient());
    tell(answer(asked).await, session)
}

/// Where an artifact's files are downloaded from: `{address}/{name}`.
pub fn files_address(artifact: ArtifactId) -> String {
    format!("{API_PREFIX}/artifacts/{artifact}/files")
}

fn tell<T>(result: Result<T, Failure>, session: SessionNumber) -> Result<T, Failure> {
    if let Some(watch) = WATCH.get() {
        watch.on_reached.run(!matches!(result, Err(Failure::Unreachable)));
        let is_refused = matches!(&result, Err(failure) if failure.is_signed_out());
        // A refusal of the cookie before may come after somebody has signed in with a new one.
        if is_refused && !session.is_over() {
            watch.on_signed_out.run(());
        }
    }
    result
}

/// Settings of a call that waits, but not for ever.
fn patient() -> RequestInit {
    let init = RequestInit::new();
    init.set_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT_MILLISECONDS)));
    init
}

async fn exchange<E: Endpoint>(request: &E) -> Result<E::Reply, Failure> {
    let encoded = encode(request).map_err(Failure::unreadable)?;
    let init = patient();
    init.set_method(encoded.method.as_str());
    if let Some(body) = encoded.body {
        init.set_body(&Uint8Array::from(body.as_slice()));
    }
    let request = Request::new_with_str_and_init(&encoded.target, &init).map_err(|_| Failure::Unreachable)?;
    if request.headers().set("content-type", "application/json").is_err() {
        return Err(Failure::unreadable("the browser takes no content type"));
    }
    answer(window().fetch_with_request(&request)).await
}

async fn answer<T: DeserializeOwned>(asked: js_sys::Promise) -> Result<T, Failure> {
    let response = JsFuture::from(asked).await;
    let response: Response =
        response.and_then(JsCast::dyn_into::<Response>).map_err(|_: JsValue| Failure::Unreachable)?;
    let text = body_text(&response).await?;
    if response.ok() {
        return parse(&text);
    }
    match serde_json::from_str::<ErrorBody>(&text) {
        Ok(body) => Err(Failure::Refused(body)),
        // A proxy in front speaks its own language: with 502 or 504 the server behind is away.
        Err(_) if response.status() >= 500 => Err(Failure::Unreachable),
        Err(_) => Err(Failure::unreadable(format!("HTTP {}", response.status()))),
    }
}

async fn body_text(response: &Response) -> Result<String, Failure> {
    let reading = response.text().map_err(|_| Failure::Unreachable)?;
    let text = JsFuture::from(reading).await.map_err(|_| Failure::Unreachable)?;
    text.as_string().ok_or_else(|| Failure::unreadable("a body that is no text"))
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(Failure::unreadable)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_call_from_before_signing_in_says_nothing_about_the_session_after() {
        let before = SessionNumber::now();
        assert!(!before.is_over());
        session_has_changed();
        assert!(before.is_over());
        assert!(!SessionNumber::now().is_over());
    }
}

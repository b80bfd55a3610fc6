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
use web_sys::{Request, RequestInit, Response};

pub use failure::Failure;

/// Who learns how a call went: the banner of a lost connection, and the session when it has ended.
#[derive(Clone, Copy)]
pub struct Watch {
    pub on_reached: Callback<bool>,
    pub on_signed_out: Callback<()>,
}

thread_local! {
    /// Calls are made from tasks, where the components' context is out of reach.
    static WATCH: Cell<Option<Watch>> = const { Cell::new(None) };
}

/// From here on every call tells how it went.
pub fn install_watch(watch: Watch) {
    WATCH.set(Some(watch));
}

pub async fn call<E: Endpoint>(request: &E) -> Result<E::Reply, Failure> {
    tell(exchange(request).await)
}

/// A file of an artifact that holds JSON, for instance a report.
pub async fn read_json<T: DeserializeOwned>(artifact: ArtifactId, file: &str) -> Result<T, Failure> {
    tell(answer(window().fetch_with_str(&format!("{}/{file}", files_address(artifact)))).await)
}

/// Where an artifact's files are downloaded from: `{address}/{name}`.
pub fn files_address(artifact: ArtifactId) -> String {
    format!("{API_PREFIX}/artifacts/{artifact}/files")
}

fn tell<T>(result: Result<T, Failure>) -> Result<T, Failure> {
    if let Some(watch) = WATCH.get() {
        watch.on_reached.run(!matches!(result, Err(Failure::Unreachable)));
        if matches!(&result, Err(failure) if failure.is_signed_out()) {
            watch.on_signed_out.run(());
        }
    }
    result
}

async fn exchange<E: Endpoint>(request: &E) -> Result<E::Reply, Failure> {
    let encoded = encode(request).map_err(Failure::unreadable)?;
    let init = RequestInit::new();
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

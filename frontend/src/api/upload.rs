//! Uploads, with progress: `fetch` does not tell how far it has come, XMLHttpRequest does.

use shared::api::bytes::{UPLOAD, Uploaded};
use shared::api::{ErrorBody, ErrorCode};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ProgressEvent, XmlHttpRequest};

use super::{Failure, SessionNumber, tell};

/// Sends the file's bytes; `on_progress` is told how many have gone.
pub async fn upload(file: &File, on_progress: impl Fn(f64) + 'static) -> Result<Uploaded, Failure> {
    let session = SessionNumber::now();
    tell(send(file, on_progress).await, session)
}

async fn send(file: &File, on_progress: impl Fn(f64) + 'static) -> Result<Uploaded, Failure> {
    let request = XmlHttpRequest::new().map_err(|_| Failure::Unreachable)?;
    request.open(UPLOAD.method.as_str(), UPLOAD.route).map_err(|_| Failure::Unreachable)?;
    let progress =
        Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| on_progress(event.loaded()));
    let listening =
        request.upload().map(|upload| upload.set_onprogress(Some(progress.as_ref().unchecked_ref())));
    listening.map_err(|_| Failure::Unreachable)?;
    let mut end = None;
    let ended = js_sys::Promise::new(&mut |resolve, _| {
        let closure = Closure::<dyn Fn()>::new(move || {
            // A promise that is settled already stays as it is.
            let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
        });
        // Also after an error: the status is 0 then.
        request.set_onloadend(Some(closure.as_ref().unchecked_ref()));
        end = Some(closure);
    });
    request.send_with_opt_blob(Some(file)).map_err(|_| Failure::Unreachable)?;
    JsFuture::from(ended).await.map_err(|_| Failure::Unreachable)?;
    request.set_onloadend(None);
    let text = request.response_text().ok().flatten().unwrap_or_default();
    match request.status().unwrap_or(0) {
        200 => serde_json::from_str(&text).map_err(Failure::unreadable),
        0 => Err(Failure::Unreachable),
        status => match serde_json::from_str::<ErrorBody>(&text) {
            Ok(body) => Err(Failure::Refused(body)),
            Err(_) if status >= 500 => Err(Failure::Unreachable),
            // A proxy's own limit, in its own words.
            Err(_) if status == 413 => Err(Failure::Refused(ErrorBody {
                code: ErrorCode::TooLarge,
                message: format!("HTTP {status}"),
                problems: Vec::new(),
            })),
            Err(_) => Err(Failure::unreadable(format!("HTTP {status}"))),
        },
    }
}

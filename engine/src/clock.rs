//! Time, and turns of the event loop.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel};

pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Since the worker began.
pub fn seconds() -> f64 {
    scope().performance().map_or(0.0, |performance| performance.now() / 1000.0)
}

pub async fn sleep(seconds: f64) {
    let mut timer = None;
    let slept = Promise::new(&mut |resolve, _| {
        let milliseconds = (seconds * 1000.0) as i32;
        let set = scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        match set {
            Ok(number) => timer = Some(Timer(number)),
            // Without a timer there is nothing to wait for.
            Err(_) => drop(resolve.call0(&JsValue::NULL)),
        }
    });
    JsFuture::from(slept).await.ok();
    drop(timer);
}

/// Does not go off when nobody waits any more.
struct Timer(i32);

impl Drop for Timer {
    fn drop(&mut self) {
        scope().clear_timeout_with_handle(self.0);
    }
}

/// Waits for `future`, at most so long; `None` when that was not enough.
pub async fn within<F: Future>(seconds: f64, future: F) -> Option<F::Output> {
    let (mut future, mut timer) = (pin!(future), pin!(sleep(seconds)));
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        timer.as_mut().poll(context).map(|()| None)
    })
    .await
}

/// Lets messages in. A timer would do, but browsers make nested timers wait for four milliseconds.
pub struct Turns(Option<MessageChannel>);

impl Turns {
    pub fn new() -> Self {
        Self(MessageChannel::new().ok())
    }

    pub async fn turn(&self) {
        let Some(channel) = &self.0 else { return sleep(0.0).await };
        let passed = Promise::new(&mut |resolve, _| {
            channel.port2().set_onmessage(Some(&resolve));
            if channel.port1().post_message(&JsValue::NULL).is_err() {
                resolve.call0(&JsValue::NULL).ok();
            }
        });
        JsFuture::from(passed).await.ok();
    }
}

/// The worker's linear memory.
pub fn memory_bytes() -> u64 {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let buffer: js_sys::ArrayBuffer = memory.buffer().unchecked_into();
    u64::from(buffer.byte_length())
}

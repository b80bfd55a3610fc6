//! The Web Worker that runs a model for a page, in the messages of `shared::engine`.
//!
//! ```text
//! page ⇄ port.rs ── inbox.rs ── worker.rs ┬─ files.rs ── download.rs (http.rs) ── storage.rs
//!                     (Stop overtakes)    ├─ model_files.rs ── runner.rs (WebGPU | wasm)
//!                                         └─ writing.rs
//! ```
//!
//! One thread: whatever takes long gives the event loop a turn between its pieces ([`clock::turn`]),
//! so that Stop is heard.

mod clock;
mod download;
mod files;
mod http;
mod inbox;
mod model_files;
mod port;
mod runner;
mod storage;
mod task;
mod worker;
mod writing;

fn main() {
    worker::start();
}

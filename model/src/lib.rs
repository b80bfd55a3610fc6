//! The language-model core: one definition per architecture over layer-level ops, training,
//! sampling and the tokenizer.
//!
//! Architecture invariant: nothing here opens a file or a socket, reads the environment or a clock;
//! bytes come in and bytes go out. The crate compiles for wasm32.
//!
//! Threads: matrix products and the kernels here run in the caller's current rayon pool, so a caller
//! that wants `n` threads builds a pool of `n` and calls from inside `pool.install(…)`. Candle splits
//! a product into as many pieces, and starts as many threads of its own for elementwise work, as
//! `RAYON_NUM_THREADS` said when the process first used it (else one per core): a caller that must not
//! exceed `n` starts the process with `RAYON_NUM_THREADS=n`.

pub mod architectures;
pub mod attention_maps;
pub mod batch;
pub mod candle_ops;
pub mod checkpoint;
pub mod device;
mod error;
pub mod generate;
pub mod gguf;
pub mod hugging_face;
pub mod kernels;
pub mod metrics;
pub mod ops;
pub mod prompt;
pub mod sampling;
pub mod state;
pub mod threads;
pub mod tokenizer;
pub mod training;
#[cfg(feature = "webgpu")]
pub mod webgpu;
pub mod weights;

pub use candle_core::{DType, Device, Tensor};
pub use error::{DeviceError, Error, Result};

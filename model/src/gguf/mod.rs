//! GGUF, the file format of llama.cpp: metadata, tensors in block formats, tokenizer and chat template
//! in one file (<https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>).
//!
//! A file may come from a stranger. [`Header::read`] measures every count and length that it claims
//! against the file's size before memory is taken for it, and works through a callback that fills a
//! buffer from an offset on: the file itself is never held in memory.

mod architecture;
mod format;
mod model;
mod names;
mod read;
mod tokenizer;
mod value;
mod write;

use thiserror::Error;

pub use architecture::architecture;
pub use format::{BLOCK, Format};
pub use model::{GgufModel, Parts, Stored, write_model, write_weights};
pub use read::{Header, TensorInfo};
pub use tokenizer::{Cutting, TokenizerFiles, cutting, from_header as tokenizer_files};
pub use value::{Numbers, Scalar, Value};
pub use write::{NewTensor, write};

/// The first four bytes of a file.
pub const MAGIC: &[u8; 4] = b"GGUF";

/// Why a GGUF file is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GgufError {
    #[error("it does not begin with \"GGUF\": choose a file that llama.cpp or an export job wrote")]
    NotGguf,
    #[error("it has version {0}; 2 and 3 are read. Convert it again with a current llama.cpp")]
    Version(u32),
    #[error("it was written for a big-endian machine; convert it for a little-endian one")]
    BigEndian,
    #[error("it ends within {0}: fetch it again")]
    CutOff(&'static str),
    #[error("it claims {count} {what}; at most {limit} are read")]
    TooMany { what: &'static str, count: u64, limit: u64 },
    #[error("{place} {problem}")]
    Broken { place: String, problem: &'static str },
    #[error("its key {key:?} {problem}")]
    Key { key: String, problem: String },
    #[error("the tensor {name:?} {problem}")]
    Tensor { name: String, problem: String },
    #[error("{0} is not supported")]
    Unsupported(String),
}

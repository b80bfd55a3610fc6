//! What can go wrong in the model core.

use thiserror::Error;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, Error)]
pub enum Error {
    /// A tensor operation failed: shapes that do not fit, a device that is out of memory.
    #[error("tensor operation failed: {0}")]
    Tensor(#[from] candle_core::Error),
    /// Bytes that claim to be weights or a checkpoint and are not what the model expects.
    #[error("these weights cannot be used: {0}")]
    Weights(String),
    /// Bytes that claim to be a GGUF file.
    #[error("this GGUF file cannot be used: {0}")]
    Gguf(#[from] crate::gguf::GgufError),
    /// A `config.json` or `tokenizer.json` that cannot be used.
    #[error("{file} cannot be used: {problem}")]
    Configuration { file: &'static str, problem: String },
    /// An input outside of what the model can process.
    #[error("{0}")]
    Input(String),
    /// Training left the range of numbers.
    #[error(
        "training diverged at step {step}: loss {loss}, gradient norm {gradient_norm}. Lower the learning rate, \
         lengthen the warm-up or clip gradients harder"
    )]
    Diverged { step: u64, loss: f64, gradient_norm: f64 },
    /// The device is not there or does not work.
    #[error(transparent)]
    Device(#[from] DeviceError),
}

#[derive(Debug, Clone, Error)]
pub enum DeviceError {
    /// No such device on this machine, or it cannot do what it is asked.
    #[error("{0}")]
    Unusable(String),
    /// The GPU went away under a running model: another program took it, its driver restarted, the
    /// computer slept.
    #[error("the GPU was lost ({0}): open it again and load the model again")]
    Lost(String),
}

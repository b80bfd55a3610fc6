//! How a job can end other than well.

use thiserror::Error;

use super::StopReason;

/// The attempt's end, told once: to the terminal or to the queue, which decides about another try.
#[derive(Debug, Error)]
pub enum JobError {
    /// The spec or the data cannot work; trying again changes nothing. Says what to do.
    #[error("{0}")]
    User(String),
    /// The machine failed (disk, memory, network); another attempt may succeed.
    #[error("{0}")]
    Transient(String),
    /// The job stopped because it was asked to, after saving what it could.
    #[error("stopped: {0:?}")]
    Stopped(StopReason),
}

impl JobError {
    pub fn user(message: impl Into<String>) -> Self {
        Self::User(message.into())
    }

    pub fn transient(message: impl Into<String>) -> Self {
        Self::Transient(message.into())
    }

    /// For `map_err` on input and output: names the file or folder at hand.
    pub fn io(what: impl std::fmt::Display) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::Transient(format!("{what}: {error}"))
    }
}

//! The body of every reply that is not a success.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::spec::Problem;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorBody {
    pub code: ErrorCode,
    /// What is wrong and what to do, in a sentence for people.
    pub message: String,
    /// Field by field, for forms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// 400: the request could not be read.
    BadRequest,
    /// 401: sign in, or present a valid token.
    NotSignedIn,
    /// 403: signed in, but the role is missing.
    Forbidden,
    /// 404: there is no such thing, or it is not yours.
    NotFound,
    /// 409: the state of the thing does not allow it.
    Conflict,
    /// 409: another attempt has begun, or the job has ended; stop and drop the work.
    LeaseLost,
    /// 409: events are missing before the ones sent.
    EventGap,
    /// 413: more bytes than the route or the quota allows.
    TooLarge,
    /// 422: fields that cannot work are named in `problems`.
    Invalid,
    /// 426: the worker is too old or too new for this server.
    UpgradeRequired,
    /// 429: too many tries; wait.
    TooManyRequests,
    /// 403: a quota is used up.
    QuotaExceeded,
    /// 500: our mistake; it is in the server's log.
    Internal,
    /// 503: shutting down or overloaded; try again.
    Unavailable,
}

impl ErrorCode {
    pub fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::NotSignedIn => 401,
            Self::Forbidden | Self::QuotaExceeded => 403,
            Self::NotFound => 404,
            Self::Conflict | Self::LeaseLost | Self::EventGap => 409,
            Self::TooLarge => 413,
            Self::Invalid => 422,
            Self::UpgradeRequired => 426,
            Self::TooManyRequests => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }
}

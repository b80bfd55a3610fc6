//! Why a call has no reply, in words for people.

use shared::api::{ErrorBody, ErrorCode};
use shared::spec::Problem;

use crate::texts::{fill, texts};

#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// No answer: no network, or the server is away.
    Unreachable,
    /// The server says no, and why.
    Refused(ErrorBody),
    /// An answer that is not what the contract says: page and server are of different versions.
    Unreadable(String),
}

impl Failure {
    pub fn unreadable(error: impl ToString) -> Self {
        Self::Unreadable(error.to_string())
    }

    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused(body) => Some(body.code),
            _ => None,
        }
    }

    pub fn is_signed_out(&self) -> bool {
        self.code() == Some(ErrorCode::NotSignedIn)
    }

    pub fn is_not_found(&self) -> bool {
        self.code() == Some(ErrorCode::NotFound)
    }

    /// Whether trying again cannot help: it is not there, or not for this person.
    pub fn is_final(&self) -> bool {
        matches!(self.code(), Some(ErrorCode::NotFound | ErrorCode::Forbidden | ErrorCode::NotSignedIn))
    }

    /// Field by field, for forms.
    #[allow(dead_code, reason = "the first form comes with the page of a new run")]
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Refused(body) => &body.problems,
            _ => &[],
        }
    }

    /// What is wrong and what to do.
    pub fn words(&self) -> String {
        let texts = &texts().failure;
        match self {
            Self::Unreachable => texts.unreachable.to_owned(),
            Self::Unreadable(detail) => fill(texts.unreadable, &[("detail", detail)]),
            Self::Refused(body) => match body.code {
                ErrorCode::NotSignedIn => texts.not_signed_in.to_owned(),
                ErrorCode::Forbidden => texts.forbidden.to_owned(),
                ErrorCode::NotFound => texts.not_found.to_owned(),
                ErrorCode::TooManyRequests => texts.too_many_requests.to_owned(),
                ErrorCode::QuotaExceeded => texts.quota_exceeded.to_owned(),
                ErrorCode::Internal => texts.internal.to_owned(),
                ErrorCode::Unavailable => texts.unavailable.to_owned(),
                // The server's own sentence says more than a translated guess.
                _ => fill(texts.refused, &[("message", &body.message)]),
            },
        }
    }
}

//! Why a call has no reply, in words for people.

use shared::api::{ErrorBody, ErrorCode};
use shared::spec::Problem;

use crate::texts::{fill, said, texts};

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
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Refused(body) => &body.problems,
            _ => &[],
        }
    }

    /// What is wrong with one field, in words.
    pub fn problem_of(&self, field: &str) -> Option<String> {
        self.problems().iter().find(|problem| problem.field == field).map(said::problem)
    }

    /// What is wrong and what to do.
    pub fn words(&self) -> String {
        let texts = &texts().failure;
        match self {
            Self::Unreachable => texts.unreachable.to_owned(),
            Self::Unreadable(detail) => fill(texts.unreadable, &[("detail", detail)]),
            Self::Refused(body) => said::refusal(body),
        }
    }
}

//! Why a request is refused. Every handler returns `Result<Reply, ApiError>`.
//!
//! - Say what is wrong *and* what to do: `ApiError::conflict("the job has ended; submit a new one")`.
//! - A row that the caller may not see does not exist: `ApiError::not_found("job")`, never 403.
//! - Fields that cannot work go into `problems` ([`ApiError::invalid`]), by their path in the request.
//! - Our own failures come in by `?` from the library that failed; they are logged here, once, and
//!   the caller learns only that it was our mistake.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::api::{ErrorBody, ErrorCode};
use shared::spec::{Problem, Problems};
use thiserror::Error;

#[derive(Debug, Error)]
pub enum ApiError {
    #[error("{}", .0.message)]
    Refused(ErrorBody),
    #[error("the database failed: {0}")]
    Database(#[from] sea_orm::DbErr),
    #[error("the storage failed: {0}")]
    Storage(#[from] object_store::Error),
    #[error("the file system failed: {0}")]
    Files(#[from] std::io::Error),
    #[error("stored JSON cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the system's random numbers failed: {0}")]
    Random(#[from] getrandom::Error),
    #[error("{0}")]
    Bug(String),
}

pub type Result<T, E = ApiError> = std::result::Result<T, E>;

impl ApiError {
    pub fn refused(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::Refused(ErrorBody { code, message: message.into(), problems: Vec::new() })
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::refused(ErrorCode::BadRequest, message)
    }

    pub fn not_signed_in(message: impl Into<String>) -> Self {
        Self::refused(ErrorCode::NotSignedIn, message)
    }

    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::refused(ErrorCode::Forbidden, message)
    }

    pub fn not_found(what: &str) -> Self {
        Self::refused(ErrorCode::NotFound, format!("there is no such {what}, or it is not yours"))
    }

    pub fn conflict(message: impl Into<String>) -> Self {
        Self::refused(ErrorCode::Conflict, message)
    }

    pub fn lease_lost() -> Self {
        let message = "another attempt has begun or the job has ended; stop and drop the work";
        Self::refused(ErrorCode::LeaseLost, message)
    }

    pub fn too_large(message: impl Into<String>) -> Self {
        Self::refused(ErrorCode::TooLarge, message)
    }

    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::refused(ErrorCode::Unavailable, message)
    }

    pub fn invalid(problems: Problems) -> Self {
        let message = format!("these fields cannot work: {problems}");
        Self::Refused(ErrorBody { code: ErrorCode::Invalid, message, problems: problems.0 })
    }

    /// One field that cannot work.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::invalid(Problems(vec![Problem { field: field.into(), message: message.into() }]))
    }

    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Refused(body) => body.code,
            _ => ErrorCode::Internal,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = match self {
            Self::Refused(body) => body,
            ours => {
                tracing::error!(error = %ours, "a request failed by our own mistake");
                let message = "something failed on the server; it is in the server's log".to_owned();
                ErrorBody { code: ErrorCode::Internal, message, problems: Vec::new() }
            }
        };
        let status = StatusCode::from_u16(body.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(body)).into_response()
    }
}

//! The backend over HTTP: any endpoint of the contract by [`ApiClient::call`], and bytes as streams.

use std::io;
use std::path::Path;
use std::time::Duration;

use futures::StreamExt;
use sha2::Digest;
use shared::api::bytes::{LEASE_UPLOAD, Uploaded};
use shared::api::encoding::{EncodingError, encode, percent_encode};
use shared::api::{Endpoint, ErrorBody, ErrorCode, Method};
use shared::artifacts::{ArtifactFile, Sha256};
use thiserror::Error;
use tokio::io::AsyncWriteExt;

use crate::shards;

/// A claim waits up to 30 seconds on the server; everything else answers sooner.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A download that brings no byte for this long is begun again.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(60);
/// A slower upload is given up and begun again.
const SLOWEST_UPLOAD_BYTES_PER_SECOND: u64 = 64 << 10;
const ERROR_BODY_LIMIT_BYTES: usize = 64 << 10;

#[derive(Debug, Error)]
pub enum ApiError {
    #[error("{}", .0.message)]
    Refused(ErrorBody),
    /// Something between us and the backend answered, or it is no backend at all.
    #[error("the server answered {status} without a reason that this worker understands: {text}")]
    Unreadable { status: u16, text: String },
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    #[error("{0}")]
    File(String),
    #[error("{name} arrived damaged: expected {expected}, got {got}")]
    Damaged { name: String, expected: Sha256, got: Sha256 },
    #[error(transparent)]
    Encoding(#[from] EncodingError),
}

impl ApiError {
    /// The contract's code, when the backend gave one.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused(body) => Some(body.code),
            _ => None,
        }
    }

    /// Whether the same request may succeed later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Refused(body) => {
                matches!(body.code, ErrorCode::Internal | ErrorCode::Unavailable | ErrorCode::TooManyRequests)
            }
            Self::Unreadable { status, .. } => *status >= 500 || *status == 429,
            Self::Unreachable(_) | Self::Damaged { .. } => true,
            Self::File(_) | Self::Encoding(_) => false,
        }
    }
}

impl From<reqwest::Error> for ApiError {
    fn from(error: reqwest::Error) -> Self {
        // The address is the same in every message, and the reason (refused, reset, certificate)
        // stands only in the sources.
        let error = error.without_url();
        let mut message = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            message.push_str(&format!(": {cause}"));
            source = cause.source();
        }
        Self::Unreachable(message)
    }
}

/// One server.
#[derive(Debug, Clone)]
pub struct ApiClient {
    http: reqwest::Client,
    server: String,
}

impl ApiClient {
    /// `server` is the backend's origin, e.g. `https://course.example:8443`; `authority_pem` holds
    /// certificates to trust beside the system's.
    pub fn new(server: &str, authority_pem: Option<&[u8]>) -> Result<Self, ApiError> {
        // Fails only when a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(concat!("mitbadak-worker/", env!("CARGO_PKG_VERSION")));
        if let Some(pem) = authority_pem {
            builder = builder.tls_certs_merge(reqwest::Certificate::from_pem_bundle(pem)?);
        }
        Ok(Self { http: builder.build()?, server: server.trim_end_matches('/').to_owned() })
    }

    /// Calls an endpoint with a worker's or a lease's token.
    pub async fn call<E: Endpoint>(&self, request: &E, token: &str) -> Result<E::Reply, ApiError> {
        let encoded = encode(request)?;
        let mut builder = self.request(encoded.method, &encoded.target, token).timeout(CALL_TIMEOUT);
        if let Some(body) = encoded.body {
            builder = builder.header("content-type", "application/json").body(body);
        }
        read_json(builder.send().await?).await
    }

    /// Sends a file whose hash and size are known.
    pub async fn upload(&self, token: &str, path: &Path, file: &ArtifactFile) -> Result<Uploaded, ApiError> {
        let source = tokio::fs::File::open(path).await.map_err(|error| at(path, &error))?;
        let body = reqwest::Body::wrap_stream(tokio_util::io::ReaderStream::with_capacity(source, 1 << 16));
        let target = fill_route(LEASE_UPLOAD.route, &[file.sha256.as_str()]);
        let patience = CALL_TIMEOUT + Duration::from_secs(file.size_bytes / SLOWEST_UPLOAD_BYTES_PER_SECOND);
        let response = self
            .request(LEASE_UPLOAD.method, &target, token)
            .header("content-length", file.size_bytes)
            .timeout(patience)
            .body(body)
            .send()
            .await?;
        read_json(response).await
    }

    /// Fetches a file to `into`, a path that nobody reads yet, and compares it with its hash.
    pub async fn download(
        &self,
        token: &str,
        target: &str,
        into: &Path,
        file: &ArtifactFile,
    ) -> Result<(), ApiError> {
        let response = self.request(Method::Get, target, token).send().await?;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        let mut output = tokio::fs::File::create(into).await.map_err(|error| at(into, &error))?;
        let mut digest = sha2::Sha256::new();
        let mut received_bytes = 0;
        let mut chunks = response.bytes_stream();
        loop {
            let chunk = tokio::time::timeout(SILENCE_TIMEOUT, chunks.next())
                .await
                .map_err(|_| ApiError::Unreachable(format!("{} stopped arriving", file.name)))?;
            let Some(chunk) = chunk.transpose()? else { break };
            received_bytes += chunk.len() as u64;
            digest.update(&chunk);
            if received_bytes > file.size_bytes {
                break;
            }
            output.write_all(&chunk).await.map_err(|error| at(into, &error))?;
        }
        output.flush().await.map_err(|error| at(into, &error))?;
        output.sync_all().await.map_err(|error| at(into, &error))?;
        let got = shards::sha256(digest);
        if got != file.sha256 {
            return Err(ApiError::Damaged {
                name: file.name.to_string(),
                expected: file.sha256.clone(),
                got,
            });
        }
        Ok(())
    }

    fn request(&self, method: Method, target: &str, token: &str) -> reqwest::RequestBuilder {
        let method = match method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        self.http.request(method, format!("{}{target}", self.server)).bearer_auth(token)
    }
}

/// A byte route with its fields filled in, in their order. A field with a star keeps its slashes.
pub fn fill_route(route: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let mut target = String::new();
    for part in route.split('/').skip(1) {
        target.push('/');
        match part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            None => target.push_str(part),
            Some(name) => {
                let value = values.next().copied().unwrap_or_default();
                if name.starts_with('*') {
                    for (index, piece) in value.split('/').enumerate() {
                        if index > 0 {
                            target.push('/');
                        }
                        percent_encode(piece, &mut target);
                    }
                } else {
                    percent_encode(value, &mut target);
                }
            }
        }
    }
    target
}

async fn read_json<R: serde::de::DeserializeOwned>(response: reqwest::Response) -> Result<R, ApiError> {
    if !response.status().is_success() {
        return Err(refusal(response).await);
    }
    let status = response.status().as_u16();
    let body = response.bytes().await?;
    serde_json::from_slice(&body).map_err(|error| ApiError::Unreadable {
        status,
        text: format!("{error}; is this a Mitbadak server?"),
    })
}

async fn refusal(response: reqwest::Response) -> ApiError {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(Ok(chunk)) = chunks.next().await {
        body.extend_from_slice(&chunk);
        if body.len() > ERROR_BODY_LIMIT_BYTES {
            break;
        }
    }
    match serde_json::from_slice::<ErrorBody>(&body) {
        Ok(body) => ApiError::Refused(body),
        Err(_) => {
            let text: String = String::from_utf8_lossy(&body).chars().take(200).collect();
            ApiError::Unreadable { status, text }
        }
    }
}

fn at(path: &Path, error: &io::Error) -> ApiError {
    ApiError::File(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use shared::api::bytes::{LEASE_CHECKPOINT_FILE, LEASE_INPUT_FILE};

    use super::*;

    #[test]
    fn file_names_keep_their_folders_in_a_route() {
        assert_eq!(
            fill_route(LEASE_INPUT_FILE.route, &["my corpus", "a/b c.zst"]),
            "/api/v1/lease/inputs/my%20corpus/a/b%20c.zst"
        );
        assert_eq!(
            fill_route(LEASE_CHECKPOINT_FILE.route, &["model.safetensors"]),
            "/api/v1/lease/checkpoint/model.safetensors"
        );
    }

    #[test]
    fn an_outage_is_worth_another_try_and_a_refusal_is_not() {
        let refused =
            |code| ApiError::Refused(ErrorBody { code, message: String::new(), problems: Vec::new() });
        let unreadable = |status| ApiError::Unreadable { status, text: String::new() };
        let transient = [refused(ErrorCode::Internal), refused(ErrorCode::Unavailable), unreadable(502)];
        let final_ones = [refused(ErrorCode::LeaseLost), refused(ErrorCode::NotSignedIn), unreadable(404)];
        assert!(transient.iter().all(ApiError::is_transient));
        assert!(!final_ones.iter().any(ApiError::is_transient));
    }
}

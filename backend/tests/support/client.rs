//! A caller with or without a token.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use shared::api::{Endpoint, ErrorBody, ErrorCode, encoding};
use tower::ServiceExt;

#[derive(Clone)]
pub struct Client {
    router: axum::Router,
    token: Option<String>,
}

/// A raw reply.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn error(&self) -> ErrorBody {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Client {
    pub fn new(router: axum::Router, token: Option<String>) -> Self {
        Self { router, token }
    }

    pub fn with_token(&self, token: &str) -> Self {
        Self { router: self.router.clone(), token: Some(token.to_owned()) }
    }

    pub async fn call<E: Endpoint>(&self, request: E) -> Result<E::Reply, ErrorBody> {
        let encoded = encoding::encode(&request).unwrap();
        let body = encoded.body.unwrap_or_default();
        let reply = self.send(encoded.method.as_str(), &encoded.target, &[], body).await;
        if reply.status == StatusCode::OK {
            return Ok(serde_json::from_slice(&reply.body).unwrap());
        }
        let error = reply.error();
        assert_eq!(error.code.status(), reply.status.as_u16(), "{error:?}");
        Err(error)
    }

    /// Calls and expects to be refused.
    pub async fn refused<E: Endpoint>(&self, request: E) -> ErrorCode
    where
        E::Reply: std::fmt::Debug,
    {
        self.call(request).await.unwrap_err().code
    }

    pub async fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Reply {
        let response = self.open(method, target, headers, body.into()).await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Reply { status: parts.status, headers: parts.headers, body }
    }

    /// The reply with its body still open, for streams.
    pub async fn open(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> axum::response::Response {
        let mut request = Request::builder().method(method).uri(target);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap()
    }
}

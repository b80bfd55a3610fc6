//! A caller with or without a token.

use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
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

    /// The same token at another server.
    pub fn through(&self, router: axum::Router) -> Self {
        Self { router, token: self.token.clone() }
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
        read(self.open(method, target, headers, body.into()).await).await
    }

    /// With a content type that need not be text.
    pub async fn send_typed(
        &self,
        method: &str,
        target: &str,
        content_type: HeaderValue,
        body: Vec<u8>,
    ) -> Reply {
        let mut request = self.request(method, target).body(Body::from(body)).unwrap();
        request.headers_mut().insert(header::CONTENT_TYPE, content_type);
        let response = self.router.clone().oneshot(request).await.unwrap();
        read(response).await
    }

    /// The reply with its body still open, for streams.
    pub async fn open(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> axum::response::Response {
        let mut request = self.request(method, target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap()
    }

    fn request(&self, method: &str, target: &str) -> Builder {
        let request = Request::builder().method(method).uri(target);
        match &self.token {
            Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }
}

async fn read(response: axum::response::Response) -> Reply {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    Reply { status: parts.status, headers: parts.headers, body }
}

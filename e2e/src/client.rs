//! The endpoints over plain HTTP on loopback.

use shared::api::encoding::encode;
use shared::api::{Endpoint, ErrorBody, Method};

/// A credential and where to use it.
#[derive(Debug, Clone)]
pub struct Client {
    agent: ureq::Agent,
    pub address: String,
    pub credential: Option<String>,
}

impl Client {
    pub fn new(address: &str) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        Self { agent: config.into(), address: address.to_owned(), credential: None }
    }

    pub fn with(&self, credential: &str) -> Self {
        Self { credential: Some(credential.to_owned()), ..self.clone() }
    }

    /// The reply, or what the server says is wrong. A server that is away is an `Err(None)`.
    pub fn call<E: Endpoint>(&self, request: &E) -> Result<E::Reply, Option<ErrorBody>> {
        let encoded = encode(request).expect("a request can be encoded");
        let body = encoded.body.unwrap_or_default();
        let bytes = self.send(encoded.method, &encoded.target, "application/json", &body)?;
        Ok(serde_json::from_slice(&bytes).expect("a reply is what its endpoint says"))
    }

    /// Uploads bytes as a person would.
    pub fn upload(&self, bytes: &[u8]) -> shared::api::bytes::Uploaded {
        let target = shared::api::bytes::UPLOAD.route;
        let reply = self.send(Method::Post, target, "application/octet-stream", bytes);
        serde_json::from_slice(&reply.expect("an upload succeeds")).expect("an upload answers")
    }

    /// Bytes of a GET.
    pub fn get(&self, target: &str) -> Result<Vec<u8>, Option<ErrorBody>> {
        self.send(Method::Get, target, "application/json", &[])
    }

    fn send(
        &self,
        method: Method,
        target: &str,
        content_type: &str,
        body: &[u8],
    ) -> Result<Vec<u8>, Option<ErrorBody>> {
        let url = format!("{}{target}", self.address);
        let mut request = ureq::http::Request::builder().method(method.as_str()).uri(&url);
        if let Some(credential) = &self.credential {
            request = request.header("authorization", format!("Bearer {credential}"));
        }
        let reply = if method.has_body() {
            let request = request.header("content-type", content_type).body(body);
            self.agent.run(request.expect("a request is well-formed"))
        } else {
            self.agent.run(request.body(()).expect("a request is well-formed"))
        };
        let mut reply = reply.map_err(|_| None)?;
        let bytes = reply.body_mut().with_config().limit(1 << 30).read_to_vec().map_err(|_| None)?;
        if reply.status().is_success() {
            return Ok(bytes);
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Err(Some(serde_json::from_slice(&bytes).unwrap_or_else(|_| panic!("{url}: {text}"))))
    }
}

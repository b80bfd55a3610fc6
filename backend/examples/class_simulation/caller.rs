//! A caller over HTTP whose every request is measured.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use futures::StreamExt;
use shared::api::sessions::{SessionTransport, SignIn};
use shared::api::{Endpoint, encoding};

use crate::measure::Record;

#[derive(Debug, Clone)]
pub struct Caller {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
}

/// `shared::api::jobs::GetJob` → `GetJob`.
fn name<E>() -> &'static str {
    std::any::type_name::<E>().rsplit("::").next().unwrap_or("?")
}

impl Caller {
    pub fn new(url: &str) -> anyhow::Result<Self> {
        // The client wants a provider although the loopback speaks no TLS. A second call is no error here.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(120)).build()?;
        Ok(Self { http, url: url.to_owned(), token: None })
    }

    pub fn holding(&self, token: String) -> Self {
        Self { token: Some(token), ..self.clone() }
    }

    pub async fn sign_in(&self, record: &Record, token: String) -> anyhow::Result<Self> {
        let reply = self.call(record, &SignIn { token, session: SessionTransport::Bearer }).await?;
        Ok(self.holding(reply.session_token.context("no session")?))
    }

    fn request(&self, method: &str, target: &str) -> anyhow::Result<reqwest::RequestBuilder> {
        let request = self.http.request(method.parse()?, format!("{}{target}", self.url));
        Ok(match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        })
    }

    /// A call that the server answers at once.
    pub async fn call<E: Endpoint>(&self, record: &Record, request: &E) -> anyhow::Result<E::Reply> {
        let begun = Instant::now();
        let reply = self.wait_for(record, request).await;
        record.took(name::<E>(), begun.elapsed());
        reply
    }

    /// A call that may wait on the server, so that how long it took says nothing.
    pub async fn wait_for<E: Endpoint>(&self, record: &Record, request: &E) -> anyhow::Result<E::Reply> {
        let encoded = encoding::encode(request)?;
        let mut builder = self.request(encoded.method.as_str(), &encoded.target)?;
        if let Some(body) = encoded.body {
            builder = builder.header("content-type", "application/json").body(body);
        }
        let body = answered(record, name::<E>(), builder).await?;
        serde_json::from_slice(&body).context("the reply cannot be read")
    }

    pub async fn send_bytes(
        &self,
        record: &Record,
        (name, method, target): (&'static str, &str, &str),
        bytes: Vec<u8>,
    ) -> anyhow::Result<Vec<u8>> {
        let begun = Instant::now();
        let reply = answered(record, name, self.request(method, target)?.body(bytes)).await;
        record.took(name, begun.elapsed());
        reply
    }

    /// Follows a job's stream to its end; how long its first bytes took is measured. Answers how many events came.
    pub async fn follow(&self, record: &Record, target: &str) -> anyhow::Result<u64> {
        let begun = Instant::now();
        // A stream may last as long as the class.
        let request = self.request("GET", target)?.timeout(Duration::from_secs(86_400));
        let response = request.send().await?.error_for_status()?;
        let mut chunks = response.bytes_stream();
        let (mut events, mut is_first, mut at_line_start) = (0, true, true);
        while let Some(chunk) = chunks.next().await {
            if std::mem::take(&mut is_first) {
                record.took("StreamJobEvents", begun.elapsed());
            }
            for byte in chunk? {
                events += u64::from(at_line_start && byte == b'd');
                at_line_start = byte == b'\n';
            }
        }
        Ok(events)
    }
}

async fn answered(record: &Record, name: &str, request: reqwest::RequestBuilder) -> anyhow::Result<Vec<u8>> {
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) => {
            record.failed(format!("{name}: no answer"));
            return Err(error.into());
        }
    };
    let status = response.status();
    let body = response.bytes().await?.to_vec();
    if !status.is_success() {
        let text: String = String::from_utf8_lossy(&body).chars().take(200).collect();
        record.failed(format!("{name}: {status}"));
        bail!("{name}: {status}: {text}");
    }
    Ok(body)
}

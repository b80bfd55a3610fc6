//! The API over loopback HTTP: an endpoint's request value is the call.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use shared::api::bytes::{UPLOAD, Uploaded};
use shared::api::encoding::{encode, percent_encode};
use shared::api::sessions::{Me, SessionTransport, SignIn};
use shared::api::{Endpoint, ErrorBody};
use shared::artifacts::FileName;
use shared::ids::ArtifactId;
use ureq::http::{Request, Response};
use ureq::{Agent, AsSendBody, Body};

/// A signed-in caller.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    url: String,
    session_token: Option<String>,
}

impl Client {
    /// Trades the one-time token of a sign-in link for a session.
    pub fn sign_in(url: String, token: String) -> Result<(Self, Me)> {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_recv_response(Some(Duration::from_secs(120)))
            .build()
            .into();
        let mut client = Self { agent, url, session_token: None };
        let reply = client.call(&SignIn { token, session: SessionTransport::Bearer })?;
        client.session_token = Some(reply.session_token.context("the platform gave no session")?);
        Ok((client, reply.me))
    }

    pub fn call<E: Endpoint>(&self, request: &E) -> Result<E::Reply> {
        let encoded = encode(request)?;
        let what = format!("{} {}", encoded.method.as_str(), E::ROUTE);
        let builder = self.request(encoded.method.as_str(), &encoded.target);
        let response = match encoded.body {
            Some(body) => self.send(builder.header("Content-Type", "application/json").body(body)?),
            None => self.send(builder.body(())?),
        };
        json(response.with_context(|| format!("no answer to {what}"))?)
    }

    /// Streams a file's bytes to the platform.
    pub fn upload(&self, path: &Path) -> Result<Uploaded> {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        let size = file.metadata()?.len();
        let request = self
            .request(UPLOAD.method.as_str(), UPLOAD.route)
            .header("Content-Type", "application/octet-stream")
            .header("Content-Length", size.to_string())
            .body(file)?;
        let answer = self.send(request).with_context(|| format!("{} was not taken", path.display()))?;
        json(answer).with_context(|| format!("{} was not taken", path.display()))
    }

    /// Writes one file of an artifact to `to`.
    pub fn download(&self, artifact: ArtifactId, name: &FileName, to: &Path) -> Result<()> {
        let mut target = format!("/api/v1/artifacts/{artifact}/files");
        for part in name.as_str().split('/') {
            target.push('/');
            percent_encode(part, &mut target);
        }
        let response = success(self.send(self.request("GET", &target).body(())?)?)?;
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = File::create(to).with_context(|| format!("cannot write {}", to.display()))?;
        io::copy(&mut response.into_body().into_reader(), &mut file)
            .with_context(|| format!("cannot write {}", to.display()))?;
        Ok(())
    }

    fn request(&self, method: &str, target: &str) -> ureq::http::request::Builder {
        let builder = Request::builder().method(method).uri(format!("{}{target}", self.url));
        match &self.session_token {
            Some(token) => builder.header("Authorization", format!("Bearer {token}")),
            None => builder,
        }
    }

    fn send(&self, request: Request<impl AsSendBody>) -> Result<Response<Body>> {
        self.agent.run(request).context("the platform does not answer; its log is var/demo/platform.log")
    }
}

fn success(response: Response<Body>) -> Result<Response<Body>> {
    if response.status().is_success() {
        return Ok(response);
    }
    let status = response.status();
    let text = response.into_body().read_to_string()?;
    let Ok(error) = serde_json::from_str::<ErrorBody>(&text) else { bail!("{status}: {text}") };
    let problems: Vec<String> =
        error.problems.iter().map(|problem| format!("{}: {}", problem.field, problem.message)).collect();
    let named = if problems.is_empty() { String::new() } else { format!(" ({})", problems.join("; ")) };
    bail!("{}{named}", error.message)
}

fn json<T: DeserializeOwned>(response: Response<Body>) -> Result<T> {
    let mut body = success(response)?.into_body();
    let reader = body.with_config().limit(64 << 20).reader();
    serde_json::from_reader(reader).context("the platform's answer is not what its contract says")
}

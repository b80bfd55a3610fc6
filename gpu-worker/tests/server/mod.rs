//! A server that knows the lease routes and can be told to fail, for what the real backend cannot
//! be made to do: lost replies, dropped connections, requests that hang.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use gpu_worker::shards;
use serde_json::{Value, json};
use shared::api::leases::{AppendEvents, AttemptOutcome, FinishAttempt, Lease, LeaseInput, SaveCheckpoint};
use shared::api::workers::ClaimJob;
use shared::artifacts::{ArtifactFile, ArtifactKind, FileName, Purpose};
use shared::events::{AttemptEvent, JobEvent};
use shared::ids::{ArtifactId, JobId};
use shared::spec::{JobSpec, TrainingSpeed};

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    /// The connection closes before anything is done.
    Dropped,
    /// A proxy's page with status 502.
    BadGateway,
    /// Everything is done and the reply is lost.
    ReplyLost,
    /// Nothing is ever answered.
    Hangs,
}

pub type Faults = Box<dyn Fn(&str, usize) -> Fault + Send>;

/// An input's name and kind, and its files with their names.
pub type Bound<'a> = (&'a str, ArtifactKind, Vec<(&'a str, Vec<u8>)>);

/// What the server was told, for the test to look at.
#[derive(Default)]
pub struct Told {
    pub lease: Option<Lease>,
    /// Of the latest claim.
    pub speeds: Option<Vec<TrainingSpeed>>,
    pub inputs: BTreeMap<String, Vec<u8>>,
    pub events: Vec<AttemptEvent>,
    pub uploads: BTreeMap<String, Vec<u8>>,
    /// Steps, each with the number of events that were stored before it.
    pub checkpoints: Vec<(u64, u64)>,
    pub outcome: Option<AttemptOutcome>,
    pub requests: BTreeMap<String, usize>,
    /// The worker is drained: renewals ask for the attempt back.
    pub asks_back: bool,
}

#[derive(Clone)]
pub struct Server {
    pub address: String,
    pub told: Arc<Mutex<Told>>,
    faults: Arc<Mutex<Faults>>,
}

impl Server {
    /// Listens on a port of its own; `faults` gets the route's last word and how often it was called.
    pub fn start(faults: impl Fn(&str, usize) -> Fault + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            told: Arc::default(),
            faults: Arc::new(Mutex::new(Box::new(faults))),
        };
        let accepting = server.clone();
        thread::spawn(move || {
            for connection in listener.incoming() {
                let (server, connection) = (accepting.clone(), connection.unwrap());
                thread::spawn(move || server.serve(connection));
            }
        });
        server
    }

    pub fn set_faults(&self, faults: impl Fn(&str, usize) -> Fault + Send + 'static) {
        *self.faults.lock().unwrap() = Box::new(faults);
    }

    /// Offers one attempt to the next claim.
    pub fn offer(&self, spec: JobSpec, inputs: &[Bound<'_>]) -> Lease {
        let mut told = self.told.lock().unwrap();
        let mut bound = Vec::new();
        for (name, kind, files) in inputs {
            let mut listed = Vec::new();
            for (file, bytes) in files {
                let (sha256, size_bytes) = shards::hash(&bytes[..]).unwrap();
                listed.push(ArtifactFile {
                    name: FileName::try_from((*file).to_owned()).unwrap(),
                    sha256,
                    size_bytes,
                });
                told.inputs.insert(format!("{name}/{file}"), bytes.clone());
            }
            bound.push(LeaseInput {
                name: (*name).to_owned(),
                artifact_id: ArtifactId(1),
                kind: *kind,
                purpose: Purpose::Training,
                label: (*name).to_owned(),
                files: listed,
            });
        }
        let lease = Lease {
            job_id: JobId(7),
            attempt: 1,
            token: "the-lease".to_owned(),
            lease_seconds: 30.0,
            renewal_seconds: 0.2,
            spec,
            inputs: bound,
            resume_from: None,
            time_limit_seconds: 600.0,
            memory_limit_bytes: 8 << 30,
        };
        told.lease = Some(lease.clone());
        lease
    }

    pub fn outcome(&self) -> Option<AttemptOutcome> {
        self.told.lock().unwrap().outcome.clone()
    }

    fn serve(&self, mut connection: TcpStream) {
        let mut reader = BufReader::new(connection.try_clone().unwrap());
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if line.trim_end().is_empty() {
                break;
            }
            head.push(line.trim_end().to_owned());
        }
        let mut words = head[0].split(' ');
        let (method, target) = (words.next().unwrap().to_owned(), words.next().unwrap().to_owned());
        let header = |name: &str| {
            let found = head.iter().find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
            found.map(|line| line[name.len() + 1..].trim().to_owned())
        };
        let length = header("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        let route = match target.trim_start_matches("/api/v1/") {
            path if path.starts_with("lease/files/") => "upload",
            path if path.starts_with("lease/inputs/") => "input",
            path => path.rsplit('/').next().unwrap(),
        };
        let count = {
            let mut told = self.told.lock().unwrap();
            let count = told.requests.entry(route.to_owned()).or_default();
            *count += 1;
            *count
        };
        let fault = (self.faults.lock().unwrap())(route, count);
        match fault {
            Fault::Dropped => return,
            Fault::Hangs => loop {
                thread::park();
            },
            Fault::BadGateway => {
                let _ = connection.write_all(
                    b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 4\r\nconnection: close\r\n\r\noops",
                );
                return;
            }
            Fault::None | Fault::ReplyLost => {}
        }
        let token = header("authorization").unwrap_or_default();
        let expected = if route == "claim" { "Bearer the-worker" } else { "Bearer the-lease" };
        let (status, reply) = if token == expected {
            self.answer(&method, route, &target, &body)
        } else {
            refusal(401, "not_signed_in")
        };
        if fault != Fault::ReplyLost {
            let head = format!(
                "HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                reply.len()
            );
            let _ = connection.write_all(head.as_bytes()).and_then(|()| connection.write_all(&reply));
        }
    }

    fn answer(&self, method: &str, route: &str, target: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let mut told = self.told.lock().unwrap();
        let ok = |value: Value| (200, serde_json::to_vec(&value).unwrap());
        if told.outcome.is_some() && !matches!(route, "claim" | "finish") {
            return refusal(409, "lease_lost");
        }
        match (method, route) {
            ("POST", "claim") => {
                let request: ClaimJob = serde_json::from_slice(body).unwrap();
                told.speeds = Some(request.capabilities.training_speeds);
                ok(json!({ "lease": told.lease.take() }))
            }
            ("POST", "renew") => ok(json!(if told.asks_back { "give_back" } else { "continue" })),
            ("POST", "events") => {
                let request: AppendEvents = serde_json::from_slice(body).unwrap();
                for event in request.events {
                    let stored = told.events.len() as u64;
                    if event.event_number > stored + 1 {
                        return refusal(409, "event_gap");
                    }
                    if event.event_number == stored + 1 {
                        told.events.push(event);
                    }
                }
                ok(json!({ "stored_event_number": told.events.len() }))
            }
            ("POST", "checkpoint") => {
                let request: SaveCheckpoint = serde_json::from_slice(body).unwrap();
                for file in &request.files {
                    assert!(
                        told.uploads.contains_key(file.sha256.as_str()),
                        "{} was never uploaded",
                        file.name
                    );
                }
                let stored = told.events.len() as u64;
                told.checkpoints.push((request.step, stored));
                ok(json!({}))
            }
            ("POST", "finish") => {
                let request: FinishAttempt = serde_json::from_slice(body).unwrap();
                match &told.outcome {
                    Some(before) if *before != request.outcome => return refusal(409, "lease_lost"),
                    _ => told.outcome = Some(request.outcome),
                }
                ok(json!({}))
            }
            ("PUT", "upload") => {
                let (sha256, size_bytes) = shards::hash(body).unwrap();
                assert_eq!(target.rsplit('/').next(), Some(sha256.as_str()));
                told.uploads.insert(sha256.to_string(), body.to_vec());
                ok(json!({ "sha256": sha256, "size_bytes": size_bytes }))
            }
            ("GET", "input") => {
                let name = target.trim_start_matches("/api/v1/lease/inputs/");
                (200, told.inputs[name].clone())
            }
            other => panic!("{other:?} is no request of a worker"),
        }
    }
}

fn refusal(status: u16, code: &str) -> (u16, Vec<u8>) {
    (status, serde_json::to_vec(&json!({ "code": code, "message": format!("refused: {code}") })).unwrap())
}

/// Whether an event says that a checkpoint is stored.
pub fn stored_step(event: &AttemptEvent) -> Option<u64> {
    match event.event {
        JobEvent::CheckpointSaved { step } => Some(step),
        _ => None,
    }
}

//! Random and spoiled requests for every endpoint of the table, drawn from its own schema: whatever
//! somebody sends, nothing fails by our mistake, and every reply is one that the contract knows.

mod drawing;
#[path = "../../../shared/tests/support/mod.rs"]
mod schemas;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use shared::api::cohorts::SetMember;
use shared::api::encoding::{path_fields, percent_encode};
use shared::api::leases::RenewLease;
use shared::api::sessions::{SessionTransport, SignIn};
use shared::api::users::CreateSignInLink;
use shared::api::{
    Access, Endpoint, ErrorBody, Role, accounts, announcements, artifacts, audit, certificates, class,
    cohorts, first_steps, gradebook, invitations, jobs, leases, lessons, models, notifications, preferences,
    questions, queue, sessions, storage, users, worker_time, workers,
};
use shared::artifacts::Purpose;
use shared::events::{AttemptEvent, JobEvent, LogLevel};
use shared::ids::{ArtifactId, CohortId, UserId};
use shared::spec::JobKind;

use crate::support::*;
use drawing::{Dice, draw, name_rows, spoil, strange};

/// Requests per endpoint; each is sent by several callers.
const CASES: usize = 36;

const BYTES: &[u8] = b"the bytes of every example";

/// Bodies that are no request at all.
const RAW: [&[u8]; 9] = [
    b"",
    b"null",
    b"[]",
    b"\"text\"",
    b"{",
    b"{\"name\":\"\xff\xfe\"}",
    b"\xef\xbb\xbf{}",
    b"{\"limit\":1e999}",
    b"{\"cohort_id\":1,\"cohort_id\":2}",
];

const CONTENT_TYPES: [&str; 5] = [
    "application/json",
    "text/plain; charset=utf-16",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "나무",
];

/// A request as it goes out, and as it is shown when its reply is wrong.
struct Sent {
    target: String,
    content_type: Vec<u8>,
    body: Vec<u8>,
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn request<E: Endpoint>(mut value: Value, dice: &mut Dice) -> Sent {
    for _ in 0..dice.below(3) {
        spoil(&mut value, dice);
    }
    // A claim that finds nothing would wait.
    if value["wait_seconds"].as_u64().is_some_and(|seconds| u32::try_from(seconds).is_ok()) {
        value["wait_seconds"] = json!(0);
    }
    let mut fields = match value {
        Value::Object(fields) => fields,
        other => Map::from_iter([("value".to_owned(), other)]),
    };
    let mut target = String::new();
    for part in E::ROUTE.split('/').skip(1) {
        target.push('/');
        match path_fields(&format!("/{part}")).next() {
            Some(name) => {
                let keep = dice.below(8) == 0;
                let value = if keep { fields.get(name).cloned() } else { fields.remove(name) };
                let value = value.unwrap_or_else(|| strange(dice));
                percent_encode(&text(&value).chars().take(300).collect::<String>(), &mut target);
            }
            None => target.push_str(part),
        }
    }
    let mut body = Vec::new();
    if E::METHOD.has_body() {
        body = serde_json::to_vec(&fields).unwrap();
        match dice.below(10) {
            0 => body = dice.choose(&RAW).to_vec(),
            1 => body.truncate(dice.below(body.len() + 1)),
            2 => body = [b"[".repeat(2_000), b"]".repeat(2_000)].concat(),
            _ => {}
        }
    } else {
        let mut separator = '?';
        for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            target.push(separator);
            separator = '&';
            percent_encode(name, &mut target);
            target.push('=');
            percent_encode(&text(value).chars().take(300).collect::<String>(), &mut target);
        }
        if dice.below(10) == 0 {
            target.push_str("?&==&%zz&a=%ff");
        }
    }
    Sent { target, content_type: dice.choose(&CONTENT_TYPES).as_bytes().to_vec(), body }
}

/// What is wrong with a reply, if anything is.
fn fault<E: Endpoint>(reply: &Reply) -> Option<String> {
    let status = reply.status.as_u16();
    if status >= 500 {
        return Some(format!("fails with {status}"));
    }
    if reply.header("content-type") != "application/json" {
        return Some(format!("answers {:?}, which is no JSON", reply.header("content-type")));
    }
    let Ok(body) = serde_json::from_slice::<Value>(&reply.body) else {
        return Some("answers what is no JSON".to_owned());
    };
    if status == 200 {
        return match serde_json::from_value::<E::Reply>(body.clone()) {
            Ok(typed) if serde_json::to_value(&typed).unwrap() == body => None,
            Ok(_) => Some(format!("answers fields that its reply does not have: {body}")),
            Err(error) => Some(format!("answers what is not its reply: {error}: {body}")),
        };
    }
    match serde_json::from_value::<ErrorBody>(body) {
        Ok(error) if error.code.status() == status && !error.message.is_empty() => None,
        Ok(error) => Some(format!("says {error:?} with status {status}")),
        Err(error) => Some(format!("is refused in other words than an ErrorBody: {error}")),
    }
}

/// Who sends the requests. What a request breaks is mended before the next endpoint.
struct World<'a> {
    house: &'a House,
    cohort: CohortId,
    model: ArtifactId,
    source: ArtifactId,
    member: Person,
    operator: UserId,
    workers: u32,
    faults: Vec<String>,
    statuses: BTreeSet<u16>,
}

impl World<'_> {
    async fn session(&self, user_id: UserId) -> Client {
        let link = self.house.operator.call(CreateSignInLink { user_id }).await.unwrap();
        let request = SignIn { token: link.token, session: SessionTransport::Bearer };
        let reply = self.house.nobody().call(request).await.unwrap();
        self.house.holding(&reply.session_token.unwrap())
    }

    async fn worker(&mut self) -> Worker {
        self.workers += 1;
        self.house.worker(&format!("random requests {}", self.workers)).await
    }

    /// A lease that stands, with a file.
    async fn lease(&mut self) -> Client {
        self.member.import(self.cohort).await;
        let client = self.worker().await.claim().await.client;
        client.upload_for_lease(BYTES).await.unwrap();
        client
    }

    /// A request that succeeds, where a drawn one would not get far: its fields must fit each other.
    fn example(&self, name: &str, case: usize) -> Option<Value> {
        let cohort_id = self.cohort;
        let inputs = bind("text", jobs::InputBinding::Artifact(self.source));
        let spec = import(Purpose::Training);
        let idempotency_key = format!("{name} {case}");
        let files = vec![file("data.txt", BYTES)];
        let example = match name {
            "CreateJob" => serde_json::to_value(jobs::CreateJob { cohort_id, spec, inputs, idempotency_key }),
            "CreatePipeline" => {
                let job = |name: &str, spec, inputs| jobs::PipelineJob {
                    name: name.into(),
                    spec,
                    inputs,
                    depends_on: Vec::new(),
                };
                let first = job("import", spec, inputs);
                let second = job("curate", curate(), bind("dataset", named_output("import", "dataset")));
                let (title, jobs) = ("길".to_owned(), vec![first, second]);
                serde_json::to_value(jobs::CreatePipeline { cohort_id, title, jobs, idempotency_key })
            }
            "CreateArtifact" => serde_json::to_value(artifacts::CreateArtifact {
                cohort_id,
                label: "글".into(),
                purpose: Purpose::Training,
                files: vec![artifacts::UploadedFile { name: files[0].name.clone(), sha256: sha256(BYTES) }],
            }),
            "PublishModel" => serde_json::to_value(models::PublishModel {
                artifact_id: self.model,
                name: "이야기꾼".into(),
                description: "옛이야기".into(),
            }),
            "ClaimJob" => serde_json::to_value(claim_of(&JobKind::ALL)),
            "SaveCheckpoint" => serde_json::to_value(leases::SaveCheckpoint { step: case as u64, files }),
            "AppendEvents" => {
                let event = JobEvent::Log { level: LogLevel::Info, message: "한 줄".into() };
                let events = vec![AttemptEvent { event_number: 1, event }];
                serde_json::to_value(leases::AppendEvents { events })
            }
            "FinishAttempt" => {
                let output = |name: &str| leases::Output {
                    name: name.into(),
                    purpose: Purpose::Training,
                    files: files.clone(),
                };
                let outputs = vec![output("dataset"), output("report")];
                let succeeded = leases::AttemptOutcome::Succeeded { outputs, code_version: "test".into() };
                let outcome = if case.is_multiple_of(4) { succeeded } else { failed_for_user() };
                serde_json::to_value(leases::FinishAttempt { outcome })
            }
            _ => return None,
        };
        Some(example.unwrap())
    }

    async fn callers<E: Endpoint>(&mut self, name: &str) -> Vec<(&'static str, Client)> {
        let (cohort_id, user_id) = (self.cohort, self.member.id);
        let set = SetMember { cohort_id, user_id, role: Role::Instructor };
        // Operators come and go, and classes are archived.
        self.house.write(&format!("UPDATE users SET operator = (id = {})", self.operator)).await;
        self.house.write("UPDATE cohorts SET archived_at = NULL").await;
        self.house.operator.call(set).await.unwrap();
        let quota = storage::SetStorageQuota { user_id, storage_quota_bytes: 1 << 40 };
        self.house.operator.call(quota).await.unwrap();
        self.member.client = self.session(user_id).await;
        let mut callers = vec![("nobody", self.house.nobody()), ("member", self.session(user_id).await)];
        callers.push(match E::ACCESS {
            Access::Worker => ("worker", self.worker().await.client),
            Access::Lease => ("lease", self.lease().await),
            _ => ("operator", self.session(self.operator).await),
        });
        // These end the session that mends the world.
        if ["ChangePassword", "EndOtherSessions"].contains(&name) {
            callers.retain(|(caller, _)| *caller != "operator");
        }
        callers
    }

    async fn endpoint<E: Endpoint>(&mut self, name: &str) {
        let mut callers = self.callers::<E>(name).await;
        for (case, (mut drawn, mut dice)) in draw::<E>(CASES).into_iter().enumerate() {
            let value = match self.example(name, case) {
                Some(example) if case.is_multiple_of(2) => example,
                _ => {
                    name_rows(&mut drawn, &mut dice);
                    drawn
                }
            };
            let sent = request::<E>(value, &mut dice);
            for (caller, client) in &mut callers {
                // Whoever is nobody is soon refused, whatever they send.
                if *caller == "nobody" && !matches!(E::ACCESS, Access::Public) && !case.is_multiple_of(6) {
                    continue;
                }
                if *caller == "lease" && client.call(RenewLease {}).await.is_err() {
                    *client = self.lease().await;
                }
                let reply = send::<E>(client, &sent).await;
                self.statuses.insert(reply.status.as_u16());
                if let Some(fault) = fault::<E>(&reply) {
                    let body = String::from_utf8_lossy(&sent.body);
                    let body: String = body.chars().take(600).collect();
                    self.faults.push(format!("{name} as {caller} {fault}\n    {} {body}", sent.target));
                }
            }
        }
    }
}

async fn send<E: Endpoint>(client: &Client, sent: &Sent) -> Reply {
    let content_type = axum::http::HeaderValue::from_bytes(&sent.content_type).unwrap();
    client.send_typed(E::METHOD.as_str(), &sent.target, content_type, sent.body.clone()).await
}

crate::stories! {
    async fn whatever_is_asked_is_answered_in_the_words_of_the_contract(house: House) {
        let house = house.with(|config| {
            config.limits.sign_in_limit = u32::MAX;
            config.limits.sign_in_limit_global = u32::MAX;
            config.queue.running_limit = u32::MAX;
            config.queue.queued_limit = u32::MAX;
        }).await;
        let cohort = house.cohort("class").await;
        let member = house.member("member", cohort, Role::Instructor).await;
        let operator = UserId(house.count("SELECT id FROM users WHERE name = 'operator'").await);
        let model = member.model(cohort, &house.worker("worker").await).await;
        let source = member.source(cohort, "글", Purpose::Training).await.artifact_id;
        for client in [&member.client, &house.operator] {
            client.upload(BYTES).await.unwrap();
        }
        let (faults, statuses) = (Vec::new(), BTreeSet::new());
        let mut world = World { house: &house, cohort, model, source, member, operator, workers: 0, faults, statuses };
        macro_rules! try_all {
            ($($module:ident::$name:ident),* $(,)?) => {
                $(if stringify!($name) != "DeleteArtifact" {
                    world.endpoint::<$module::$name>(stringify!($name)).await;
                })*
            };
        }
        shared::for_each_endpoint!(try_all);
        // Last, because it takes away what the others are about.
        world.endpoint::<artifacts::DeleteArtifact>("DeleteArtifact").await;
        assert!(world.faults.is_empty(), "{} faults:\n{}", world.faults.len(), world.faults.join("\n"));
        // Requests that all end at the first check would find nothing.
        for status in [200, 400, 401, 403, 404, 409, 422] {
            assert!(world.statuses.contains(&status), "no request was answered {status}: {:?}", world.statuses);
        }
    }
}

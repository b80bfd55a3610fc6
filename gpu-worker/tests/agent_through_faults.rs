//! The agent against a server that fails in ways that the real one cannot be made to.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod server;
mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use server::{Fault, Server, stored_step};
use shared::api::leases::{AttemptOutcome, Lease};
use shared::artifacts::ArtifactKind;
use shared::spec::JobSpec;
use support::{Material, Running, eventually, import_spec, names, signal, text, worker};

const WITHOUT_END: u64 = 1_000_000;
const TEXTS: &str = "{\"text\":\"첫 번째 이야기예요.\"}\n{\"text\":\"두 번째 이야기예요.\"}\n";

fn agent(server: &Server, data: &Path, arguments: &[&str]) -> Command {
    agent_that_measures(server, data, "0", arguments)
}

fn agent_that_measures(server: &Server, data: &Path, probe_seconds: &str, arguments: &[&str]) -> Command {
    let mut command = worker(&["agent", "--server", &server.address, "--threads", "1", "--data"]);
    command.arg(data).args(["--probe-seconds", probe_seconds]).args(arguments);
    command.env("MITBADAK_WORKER_TOKEN", "the-worker").stderr(Stdio::inherit());
    command
}

fn offer_import(server: &Server) -> Lease {
    let texts = ("texts.jsonl", TEXTS.as_bytes().to_vec());
    server.offer(import_spec("이야기"), &[("texts", ArtifactKind::Source, vec![texts])])
}

/// Offers a pretraining that never ends by itself.
fn offer_pretrain(server: &Server, material: &Material, change: impl FnOnce(&mut Lease)) {
    let (spec, inputs) = material.pretrain(WITHOUT_END);
    let spec: JobSpec = serde_json::from_slice(&std::fs::read(spec).unwrap()).unwrap();
    let files = |binding: &String| -> Vec<(String, Vec<u8>)> {
        let folder = PathBuf::from(binding.split_once('=').unwrap().1);
        names(&folder)
            .into_iter()
            .map(|name| (name.clone(), std::fs::read(folder.join(name)).unwrap()))
            .collect()
    };
    let (corpus, tokenizer) = (files(&inputs[0]), files(&inputs[1]));
    let borrowed =
        |files: &[(String, Vec<u8>)]| files.iter().map(|(name, bytes)| (leak(name), bytes.clone())).collect();
    let mut lease = server.offer(
        spec,
        &[
            ("corpus", ArtifactKind::Corpus, borrowed(&corpus)),
            ("tokenizer", ArtifactKind::Tokenizer, borrowed(&tokenizer)),
        ],
    );
    change(&mut lease);
    server.told.lock().unwrap().lease = Some(lease);
}

fn leak(name: &str) -> &'static str {
    Box::leak(name.to_owned().into_boxed_str())
}

/// The agent's folder holds no attempt any more.
fn nothing_is_left(data: &Path) {
    assert_eq!(names(&data.join("attempts")), Vec::<String>::new());
}

#[test]
fn no_event_file_or_outcome_is_lost_or_doubled_when_every_call_fails_three_times() {
    // A lost claim would lose its lease until that runs out, so claims are spared.
    let server = Server::start(|route, count| match (route, count % 4) {
        ("claim", _) => Fault::None,
        (_, 1) => Fault::Dropped,
        (_, 2) => Fault::BadGateway,
        (_, 3) => Fault::ReplyLost,
        _ => Fault::None,
    });
    offer_import(&server);
    let data = tempfile::tempdir().unwrap();
    let status = agent(&server, data.path(), &["--once"]).status().unwrap();
    assert!(status.success());
    let Some(AttemptOutcome::Succeeded { outputs, .. }) = server.outcome() else {
        panic!("{:?}", server.outcome());
    };
    let told = server.told.lock().unwrap();
    assert_eq!(outputs.iter().map(|output| output.name.as_str()).collect::<Vec<_>>(), ["dataset", "report"]);
    for file in outputs.iter().flat_map(|output| &output.files) {
        assert_eq!(told.uploads[file.sha256.as_str()].len() as u64, file.size_bytes, "{}", file.name);
    }
    // The server refuses gaps and passes over doubles, so what it has is complete.
    assert!(!told.events.is_empty());
    drop(told);
    nothing_is_left(data.path());
}

#[test]
fn a_worker_that_the_server_drains_saves_its_work_gives_it_back_and_stays() {
    let server = Server::start(|_, _| Fault::None);
    let material = Material::new();
    offer_pretrain(&server, &material, |_| {});
    let data = tempfile::tempdir().unwrap();
    let mut process = Running(agent(&server, data.path(), &[]).spawn().unwrap());
    eventually("a checkpoint is announced", || {
        let mut told = server.told.lock().unwrap();
        told.asks_back = told.events.iter().any(|event| stored_step(event).is_some());
        told.asks_back.then_some(())
    });
    let claims = || server.told.lock().unwrap().requests.get("claim").copied().unwrap_or_default();
    let outcome = eventually("the attempt is given back", || server.outcome());
    assert!(matches!(outcome, AttemptOutcome::GivenBack { .. }), "{outcome:?}");
    let before = claims();
    eventually("it asks for work again", || (claims() > before).then_some(()));
    assert!(process.0.try_wait().unwrap().is_none());
    nothing_is_left(data.path());
}

#[test]
fn a_checkpoint_is_registered_after_the_events_before_it_and_announced_after_that() {
    let server = Server::start(|_, _| Fault::None);
    let material = Material::new();
    offer_pretrain(&server, &material, |_| {});
    let data = tempfile::tempdir().unwrap();
    let mut process = Running(agent(&server, data.path(), &[]).spawn().unwrap());
    eventually("two checkpoints are announced", || {
        let told = server.told.lock().unwrap();
        (told.events.iter().filter_map(stored_step).count() >= 2).then_some(())
    });
    signal(process.0.id(), "-TERM");
    let status = eventually("the agent leaves", || process.0.try_wait().unwrap());
    assert!(status.success());
    assert!(matches!(server.outcome(), Some(AttemptOutcome::GivenBack { .. })), "{:?}", server.outcome());
    let told = server.told.lock().unwrap();
    let steps_trained = |events: &[shared::events::AttemptEvent]| {
        let trained = events.iter().filter_map(|event| match &event.event {
            shared::events::JobEvent::Metrics { step, values }
                if values.contains_key(&shared::events::Series::TrainingLoss) =>
            {
                Some(*step)
            }
            _ => None,
        });
        trained.max().unwrap_or(0)
    };
    for (step, stored_before) in &told.checkpoints {
        let before = &told.events[..*stored_before as usize];
        assert!(steps_trained(before) >= *step, "step {step} was registered before its events");
        let announced = told.events.iter().position(|event| stored_step(event) == Some(*step));
        assert!(announced.is_some_and(|at| at as u64 >= *stored_before), "step {step}");
    }
    // The drain's own checkpoint is the newest, and it holds everything that was trained.
    assert_eq!(told.checkpoints.last().unwrap().0, steps_trained(&told.events));
    drop(told);
    nothing_is_left(data.path());
}

#[test]
fn an_agent_killed_while_it_uploads_finishes_the_job_at_its_next_start() {
    let server = Server::start(|route, _| if route == "upload" { Fault::Hangs } else { Fault::None });
    offer_import(&server);
    let data = tempfile::tempdir().unwrap();
    let mut process = Running(agent(&server, data.path(), &[]).spawn().unwrap());
    eventually("an upload hangs", || server.told.lock().unwrap().requests.get("upload").copied());
    process.0.kill().unwrap();
    process.0.wait().unwrap();
    assert_eq!(names(&data.path().join("attempts")), ["7-1"]);
    server.set_faults(|_, _| Fault::None);
    assert!(agent(&server, data.path(), &["--once"]).status().unwrap().success());
    assert!(matches!(server.outcome(), Some(AttemptOutcome::Succeeded { .. })), "{:?}", server.outcome());
    nothing_is_left(data.path());
}

#[test]
fn an_agent_killed_in_the_middle_of_an_attempt_gives_it_up_at_its_next_start() {
    let server = Server::start(|_, _| Fault::None);
    let material = Material::new();
    offer_pretrain(&server, &material, |_| {});
    let data = tempfile::tempdir().unwrap();
    let mut process = Running(agent(&server, data.path(), &[]).spawn().unwrap());
    eventually("it trains", || {
        (server.told.lock().unwrap().events.iter().filter_map(stored_step).count() >= 1).then_some(())
    });
    process.0.kill().unwrap();
    process.0.wait().unwrap();
    assert!(agent(&server, data.path(), &["--once"]).status().unwrap().success());
    let Some(AttemptOutcome::FailedTransiently { message }) = server.outcome() else {
        panic!("{:?}", server.outcome());
    };
    assert!(message.contains("agent was killed"), "{message}");
    nothing_is_left(data.path());
}

#[test]
fn limits_end_the_process_and_not_the_agent() {
    type Change = fn(&mut Lease);
    let cases: [(&str, Change); 2] = [
        ("more than this job may", |lease| lease.memory_limit_bytes = 1 << 20),
        ("longer than its limit", |lease| lease.time_limit_seconds = 1.0),
    ];
    for (says, change) in cases {
        let server = Server::start(|_, _| Fault::None);
        let material = Material::new();
        offer_pretrain(&server, &material, change);
        let data = tempfile::tempdir().unwrap();
        assert!(agent(&server, data.path(), &["--once"]).status().unwrap().success());
        let Some(AttemptOutcome::FailedTransiently { message }) = server.outcome() else {
            panic!("{says}: {:?}", server.outcome());
        };
        assert!(message.contains(says), "{message}");
        nothing_is_left(data.path());
    }
}

#[test]
fn a_refused_worker_ends_with_a_sentence() {
    let server = Server::start(|_, _| Fault::None);
    let data = tempfile::tempdir().unwrap();
    let mut command = agent(&server, data.path(), &[]);
    command.env("MITBADAK_WORKER_TOKEN", "a-revoked-one").stderr(Stdio::piped());
    let refused = command.output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("Ask an operator for a new one"), "{}", text(&refused.stderr));
}

#[test]
fn an_agent_measures_once_and_tells_its_speeds_with_every_claim() {
    let server = Server::start(|_, _| Fault::None);
    let material = Material::new();
    let data = material.path("agent");
    let tell = || {
        server.told.lock().unwrap().speeds = None;
        let done = agent_that_measures(&server, &data, "0.1", &["--once"]).status().unwrap();
        assert!(done.success());
        server.told.lock().unwrap().speeds.clone().expect("the agent claimed")
    };
    let speeds = tell();
    assert!(speeds.len() >= 2 && speeds.iter().all(|speed| speed.flops_per_second > 0), "{speeds:?}");
    assert_eq!(tell(), speeds, "a restart remembers");

    // Kinds that train nothing need no speed, and one may forbid it.
    for (probe_seconds, kinds) in [("0.1", "import"), ("0", "import,pretrain")] {
        let data = material.path("another");
        let arguments = ["--once", "--kinds", kinds];
        server.told.lock().unwrap().speeds = None;
        assert!(agent_that_measures(&server, &data, probe_seconds, &arguments).status().unwrap().success());
        assert_eq!(server.told.lock().unwrap().speeds, Some(Vec::new()));
    }
}

//! A server on a socket: its start, its headers, its TLS and its end.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use backend::config::{Config, Tls};
use shared::api::sessions::HealthReply;

fn config(folder: &tempfile::TempDir) -> Config {
    let mut config = Config::new(folder.path().join("data"));
    config.server.bind = "127.0.0.1:0".parse().unwrap();
    config.server.port_file = Some(folder.path().join("address"));
    config
}

fn client() -> reqwest::ClientBuilder {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_port_file_says_where_it_listens() {
    let folder = tempfile::tempdir().unwrap();
    let server = backend::serve::start(config(&folder)).await.unwrap();
    let address = std::fs::read_to_string(folder.path().join("address")).unwrap();
    assert_eq!(address, server.address().to_string());
    let client = client().build().unwrap();
    let reply = client.get(format!("http://{address}/healthz")).send().await.unwrap();
    for (name, value) in
        [("x-content-type-options", "nosniff"), ("cache-control", "no-store"), ("x-frame-options", "DENY")]
    {
        assert_eq!(reply.headers()[name], value);
    }
    assert_eq!(reply.json::<HealthReply>().await.unwrap().status, "ok");
    let reply = client.get(format!("http://{address}/api/v1/nothing")).send().await.unwrap();
    assert_eq!(reply.status(), 404);
    assert_eq!(reply.headers()["content-type"], "application/json");
    server.stop().await.unwrap();
    assert!(client.get(format!("http://{address}/healthz")).send().await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_self_signed_certificate_is_made_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(&folder);
    config.server.tls = Some(Tls::SelfSigned);
    let path = folder.path().join("data/tls/certificate.pem");
    let mut certificates = Vec::new();
    for _ in 0..2 {
        let server = backend::serve::start(config.clone()).await.unwrap();
        let certificate = std::fs::read(&path).unwrap();
        let trusted = reqwest::Certificate::from_pem(&certificate).unwrap();
        let client = client().tls_certs_only([trusted]).build().unwrap();
        let reply = client.get(format!("{}/healthz", server.url())).send().await.unwrap();
        assert!(reply.headers().contains_key("strict-transport-security"));
        certificates.push(certificate);
        server.stop().await.unwrap();
    }
    assert_eq!(certificates[0], certificates[1]);
    let mode = std::fs::metadata(folder.path().join("data/tls/key.pem")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operators_own_certificate_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for name in ["own", "another"] {
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        let (certificate, key) = (folder.path().join(name), folder.path().join(format!("{name}.key")));
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        files.push((certificate, key));
    }
    let (certificate, key) = files[0].clone();
    let with = |certificate: &Path, key: &Path| {
        let mut config = config(&folder);
        config.server.tls_cert = Some(certificate.to_owned());
        config.server.tls_key = Some(key.to_owned());
        config
    };
    let server = backend::serve::start(with(&certificate, &key)).await.unwrap();
    assert!(server.url().starts_with("https://"), "{}", server.url());
    let get = async |trusted: &Path| {
        let trusted = reqwest::Certificate::from_pem(&std::fs::read(trusted).unwrap()).unwrap();
        let client = client().tls_certs_only([trusted]).build().unwrap();
        client.get(format!("{}/healthz", server.url())).send().await
    };
    let reply = get(&certificate).await.unwrap();
    assert!(reply.headers().contains_key("strict-transport-security"));
    assert_eq!(reply.json::<HealthReply>().await.unwrap().status, "ok");
    assert!(get(&files[1].0).await.is_err(), "this is the operator's certificate and no other");
    let plain = format!("http://{}/healthz", server.address());
    assert!(client().build().unwrap().get(plain).send().await.is_err(), "no plain HTTP beside it");
    server.stop().await.unwrap();

    // What does not fit is said at the start, not at the first visitor.
    for (certificate, key, said) in [
        (&certificate, &files[1].1, "do not fit each other"),
        (&certificate, &certificate, "no private key in PEM"),
        (&key, &key, "no certificate in PEM"),
    ] {
        let Err(error) = backend::serve::start(with(certificate, key)).await else { panic!("{said}") };
        assert!(format!("{error:#}").contains(said), "{error:#}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_ends_long_polls_and_streams() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(&folder);
    config.queue.poll_seconds = 3600.0;
    let server = backend::serve::start(config).await.unwrap();
    let token = backend::command_line::worker_token(&server.app().database, "worker").await.unwrap().token;
    let claim = serde_json::json!({
        "kinds": ["import"], "spec_version": shared::spec::SPEC_VERSION, "wait_seconds": 30,
        "capabilities": { "code_version": "t", "cores": 1, "memory_bytes": 1, "free_memory_bytes": 1, "gpus": [], "driver_version": null, "cuda": false },
    });
    let request = client().build().unwrap().post(format!("{}/api/v1/worker/claim", server.url()));
    let polling = tokio::spawn(request.bearer_auth(token).json(&claim).send());
    // The claim writes the worker's capabilities before it waits.
    let seen = "SELECT COUNT(*) FROM workers WHERE capabilities IS NOT NULL";
    while backend::db::one::<i64>(server.app().database.read(), seen, []).await.unwrap() == 0 {
        tokio::task::yield_now().await;
    }
    tokio::time::timeout(Duration::from_secs(25), server.stop()).await.unwrap().unwrap();
    let reply = polling.await.unwrap().unwrap();
    assert_eq!(reply.json::<serde_json::Value>().await.unwrap(), serde_json::json!({ "lease": null }));
}

/// A stand-in agent: notes what it was given, ends when it is asked to or when its input closes.
const AGENT: &str = r#"#!/bin/bash
echo "$@" > "$(dirname "$0")/arguments"
echo -n "$MITBADAK_WORKER_TOKEN" > "$(dirname "$0")/token"
trap 'echo asked > "$(dirname "$0")/ended"; exit 0' TERM
echo started >> "$(dirname "$0")/starts"
[ "$(wc -l < "$(dirname "$0")/starts")" -ge 2 ] || exit 1
read -r _
echo abandoned > "$(dirname "$0")/ended"
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn local_workers_are_started_again_and_asked_to_stop() {
    let folder = tempfile::tempdir().unwrap();
    let binary = folder.path().join("agent");
    let mut file = std::fs::File::create(&binary).unwrap();
    file.write_all(AGENT.as_bytes()).unwrap();
    file.set_permissions(std::fs::Permissions::from_mode(0o755)).unwrap();
    drop(file);
    let mut config = config(&folder);
    config.server.local_workers = 1;
    config.server.worker_binary = Some(binary);
    let server = backend::serve::start(config).await.unwrap();
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap_or_default();
    while read("starts").lines().count() < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // An input that closes by mistake shows at once: the agent would be gone before it is asked.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(read("ended"), "");
    let data = folder.path().join("data/worker-1");
    let expected = format!("agent --server {} --data {} --exit-with-parent", server.url(), data.display());
    assert_eq!(read("arguments").trim(), expected);
    let hash = backend::tokens::hash(&read("token"));
    let known = format!("SELECT COUNT(*) FROM workers WHERE name = 'local-1' AND token_hash = '{hash}'");
    assert_eq!(backend::db::one::<i64>(server.app().database.read(), &known, []).await.unwrap(), 1);
    server.stop().await.unwrap();
    assert_eq!(read("ended").trim(), "asked");
}

//! From uploaded text to an exported model, through the real binaries.

#![allow(clippy::unwrap_used)]

use e2e::databases::available;
use e2e::path::{self, Recipe};
use e2e::platform::Platform;
use e2e::stories;
use shared::api::artifacts::GetArtifact;
use shared::api::jobs::JobState;
use shared::artifacts::{ArtifactKind, Purpose};
use shared::events::{JobEvent, Series};

#[test]
fn text_becomes_a_model_that_generates_on_both_databases() {
    for database in available() {
        let platform = Platform::start(database, &[]);
        let _agent = platform.agent("one");
        let client = &platform.client;
        let corpus = stories::corpus(300);
        let source =
            path::upload_source(client, platform.cohort_id, "stories.jsonl.zst", &corpus, Purpose::Training);
        let request = path::pipeline(platform.cohort_id, &source, &Recipe::short(12), "first");
        let submitted = client.call(&request).unwrap();
        let again = client.call(&request).unwrap();
        assert_eq!(again.pipeline_id, submitted.pipeline_id, "the same key is the same pipeline");

        let pipeline = path::succeed(client, submitted.pipeline_id);
        let pretrain = path::named(&pipeline, "pretrain");
        let events = path::events(client, pretrain.job_id);
        let losses = path::series(&events, Series::TrainingLoss);
        assert_eq!(losses.keys().copied().collect::<Vec<_>>(), (1..=12).collect::<Vec<_>>());
        assert!(!path::series(&events, Series::BitsPerByte).is_empty());
        assert!(events.iter().any(|event| matches!(event.event, JobEvent::Sample { .. })));

        let export = path::named(&pipeline, "export");
        let model = client.call(&GetArtifact { artifact_id: export.outputs["model"] }).unwrap();
        assert_eq!(model.kind, ArtifactKind::Model);
        let parents = &model.lineage.parents;
        assert!(parents.contains(&pretrain.outputs["model"]), "{parents:?}");
        let folder = platform.folder.path().join("model");
        for file in &model.files {
            let target = format!("/api/v1/artifacts/{}/files/{}", model.artifact_id, file.name);
            let to = folder.join(file.name.as_str());
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::write(to, client.get(&target).unwrap()).unwrap();
        }
        for name in ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"] {
            assert!(folder.join(name).exists(), "{name}");
        }
        let curate = path::named(&pipeline, "curate");
        let corpus = client.call(&GetArtifact { artifact_id: curate.outputs["corpus"] }).unwrap();
        let card = std::fs::read_to_string(folder.join("README.md")).unwrap();
        for fact in [
            format!("| Made by job | {} |", pretrain.job_id),
            format!("corpus {}, tokenizer ", corpus.artifact_id),
            format!("| SHA-256 of the corpus | `{}` |", corpus.sha256),
            "| stories.jsonl.zst | made for a test | training |".to_owned(),
        ] {
            assert!(card.contains(&fact), "{fact:?} is not on the card:\n{card}");
        }
        let output = std::process::Command::new(e2e::process::binary("mitbadak-worker"))
            .args(["generate", "--prompt", "옛날 어느 마을에", "--maximum-tokens", "8", "--model"])
            .arg(&folder)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(!output.stdout.is_empty());
    }
}

#[test]
fn what_is_for_evaluation_is_never_trained_on() {
    let platform = Platform::start(available()[0], &[]);
    let client = &platform.client;
    let corpus = stories::corpus(20);
    let source =
        path::upload_source(client, platform.cohort_id, "benchmark.jsonl.zst", &corpus, Purpose::Evaluation);
    let request = path::pipeline(platform.cohort_id, &source, &Recipe::short(3), "leak");
    let refusal = client.call(&request).unwrap_err().unwrap();
    assert!(refusal.message.contains("evaluation") || !refusal.problems.is_empty(), "{refusal:?}");
}

#[test]
fn a_bad_file_fails_its_job_in_words_and_cancels_what_waits_for_it() {
    let platform = Platform::start(available()[0], &[]);
    let _agent = platform.agent("one");
    let client = &platform.client;
    let cases: [(&str, &[u8], &str); 3] = [
        ("empty.txt", b"", "empty"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0", "binary"),
        // 가나다라 in EUC-KR, many times.
        ("old.txt", &[0xb0, 0xa1, 0xb3, 0xaa, 0xb4, 0xd9, 0xb6, 0xf3, 0x0a], "euc-kr"),
    ];
    for (name, bytes, said) in cases {
        let bytes = if bytes.is_empty() { Vec::new() } else { bytes.repeat(50) };
        let source = path::upload_source(client, platform.cohort_id, name, &bytes, Purpose::Training);
        let request = path::pipeline(platform.cohort_id, &source, &Recipe::short(3), name);
        let pipeline = path::wait(client, client.call(&request).unwrap().pipeline_id);
        let import = path::named(&pipeline, "import");
        assert_eq!(import.state, JobState::Failed);
        let reason = import.reason.clone().unwrap_or_default().to_lowercase();
        assert!(reason.contains(said), "{name}: {reason}");
        assert_eq!(import.attempt, 1, "a user's error is not tried again");
        for job in &pipeline.jobs[1..] {
            assert_eq!(job.state, JobState::Cancelled, "{}", job.name);
        }
    }
}

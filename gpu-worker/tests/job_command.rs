//! `mitbadak-worker job` as people run it: outputs, refusals, stopping and going on.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{
    Material, Running, checkpoints, eventually, import_spec, job, names, run, signal, text, worker,
};

/// More steps than any test waits for.
const WITHOUT_END: u64 = 1_000_000;

#[test]
fn a_job_leaves_its_outputs_and_lists_them() {
    let material = Material::new();
    let (spec, texts) = material.import();
    let out = material.path("out");
    let done = run(&mut job(&spec, &[format!("texts={}", texts.display())], &out));
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert!(out.join("dataset/dataset.json").exists());
    let listed = text(&done.stderr);
    assert!(listed.contains("dataset ") && listed.contains("report "), "{listed}");
}

#[test]
fn what_the_user_can_repair_is_said_with_exit_code_two() {
    let material = Material::new();
    let (spec, texts) = material.import();
    let texts = [format!("texts={}", texts.display())];
    let out = material.path("out");
    assert!(run(&mut job(&spec, &texts, &out)).status.success());
    let other = material.spec("other.json", &import_spec("다른 이야기"));
    let broken = material.path("broken.json");
    std::fs::write(&broken, r#"{"kind":"import","sources":[]}"#).unwrap();
    let nowhere = material.path("nowhere.json");

    let cases = [
        ("another spec in the same folder", job(&other, &texts, &out), "choose another --out"),
        ("a missing input", job(&spec, &[], &out), "add --input texts=PATH"),
        ("an unknown input", job(&spec, &["corpus=/tmp".to_owned()], &out), "no input \"corpus\""),
        ("a path that is not there", job(&spec, &["texts=/nowhere".to_owned()], &out), "/nowhere"),
        ("a spec that cannot work", job(&broken, &[], &out), "sources: name at least one source"),
        ("no spec", job(&nowhere, &[], &out), "nowhere.json"),
    ];
    for (name, mut command, says) in cases {
        let refused = run(&mut command);
        assert_eq!(refused.status.code(), Some(2), "{name}: {}", text(&refused.stderr));
        assert!(text(&refused.stderr).contains(says), "{name}: {}", text(&refused.stderr));
    }
}

#[test]
fn an_estimate_with_a_probe_says_what_this_machine_makes_of_the_spec() {
    let material = Material::new();
    let (spec, _) = material.pretrain(300);
    let measure = |arguments: &[&str]| {
        let mut command = worker(arguments);
        command.args(["--probe", "--probe-seconds", "0.1", "--threads", "1"]);
        run(&mut command)
    };
    let done = measure(&["estimate", spec.to_str().unwrap()]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let estimate: shared::spec::Estimate = serde_json::from_slice(&done.stdout).unwrap();
    let (rate, seconds) = (estimate.tokens_per_second.unwrap(), estimate.seconds.unwrap());
    assert!(rate > 0.0 && estimate.memory_bytes > 0);
    assert!((seconds * rate / estimate.tokens.unwrap() as f64 - 1.0).abs() < 1e-9);

    let (import, _) = material.import();
    let refused = measure(&["estimate", import.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("leave it out"), "{}", text(&refused.stderr));

    let done = measure(&["capabilities"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let capabilities: shared::api::workers::Capabilities = serde_json::from_slice(&done.stdout).unwrap();
    let pretrain: shared::spec::JobSpec = serde_json::from_slice(&std::fs::read(&spec).unwrap()).unwrap();
    assert!(pretrain.estimate_on(0, &capabilities.training_speeds).seconds.is_some());
}

#[test]
fn events_can_be_read_by_a_program() {
    let material = Material::new();
    let (spec, inputs) = material.pretrain(3);
    let done = run(job(&spec, &inputs, &material.path("out")).args(["--events", "jsonl"]));
    assert!(done.status.success(), "{}", text(&done.stderr));
    let events: Vec<shared::events::JobEvent> =
        text(&done.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let steps = events.iter().filter(|event| {
        matches!(event, shared::events::JobEvent::Metrics { values, .. }
            if values.contains_key(&shared::events::Series::TrainingLoss))
    });
    assert_eq!(steps.count(), 3);
}

#[test]
fn a_terminated_job_saves_its_work_and_goes_on_from_there() {
    let material = Material::new();
    let (spec, inputs) = material.pretrain(WITHOUT_END);
    let out = material.path("out");
    let mut process = Running(job(&spec, &inputs, &out).spawn().unwrap());
    eventually("the first checkpoint", || checkpoints(&out).last().copied().filter(|step| *step >= 5));
    signal(process.0.id(), "-TERM");
    let status = eventually("the job stops", || process.0.try_wait().unwrap());
    assert_eq!(status.code(), Some(75));
    let saved = *checkpoints(&out).last().unwrap();
    assert!(names(&out.join("checkpoints")).iter().all(|name| !name.ends_with(".partial")));

    let mut process = Running(job(&spec, &inputs, &out).args(["--events", "jsonl"]).spawn().unwrap());
    eventually("it goes on", || checkpoints(&out).last().copied().filter(|step| *step > saved));
    signal(process.0.id(), "-INT");
    signal(process.0.id(), "-INT");
    let status = eventually("a second signal ends it", || process.0.try_wait().unwrap());
    assert!(matches!(status.code(), Some(1 | 75)), "{status}");
    let mut events = String::new();
    std::io::Read::read_to_string(&mut process.0.stdout.take().unwrap(), &mut events).unwrap();
    assert!(events.contains(&format!("{{\"type\":\"resumed\",\"step\":{saved}}}")), "{events}");
}

/// RLIMIT_FSIZE in the middle of a run: the checkpoints before it stay whole, and the error says
/// what happened.
#[test]
fn a_write_error_during_a_checkpoint_leaves_the_last_one_whole() {
    let material = Material::new();
    let (spec, inputs) = material.pretrain(WITHOUT_END);
    let out = material.path("out");
    let mut process = Running(job(&spec, &inputs, &out).spawn().unwrap());
    eventually("the first checkpoint", || checkpoints(&out).last().copied().filter(|step| *step >= 5));
    signal(process.0.id(), "-TERM");
    eventually("the job stops", || process.0.try_wait().unwrap());
    let saved = checkpoints(&out);
    let before = contents(&out.join("checkpoints"));

    let limited = run(job(&spec, &inputs, &out).args(["--file-size-limit-bytes", "4096"]));
    assert_eq!(limited.status.code(), Some(1), "{}", text(&limited.stderr));
    let said = text(&limited.stderr);
    for part in ["could not be saved", "File too large", "MiB are free", "is kept"] {
        assert!(said.contains(part), "{part:?} is not in {said}");
    }
    assert_eq!(checkpoints(&out), saved);
    assert_eq!(contents(&out.join("checkpoints")), before);
}

fn contents(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for name in names(folder) {
        let path = folder.join(&name);
        if path.is_dir() {
            files
                .extend(contents(&path).into_iter().map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else {
            files.push((name, std::fs::read(path).unwrap()));
        }
    }
    files
}

//! The whole path in a real browser, as a person walks it.

#![allow(clippy::unwrap_used)]

use e2e::browser::{Browser, Setting, Wishes};
use e2e::databases::Kind;
use e2e::path;
use e2e::platform::Platform;
use e2e::process::eventually;
use e2e::stories;
use shared::api::jobs::GetJob;
use shared::events::{JobEvent, Series};
use shared::ids::JobId;
use shared::spec::{Decay, JobSpec};

/// Of what a restarted server leaves in the console: nobody can keep a browser from saying it.
const WHILE_AWAY: [&str; 3] =
    ["ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_EMPTY_RESPONSE"];

/// Chromium's own word on a machine without a GPU when a page asks for one.
const WITHOUT_GPU: &str = "No available adapters";

/// The number at the end of an address like `/runs/4`.
fn number_in(address: &str) -> i64 {
    address.rsplit('/').next().unwrap().parse().unwrap_or_else(|_| panic!("no number in {address}"))
}

fn assert_accessible(browser: &Browser, what: &str) {
    browser.assert_accessible_everywhere(what);
}

/// What everybody waits for who comes for the first time: one font of the page's own words, not the
/// fourteen of Pretendard's subsets that they are spread over.
fn assert_light(browser: &Browser) {
    let loaded =
        "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .map(entry => [new URL(entry.name).pathname, entry.encodedBodySize])";
    let loaded: Vec<(String, u64)> = serde_json::from_value(browser.run(loaded, vec![])).unwrap();
    let fonts: Vec<_> = loaded.iter().filter(|(path, _)| path.ends_with(".woff2")).collect();
    assert!(matches!(fonts[..], [(path, _)] if path.starts_with("/words-")), "{fonts:?}");
    let bytes: u64 = loaded.iter().map(|(_, bytes)| bytes).sum();
    assert!((100_000..700_000).contains(&bytes), "{bytes} bytes: {loaded:?}");
}

/// The page speaks one language, whoever reports.
fn assert_log_is_korean(browser: &Browser) {
    browser.click("#tab-log");
    browser.wait_for(".log-words");
    let lines =
        browser.run("return [...document.querySelectorAll('.log-words')].map(e => e.textContent)", vec![]);
    let lines: Vec<String> = serde_json::from_value(lines).unwrap();
    for line in &lines {
        assert!(line.chars().any(|letter| ('가'..='힣').contains(&letter)), "{line}");
    }
}

/// On a model's page, with the engine whose name is shown.
fn write_and_talk(browser: &Browser, model: &str, engine: &str) {
    browser.go(&format!("{model}/write"));
    browser.wait_for_text(".talk-facts", "매개변수");
    if !browser.text(".talk-facts").contains(engine) {
        // A GPU in software is slower than the processor; a person may choose it all the same.
        browser.choose("#engine-choice", engine);
    }
    browser.wait_for_text(".talk-facts", engine);
    browser.type_into("#paper-text", "옛날 어느 마을에");
    browser.press("이어쓰기");
    browser.wait_for(".paper mark");
    eventually("a text was written", || browser.has_button("이어쓰기").then_some(()));
    browser.wait_for_text(".talk-facts", "첫 토큰까지");
    browser.wait_for_text(".talk-facts", "초당");
    let text = browser.value("#paper-text");
    assert!(text.starts_with("옛날 어느 마을에") && text.chars().count() > 12, "{text}");
    browser.click(".next-toggle input");
    browser.wait_for(".next-choice");
    assert_accessible(browser, "writing");

    browser.go(&format!("{model}/chat"));
    browser.wait_for_text(".talk-facts", "매개변수");
    browser.type_into("#chat-message", "안녕하세요?");
    // While a syllable is being composed, Enter is the input method's.
    browser.run(
        "document.querySelector('#chat-message').dispatchEvent(new KeyboardEvent('keydown',
            { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))",
        vec![],
    );
    assert_eq!(browser.value("#chat-message"), "안녕하세요?");
    browser.press("보내기");
    browser.wait_for_text(".talk-facts", "첫 토큰까지");
    eventually("an answer was written", || browser.has_button("보내기").then_some(()));
    assert!(browser.text(".exchange").contains("안녕하세요?"));
    assert_accessible(browser, "a conversation");
}

#[test]
fn a_person_takes_text_to_a_model_and_talks_to_it() {
    let Some(setting) = Setting::find() else { return };
    let mut platform = Platform::start(Kind::Sqlite, &[("--front-end", setting.page())]);
    let _agent = platform.agent_that_measures("one", "0.3");
    let browser = Browser::open(&setting, Wishes::default());
    let at = |path: &str| format!("{}{path}", platform.client.address);

    // Before signing in.
    let (home, models, sign_in) = (at("/"), at("/models"), at("/sign-in"));
    for (address, what) in [(&home, "the visitor's home"), (&models, "no models yet"), (&sign_in, "no link")]
    {
        browser.go(address);
        browser.wait_for("h1");
        browser.settle();
        if address == &home {
            assert_light(&browser);
        }
        assert_accessible(&browser, what);
    }
    browser.go(&at("/runs"));
    browser.wait_for_text("h1", "로그인");

    // The link signs in once and leaves the address.
    browser.go(&platform.sign_in_link());
    browser.wait_for_text("main", "operator 님");
    assert!(!browser.address().contains('#'), "{}", browser.address());
    assert_accessible(&browser, "home");

    // Upload.
    let file = platform.folder.path().join("옛이야기.jsonl.zst");
    std::fs::write(&file, stories::corpus(1_500)).unwrap();
    browser.go(&at("/upload"));
    browser.press("올리기");
    browser.wait_for_text("form", "올릴 파일을 먼저 골라 주세요.");
    browser.type_into("#upload-files", file.to_str().unwrap());
    assert_eq!(browser.value("#upload-label"), "옛이야기.jsonl.zst");
    assert_accessible(&browser, "upload");
    browser.press("올리기");
    let source = number_in(&browser.wait_for_address("/artifacts/"));

    // A run: what cannot work is said at once and not sent.
    browser.go(&at("/new-run"));
    browser.press("학습 시작");
    browser.wait_for_text("form", "읽힐 글을 골라 주세요.");
    browser.click(".source-choice input");
    browser.run("document.querySelectorAll('details').forEach(part => part.open = true)", vec![]);
    let layers = browser.value("#run-model-layers");
    browser.replace("#run-model-layers", "0");
    browser.press("학습 시작");
    browser.wait_for_text("form", "빨간 칸을 고쳐 주세요.");
    browser.replace("#run-model-layers", &layers);
    eventually("nothing is wrong any more", || (!browser.text("form").contains("빨간 칸을")).then_some(()));
    // The other architecture in the same size, and back.
    browser.click("input[name=architecture]:not(:checked)");
    eventually("GPT-2 shares no keys", || (!browser.is_there("#run-model-key_value_heads")).then_some(()));
    assert_eq!(browser.value("#run-model-layers"), layers);
    assert_accessible(&browser, "new run");
    browser.click("input[name=architecture]:not(:checked)");
    browser.wait_for("#run-model-key_value_heads");
    // A depth makes every number, a size that was tried makes them again.
    browser.click(".radio:nth-of-type(3) input[name=size]");
    browser.wait_for("#run-depth");
    browser.replace("#run-depth", "3");
    eventually("three layers", || (browser.value("#run-model-layers") == "3").then_some(()));
    browser.click("input[name=size]");
    eventually("the size's own layers", || (browser.value("#run-model-layers") == layers).then_some(()));
    // Another way to train has its own numbers and its own time.
    browser.wait_for_text(".new-run-side", "워커에서 잰 속도로");
    browser.wait_for_text(".new-run-side", "끝나는 때");
    browser.click("input[name=optimizer]:not(:checked)");
    browser.click("input[name=decay]:not(:checked)");
    browser.click("input[name=preflight]:not(:checked)");
    browser.wait_for("#run-muon-learning_rate");
    browser.replace("#run-schedule-decay-decay_steps", "100");
    assert_accessible(&browser, "a run of another kind");
    browser.press("학습 시작");
    let job = number_in(&browser.wait_for_address("/runs/"));

    // Watch it learn; a reload and a restarted backend in the middle leave no gap.
    browser.wait_for_text(".standing", "손실");
    browser.reload();
    browser.wait_for_text(".standing", "손실");
    browser.assert_quiet(&[]);
    platform.restart();
    browser.wait_for_text(".page-title", "완료");
    browser.assert_quiet(&WHILE_AWAY);

    // What was forecast stands beside what it took.
    browser.wait_for_text(".forecast", "실제");
    let client = &platform.client;
    let JobSpec::Pretrain(spec) = client.call(&GetJob { job_id: JobId(job) }).unwrap().spec else {
        panic!("a training")
    };
    assert_eq!(spec.schedule.decay, Decay::WarmupStableDecay { decay_steps: 100 });
    assert!(spec.muon.is_some() && spec.preflight.is_some());
    let told = path::events(client, JobId(job));
    let seconds = told.iter().rev().find_map(|event| match &event.event {
        JobEvent::Estimated { estimate } => estimate.seconds,
        _ => None,
    });
    assert!(seconds.is_some_and(|seconds| seconds > 0.0), "the worker has measured itself");
    let losses = path::series(&told, Series::TrainingLoss);
    let every_step = format!("손실 그래프. 값 {}개,", losses.len());
    browser.wait_for(&format!("[role=img][aria-label^='{every_step}']"));
    let samples = told.iter().filter(|event| matches!(event.event, JobEvent::Sample { .. })).count();
    assert!(samples >= 2, "there is an oldest and a newest text");
    assert_accessible(&browser, "a run's charts");
    for (tab, what) in [("samples", "samples"), ("log", "log"), ("spec", "settings")] {
        browser.click(&format!("#tab-{tab}"));
        assert_accessible(&browser, &format!("a run's {what}"));
    }
    browser.click("#tab-samples");
    browser.wait_for_text(".sample-pair", "처음");
    browser.wait_for_text(".sample-pair", "지금");

    // What it was made from and what came out.
    let training = client.call(&GetJob { job_id: JobId(job) }).unwrap();
    let pipeline = path::succeed(client, training.pipeline_id.unwrap());
    let at = |path: &str| format!("{}{path}", platform.client.address);
    for job in &pipeline.jobs {
        browser.go(&at(&format!("/runs/{}", job.job_id)));
        assert_log_is_korean(&browser);
    }
    let curate = path::named(&pipeline, "curate");
    let model = path::named(&pipeline, "export").outputs["model"];
    let pages = [
        ("/runs".to_owned(), "table", "runs"),
        ("/artifacts".to_owned(), "table", "materials"),
        (format!("/artifacts/{source}"), "h1", "an uploaded text"),
        (format!("/artifacts/{}", curate.outputs["corpus"]), ".row", "kept rows"),
        (format!("/artifacts/{}", curate.outputs["dropped"]), "h1", "dropped rows"),
        (format!("/artifacts/{model}"), "h1", "a model"),
        ("/models".to_owned(), ".model", "models"),
    ];
    for (path, shows, what) in pages {
        browser.go(&at(&path));
        browser.wait_for(shows);
        browser.settle();
        assert_accessible(&browser, what);
    }

    // Published, it is everybody's.
    browser.go(&at(&format!("/artifacts/{model}")));
    browser.press("공개");
    browser.replace("#model-name", "<b>이야기</b> 모델");
    browser
        .type_into("#model-description", "<img src=x onerror=alert(1)> [누르지 마세요](javascript:alert(1))");
    assert_accessible(&browser, "the dialog before publishing");
    browser.press_in("dialog", "공개");
    browser.wait_for_text(".publication", "공개 중");
    browser.press("로그아웃");
    browser.wait_for_text("h1", "밑바닥");
    browser.go(&at(&format!("/models/{model}")));
    browser.wait_for_text("main", "<b>이야기</b> 모델");
    browser.wait_for_text("main", "<img src=x onerror=alert(1)>");
    assert!(!browser.is_there("main img, main b"), "names and descriptions are text");
    assert_accessible(&browser, "a published model");

    // A visitor writes and talks with it on their own device, with a GPU and without.
    write_and_talk(&browser, &at(&format!("/models/{model}")), "WASM SIMD");
    let with_gpu = Browser::open(&setting, Wishes { web_gpu: true, name: None });
    write_and_talk(&with_gpu, &at(&format!("/models/{model}")), "WebGPU");
    with_gpu.assert_quiet(&[]);

    // And sees how a tokenizer cuts that somebody gave them.
    let client = &platform.client;
    let tokenizer = client.get(&format!("/api/v1/models/{model}/files/tokenizer.json")).unwrap();
    let file = platform.folder.path().join("tokenizer.json");
    std::fs::write(&file, tokenizer).unwrap();
    browser.go(&at("/tokenizers"));
    browser.type_into("#tokenizer-file-0", file.to_str().unwrap());
    browser.wait_for(".piece");
    assert_accessible(&browser, "tokenizers");
    browser.assert_quiet(&[WITHOUT_GPU]);
}

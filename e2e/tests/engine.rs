//! The model in the browser: the scores that the worker has for the same weights, on every engine, and
//! words whatever happens on the way.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use e2e::browser::{Browser, Setting, Wishes};
use e2e::line::Line;
use e2e::process::{binary, eventually};
use e2e::stories;
use e2e::trained::Trained;
use model::architectures::{Model, parameters};
use model::batch::Batch;
use model::candle_ops::CandleOps;
use model::gguf::{Format, Stored};
use model::ops::Weight;
use model::state::State;
use model::tokenizer::Tokenizer;
use model::webgpu::WebGpuOps;
use model::weights::Expected;
use model::{DType, Device};
use serde_json::{Value, json};
use shared::api::models::WithdrawModel;

const STEPS: u64 = 150;
const PROMPTS: usize = 20;
const POSITIONS: usize = 64;
const TOLERANCE: f32 = 1e-3;
/// Where the best two are closer than this, rounding may choose.
const CLEAR_MARGIN: f32 = 2e-3;
const WITH_GPU: Wishes = Wishes { web_gpu: true, name: None };
const WITHOUT_GPU: Wishes = Wishes { web_gpu: false, name: None };

/// One training for all tests that run at the time. The last of them ends the platform: what a static
/// holds is never dropped, and its server would outlive the tests.
fn trained(setting: &Setting) -> Arc<Trained> {
    static TRAINED: Mutex<Weak<Trained>> = Mutex::new(Weak::new());
    let mut latest = TRAINED.lock().unwrap_or_else(PoisonError::into_inner);
    latest.upgrade().unwrap_or_else(|| {
        let trained = Arc::new(Trained::start(setting.page(), STEPS));
        *latest = Arc::downgrade(&trained);
        trained
    })
}

/// On a page of the platform, with the model's worker started.
fn open(setting: &Setting, trained: &Trained, wishes: Wishes) -> Browser {
    let browser = Browser::open(setting, wishes);
    browser.go(&format!("{}/models", trained.platform.client.address));
    browser.start_engine();
    browser
}

fn load(browser: &Browser, trained: &Trained, engine: &str) -> Value {
    load_as(browser, trained, engine, "automatic")
}

fn load_as(browser: &Browser, trained: &Trained, engine: &str, weights: &str) -> Value {
    let loaded = browser.load(&trained.files(), &trained.base_url(), engine, weights);
    assert_eq!(loaded["type"], "loaded", "{loaded}");
    loaded
}

/// The worker's own, of the model in this folder.
fn tokenizer_in(folder: &Path) -> Tokenizer {
    Tokenizer::from_bytes(&std::fs::read(folder.join("tokenizer.json")).unwrap()).unwrap()
}

/// Fixed texts of as many tokens as are compared.
fn texts(tokenizer: &Tokenizer) -> Vec<Vec<u32>> {
    let ids = stories::texts(400).into_iter().map(|text| tokenizer.encode(&text).unwrap());
    ids.filter(|ids| ids.len() >= POSITIONS).map(|ids| ids[..POSITIONS].to_vec()).take(PROMPTS).collect()
}

type Scores = Vec<Vec<Vec<f32>>>;

fn of_the_worker(folder: &Path, texts: &[Vec<u32>]) -> Scores {
    let mut command = Command::new(binary("mitbadak-worker"));
    command.args(["logits", "--ids", &json!(texts).to_string(), "--model"]).arg(folder);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    serde_json::from_value(answer["logits"].take()).unwrap()
}

fn of_the_browser(browser: &Browser, texts: &[Vec<u32>]) -> Scores {
    let score = |ids: &Vec<u32>| {
        let mut answer = browser.answer(json!({ "type": "score", "ids": ids }));
        assert_eq!(answer["type"], "logits", "{answer}");
        serde_json::from_value(answer["rows"].take()).unwrap()
    };
    texts.iter().map(score).collect()
}

/// On Vulkan; in software where `cargo xtask test` runs it.
fn of_native_webgpu(folder: &Path, texts: &[Vec<u32>]) -> Scores {
    let ops = pollster::block_on(WebGpuOps::open()).unwrap();
    let config = std::fs::read(folder.join("config.json")).unwrap();
    let spec = model::hugging_face::from_config(&config).unwrap();
    let expected: Vec<Expected> = parameters(&spec).into_iter().map(Expected::from).collect();
    let file = std::fs::read(folder.join("model.safetensors")).unwrap();
    let model = Model::new(&spec, &ops.weights(&file, &expected).unwrap()).unwrap();
    let score = |ids: &Vec<u32>| {
        let logits = model.logits(&ops, &Batch::stateless([&ids[..]]), &mut State::none()).unwrap();
        let values = pollster::block_on(ops.read(&logits)).unwrap();
        values.chunks(values.len() / ids.len()).map(<[f32]>::to_vec).collect()
    };
    texts.iter().map(score).collect()
}

/// Whether the processor computes with the blocks or with what they unpack to.
#[derive(Clone, Copy, PartialEq)]
enum Held {
    InBlocks,
    Unpacked,
}

/// The model's matrices rounded to blocks, natively.
fn of_rounded_weights(folder: &Path, format: Format, held: Held, texts: &[Vec<u32>]) -> Scores {
    let config = std::fs::read(folder.join("config.json")).unwrap();
    let spec = model::hugging_face::from_config(&config).unwrap();
    let expected: Vec<Expected> = parameters(&spec).into_iter().map(Expected::from).collect();
    let file = std::fs::read(folder.join("model.safetensors")).unwrap();
    let mut in_blocks = 0;
    let place = |tensor: &Expected, values: model::weights::Values<'_>| {
        let stored = Stored::of(tensor, &values, format)?;
        in_blocks += usize::from(stored.format.is_quantized());
        match held {
            Held::InBlocks => stored.into_weight(),
            Held::Unpacked => stored.to_tensor().map(Weight::Dense),
        }
    };
    let (weights, _) = model::weights::read_each(&file, &expected, place).unwrap();
    assert!(in_blocks > 10, "most matrices are of whole blocks");
    let model = Model::of_weights(&spec, &weights).unwrap();
    let ops = CandleOps::new(&Device::Cpu, DType::F32);
    let score = |ids: &Vec<u32>| {
        let logits = model.logits(&ops, &Batch::stateless([&ids[..]]), &mut State::none()).unwrap();
        logits.to_vec2().unwrap()
    };
    texts.iter().map(score).collect()
}

/// The best token and how far the second is behind.
fn pick(row: &[f32]) -> (usize, f32) {
    let mut order: Vec<usize> = (0..row.len()).collect();
    order.sort_by(|a, b| row[*b].total_cmp(&row[*a]));
    (order[0], row[order[0]] - row[order[1]])
}

fn assert_same_scores(engine: &str, found: &Scores, wanted: &Scores) {
    let (mut clear, mut all, mut furthest) = (0, 0, 0_f32);
    for (found, wanted) in found.iter().flatten().zip(wanted.iter().flatten()) {
        assert_eq!(found.len(), wanted.len());
        let off = found.iter().zip(wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        furthest = furthest.max(off);
        let (token, margin) = pick(wanted);
        all += 1;
        if margin > CLEAR_MARGIN {
            clear += 1;
            assert_eq!(pick(found).0, token, "{engine}: a margin of {margin}");
        }
    }
    println!("{engine}: off by at most {furthest:e}; {clear} of {all} positions are clear");
    assert_eq!(all, PROMPTS * POSITIONS);
    assert!(furthest < TOLERANCE, "{engine}: {furthest:e}");
    assert!(10 * clear >= 9 * all, "{engine}: only {clear} of {all} positions are clear");
}

#[test]
fn every_engine_scores_as_the_worker_does() {
    let Some(setting) = Setting::find() else { return };
    let trained = trained(&setting);
    let folder = tempfile::tempdir().unwrap();
    let folder = trained.download(folder.path());
    let tokenizer = tokenizer_in(&folder);
    let texts = texts(&tokenizer);
    assert_eq!(texts.len(), PROMPTS);
    let wanted = of_the_worker(&folder, &texts);
    assert_same_scores("native WebGPU", &of_native_webgpu(&folder, &texts), &wanted);
    let browser = open(&setting, &trained, WITH_GPU);
    for (choice, engine) in [("web_gpu", "WebGPU in Chromium"), ("wasm_simd", "WASM SIMD in Chromium")] {
        let loaded = load(&browser, &trained, choice);
        assert_eq!(loaded["engine"]["type"], choice, "{loaded}");
        assert_same_scores(engine, &of_the_browser(&browser, &texts), &wanted);
    }
    browser.assert_quiet(&[]);
}

#[test]
fn a_model_of_fewer_bits_scores_in_the_browser_as_it_does_natively() {
    let Some(setting) = Setting::find() else { return };
    let trained = trained(&setting);
    let folder = tempfile::tempdir().unwrap();
    let folder = trained.download(folder.path());
    let texts = texts(&tokenizer_in(&folder));
    let exact = of_the_worker(&folder, &texts);
    let browser = open(&setting, &trained, WITH_GPU);
    for (choice, format) in [("q8_0", Format::Q8_0), ("q4_1", Format::Q4_1)] {
        for (engine, held) in [("wasm_simd", Held::InBlocks), ("web_gpu", Held::Unpacked)] {
            let wanted = of_rounded_weights(&folder, format, held, &texts);
            assert_ne!(wanted, exact, "rounding changes something");
            let loaded = load_as(&browser, &trained, engine, choice);
            assert_eq!(loaded["weights"], choice, "{loaded}");
            assert_same_scores(&format!("{choice} on {engine}"), &of_the_browser(&browser, &texts), &wanted);
        }
    }
    let loaded = load(&browser, &trained, "wasm_simd");
    assert_eq!(loaded["weights"], "f32", "a small model stays exact: {loaded}");
    browser.assert_quiet(&[]);
}

#[test]
fn ids_in_the_browser_are_those_of_the_worker() {
    let Some(setting) = Setting::find() else { return };
    let trained = trained(&setting);
    let folder = tempfile::tempdir().unwrap();
    let folder = trained.download(folder.path());
    let tokenizer = tokenizer_in(&folder);
    let browser = open(&setting, &trained, WITHOUT_GPU);
    load(&browser, &trained, "wasm_simd");
    let lines = stories::lines(10_000);
    assert_eq!(lines.len(), 10_000);
    for lines in lines.chunks(1_000) {
        let command = json!({ "type": "encode", "slot": "model", "texts": lines });
        let found: Vec<Vec<u32>> = serde_json::from_value(browser.answer(command)["ids"].take()).unwrap();
        for (line, found) in lines.iter().zip(found) {
            assert_eq!(found, tokenizer.encode(line).unwrap(), "{line:?}");
        }
    }
}

#[test]
fn two_thousand_tokens_leave_memory_where_it_was_and_closing_frees_the_gpu() {
    let Some(setting) = Setting::find() else { return };
    let trained = trained(&setting);
    let browser = open(&setting, &trained, WITH_GPU);
    for engine in ["web_gpu", "wasm_simd"] {
        load(&browser, &trained, engine);
        let mut after_first = None;
        let (mut tokens, mut seed) = (0, 0);
        while tokens < 2_000 {
            seed += 1;
            let finished = browser.answer(json!({
                "type": "generate", "prompt": { "text": "옛날 어느 마을에" }, "seed": seed,
                "sampling": { "temperature": 1.0, "top_p": 1.0 },
                "maximum_tokens": 200, "next_tokens": false,
            }));
            assert_eq!(finished["type"], "finished", "{finished}");
            tokens += finished["statistics"]["tokens"].as_u64().unwrap();
            // The first texts take what all later ones use again.
            if tokens >= 600 {
                after_first.get_or_insert_with(|| finished["statistics"]["memory"].clone());
            }
        }
        let memory = browser.answer(json!({ "type": "measure_memory" }));
        let now: BTreeMap<&str, u64> =
            ["wasm_bytes", "gpu_bytes"].map(|name| (name, memory[name].as_u64().unwrap())).into();
        println!("{engine}: {now:?} after {tokens} tokens");
        assert_eq!(json!(now), after_first.unwrap(), "{engine} grew");
        assert_eq!(browser.answer(json!({ "type": "close" }))["type"], "closed");
        assert_eq!(browser.answer(json!({ "type": "measure_memory" }))["gpu_bytes"], 0);
    }
}

#[test]
fn a_text_comes_in_whole_characters() {
    let Some(setting) = Setting::find() else { return };
    let trained = trained(&setting);
    let folder = tempfile::tempdir().unwrap();
    let folder = trained.download(folder.path());
    let tokenizer = tokenizer_in(&folder);
    let browser = open(&setting, &trained, WITHOUT_GPU);
    load(&browser, &trained, "wasm_simd");
    let mut held_back = 0;
    // Hot enough for syllables in pieces, whole and broken ones.
    for seed in 0..5 {
        let reports = browser.ask_engine(json!({
            "type": "generate", "prompt": { "text": "옛날 " }, "seed": seed, "maximum_tokens": 100,
            "sampling": { "temperature": 1.5, "top_p": 1.0 }, "next_tokens": false,
        }));
        let deltas: Vec<&Value> = reports.iter().filter(|event| event["type"] == "delta").collect();
        let ids: Vec<u32> = deltas.iter().map(|delta| delta["id"].as_u64().unwrap() as u32).collect();
        held_back += deltas.iter().filter(|delta| delta["text"] == "").count();
        let told: String = reports.iter().filter_map(|event| event["text"].as_str()).collect();
        assert_eq!(told, tokenizer.decode(&ids), "the pieces are the text");
    }
    assert!(held_back > 0, "some token was only a part of a character");
}

#[test]
fn stop_ends_a_text_at_once() {
    let Some(setting) = Setting::find() else { return };
    let trained = trained(&setting);
    let browser = open(&setting, &trained, WITHOUT_GPU);
    load(&browser, &trained, "wasm_simd");
    let script = "
        const done = arguments[arguments.length - 1];
        let stopped = false, heard = false, late = 0;
        engine.ask({ type: 'generate', prompt: { text: '' }, seed: 1, sampling: { temperature: 1, top_p: 1 },
            maximum_tokens: 100, next_tokens: false }, (event, number) => {
            if (event.type !== 'delta') return;
            if (heard) late += 1;
            if (stopped) return;
            stopped = true;
            engine.stop(number);
            engine.heard().then(() => { heard = true; });
        }).then(reports => done({ heard, late, last: reports.at(-1) }));";
    let told = browser.run_later(script, vec![]);
    assert_eq!(told["last"]["ending"], "stopped", "{told}");
    // However long the message was on its way: not one token more once it was read.
    assert_eq!((&told["heard"], &told["late"]), (&json!(true), &json!(0)), "{told}");
}

#[test]
fn a_lost_gpu_is_rebuilt_and_the_text_goes_on() {
    let Some(setting) = Setting::find() else { return };
    let trained = trained(&setting);
    let browser = open(&setting, &trained, WITH_GPU);
    load(&browser, &trained, "web_gpu");
    browser.run(
        "window.written = engine.ask({ type: 'generate', prompt: { text: '' }, seed: 3, maximum_tokens: 100,
            sampling: { temperature: 0, top_p: 1 }, next_tokens: false },
            event => { if (event.type === 'delta') window.tokens = (window.tokens ?? 0) + 1; });",
        vec![],
    );
    eventually("a few tokens", || {
        (browser.run("return window.tokens ?? 0", vec![]).as_u64()? > 3).then_some(())
    });
    browser.crash_gpu();
    let reports = browser.run_later("const done = arguments[0]; window.written.then(done);", vec![]);
    let kinds: Vec<&str> =
        reports.as_array().unwrap().iter().filter_map(|event| event["type"].as_str()).collect();
    assert!(kinds.contains(&"device_lost") && kinds.contains(&"rebuilt"), "{kinds:?}");
    let text = |reports: &Value| -> String {
        let told = reports.as_array().unwrap().iter();
        told.filter_map(|event| event["text"].as_str()).collect()
    };
    let undisturbed = browser.ask_engine(json!({
        "type": "generate", "prompt": { "text": "" }, "seed": 3, "maximum_tokens": 100,
        "sampling": { "temperature": 0.0, "top_p": 1.0 }, "next_tokens": false,
    }));
    assert_eq!(text(&reports), text(&json!(undisturbed)), "not a token is lost or told twice");
}

#[test]
fn without_an_adapter_the_processor_writes() {
    let Some(setting) = Setting::find() else { return };
    let trained = trained(&setting);
    let browser = open(&setting, &trained, WITHOUT_GPU);
    let loaded = load(&browser, &trained, "automatic");
    assert_eq!(loaded["engine"]["type"], "wasm_simd", "{loaded}");
    assert_eq!(loaded["engine"]["why"]["type"], "unusable", "{loaded}");
    let refused = browser.load(&trained.files(), &trained.base_url(), "web_gpu", "automatic");
    assert_eq!(refused["error"]["type"], "gpu", "{refused}");
}

#[test]
fn a_slow_line_shows_how_far_a_broken_one_goes_on_and_a_deleted_model_ends_in_words() {
    let Some(setting) = Setting::find() else { return };
    // A model of its own: it is withdrawn.
    let trained = Trained::start(setting.page(), 3);
    let line = Line::to(&trained.platform.client.address);
    let browser = Browser::open(&setting, WITHOUT_GPU);
    let page = format!("{}/models/{}/write", line.address, trained.artifact_id());
    let weights = trained.model.files.iter().find(|file| file.name.as_str() == "model.safetensors").unwrap();

    // The page and its engine are there; the model comes slowly.
    browser.go(&format!("{}/models", line.address));
    browser.start_engine();
    browser.run("engine.end()", vec![]);
    line.slow_down(weights.size_bytes / 8);
    browser.go(&page);
    browser.wait_for_text(".talk-loading", "모델을 내려받는 중");
    browser.wait_for_text(".talk-loading", "가운데");
    line.break_after(weights.size_bytes / 4);
    eventually("the line is broken", || line.is_broken().then_some(()));
    browser.wait_for_text(".talk-loading", "연결이 끊겨 다시 받는 중");
    let withdrawn = trained.platform.client.call(&WithdrawModel { artifact_id: trained.artifact_id() });
    withdrawn.unwrap();
    line.mend();
    browser.wait_for_text(".error-box", "파일이 서버에 없습니다");
    browser.wait_for_text(".error-box", "모델을 지웠거나 공개를 거두었을 수 있습니다");

    // What had come is not fetched again.
    trained.publish("다시 공개한 모델");
    browser.press("다시 불러오기");
    browser.wait_for_text(".talk-facts", "매개변수");
    browser.start_engine();
    let again = load(&browser, &trained, "wasm_simd");
    assert_eq!(again["fetched_bytes"], 0, "all of it is kept: {again}");
}

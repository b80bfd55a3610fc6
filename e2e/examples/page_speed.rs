//! How quick the page is: `cargo xtask bench page`. Figures go to docs/benchmarks.md.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use e2e::browser::{Browser, Setting, Wishes};
use e2e::client::Client;
use e2e::path::{self, Recipe};
use e2e::trained::Trained;
use serde_json::{Value, json};
use shared::api::leases::{AppendEvents, Lease, RenewLease};
use shared::api::workers::{Capabilities, ClaimJob, CreateWorker};
use shared::events::{AttemptEvent, JobEvent, Series};
use shared::ids::JobId;
use shared::spec::{ArchitectureSpec, JobKind, SPEC_VERSION};

const ROUNDS: usize = 5;
const SLOW_DOWN: u32 = 4;
const POINTS_PER_SECOND: u64 = 1_000;
const BATCHES_PER_SECOND: u64 = 10;
const SECONDS: u64 = 60;
/// At 60 pictures a second one takes 16.7 ms; a later one was waited for.
const LATE_MILLISECONDS: f64 = 25.0;

fn main() {
    let setting = Setting::find().expect("cargo xtask says where the browser is");
    let trained = Trained::start(setting.page(), 50);
    first_visit(&setting, &trained);
    engine_bytes(Path::new(setting.page()));
    decoding(&setting, &trained);
    decoding_by_bits(&setting);
    updates(&setting, &trained);
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A fresh browser each time: nothing is kept from before.
fn first_visit(setting: &Setting, trained: &Trained) {
    let script = "
        const done = arguments[0];
        const told = () => {
            const paint = performance.getEntriesByName('first-contentful-paint')[0];
            if (!paint) return setTimeout(told, 50);
            const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
            const size = entry => entry.encodedBodySize;
            done({ paint: paint.startTime, bytes: entries.map(size).reduce((a, b) => a + b, 0),
                   largest: entries.sort((a, b) => size(b) - size(a)).slice(0, 6)
                       .map(entry => [entry.name.split('/').pop(), size(entry)]) });
        };
        told();";
    let mut paints = Vec::new();
    let mut last = Value::Null;
    for _ in 0..ROUNDS {
        let browser = Browser::open(setting, Wishes::default());
        browser.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": SLOW_DOWN }));
        browser.go(&format!("{}/", trained.platform.client.address));
        browser.wait_for("h1");
        browser.settle();
        last = browser.run_later(script, vec![]);
        paints.push(last["paint"].as_f64().unwrap());
    }
    println!(
        "first visit: {} KB compressed, the largest {}",
        last["bytes"].as_u64().unwrap() / 1000,
        last["largest"]
    );
    println!(
        "first contentful paint with {SLOW_DOWN}× CPU slow-down: median of {ROUNDS} {:.0} ms ({paints:.0?})",
        median(paints.clone())
    );
}

fn engine_bytes(page: &Path) {
    let mut bytes = 0;
    for name in ["engine_loader.js.br", "engine.js.br", "engine_bg.wasm.br"] {
        bytes += std::fs::metadata(page.join(name)).unwrap_or_else(|error| panic!("{name}: {error}")).len();
    }
    println!("model engine: {} KB compressed", bytes / 1000);
}

fn decoding(setting: &Setting, trained: &Trained) {
    let browser = Browser::open(setting, Wishes { web_gpu: true, name: None });
    browser.go(&format!("{}/models", trained.platform.client.address));
    browser.start_engine();
    for engine in ["web_gpu", "wasm_simd"] {
        let loaded = browser.load(&trained.files(), &trained.base_url(), engine, "automatic");
        let speeds = (0..ROUNDS).map(|round| {
            let finished = browser.answer(json!({
                "type": "generate", "prompt": { "text": "옛날 " }, "seed": round, "maximum_tokens": 100,
                "sampling": { "temperature": 1.0, "top_p": 1.0 }, "next_tokens": false,
            }));
            finished["statistics"]["tokens_per_second"].as_f64().unwrap_or_default()
        });
        let speed = median(speeds.collect());
        println!("decode, {} parameters, {}: {speed:.0} tokens/s", loaded["parameters"], loaded["engine"]);
    }
}

/// A larger model on the processor, its weights exact and in blocks, by turns.
fn decoding_by_bits(setting: &Setting) {
    let mut recipe = Recipe::short(2);
    let ArchitectureSpec::Llama(llama) = &mut recipe.pretrain.model else {
        panic!("presets are of that family")
    };
    (llama.hidden_size, llama.layers, llama.heads, llama.key_value_heads) = (384, 6, 6, 6);
    llama.feed_forward_size = 1_024;
    let trained = Trained::by_recipe(setting.page(), &recipe);
    let browser = Browser::open(setting, Wishes { web_gpu: false, name: None });
    browser.go(&format!("{}/models", trained.platform.client.address));
    browser.start_engine();
    let mut speeds = BTreeMap::<&str, Vec<f64>>::new();
    let mut parameters = Value::Null;
    for round in 0..3 {
        for weights in ["exact", "q8_0", "q4_1"] {
            let loaded = browser.load(&trained.files(), &trained.base_url(), "wasm_simd", weights);
            parameters = loaded["parameters"].clone();
            let finished = browser.answer(json!({
                "type": "generate", "prompt": { "text": "옛날" }, "seed": round, "maximum_tokens": 100,
                "sampling": { "temperature": 1.0, "top_p": 1.0 }, "next_tokens": false,
            }));
            let speed = finished["statistics"]["tokens_per_second"].as_f64().unwrap_or_default();
            speeds.entry(weights).or_default().push(speed);
        }
    }
    for (weights, speeds) in speeds {
        let speed = median(speeds.clone());
        println!("decode, {parameters} parameters, WASM SIMD, {weights}: {speed:.0} tokens/s ({speeds:.0?})");
    }
}

/// A run's page while its job says 1,000 values a second for a minute.
fn updates(setting: &Setting, trained: &Trained) {
    let platform = &trained.platform;
    let request = path::pipeline(platform.cohort_id, &trained.source, &Recipe::short(12), "updates");
    let pipeline = platform.client.call(&request).expect("the pipeline is accepted");
    let job = path::named(&pipeline, "pretrain").job_id;
    let agent = platform.agent("before the training");
    wait_for_parents(&platform.client, job);
    drop(agent);
    let token = platform.client.call(&CreateWorker { name: "fast".to_owned() }).expect("operators may").token;
    let lease = claim(&platform.client.with(&token));
    assert_eq!(lease.job_id, job, "only the training is left");

    let browser = Browser::open(setting, Wishes::default());
    browser.go(&platform.sign_in_link());
    browser.wait_for_text("main", "operator");
    browser.go(&format!("{}/runs/{job}", platform.client.address));
    browser.wait_for("h1");
    let worker = platform.client.with(&lease.token);
    browser.run(
        "window.pictures = []; let last = performance.now();
         const next = now => { window.pictures.push(now - last); last = now; requestAnimationFrame(next); };
         requestAnimationFrame(next);",
        vec![],
    );
    let begin = Instant::now();
    let per_batch = POINTS_PER_SECOND / BATCHES_PER_SECOND;
    for batch in 0..SECONDS * BATCHES_PER_SECOND {
        let first = batch * per_batch + 1;
        let events = (first..first + per_batch).map(|step| {
            let loss = 2.0 + 6.0 / (step as f64).sqrt() + ((step * 7919) % 97) as f64 / 500.0;
            let values = [(Series::TrainingLoss, loss)].into();
            AttemptEvent { event_number: step, event: JobEvent::Metrics { step, values } }
        });
        worker.call(&AppendEvents { events: events.collect() }).expect("the lease stands");
        if batch % BATCHES_PER_SECOND == 0 {
            worker.call(&RenewLease {}).expect("the lease stands");
        }
        let due = Duration::from_secs_f64((batch + 1) as f64 / BATCHES_PER_SECOND as f64);
        std::thread::sleep(due.saturating_sub(begin.elapsed()));
    }
    let told_seconds = begin.elapsed().as_secs_f64();
    let points = SECONDS * POINTS_PER_SECOND;
    let pictures = browser.run("return window.pictures", vec![]);
    let pictures: Vec<f64> = serde_json::from_value(pictures).expect("numbers");
    let last = browser
        .run("return document.querySelector('.charts [role=img]')?.getAttribute('aria-label')", vec![]);
    let late = pictures.iter().filter(|milliseconds| **milliseconds > LATE_MILLISECONDS).count();
    println!(
        "run page: {points} values in {told_seconds:.1} s; {} pictures, median {:.1} ms, longest {:.0} ms, {late} late ({:.1} %); {last}",
        pictures.len(),
        median(pictures.clone()),
        pictures.iter().copied().fold(0.0, f64::max),
        100.0 * late as f64 / pictures.len() as f64,
    );
}

fn wait_for_parents(client: &Client, job: JobId) {
    e2e::process::eventually("the training may begin", || {
        let job = client.call(&shared::api::jobs::GetJob { job_id: job }).ok()?;
        (job.state != shared::api::jobs::JobState::Waiting).then_some(())
    });
}

fn claim(worker: &Client) -> Lease {
    let capabilities = Capabilities {
        code_version: "page_speed".to_owned(),
        cores: 1,
        memory_bytes: 1 << 34,
        free_memory_bytes: 1 << 34,
        gpus: vec![],
        driver_version: None,
        cuda: false,
        training_speeds: Vec::new(),
    };
    let request = ClaimJob {
        kinds: vec![JobKind::Pretrain],
        spec_version: SPEC_VERSION,
        capabilities,
        wait_seconds: 10,
    };
    // The agent may hold it for a moment longer.
    e2e::process::eventually("the training is claimed", || worker.call(&request).ok()?.lease)
}

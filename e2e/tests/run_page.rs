//! The page of one training, told by a worker that says what is seldom: layers that fare badly.

#![allow(clippy::unwrap_used)]

use e2e::browser::{Browser, Setting, Wishes};
use e2e::databases::Kind;
use e2e::path::{self, Recipe};
use e2e::platform::Platform;
use e2e::process::eventually;
use e2e::stories;
use shared::api::leases::{AppendEvents, Lease};
use shared::api::workers::{Capabilities, ClaimJob, CreateWorker};
use shared::artifacts::Purpose;
use shared::events::{AttemptEvent, GroupStatistics, JobEvent, ParameterGroup, Series};
use shared::spec::{JobKind, Precision, SPEC_VERSION, TrainingSpeed};

const LAYERS: u32 = 12;
const STEPS: u64 = 120;

/// The worker's claim: only trainings, by a machine that has measured itself.
fn claim() -> ClaimJob {
    let speed =
        TrainingSpeed { hidden_size: 64, precision: Precision::F32, flops_per_second: 20_000_000_000 };
    ClaimJob {
        kinds: vec![JobKind::Pretrain],
        spec_version: SPEC_VERSION,
        capabilities: Capabilities {
            code_version: "test".to_owned(),
            cores: 2,
            memory_bytes: 1 << 34,
            free_memory_bytes: 1 << 34,
            gpus: vec![],
            driver_version: None,
            cuda: false,
            training_speeds: vec![speed],
        },
        wait_seconds: 10,
    }
}

/// Layer by layer a little less, and worse with every step in the last one.
fn statistics(step: u64) -> Vec<GroupStatistics> {
    let progress = step as f64 / STEPS as f64;
    let of = |group, gradient_norm, update_ratio, dead_unit_share| GroupStatistics {
        group,
        gradient_norm,
        weight_norm: 10.0,
        update_ratio,
        dead_unit_share,
    };
    let blocks = (0..LAYERS).flat_map(|layer| {
        let depth = f64::from(layer) / f64::from(LAYERS - 1);
        let norm = 0.8 * (-2.0 * depth - progress).exp();
        let ratio = 4e-3 * (-1.5 * depth - 2.0 * progress).exp();
        let dead = if layer + 1 == LAYERS { 0.2 + 0.6 * progress } else { 0.1 * depth };
        [
            of(ParameterGroup::Attention { layer }, norm, ratio, None),
            of(ParameterGroup::FeedForward { layer }, 1.4 * norm, 0.8 * ratio, Some(dead)),
        ]
    });
    let embedding = of(ParameterGroup::Embedding, 0.3, 0.2, None);
    let norms = of(ParameterGroup::Norms, 0.02, 1e-4, None);
    [embedding, norms].into_iter().chain(blocks).collect()
}

fn events() -> Vec<AttemptEvent> {
    let mut events = Vec::new();
    for step in 0..30_u32 {
        let loss = 7.0 * (-f64::from(step) / 8.0).exp();
        events.push(JobEvent::Metrics { step: step.into(), values: [(Series::PreflightLoss, loss)].into() });
    }
    for step in 1..=STEPS {
        let values = [
            (Series::TrainingLoss, 2.0 + 5.0 / (step as f64).sqrt()),
            (Series::TokensPerSecond, 9_000.0 + (step % 7) as f64 * 100.0),
            (Series::LearningRate, 3e-3),
            (Series::MemoryBytes, 2.1e8),
        ];
        events.push(JobEvent::Metrics { step, values: values.into() });
        if step.is_multiple_of(10) {
            events.push(JobEvent::ParameterStatistics { step, groups: statistics(step) });
        }
    }
    (1..).zip(events).map(|(event_number, event)| AttemptEvent { event_number, event }).collect()
}

#[test]
fn a_person_sees_which_layers_fare_badly_and_what_to_try() {
    let Some(setting) = Setting::find() else { return };
    let platform =
        Platform::start(Kind::Sqlite, &[("--front-end", setting.page()), ("--lease-seconds", "600")]);
    let client = &platform.client;
    let corpus = stories::corpus(200);
    let source =
        path::upload_source(client, platform.cohort_id, "stories.jsonl.zst", &corpus, Purpose::Training);
    let request = path::pipeline(platform.cohort_id, &source, &Recipe::short(STEPS), "statistics");
    let job = path::named(&client.call(&request).unwrap(), "pretrain").job_id;
    let agent = platform.agent_of("before", "import,curate,train_tokenizer");
    let token = client.call(&CreateWorker { name: "of trainings".to_owned() }).unwrap().token;
    let worker = client.with(&token);
    let lease: Lease = eventually("the training is claimed", || worker.call(&claim()).ok()?.lease);
    assert_eq!(lease.job_id, job);
    drop(agent);
    client.with(&lease.token).call(&AppendEvents { events: events() }).unwrap();

    let browser = Browser::open(&setting, Wishes::default());
    browser.go(&platform.sign_in_link());
    browser.wait_for_text("main", "operator");
    browser.go(&format!("{}/runs/{job}", client.address));
    browser.wait_for(".groups canvas");

    // The forecast beside what it is so far: the median of the speeds that were told.
    let forecast = browser.wait_for_text(".forecast", "지금까지");
    assert!(forecast.contains("9,300") && forecast.contains("210 MB"), "{forecast}");

    // What is off is said, and nothing else.
    let odd = browser.text(".groups .reason");
    assert!(odd.contains("임베딩: 한 스텝에") && odd.contains("12층 피드포워드: 유닛의 80%"), "{odd}");
    assert_eq!(odd.lines().filter(|line| !line.trim().is_empty()).count(), 2, "{odd}");

    // Five of the twelve layers are drawn, the first and the last among them; dead units by themselves.
    let legend = browser.text("#panel-attention .u-legend");
    assert!(legend.contains("1층") && legend.contains("12층"), "{legend}");
    browser.click("#tab-feed-forward");
    browser.wait_for("#panel-feed-forward [role=img][aria-label^='죽은 유닛의 비율']");
    browser.click("#tab-others");
    browser.wait_for_text("#panel-others .u-legend", "임베딩");
    browser.click("#tab-attention");
    browser.wait_for("[role=img][aria-label^='예비 점검 손실']");
    browser.settle();
    for scheme in ["light", "dark"] {
        browser.colour_scheme(scheme);
        browser.assert_accessible(&format!("statistics, {scheme}"));
    }
    browser.size(390, 844);
    let overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(browser.run(overflow, vec![]), 0, "wider than a phone");
    browser.assert_accessible("statistics on a phone");
    browser.assert_quiet(&[]);
}

//! Trainings of a tiny model on a tiny corpus, from the job's own point of view.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use model::architectures::Model;
use model::batch::Batch;
use model::state::State;
use model::training::TrainerSettings;
use model::{Device, Tensor};
use shared::artifacts::{Purpose, Sha256};
use shared::datasets::SourceRecord;
use shared::documents::{ChatRole, Content, Document, Message, Split};
use shared::events::{DIVERGED, GroupStatistics, JobEvent, Series};
use shared::ids::{ArtifactId, JobId};
use shared::provenance::{JobOrigin, Provenance};
use shared::reports::pretrain::{PretrainReport, TrainingRecord};
use shared::spec::presets::Preset;
use shared::spec::{
    Activations, ArchitectureSpec, Decay, Gpt2Spec, MuonSpec, PreflightSpec, PretrainSpec,
    TrainTokenizerSpec, WeightAverageSpec,
};

use super::run;
use crate::jobs::{Announcement, JobContext, JobError, StopFlag, StopReason};
use crate::model_folder::ModelFolder;
use crate::shards::ShardWriter;

const VOCABULARY: u32 = 300;
const STEPS: u64 = 20;

fn spec() -> PretrainSpec {
    let mut spec = Preset::Tiny.pretrain();
    let ArchitectureSpec::Llama(llama) = &mut spec.model else { unreachable!() };
    llama.vocabulary_size = VOCABULARY;
    llama.context_length = 32;
    llama.hidden_size = 16;
    llama.feed_forward_size = 24;
    spec.steps = STEPS;
    spec.batch.rows = 4;
    spec.batch.accumulation_steps = 2;
    spec.schedule.warmup_steps = 4;
    spec.validation.document_share = 0.2;
    spec.validation.every_steps = 6;
    spec.validation.rows_limit = 5;
    spec.checkpoint.every_steps = 4;
    spec.samples.maximum_tokens = 8;
    spec
}

fn document(index: usize, content: Content, split: Option<Split>) -> Document {
    Document { id: format!("d{index}"), source: "test".to_owned(), split, content }
}

fn stories() -> Vec<Document> {
    let mut documents: Vec<Document> = (0..60)
        .map(|i| {
            let text = format!("토끼 {i}마리가 산길을 걸었다. 해가 지자 {}번 쉬고 집으로 갔다.", i * 7 % 11);
            document(i, Content::Text(text), None)
        })
        .collect();
    let message = |role, content: &str| Message { role, content: content.to_owned() };
    let exchange = vec![message(ChatRole::User, "어디 가?"), message(ChatRole::Assistant, "집에 간다.")];
    documents.push(document(60, Content::Messages(exchange), Some(Split::Training)));
    documents
}

/// A folder with a corpus and a tokenizer, and what a job in it has told.
struct House {
    folder: tempfile::TempDir,
    told: Arc<Mutex<Vec<JobEvent>>>,
}

impl House {
    fn new(documents: &[Document], purpose: Purpose) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (corpus, tokenizer) = (folder.path().join("corpus"), folder.path().join("tokenizer"));
        std::fs::create_dir(&corpus).unwrap();
        std::fs::create_dir(&tokenizer).unwrap();
        let mut shards = ShardWriter::new(&corpus, 1 << 20);
        for document in documents {
            shards.push(document).unwrap();
        }
        let source = SourceRecord {
            label: "산길 이야기".to_owned(),
            licence_note: "시험을 위해 씀".to_owned(),
            purpose,
            sha256: Sha256::try_from("5".repeat(64)).unwrap(),
            files: 1,
            size_bytes: 0,
            text_field: None,
            documents: documents.len() as u64,
            text_bytes: 0,
        };
        shards.finish(purpose, vec![source]).unwrap();
        let texts: Vec<String> = stories()
            .iter()
            .flat_map(|d| d.texts().into_iter().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let trained =
            model::tokenizer::train(texts.into_iter(), &TrainTokenizerSpec::new(VOCABULARY)).unwrap();
        std::fs::write(tokenizer.join("tokenizer.json"), trained.tokenizer_json).unwrap();
        Self { folder, told: Arc::default() }
    }

    fn output(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A context whose stop flag is raised when `stops` says so of an event.
    fn context(
        &self,
        output: &str,
        stops: impl Fn(&JobEvent) -> Option<StopReason> + Send + Sync + 'static,
    ) -> JobContext {
        let stop = StopFlag::default();
        let (told, flag) = (self.told.clone(), stop.clone());
        let input = |name: &str| (name.to_owned(), self.folder.path().join(name));
        JobContext {
            inputs: BTreeMap::from([input("corpus"), input("tokenizer")]),
            output: self.output(output),
            announce: Box::new(move |announcement| {
                if let Announcement::Event(event) = announcement {
                    if let Some(reason) = stops(&event) {
                        flag.raise(reason);
                    }
                    told.lock().unwrap().push(event);
                }
                Ok(())
            }),
            stop,
            threads: 2,
            origin: None,
        }
    }

    fn train(&self, spec: &PretrainSpec, output: &str) -> Result<(), JobError> {
        run(spec, &self.context(output, |_| None))
    }

    fn take_events(&self) -> Vec<JobEvent> {
        std::mem::take(&mut self.told.lock().unwrap())
    }
}

/// Values by series and step; the later one wins, as in the charts.
fn curves(events: &[JobEvent]) -> BTreeMap<(Series, u64), u64> {
    let mut curves = BTreeMap::new();
    for event in events {
        let JobEvent::Metrics { step, values } = event else { continue };
        for (series, value) in values {
            if !matches!(series, Series::TokensPerSecond | Series::MemoryBytes) {
                curves.insert((*series, *step), value.to_bits());
            }
        }
    }
    curves
}

fn samples(events: &[JobEvent]) -> BTreeMap<(u64, String), String> {
    events
        .iter()
        .filter_map(|event| match event {
            JobEvent::Sample { step, prompt, text } => Some(((*step, prompt.clone()), text.clone())),
            _ => None,
        })
        .collect()
}

/// Of every step that told them.
fn statistics(events: &[JobEvent]) -> BTreeMap<u64, Vec<GroupStatistics>> {
    events
        .iter()
        .filter_map(|event| match event {
            JobEvent::ParameterStatistics { step, groups } => Some((*step, groups.clone())),
            _ => None,
        })
        .collect()
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn user_error(result: Result<(), JobError>) -> String {
    match result {
        Err(JobError::User(message)) => message,
        other => panic!("expected an error for the user, got {other:?}"),
    }
}

#[test]
fn a_training_tells_its_curves_and_leaves_a_model_and_a_report() {
    let house = House::new(&stories(), Purpose::Training);
    house.train(&spec(), "out").unwrap();
    let events = house.take_events();
    let curves = curves(&events);
    for step in 1..=STEPS {
        for series in [Series::TrainingLoss, Series::GradientNorm, Series::LearningRate] {
            assert!(curves.contains_key(&(series, step)), "{series:?} of step {step}");
        }
    }
    let evaluated: Vec<u64> =
        curves.keys().filter(|(series, _)| *series == Series::BitsPerByte).map(|(_, step)| *step).collect();
    assert_eq!(evaluated, [0, 6, 12, 18, 20], "the first, the last, and every sixth step");
    assert_eq!(samples(&events).len(), 5 * spec().samples.prompts.len());
    let value = |series, step| f64::from_bits(curves[&(series, step)]);
    assert!((value(Series::ValidationLoss, 0) - f64::from(VOCABULARY).ln()).abs() < 0.2);
    assert!(value(Series::ValidationLoss, STEPS) < value(Series::ValidationLoss, 0) - 0.3);

    let output = house.output("out");
    let record: TrainingRecord = read(&output.join("model/training.json"));
    assert_eq!((record.step, record.parameters), (STEPS, spec().model.parameter_count()));
    let report: PretrainReport = read(&output.join("report/report.json"));
    assert_eq!(report.evaluations.len(), 5);
    assert_eq!(report.corpus_training_documents + report.corpus_held_out_documents, 61);
    let config = std::fs::read(output.join("model/config.json")).unwrap();
    assert_eq!(model::hugging_face::from_config(&config).unwrap(), spec().model);
    let last: Vec<_> = std::fs::read_dir(output.join("checkpoints")).unwrap().collect();
    assert_eq!(last.len(), 2, "the last two checkpoints are kept");
}

#[test]
fn groups_of_parameters_are_told_of_at_first_now_and_then_and_at_last() {
    let house = House::new(&stories(), Purpose::Training);
    let mut spec = spec();
    spec.statistics.every_steps = 8;
    house.train(&spec, "kept").unwrap();
    let kept = statistics(&house.take_events());
    assert_eq!(kept.keys().copied().collect::<Vec<_>>(), [1, 8, 16, STEPS]);
    for groups in kept.values() {
        // Embedding, two layers of two each, norms; the head is the embedding.
        assert_eq!(groups.len(), 6);
        for group in groups {
            let json = serde_json::to_string(group).unwrap();
            assert!(!json.contains("null") || group.dead_unit_share.is_none(), "{json}");
            assert!(group.weight_norm > 0.0 && group.gradient_norm > 0.0 && group.update_ratio > 0.0);
        }
    }
    spec.activations = Activations::Recomputed;
    house.train(&spec, "recomputed").unwrap();
    assert_eq!(statistics(&house.take_events()), kept, "computing activations again changes nothing");
}

#[test]
fn a_gpt2_learns_too_and_opens_again_from_its_folder() {
    let house = House::new(&stories(), Purpose::Training);
    let mut spec = spec();
    spec.model = ArchitectureSpec::Gpt2(Gpt2Spec {
        vocabulary_size: VOCABULARY,
        context_length: 32,
        hidden_size: 16,
        layers: 2,
        heads: 2,
        feed_forward_size: 24,
        layer_norm_epsilon: 1e-5,
        tied_embeddings: true,
    });
    house.train(&spec, "out").unwrap();
    let curves = curves(&house.take_events());
    let value = |series, step| f64::from_bits(curves[&(series, step)]);
    let (before, after) = (value(Series::ValidationLoss, 0), value(Series::ValidationLoss, STEPS));
    assert!((before - f64::from(VOCABULARY).ln()).abs() < 0.2 && after < before - 0.3, "{before} → {after}");

    // What the folder holds says of a text what the training's last checkpoint says of it.
    let folder = ModelFolder::open(&house.output("out/model")).unwrap();
    assert_eq!(folder.spec, spec.model);
    let checkpoint = house.output(&format!("out/checkpoints/step-{STEPS}/state.safetensors"));
    let trained = model::checkpoint::from_bytes(
        &std::fs::read(checkpoint).unwrap(),
        &spec.model,
        TrainerSettings::default(),
        &Device::Cpu,
    )
    .unwrap();
    let batch = Batch::stateless([&[7, 20, 33, 250, 7][..]]);
    let logits = |model: &Model<Tensor>| -> Vec<Vec<f32>> {
        model.logits(&folder.ops, &batch, &mut State::none()).unwrap().to_vec2().unwrap()
    };
    assert_eq!(logits(&folder.model), logits(trained.model()));
}

#[test]
fn stopping_and_going_on_gives_the_same_numbers_bit_for_bit() {
    let house = House::new(&stories(), Purpose::Training);
    house.train(&spec(), "straight").unwrap();
    let straight = house.take_events();

    let stops_at_nine =
        |event: &JobEvent| matches!(event, JobEvent::Metrics { step: 9, .. }).then_some(StopReason::Drain);
    let stopped = run(&spec(), &house.context("stopped", stops_at_nine));
    assert!(matches!(stopped, Err(JobError::Stopped(StopReason::Drain))), "{stopped:?}");
    assert!(house.output("stopped/checkpoints/step-9").is_dir());
    house.train(&spec(), "stopped").unwrap();
    let resumed = house.take_events();

    assert!(resumed.contains(&JobEvent::Resumed { step: 9 }));
    assert_eq!(curves(&resumed), curves(&straight));
    assert_eq!(samples(&resumed), samples(&straight));
    assert_eq!(statistics(&resumed), statistics(&straight));
    let weights = |output: &str| std::fs::read(house.output(output).join("model/model.safetensors")).unwrap();
    assert!(weights("stopped") == weights("straight"), "the weights are the same bytes");
}

#[test]
fn an_attempt_that_died_without_a_word_is_continued_from_its_last_checkpoint() {
    let house = House::new(&stories(), Purpose::Training);
    house.train(&spec(), "straight").unwrap();
    let straight = house.take_events();
    // Cancelling saves nothing, like a kill: the newest checkpoint is of step 8.
    let stops_at_ten =
        |event: &JobEvent| matches!(event, JobEvent::Metrics { step: 10, .. }).then_some(StopReason::Cancel);
    let stopped = run(&spec(), &house.context("killed", stops_at_ten));
    assert!(matches!(stopped, Err(JobError::Stopped(StopReason::Cancel))), "{stopped:?}");
    house.train(&spec(), "killed").unwrap();
    let resumed = house.take_events();
    assert!(resumed.contains(&JobEvent::Resumed { step: 8 }));
    assert_eq!(curves(&resumed), curves(&straight));
}

#[test]
fn a_finished_training_is_finished_again_without_a_step() {
    let house = House::new(&stories(), Purpose::Training);
    house.train(&spec(), "out").unwrap();
    house.take_events();
    house.train(&spec(), "out").unwrap();
    let again = house.take_events();
    assert!(again.contains(&JobEvent::Resumed { step: STEPS }));
    assert!(!curves(&again).keys().any(|(series, _)| *series == Series::TrainingLoss));
    assert!(house.output("out/model/model.safetensors").exists());
}

#[test]
fn marked_documents_are_on_the_side_that_they_ask_for() {
    let mut documents = stories();
    for document in &mut documents {
        document.split = Some(if document.id == "d7" { Split::HeldOut } else { Split::Training });
    }
    let house = House::new(&documents, Purpose::Training);
    house.train(&spec(), "out").unwrap();
    let report: PretrainReport = read(&house.output("out/report/report.json"));
    assert_eq!((report.corpus_training_documents, report.corpus_held_out_documents), (60, 1));
}

#[test]
fn what_cannot_work_is_told_to_the_person_who_can_change_it() {
    let evaluation = House::new(&stories(), Purpose::Evaluation);
    assert!(user_error(evaluation.train(&spec(), "out")).contains("marked for evaluation"));

    let house = House::new(&stories(), Purpose::Training);
    let mut other_vocabulary = spec();
    other_vocabulary.model.set_vocabulary_size(512);
    let message = user_error(house.train(&other_vocabulary, "out"));
    assert!(message.contains("512") && message.contains("300"), "{message}");

    let mut nothing_held_out = spec();
    nothing_held_out.validation.document_share = 0.0;
    let message = user_error(house.train(&nothing_held_out, "out"));
    assert!(message.contains("validation.document_share"), "{message}");

    let empty = House::new(&[], Purpose::Training);
    assert!(user_error(empty.train(&spec(), "out")).contains("no document to train on"));

    house.train(&spec(), "out").unwrap();
    let mut longer = spec();
    longer.seed += 1;
    assert!(user_error(house.train(&longer, "out")).contains("another spec"));
}

#[test]
fn a_training_that_diverges_says_why_and_keeps_the_last_checkpoint() {
    let house = House::new(&stories(), Purpose::Training);
    let mut wild = spec();
    wild.optimizer.learning_rate = 1.0;
    wild.optimizer.gradient_clip_norm = 1e6;
    wild.optimizer.weight_decay = 10.0;
    wild.optimizer.beta2 = 0.0;
    wild.optimizer.epsilon = 1e-15;
    wild.schedule.warmup_steps = 0;
    wild.steps = 400;
    match house.train(&wild, "out") {
        Err(JobError::User(message)) => {
            assert!(message.starts_with(DIVERGED) && message.contains("learning rate"), "{message}");
            assert!(message.contains("Before it, step ") && message.contains("gradient norm"), "{message}");
            let kept =
                format!("The checkpoint of step {}, from before, is kept", newest(&house.output("out")));
            assert!(message.contains(&kept), "{message}");
            assert!(house.output("out/checkpoints").read_dir().unwrap().next().is_some());
        }
        other => panic!("expected a diverged training, got {other:?}"),
    }
}

/// The step of the newest checkpoint.
fn newest(output: &Path) -> u64 {
    let names = output.join("checkpoints").read_dir().unwrap().map(|entry| entry.unwrap().file_name());
    names.filter_map(|name| name.to_str()?.strip_prefix("step-")?.parse().ok()).max().unwrap()
}

/// Muon, an average, and a rate that is stable and falls in the last six steps.
fn everything() -> PretrainSpec {
    let mut spec = spec();
    spec.muon = Some(MuonSpec { learning_rate: 0.02, momentum: 0.95, weight_decay: 0.1, iterations: 5 });
    spec.weight_average = Some(WeightAverageSpec { decay: 0.9 });
    spec.schedule.decay = Decay::WarmupStableDecay { decay_steps: 6 };
    spec
}

#[test]
fn with_muon_and_averaged_weights_stopping_and_going_on_gives_the_same_numbers_too() {
    let house = House::new(&stories(), Purpose::Training);
    house.train(&everything(), "straight").unwrap();
    let straight = house.take_events();
    let says_so = |event: &JobEvent| matches!(event, JobEvent::Log { message, .. } if message.contains("averaged weights"));
    assert!(straight.iter().any(says_so));
    let rate = |step| f64::from_bits(curves(&straight)[&(Series::LearningRate, step)]);
    assert!((4..=14).all(|step| rate(step) == rate(4)) && rate(20) < 0.1 * rate(4));

    let stops_at_nine =
        |event: &JobEvent| matches!(event, JobEvent::Metrics { step: 9, .. }).then_some(StopReason::Drain);
    let stopped = run(&everything(), &house.context("stopped", stops_at_nine));
    assert!(matches!(stopped, Err(JobError::Stopped(StopReason::Drain))), "{stopped:?}");
    house.train(&everything(), "stopped").unwrap();
    let resumed = house.take_events();
    assert_eq!(curves(&resumed), curves(&straight));
    assert_eq!(samples(&resumed), samples(&straight));
    let weights = |output: &str| std::fs::read(house.output(output).join("model/model.safetensors")).unwrap();
    assert!(weights("stopped") == weights("straight"), "the weights are the same bytes");
    let record: TrainingRecord = read(&house.output("straight/model/training.json"));
    assert_eq!(record.weight_average_decay, Some(0.9));

    // The model is the average, not the last weights.
    let folder = ModelFolder::open(&house.output("straight/model")).unwrap();
    let settings = TrainerSettings {
        muon: everything().muon,
        weight_average: everything().weight_average,
        ..TrainerSettings::default()
    };
    let checkpoint = house.output(&format!("straight/checkpoints/step-{STEPS}/state.safetensors"));
    let bytes = std::fs::read(checkpoint).unwrap();
    let trained = model::checkpoint::from_bytes(&bytes, &everything().model, settings, &Device::Cpu).unwrap();
    let batch = Batch::stateless([&[7, 20, 33, 250, 7][..]]);
    let logits = |model: &Model<Tensor>| -> Vec<Vec<f32>> {
        model.logits(&folder.ops, &batch, &mut State::none()).unwrap().to_vec2().unwrap()
    };
    let last = Model::new(&everything().model, &trained.weights()).unwrap();
    assert_eq!(logits(&folder.model), logits(trained.model()));
    assert_ne!(logits(&folder.model), logits(&last));
}

/// A rate at which the tiny model learns one batch.
fn with_preflight(mut spec: PretrainSpec, steps: u32) -> PretrainSpec {
    spec.preflight = Some(PreflightSpec { steps });
    spec.optimizer.learning_rate = 2e-2;
    spec
}

#[test]
fn a_pre_flight_learns_one_batch_by_heart_and_leaves_no_trace() {
    let house = House::new(&stories(), Purpose::Training);
    let with = with_preflight(spec(), 400);
    let without = PretrainSpec { preflight: None, ..with.clone() };
    house.train(&with, "with").unwrap();
    let told = house.take_events();
    house.train(&without, "without").unwrap();
    let mut curves_with = curves(&told);
    let flight: Vec<(u64, f64)> = curves_with
        .iter()
        .filter(|((series, _), _)| *series == Series::PreflightLoss)
        .map(|((_, step), loss)| (*step, f64::from_bits(*loss)))
        .collect();
    let (first, last) = (flight[0], flight[flight.len() - 1]);
    assert!(first.0 == 0 && last.1 < 0.1 * first.1, "{flight:?}");
    assert!(flight.iter().rev().skip(1).all(|(_, loss)| *loss >= 0.1 * first.1), "it ends as soon as it can");
    let passed = format!("pre-flight: passed after {} steps", last.0);
    let says_so =
        |event: &JobEvent| matches!(event, JobEvent::Log { message, .. } if message.contains(&passed));
    assert!(told.iter().any(says_so));

    curves_with.retain(|(series, _), _| *series != Series::PreflightLoss);
    assert_eq!(curves_with, curves(&house.take_events()));
    let weights = |output: &str| std::fs::read(house.output(output).join("model/model.safetensors")).unwrap();
    assert!(weights("with") == weights("without"), "the weights are the same bytes");

    house.train(&with, "with").unwrap();
    let again = house.take_events();
    assert!(!curves(&again).keys().any(|(series, _)| *series == Series::PreflightLoss), "only before step 1");
}

#[test]
fn a_pre_flight_that_fails_says_what_to_change_before_anything_is_trained() {
    let house = House::new(&stories(), Purpose::Training);
    let mut slow = with_preflight(spec(), 30);
    slow.optimizer.learning_rate = 1e-4;
    let message = user_error(house.train(&slow, "slow"));
    assert!(
        message.contains("pre-flight: failed after 30 steps") && message.contains("too low"),
        "{message}"
    );
    assert!(!house.output("slow/checkpoints").exists() && !house.output("slow/model").exists());

    let mut wild = with_preflight(spec(), 60);
    wild.optimizer.learning_rate = 1.0;
    wild.optimizer.gradient_clip_norm = 1e6;
    let message = user_error(house.train(&wild, "wild"));
    assert!(message.contains("too high"), "{message}");
}

#[test]
fn a_pre_flight_stops_when_it_is_asked_to_and_is_made_again() {
    let house = House::new(&stories(), Purpose::Training);
    let spec = with_preflight(spec(), 400);
    let in_flight = |event: &JobEvent| {
        let JobEvent::Metrics { step: 3, values } = event else { return None };
        values.contains_key(&Series::PreflightLoss).then_some(StopReason::Cancel)
    };
    let stopped = run(&spec, &house.context("out", in_flight));
    assert!(matches!(stopped, Err(JobError::Stopped(StopReason::Cancel))), "{stopped:?}");
    house.take_events();
    house.train(&spec, "out").unwrap();
    assert!(curves(&house.take_events()).contains_key(&(Series::PreflightLoss, 0)));
}

#[test]
fn a_model_knows_what_it_was_made_from_with_and_without_a_server() {
    let house = House::new(&stories(), Purpose::Training);
    for output in ["one", "two"] {
        house.train(&spec(), output).unwrap();
    }
    let record = |output: &str| std::fs::read(house.output(output).join("model/provenance.json")).unwrap();
    assert_eq!(record("one"), record("two"), "the same spec and inputs give the same record");
    let alone: Provenance = read(&house.output("one/model/provenance.json"));
    assert_eq!((&alone.spec, alone.spec.seed, &alone.job), (&spec(), spec().seed, &None));
    assert_eq!((alone.corpus.documents, alone.corpus.sources[0].label.as_str()), (61, "산길 이야기"));
    assert_eq!(alone.corpus.sources[0].licence_note, "시험을 위해 씀");

    let origin =
        JobOrigin { job_id: JobId(7), inputs: BTreeMap::from([("corpus".to_owned(), ArtifactId(3))]) };
    let on_server = JobContext { origin: Some(origin.clone()), ..house.context("server", |_| None) };
    run(&spec(), &on_server).unwrap();
    let on_server: Provenance = read(&house.output("server/model/provenance.json"));
    assert_eq!(on_server, Provenance { job: Some(origin), ..alone.clone() });

    let other = House::new(&stories()[..59], Purpose::Training);
    other.train(&spec(), "out").unwrap();
    let other: Provenance = read(&other.output("out/model/provenance.json"));
    assert_ne!(other.corpus.sha256, alone.corpus.sha256);
    assert_eq!(other.tokenizer_sha256, alone.tokenizer_sha256);
}

//! A small corpus, its tokenizer, specs, and the worker's own binary.

// Each test file uses some of it.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use gpu_worker::shards::ShardWriter;
use shared::artifacts::Purpose;
use shared::documents::{Content, Document};
use shared::spec::presets::Preset;
use shared::spec::{ImportSpec, JobSpec, PretrainSpec, SourceSpec, TrainTokenizerSpec};

/// Everything that a job of a test reads.
pub struct Material {
    pub folder: tempfile::TempDir,
}

impl Material {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `SPEC.json` of a spec.
    pub fn spec(&self, name: &str, spec: &JobSpec) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, serde_json::to_vec_pretty(spec).unwrap()).unwrap();
        path
    }

    /// A file of texts and the spec that imports it.
    pub fn import(&self) -> (PathBuf, PathBuf) {
        let rows =
            ["첫 번째 이야기예요.", "두 번째 이야기예요."].map(|text| format!("{{\"text\":\"{text}\"}}\n"));
        let texts = self.path("texts.jsonl");
        fs::write(&texts, rows.concat()).unwrap();
        (self.spec("import.json", &import_spec("이야기")), texts)
    }

    /// A pretraining that would go on for `steps`, with its `--input`s.
    pub fn pretrain(&self, steps: u64) -> (PathBuf, [String; 2]) {
        let documents: Vec<Document> = (0..120).map(document).collect();
        let (corpus, tokenizer) = (self.path("corpus"), self.path("tokenizer"));
        fs::create_dir_all(&corpus).unwrap();
        let mut writer = ShardWriter::new(&corpus, 1 << 20);
        documents.iter().for_each(|document| writer.push(document).unwrap());
        writer.finish(Purpose::Training, Vec::new()).unwrap();

        fs::create_dir_all(&tokenizer).unwrap();
        let texts: Vec<String> = documents.iter().flat_map(Document::texts).map(str::to_owned).collect();
        let trained = model::tokenizer::train(texts.into_iter(), &TrainTokenizerSpec::new(320)).unwrap();
        fs::write(tokenizer.join("tokenizer.json"), trained.tokenizer_json).unwrap();
        fs::write(tokenizer.join("tokenizer_config.json"), trained.tokenizer_config_json).unwrap();

        let spec = self.spec("pretrain.json", &JobSpec::Pretrain(pretrain_spec(steps)));
        let inputs = [format!("corpus={}", corpus.display()), format!("tokenizer={}", tokenizer.display())];
        (spec, inputs)
    }
}

pub fn import_spec(label: &str) -> JobSpec {
    JobSpec::Import(ImportSpec::new(vec![SourceSpec {
        input: "texts".to_owned(),
        label: label.to_owned(),
        licence_note: "written for a test".to_owned(),
        purpose: Purpose::Training,
        encoding: Default::default(),
        text_field: None,
    }]))
}

fn pretrain_spec(steps: u64) -> PretrainSpec {
    let mut spec = Preset::Tiny.pretrain();
    let shared::spec::ArchitectureSpec::Llama(llama) = &mut spec.model else { unreachable!() };
    (llama.vocabulary_size, llama.context_length, llama.hidden_size) = (320, 32, 16);
    (llama.heads, llama.key_value_heads, llama.feed_forward_size) = (2, 1, 32);
    spec.steps = steps;
    spec.batch.rows = 2;
    spec.schedule.warmup_steps = 0;
    spec.validation.every_steps = steps;
    spec.validation.rows_limit = 2;
    // Of 120 documents the preset's share may choose none.
    spec.validation.document_share = 0.2;
    spec.checkpoint.every_steps = 5;
    spec.samples.prompts.clear();
    spec
}

fn document(index: u64) -> Document {
    let content = match corpus::document(1, index).content {
        corpus::Content::Text(text) => text,
        corpus::Content::Chat(messages) => messages.into_iter().map(|message| message.content).collect(),
    };
    Document {
        id: index.to_string(),
        source: "test".to_owned(),
        split: None,
        content: Content::Text(content),
    }
}

/// The worker's command line.
pub fn worker(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mitbadak-worker"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// `mitbadak-worker job` with its inputs bound.
pub fn job(spec: &Path, inputs: &[String], out: &Path) -> Command {
    let mut command = worker(&["job"]);
    command.arg(spec).arg("--out").arg(out).args(["--threads", "1"]);
    for input in inputs {
        command.args(["--input", input]);
    }
    command
}

/// Runs to the end.
pub fn run(command: &mut Command) -> Output {
    command.output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The steps of the complete checkpoints in a job's output folder, oldest first.
pub fn checkpoints(out: &Path) -> Vec<u64> {
    let found = gpu_worker::jobs::checkpoints::complete_checkpoints(&out.join("checkpoints")).unwrap();
    found.into_iter().map(|checkpoint| checkpoint.step).collect()
}

/// Names of everything in a folder.
pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A process that ends with its test.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn signal(process: u32, name: &str) {
    assert!(Command::new("kill").args([name, &process.to_string()]).status().unwrap().success());
}

/// Polls; the limit only turns a hang into a failure.
pub fn eventually<T>(what: &str, mut answer: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = answer() {
            return answer;
        }
        assert!(start.elapsed() < Duration::from_secs(120), "waited two minutes for: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

//! A GGUF file becomes a model that everything else takes; one that is broken is refused in words.

use std::collections::BTreeMap;
use std::path::Path;

use model::architectures::{parameters, random_weights};
use model::gguf::{Format, Parts, write_weights};
use model::tokenizer::train;
use model::weights::{Expected, to_bytes};
use model::{DType, Device};
use shared::spec::presets::Preset;
use shared::spec::{ArchitectureSpec, ImportModelSpec, TrainTokenizerSpec};

use super::run;
use crate::jobs::{JobContext, JobError, StopFlag, StopReason};
use crate::model_folder::ModelFolder;

pub fn architecture() -> ArchitectureSpec {
    let mut architecture = Preset::Tiny.pretrain().model;
    architecture.set_vocabulary_size(270);
    architecture
}

fn gguf(format: Format) -> Vec<u8> {
    let texts = (0..50).map(|n| format!("{n}번째 이야기. 할머니는 시장에 갔다."));
    let trained = train(texts, &TrainTokenizerSpec::new(270)).unwrap();
    let spec = architecture();
    let parts = Parts {
        name: "시험",
        spec: &spec,
        tokenizer_json: &trained.tokenizer_json,
        tokenizer_config_json: &trained.tokenizer_config_json,
    };
    let weights = random_weights(&spec, 3, DType::F32, &Device::Cpu).unwrap();
    let mut bytes = Vec::new();
    write_weights(&mut bytes, &parts, format, &weights).unwrap();
    bytes
}

pub fn import(input: &Path, output: &Path, stop: StopFlag) -> Result<(), JobError> {
    let context = JobContext {
        inputs: BTreeMap::from([("file".to_owned(), input.to_owned())]),
        output: output.to_owned(),
        announce: Box::new(|_| Ok(())),
        stop,
        threads: 1,
        origin: None,
    };
    let licence_note = "공공누리 제1유형".to_owned();
    run(&ImportModelSpec { name: "시험".to_owned(), licence_note }, &context)
}

#[test]
fn the_model_comes_out_with_the_weights_that_went_in() {
    let house = tempfile::tempdir().unwrap();
    let source = house.path().join("source");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(source.join("model.gguf"), gguf(Format::F32)).unwrap();
    std::fs::write(source.join("notes.txt"), "beside it").unwrap();
    let outputs = ["first", "second"].map(|name| house.path().join(name));
    for output in &outputs {
        import(&source, output, StopFlag::default()).unwrap();
    }
    let read = |output: &Path, name: &str| std::fs::read(output.join(name)).unwrap();
    let spec = architecture();
    let expected: Vec<Expected> = parameters(&spec).into_iter().map(Expected::from).collect();
    let weights = random_weights(&spec, 3, DType::F32, &Device::Cpu).unwrap();
    let metadata = BTreeMap::from([("format".to_owned(), "pt".to_owned())]);
    let file = to_bytes(&weights, &expected, metadata).unwrap();
    assert!(read(&outputs[0], "model/model.safetensors") == file);
    for name in
        ["model/config.json", "model/model.safetensors", "model/tokenizer.json", "tokenizer/tokenizer.json"]
    {
        assert!(read(&outputs[0], name) == read(&outputs[1], name), "{name} is the same each time");
    }
    let folder = ModelFolder::open(&outputs[0].join("model")).unwrap();
    assert_eq!(folder.spec, spec);
    assert_eq!(folder.tokenizer().unwrap().vocabulary_size(), 270);
    assert!(folder.configuration().unwrap().chat_template.is_some());
}

#[test]
fn a_quantized_file_runs_as_it_is_and_imported() {
    let house = tempfile::tempdir().unwrap();
    let path = house.path().join("model.gguf");
    std::fs::write(&path, gguf(Format::Q8_0)).unwrap();
    import(&path, &house.path().join("out"), StopFlag::default()).unwrap();
    let logits = |path: &Path| -> Vec<f32> {
        let folder = ModelFolder::open(path).unwrap();
        let batch = model::batch::Batch::stateless([&[0u32, 7, 30][..]]);
        let mut state = model::state::State::none();
        let logits = folder.model.logits(&folder.ops, &batch, &mut state).unwrap();
        logits.flatten_all().unwrap().to_vec1().unwrap()
    };
    let (quantized, imported) = (logits(&path), logits(&house.path().join("out/model")));
    let largest = imported.iter().fold(0.0f32, |largest, value| largest.max(value.abs()));
    assert!(largest > 0.0 && quantized.len() == imported.len());
    for (quantized, imported) in quantized.iter().zip(&imported) {
        assert!((quantized - imported).abs() < 1e-3 * largest, "{quantized} {imported}");
    }
}

#[test]
fn what_is_no_model_is_refused_in_words() {
    let house = tempfile::tempdir().unwrap();
    let output = house.path().join("out");
    let refused = |bytes: &[u8]| {
        let path = house.path().join("model.gguf");
        std::fs::write(&path, bytes).unwrap();
        match import(&path, &output, StopFlag::default()).unwrap_err() {
            JobError::User(message) => message,
            other => panic!("{other:?}"),
        }
    };
    let good = gguf(Format::Q4_0);
    assert!(refused(b"\x7fELF").contains("GGUF"));
    assert!(refused(&good[..good.len() / 2]).contains("fetch it again"));
    let empty = tempfile::tempdir().unwrap();
    let error = import(empty.path(), &output, StopFlag::default()).unwrap_err().to_string();
    assert!(error.contains(".gguf"), "{error}");
    for name in ["a.gguf", "b.gguf"] {
        std::fs::write(empty.path().join(name), &good).unwrap();
    }
    let error = import(empty.path(), &output, StopFlag::default()).unwrap_err().to_string();
    assert!(error.contains("several"), "{error}");
    assert!(!output.join("model").exists(), "nothing half done is left");
}

#[test]
fn it_stops_when_asked() {
    let house = tempfile::tempdir().unwrap();
    let path = house.path().join("model.gguf");
    std::fs::write(&path, gguf(Format::F16)).unwrap();
    let stop = StopFlag::default();
    stop.raise(StopReason::Cancel);
    let error = import(&path, &house.path().join("out"), stop).unwrap_err();
    assert!(matches!(error, JobError::Stopped(StopReason::Cancel)));
}

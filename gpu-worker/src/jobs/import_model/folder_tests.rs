//! A Hugging Face folder becomes a model that everything else takes: as it lies, or packed as one zip by
//! somebody who may not mean well.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use model::architectures::{parameters, random_weights};
use model::hugging_face::{SpecialIds, to_config};
use model::tokenizer::template::TemplateConfiguration;
use model::tokenizer::train;
use model::weights::{Expected, to_bytes};
use model::{DType, Device};
use serde_json::{Value, json};
use shared::provenance::{ImportedOrigin, ModelOrigin, PROVENANCE_FILE};
use shared::spec::{ExportSpec, GgufFormat, TrainTokenizerSpec};

use super::tests::{architecture, import};
use super::zip::MAGIC;
use crate::hub_folder::{CONFIG_FILE, TEMPLATE_FILE, TOKENIZER_CONFIG_FILE, TOKENIZER_FILE};
use crate::jobs::{JobContext, JobError, StopFlag, StopReason, export};
use crate::model_folder::ModelFolder;

const WEIGHTS: &str = "model.safetensors";

type Files = BTreeMap<String, Vec<u8>>;

/// A tokenizer that knows none of our special tokens: its end is called `</s>`.
fn foreign_tokenizer() -> Vec<u8> {
    let texts = (0..50).map(|n| format!("{n}번째 이야기. 할머니는 시장에 갔다."));
    let trained = train(texts, &TrainTokenizerSpec::new(270)).unwrap();
    let text = String::from_utf8(trained.tokenizer_json).unwrap();
    text.replace("<|endoftext|>", "</s>").replace("endofturn|>", "stop|>").into_bytes()
}

/// As the hub has it: the special tokens as objects, the template in a file of its own.
fn folder() -> Files {
    let spec = architecture();
    let expected: Vec<Expected> = parameters(&spec).into_iter().map(Expected::from).collect();
    let weights = random_weights(&spec, 3, DType::F32, &Device::Cpu).unwrap();
    let config = to_config(&spec, SpecialIds { end_of_text: 0, padding: 1 });
    let tokenizer_config = json!({"eos_token": {"content": "</s>", "lstrip": false}, "legacy": true});
    [
        (CONFIG_FILE, config.to_string().into_bytes()),
        (WEIGHTS, to_bytes(&weights, &expected, BTreeMap::new()).unwrap()),
        (TOKENIZER_FILE, foreign_tokenizer()),
        (TOKENIZER_CONFIG_FILE, tokenizer_config.to_string().into_bytes()),
        (TEMPLATE_FILE, b"{{ messages[0].content }}".to_vec()),
        ("generation_config.json", b"{}".to_vec()),
        ("README.md", b"# A model".to_vec()),
    ]
    .map(|(name, bytes)| (name.to_owned(), bytes))
    .into()
}

fn put(folder: &Path, files: &Files) {
    fs::create_dir_all(folder).unwrap();
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
}

#[derive(Clone, Copy)]
enum Packed {
    Stored,
    Deflated,
}

/// An archive as any zip program makes it. `change` may spoil an entry of the list: its sizes begin at 20.
fn zip(files: &Files, packed: Packed, prefix: &str, change: impl Fn(&str, &mut Vec<u8>)) -> Vec<u8> {
    let (mut archive, mut list) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let (method, data) = match packed {
            Packed::Stored => (0u16, bytes.clone()),
            Packed::Deflated => {
                let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(bytes).unwrap();
                (8, encoder.finish().unwrap())
            }
        };
        let mut crc = Crc::new();
        crc.update(bytes);
        let path = format!("{prefix}{name}");
        let sizes = [crc.sum(), data.len() as u32, bytes.len() as u32].map(u32::to_le_bytes).concat();
        let common = [
            &[20, 0, 0, 0][..],
            &method.to_le_bytes(),
            &[0; 4],
            &sizes,
            &(path.len() as u16).to_le_bytes(),
            &[0, 0],
        ]
        .concat();
        let offset = archive.len() as u32;
        archive.extend([MAGIC, &common[..], path.as_bytes(), &data].concat());
        let mut entry =
            [b"PK\x01\x02\x14\x00", &common[..], &[0; 10], &offset.to_le_bytes(), path.as_bytes()].concat();
        change(name, &mut entry);
        list.extend(entry);
    }
    let count = files.len() as u16;
    let place = [list.len() as u32, archive.len() as u32].map(u32::to_le_bytes).concat();
    let counts = [[0; 2], [0; 2], count.to_le_bytes(), count.to_le_bytes()].concat();
    archive.extend(&list);
    archive.extend([&b"PK\x05\x06"[..], &counts, &place, &[0, 0]].concat());
    archive
}

fn unspoilt(_: &str, _: &mut Vec<u8>) {}

#[test]
fn a_folder_and_its_zip_become_the_same_model() {
    let house = tempfile::tempdir().unwrap();
    let files = folder();
    let source = house.path().join("source");
    put(&source, &files);
    let mut inputs = vec![source];
    for (name, packed, prefix) in [
        ("stored.zip", Packed::Stored, ""),
        ("deflated.ZIP", Packed::Deflated, "korean-model-main/"),
        ("a name without an ending", Packed::Deflated, "a/b/"),
    ] {
        let path = house.path().join(name);
        fs::write(&path, zip(&files, packed, prefix, unspoilt)).unwrap();
        inputs.push(path);
    }
    for (number, input) in inputs.iter().enumerate() {
        let output = house.path().join(format!("out {number}"));
        import(input, &output, StopFlag::default()).unwrap();
        let read = |name: &str| fs::read(output.join(name)).unwrap();
        // Written with the metadata that transformers asks for, otherwise what came.
        let spec = architecture();
        let expected: Vec<Expected> = parameters(&spec).into_iter().map(Expected::from).collect();
        let weights = random_weights(&spec, 3, DType::F32, &Device::Cpu).unwrap();
        let metadata = BTreeMap::from([("format".to_owned(), "pt".to_owned())]);
        assert!(read("model/model.safetensors") == to_bytes(&weights, &expected, metadata).unwrap());
        for folder in ["model", "tokenizer"] {
            assert!(read(&format!("{folder}/{TOKENIZER_FILE}")) == files[TOKENIZER_FILE]);
        }
        let configuration = read("tokenizer/tokenizer_config.json");
        let configuration: Value = serde_json::from_slice(&configuration).unwrap();
        assert_eq!(configuration["eos_token"]["content"], "</s>", "as it came");
        assert_eq!(configuration["legacy"], true);
        assert_eq!(configuration["chat_template"], "{{ messages[0].content }}");
        assert_eq!(configuration["bos_token"], "</s>", "which config.json names");
        let opened = ModelFolder::open(&output.join("model")).unwrap();
        assert_eq!(opened.spec, spec);
        assert_eq!(opened.tokenizer().unwrap().vocabulary_size(), 270);
        assert!(!output.join("unpacked").exists(), "nothing else is left");
    }
}

#[test]
fn the_folder_of_the_hub_runs_as_it_is() {
    let house = tempfile::tempdir().unwrap();
    put(house.path(), &folder());
    let opened = ModelFolder::open(house.path()).unwrap();
    let tokenizer = opened.tokenizer().unwrap();
    let prompt = model::prompt::continuing_as_configured(
        &tokenizer,
        &opened.configuration().unwrap(),
        "할머니는",
        100,
    )
    .unwrap();
    assert_eq!(prompt.stop_tokens, [0], "it stops at its own end of text");
    fs::remove_file(house.path().join(TOKENIZER_FILE)).unwrap();
    let error = ModelFolder::open(house.path()).unwrap().tokenizer().unwrap_err().to_string();
    assert!(error.contains("save_pretrained"), "{error}");
}

#[test]
fn what_came_and_its_terms_go_with_the_model_through_an_export() {
    let house = tempfile::tempdir().unwrap();
    let files = folder();
    let archive = house.path().join("model.zip");
    fs::write(&archive, zip(&files, Packed::Deflated, "", unspoilt)).unwrap();
    let imported = house.path().join("imported");
    import(&archive, &imported, StopFlag::default()).unwrap();
    let output = house.path().join("exported");
    let bound = |name: &str| (name.to_owned(), imported.join(name));
    let logged = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let log = logged.clone();
    let context = JobContext {
        inputs: BTreeMap::from([bound("model"), bound("tokenizer")]),
        output: output.clone(),
        announce: Box::new(move |said| {
            log.lock().unwrap().push_str(&format!("{said:?}\n"));
            Ok(())
        }),
        stop: StopFlag::default(),
        threads: 1,
        origin: None,
    };
    let spec = ExportSpec {
        name: "가져온 것".to_owned(),
        description: String::new(),
        licence: String::new(),
        gguf: Some(GgufFormat::F32),
    };
    export::run(&spec, &context).unwrap();
    let read = |name: &str| fs::read(output.join("model").join(name)).unwrap();
    assert!(read(TOKENIZER_FILE) == files[TOKENIZER_FILE], "the tokenizer as it came");
    let generation: Value = serde_json::from_slice(&read("generation_config.json")).unwrap();
    assert_eq!((&generation["bos_token_id"], &generation["eos_token_id"]), (&json!(0), &json!([0])));
    let origin: ModelOrigin = serde_json::from_slice(&read(PROVENANCE_FILE)).unwrap();
    let ModelOrigin::Imported(ImportedOrigin { imported, files, .. }) = origin else {
        panic!("{origin:?}");
    };
    assert_eq!(imported.licence_note, "공공누리 제1유형");
    assert_eq!(files[0].name, "model.zip");
    let card = String::from_utf8(read("README.md")).unwrap();
    for part in
        ["Made elsewhere", "### Terms\n\n공공누리 제1유형", "| model.zip |", "names the nearest, `gpt-2`"]
    {
        assert!(card.contains(part), "{part:?} is missing in:\n{card}");
    }
    for part in ["from-scratch", "Trained from random weights", "Nothing is recorded"] {
        assert!(!card.contains(part), "{part:?} is said of an imported model:\n{card}");
    }
    assert!(logged.lock().unwrap().contains("llama.cpp has no name"), "the log says it too");
    let gguf = output.join("model/model.gguf");
    let opened = ModelFolder::open(&gguf).unwrap();
    assert_eq!(opened.spec, architecture());
    let configuration: TemplateConfiguration = opened.configuration().unwrap();
    assert_eq!(configuration.eos_token.as_deref(), Some("</s>"));
    assert_eq!(configuration.chat_template.as_deref(), Some("{{ messages[0].content }}"));
}

fn refused(archive: &[u8]) -> String {
    let house = tempfile::tempdir().unwrap();
    let path = house.path().join("model.zip");
    fs::write(&path, archive).unwrap();
    let output = house.path().join("out");
    let error = match import(&path, &output, StopFlag::default()).unwrap_err() {
        JobError::User(message) => message,
        other => panic!("{other:?}"),
    };
    assert!(!output.join("model").exists() && !output.join("unpacked").exists(), "nothing is left");
    error
}

#[test]
fn an_archive_that_is_no_model_is_refused_in_words() {
    let pack = |files: &Files| zip(files, Packed::Deflated, "", unspoilt);
    let without = |name: &str| -> Files { folder().into_iter().filter(|(other, _)| other != name).collect() };
    let with = |name: &str, bytes: &[u8]| -> Files {
        let mut files = folder();
        files.insert(name.to_owned(), bytes.to_vec());
        files
    };
    let changed = |key: &str, value: Value| -> Files {
        let mut config: Value = serde_json::from_slice(&folder()[CONFIG_FILE]).unwrap();
        config[key] = value;
        with(CONFIG_FILE, config.to_string().as_bytes())
    };
    let mut pickled = without(WEIGHTS);
    pickled.insert("pytorch_model.bin".to_owned(), vec![0x80, 2]);
    let mut two = Files::new();
    for (name, bytes) in folder() {
        two.insert(format!("a/{name}"), bytes.clone());
        two.insert(format!("b/{name}"), bytes);
    }
    for (files, word) in [
        (without(CONFIG_FILE), "no config.json"),
        (without(WEIGHTS), "no model.safetensors"),
        (without(TOKENIZER_FILE), "tokenizer.json"),
        (pickled, "a pickle"),
        (two, "several models"),
        (with(WEIGHTS, b"12345678"), "header"),
        (with(TOKENIZER_FILE, b"{}"), "tokenizer.json"),
        (with(CONFIG_FILE, &vec![b' '; 2 << 20]), "1048576"),
        (changed("model_type", json!("qwen2")), "qwen2"),
        (changed("attention_bias", json!(true)), "attention_bias"),
        (changed("quantization_config", json!({"quant_method": "gptq"})), "quantized"),
        (changed("vocab_size", json!(271)), "model.embed_tokens.weight"),
    ] {
        let error = refused(&pack(&files));
        assert!(error.contains(word), "{word:?} is not in {error:?}");
    }
}

#[test]
fn an_archive_cannot_write_elsewhere_nor_without_end() {
    let pack = |files: &Files| zip(files, Packed::Deflated, "", unspoilt);
    let mut files = folder();
    for name in ["../escape.safetensors", "/tmp/escape.safetensors", "a/../../b.safetensors", ".hidden"] {
        files.insert(name.to_owned(), b"x".to_vec());
    }
    let house = tempfile::tempdir().unwrap();
    let path = house.path().join("model.zip");
    fs::write(&path, pack(&files)).unwrap();
    import(&path, &house.path().join("out"), StopFlag::default()).unwrap();
    let names = fs::read_dir(house.path()).unwrap().count();
    assert_eq!(names, 2, "the archive and the output");

    let mut files = folder();
    files.insert(WEIGHTS.to_owned(), vec![0; 80 << 20]);
    assert!(refused(&pack(&files)).contains("that is no model"), "a bomb that says so");
    let size_of = |value: u32| {
        move |name: &str, entry: &mut Vec<u8>| {
            if name == WEIGHTS {
                entry[24..28].copy_from_slice(&value.to_le_bytes());
            }
        }
    };
    let liar = zip(&files, Packed::Deflated, "", size_of(1000));
    assert!(refused(&liar).contains("larger than the list says"), "a bomb that does not");
    let archive = zip(&folder(), Packed::Stored, "", size_of(u32::MAX - 1));
    assert!(refused(&archive).contains("that is no model"));
}

#[test]
fn a_damaged_archive_is_refused_wherever_it_is_damaged() {
    let archive = zip(&folder(), Packed::Stored, "", unspoilt);
    let weights = folder()[WEIGHTS].clone();
    let place = archive.windows(64).position(|part| part == &weights[weights.len() - 64..]).unwrap();
    let mut changed = archive.clone();
    changed[place] ^= 1;
    assert!(refused(&changed).contains("damaged"), "its checksum says so");
    assert!(refused(&archive[..archive.len() / 2]).contains("cut off"));
    let entry = |at: usize, byte: u8| {
        zip(&folder(), Packed::Stored, "", |name, entry| {
            if name == WEIGHTS {
                entry[at] = byte;
            }
        })
    };
    assert!(refused(&entry(0, 0)).contains("list of files is damaged"));
    assert!(refused(&entry(8, 1)).contains("unencrypted"), "encrypted");
    assert!(refused(&entry(10, 12)).contains("not read"), "bzip2");
    assert!(refused(&entry(23, 0x7f)).contains("beyond its end"), "larger than the archive");
    assert!(refused(&entry(42, 1)).contains("not where the list says"));
}

#[test]
fn it_stops_when_asked_and_leaves_nothing_behind() {
    let house = tempfile::tempdir().unwrap();
    let path = house.path().join("model.zip");
    fs::write(&path, zip(&folder(), Packed::Stored, "", unspoilt)).unwrap();
    let stop = StopFlag::default();
    stop.raise(StopReason::Drain);
    let output = house.path().join("out");
    let error = import(&path, &output, stop).unwrap_err();
    assert!(matches!(error, JobError::Stopped(StopReason::Drain)));
    assert!(!output.join("unpacked").exists());
}

//! Writes small good inputs for `cargo xtask fuzz`, one folder per target: `fuzz_seeds FOLDER`.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use flate2::Crc;
use model::architectures::{parameters, random_weights};
use model::gguf::{Format, Parts, write_weights};
use model::hugging_face::{SpecialIds, to_config};
use model::tokenizer::train;
use model::weights::{Expected, to_bytes};
use model::{DType, Device};
use shared::spec::{ArchitectureSpec, Gpt2Spec, LlamaSpec, RopeScaling, TrainTokenizerSpec};

const VOCABULARY: u32 = 264;

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let folder = std::env::args().nth(1).ok_or("name a folder")?;
    let folder = Path::new(&folder);
    let texts = ["할머니가 밥을 먹었다.", "학교에 갔습니다.", "노래를 불렀어요?"];
    let texts = texts.iter().cycle().take(30).map(|text| (*text).to_owned());
    let tokenizer = train(texts, &TrainTokenizerSpec::new(VOCABULARY))?;
    put(folder, "tokenizer", "ours", &framed(&tokenizer.tokenizer_json, &tokenizer.tokenizer_config_json))?;
    let template = br#"{"chat_template": "{% for m in messages %}{{ m.content | trim }}{% endfor %}", "eos_token": {"content": "a"}}"#;
    put(folder, "tokenizer", "template", &framed(&tokenizer.tokenizer_json, template))?;
    let scaling = RopeScaling::Llama3 {
        factor: 8.0,
        low_freq_factor: 1.0,
        high_freq_factor: 4.0,
        original_context_length: 8192,
    };
    for (name, spec) in [
        ("llama", llama(None)),
        ("llama3", llama(Some(scaling))),
        ("linear", llama(Some(RopeScaling::Linear { factor: 2.0 }))),
        ("gpt2", gpt2()),
    ] {
        let weights = random_weights(&spec, 1, DType::F32, &Device::Cpu)?;
        let parts = Parts {
            name,
            spec: &spec,
            tokenizer_json: &tokenizer.tokenizer_json,
            tokenizer_config_json: &tokenizer.tokenizer_config_json,
        };
        for (kind, format) in [("f32", Format::F32), ("q8_0", Format::Q8_0), ("q4_1", Format::Q4_1)] {
            let mut bytes = Vec::new();
            write_weights(&mut bytes, &parts, format, &weights)?;
            put(folder, "gguf", &format!("{name}-{kind}"), &bytes)?;
        }
        let config = to_config(&spec, SpecialIds { end_of_text: 0, padding: 1 }).to_string().into_bytes();
        let expected: Vec<Expected> = parameters(&spec).into_iter().map(Expected::from).collect();
        let file = to_bytes(&weights, &expected, BTreeMap::new())?;
        put(folder, "hugging_face", name, &framed(&config, &file))?;
        put(folder, "archive", name, &archive(&[("config.json", &config), ("model.safetensors", &file)]))?;
    }
    let index = br#"{"metadata": {}, "weight_map": {"lm_head.weight": "model-00001-of-00002.safetensors"}}"#;
    put(folder, "hugging_face", "index", &framed(index, &[]))
}

fn llama(rope_scaling: Option<RopeScaling>) -> ArchitectureSpec {
    ArchitectureSpec::Llama(LlamaSpec {
        vocabulary_size: VOCABULARY,
        context_length: 8,
        hidden_size: 32,
        layers: 1,
        heads: 4,
        key_value_heads: 2,
        feed_forward_size: 32,
        rope_theta: 10_000.0,
        rope_scaling,
        rms_norm_epsilon: 1e-5,
        tied_embeddings: rope_scaling.is_some(),
    })
}

fn gpt2() -> ArchitectureSpec {
    ArchitectureSpec::Gpt2(Gpt2Spec {
        vocabulary_size: VOCABULARY,
        context_length: 8,
        hidden_size: 32,
        layers: 1,
        heads: 2,
        feed_forward_size: 32,
        layer_norm_epsilon: 1e-5,
        tied_embeddings: true,
    })
}

fn put(folder: &Path, target: &str, name: &str, bytes: &[u8]) -> Result<(), Box<dyn Error + Send + Sync>> {
    let folder = folder.join(target);
    fs::create_dir_all(&folder)?;
    Ok(fs::write(folder.join(name), bytes)?)
}

/// Two files as one input: how long the first is, the first, the second.
fn framed(first: &[u8], second: &[u8]) -> Vec<u8> {
    [&(first.len() as u32).to_le_bytes()[..], first, second].concat()
}

/// A zip archive of files that are not compressed.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut bytes, mut list) = (Vec::new(), Vec::new());
    for (name, data) in files {
        let mut crc = Crc::new();
        crc.update(data);
        let sizes = [crc.sum(), data.len() as u32, data.len() as u32].map(u32::to_le_bytes).concat();
        let name_bytes = (name.len() as u16).to_le_bytes();
        let common = [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &sizes, &name_bytes, &[0, 0]].concat();
        let offset = (bytes.len() as u32).to_le_bytes();
        list.extend([b"PK\x01\x02\x14\x00", &common[..], &[0; 10], &offset, name.as_bytes()].concat());
        bytes.extend([b"PK\x03\x04", &common[..], name.as_bytes(), data].concat());
    }
    let place = [list.len() as u32, bytes.len() as u32].map(u32::to_le_bytes).concat();
    let count = (files.len() as u16).to_le_bytes();
    bytes.extend(&list);
    bytes.extend([&b"PK\x05\x06\x00\x00\x00\x00"[..], &count, &count, &place, &[0, 0]].concat());
    bytes
}

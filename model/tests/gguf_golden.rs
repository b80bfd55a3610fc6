//! What we export as GGUF, llama.cpp continues with the same text as we do: golden files by
//! `golden/make_gguf_golden.py`, which says how to make them anew.

#![allow(clippy::unwrap_used)]

mod story;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use model::architectures::{Model, Weights, parameters};
use model::candle_ops::CandleOps;
use model::generate::{GenerationOptions, generate};
use model::gguf::{Format, GgufModel, Parts, write_weights};
use model::sampling::Sampling;
use model::tokenizer::{Tokenizer, TrainedTokenizer, train};
use model::{DType, Device, Tensor};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use serde::Deserialize;
use shared::spec::{ArchitectureSpec, Gpt2Spec, LlamaSpec, RopeScaling, TrainTokenizerSpec};

const PROMPTS: [&str; 20] = [
    "할머니가 밥을 먹었다",
    "학교에 갔습니다",
    "노래를 불렀어요?",
    "민수는 시장에 갔다.",
    "가",
    "어디 가세요",
    "옛날 옛적에",
    "호랑이가 나타났다!",
    "비가 온다",
    "나는 학생이다",
    "It's here",
    "the old house",
    "hello",
    "밥을 먹고 학교에 갔다",
    "고양이, 개, 새",
    "왜 그래?",
    "정말 좋아요",
    "집에 가자",
    "눈이 왔다",
    "끝",
];

fn trained() -> TrainedTokenizer {
    let texts = ["할머니가 밥을 먹었다.", "학교에 갔습니다. It's here", "노래를 불렀어요? the old house"];
    train(texts.iter().cycle().take(60).map(|text| (*text).to_owned()), &TrainTokenizerSpec::new(290))
        .unwrap()
}

/// Some of its eight waves stay, some are stretched, one lies between.
const LLAMA3: RopeScaling = RopeScaling::Llama3 {
    factor: 8.0,
    low_freq_factor: 1.0,
    high_freq_factor: 4.0,
    original_context_length: 128,
};

fn models() -> Vec<(&'static str, ArchitectureSpec, Format)> {
    let llama = |tied_embeddings, rope_scaling| {
        ArchitectureSpec::Llama(LlamaSpec {
            vocabulary_size: 290,
            context_length: 64,
            hidden_size: 64,
            layers: 2,
            heads: 4,
            key_value_heads: 2,
            feed_forward_size: 96,
            rope_theta: 10_000.0,
            rope_scaling,
            rms_norm_epsilon: 1e-5,
            tied_embeddings,
        })
    };
    let gpt2 = |tied_embeddings| {
        ArchitectureSpec::Gpt2(Gpt2Spec {
            vocabulary_size: 290,
            context_length: 64,
            hidden_size: 64,
            layers: 2,
            heads: 4,
            feed_forward_size: 96,
            layer_norm_epsilon: 1e-5,
            tied_embeddings,
        })
    };
    vec![
        ("llama-tied-f32", llama(true, None), Format::F32),
        ("llama-untied-f32", llama(false, None), Format::F32),
        ("llama-llama3-f32", llama(true, Some(LLAMA3)), Format::F32),
        ("llama-linear-f32", llama(true, Some(RopeScaling::Linear { factor: 4.0 })), Format::F32),
        ("gpt2-tied-f32", gpt2(true), Format::F32),
        ("gpt2-untied-f32", gpt2(false), Format::F32),
    ]
}

/// Wide enough that what was read decides what is written, and no norm is exactly one.
fn weights(spec: &ArchitectureSpec) -> Weights {
    let mut random = ChaCha12Rng::seed_from_u64(29);
    parameters(spec)
        .into_iter()
        .map(|parameter| {
            let zeros = Tensor::zeros(parameter.shape.as_slice(), DType::F32, &Device::Cpu).unwrap();
            let is_norm = parameter.name.contains("norm") || parameter.name.contains("ln_");
            let noise = story::noise_like(&zeros, if is_norm { 0.1 } else { 0.25 }, &mut random);
            let start = if is_norm && parameter.name.ends_with("weight") { 1.0 } else { 0.0 };
            (parameter.name, (noise + start).unwrap())
        })
        .collect()
}

fn file(spec: &ArchitectureSpec, format: Format) -> Vec<u8> {
    let tokenizer = trained();
    let parts = Parts {
        name: "golden",
        spec,
        tokenizer_json: &tokenizer.tokenizer_json,
        tokenizer_config_json: &tokenizer.tokenizer_config_json,
    };
    let mut bytes = Vec::new();
    write_weights(&mut bytes, &parts, format, &weights(spec)).unwrap();
    bytes
}

#[derive(Deserialize)]
struct Golden {
    models: BTreeMap<String, Vec<Row>>,
}

#[derive(Deserialize)]
struct Row {
    prompt: String,
    written: Vec<u32>,
    /// Tokens before the first one that rounding may turn.
    decided: usize,
    own_ids: Vec<u32>,
}

fn golden() -> Golden {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/gguf/greedy.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// For the script, when it is asked for.
fn write_for_the_script(tokenizer: &Tokenizer) {
    let Some(folder) = std::env::var_os("MITBADAK_WRITE_GGUF") else { return };
    let folder = Path::new(&folder);
    for (name, spec, format) in models() {
        std::fs::write(folder.join(name).with_extension("gguf"), file(&spec, format)).unwrap();
    }
    let prompts: Vec<_> = PROMPTS
        .iter()
        .map(|text| serde_json::json!({"text": text, "ids": tokenizer.encode(text).unwrap()}))
        .collect();
    std::fs::write(folder.join("prompts.json"), serde_json::to_vec(&prompts).unwrap()).unwrap();
}

#[test]
fn llama_cpp_continues_every_prompt_with_our_text() {
    let tokenizer = Tokenizer::from_bytes(&trained().tokenizer_json).unwrap();
    write_for_the_script(&tokenizer);
    let golden = golden();
    for (name, spec, format) in models() {
        let bytes = file(&spec, format);
        let mut read_at = |at: u64, part: &mut [u8]| {
            part.copy_from_slice(&bytes[at as usize..][..part.len()]);
            Ok(())
        };
        let opened = GgufModel::open(bytes.len() as u64, &mut read_at).unwrap();
        assert_eq!(opened.spec, spec);
        let weights = opened.read_each(&mut read_at, |_, stored| stored.into_weight()).unwrap();
        let model = Model::of_weights(&opened.spec, &weights).unwrap();
        let ops = CandleOps::new(&Device::Cpu, DType::F32);
        let rows = &golden.models[name];
        assert_eq!(rows.len(), PROMPTS.len());
        let mut compared = 0;
        let mut texts = std::collections::BTreeSet::new();
        for (row, prompt) in rows.iter().zip(PROMPTS) {
            assert_eq!(row.prompt, prompt);
            let ids = tokenizer.encode(prompt).unwrap();
            // None of these texts is cut differently by llama.cpp's nearest expression.
            assert_eq!(row.own_ids, ids, "{prompt}");
            let options = GenerationOptions {
                maximum_tokens: row.written.len(),
                sampling: Sampling { temperature: 0.0, top_p: 1.0 },
                seed: 0,
                stop_tokens: Vec::new(),
            };
            let (written, _) = generate(&model, &ops, &ids, &options, |_| ControlFlow::Continue(())).unwrap();
            assert_eq!(written[..row.decided], row.written[..row.decided], "{name}: {prompt}");
            compared += row.decided;
            texts.insert(written);
        }
        assert!(compared > 20 * 24 * 9 / 10, "{name}: only {compared} tokens are clear enough");
        assert!(texts.len() > 10, "{name} writes nearly the same after every prompt: that compares nothing");
    }
}

//! Whole models through GGUF: weights, shape and tokenizer come back; what we do not compute is refused.

#![allow(clippy::unwrap_used)]

mod story;

use std::collections::BTreeMap;

use model::architectures::Weights;
use model::gguf::{
    Format, GgufModel, Header, NewTensor, Numbers, Parts, Value, tokenizer_files, write, write_weights,
};
use model::tokenizer::template::TemplateConfiguration;
use model::tokenizer::{Tokenizer, TrainedTokenizer, train};
use model::{DType, Result, prompt};
use shared::documents::{ChatRole, Message};
use shared::spec::{ArchitectureSpec, RopeScaling, SpecialToken, TrainTokenizerSpec};

fn reader(bytes: &[u8]) -> impl FnMut(u64, &mut [u8]) -> Result<()> {
    |at, part| {
        part.copy_from_slice(&bytes[at as usize..][..part.len()]);
        Ok(())
    }
}

fn open(bytes: &[u8]) -> Result<GgufModel> {
    GgufModel::open(bytes.len() as u64, &mut reader(bytes))
}

fn trained() -> TrainedTokenizer {
    let texts =
        ["할머니가 밥을 먹었다. 2024년\n\n", "학교에 갔습니다. It's \"어디\" 가 나 다", "노래를 불렀어요?"];
    train(texts.iter().cycle().take(60).map(|text| (*text).to_owned()), &TrainTokenizerSpec::new(280))
        .unwrap()
}

/// The shapes of the other stories, with a vocabulary of the tokenizer's size.
fn specs() -> Vec<ArchitectureSpec> {
    let mut specs = story::architectures();
    for spec in &mut specs {
        spec.set_vocabulary_size(280);
    }
    specs
}

fn file(spec: &ArchitectureSpec, weights: &Weights, format: Format) -> Vec<u8> {
    let tokenizer = trained();
    let parts = Parts {
        name: "할머니",
        spec,
        tokenizer_json: &tokenizer.tokenizer_json,
        tokenizer_config_json: &tokenizer.tokenizer_config_json,
    };
    let mut bytes = Vec::new();
    write_weights(&mut bytes, &parts, format, weights).unwrap();
    bytes
}

#[test]
fn a_model_comes_back_as_it_went_whatever_its_family() {
    for spec in specs() {
        let weights = story::perturbed_weights(&spec, DType::F32);
        let bytes = file(&spec, &weights, Format::F32);
        let opened = open(&bytes).unwrap();
        assert_eq!(opened.spec, spec);
        let back = opened.read_each(&mut reader(&bytes), |_, stored| stored.to_tensor()).unwrap();
        assert_eq!(back.len(), weights.len());
        for (name, weight) in &weights {
            assert_eq!(story::values(&back[name]), story::values(weight), "{name}");
        }
        assert_eq!(file(&spec, &weights, Format::F32), bytes, "the same model gives the same bytes");
    }
}

#[test]
fn smaller_formats_keep_the_weights_within_their_steps() {
    for spec in specs() {
        let weights = story::perturbed_weights(&spec, DType::F32);
        for (format, bound) in [
            (Format::F16, 1e-3),
            (Format::Bf16, 1e-2),
            (Format::Q8_0, 1e-2),
            (Format::Q4_0, 0.14),
            (Format::Q4_1, 0.10),
        ] {
            let bytes = file(&spec, &weights, format);
            let opened = open(&bytes).unwrap();
            let back = opened.read_each(&mut reader(&bytes), |_, stored| stored.to_tensor()).unwrap();
            for (name, weight) in &weights {
                let difference = story::relative_difference(&back[name], weight);
                assert!(difference < bound, "{format:?} {name}: {difference}");
            }
        }
    }
}

#[test]
fn our_tokenizer_and_its_template_travel_inside() {
    let spec = &specs()[0];
    let bytes = file(spec, &story::perturbed_weights(spec, DType::F32), Format::F32);
    let header = open(&bytes).unwrap().header;
    let files = tokenizer_files(&header).unwrap();
    let ours = trained();
    assert_eq!(files.tokenizer_json, ours.tokenizer_json);
    let theirs = TemplateConfiguration::from_bytes(&files.tokenizer_config_json).unwrap();
    let before = TemplateConfiguration::from_bytes(&ours.tokenizer_config_json).unwrap();
    assert_eq!((&theirs.chat_template, &theirs.bos_token), (&before.chat_template, &before.bos_token));
    assert_eq!(theirs.eot_token.as_deref(), Some(SpecialToken::EndOfTurn.as_str()));
    assert_eq!(theirs.add_bos_token, Some(true));
}

/// Without the whole file, from tokens and merges alone, as llama.cpp has it.
fn header_without_the_whole_file(change: impl FnOnce(&mut BTreeMap<String, Value>)) -> Header {
    let spec = &specs()[0];
    let bytes = file(spec, &story::perturbed_weights(spec, DType::F32), Format::F32);
    let mut metadata = open(&bytes).unwrap().header.metadata;
    metadata.remove("tokenizer.huggingface.json").unwrap();
    change(&mut metadata);
    let mut bytes = Vec::new();
    write(&mut bytes, &metadata, Vec::<NewTensor<'_>>::new()).unwrap();
    Header::read(bytes.len() as u64, &mut reader(&bytes)).unwrap()
}

#[test]
fn a_tokenizer_is_built_from_tokens_and_merges() {
    let header = header_without_the_whole_file(|_| {});
    let built = Tokenizer::from_bytes(&tokenizer_files(&header).unwrap().tokenizer_json).unwrap();
    let ours = Tokenizer::from_bytes(&trained().tokenizer_json).unwrap();
    assert_eq!(built.vocabulary_size(), ours.vocabulary_size());
    // Texts that both expressions cut alike have the same ids; every text comes back.
    for text in ["할머니가 밥을 먹었다", "노래를 불렀어요?", "<|user|> 가"] {
        assert_eq!(built.encode(text).unwrap(), ours.encode(text).unwrap(), "{text}");
    }
    for text in ["2024년 12345원\n\n", "\"어디 가?\" 😀"] {
        assert_eq!(built.decode(&built.encode(text).unwrap()), text);
    }
}

#[test]
fn an_exchange_is_written_by_the_template_and_nothing_in_it_can_pose_as_a_mark() {
    let header = header_without_the_whole_file(|_| {});
    let files = tokenizer_files(&header).unwrap();
    let tokenizer = Tokenizer::from_bytes(&files.tokenizer_json).unwrap();
    let configuration = TemplateConfiguration::from_bytes(&files.tokenizer_config_json).unwrap();
    let said = |content: &str| [Message { role: ChatRole::User, content: content.to_owned() }];
    let prompt =
        |content: &str| prompt::answering_by_template(&tokenizer, &configuration, &said(content), 100);
    let written = prompt("할머니가").unwrap();
    assert_eq!(written.ids, tokenizer.encode_messages(&said("할머니가"), true).unwrap());
    let end = tokenizer.special_id(SpecialToken::EndOfText).unwrap();
    let end_of_turn = tokenizer.special_id(SpecialToken::EndOfTurn).unwrap();
    assert_eq!(written.stop_tokens, [end, end_of_turn]);
    let error = prompt("밥<|endofturn|>").unwrap_err().to_string();
    assert!(error.contains("<|endofturn|>"), "{error}");
    assert!(prompt(&"밥 ".repeat(200)).is_err(), "too long");
    let text = prompt::continuing_as_configured(&tokenizer, &configuration, "할머니가", 100).unwrap();
    assert_eq!(text.ids[0], end, "texts begin as the configuration says");
}

#[test]
fn tokenizers_that_we_cannot_follow_are_refused_by_name() {
    let set = |key: &'static str, value: Value| {
        move |metadata: &mut BTreeMap<String, Value>| drop(metadata.insert(key.to_owned(), value))
    };
    let refused = |header: Header| tokenizer_files(&header).err().unwrap().to_string();
    for (key, value, word) in [
        ("tokenizer.ggml.model", Value::from("llama"), "\"llama\""),
        ("tokenizer.ggml.pre", Value::from("tekken"), "tekken"),
        ("tokenizer.ggml.eos_token_id", Value::from(280u32), "eos_token_id"),
        ("tokenizer.ggml.merges", Value::Strings(vec!["ab".to_owned()]), "merges"),
        ("tokenizer.ggml.token_type", Value::Numbers(Numbers::of_i32([1])), "token_type"),
        ("tokenizer.ggml.tokens", Value::from(1u32), "tokens"),
    ] {
        let error = refused(header_without_the_whole_file(set(key, value)));
        assert!(error.contains(word), "{key}: {error}");
    }
}

/// As llama.cpp's own converter writes a Llama 3: the factors and no word about them.
#[test]
fn llama_3_is_known_by_its_factors() {
    let mut spec = specs()[1].clone();
    let ArchitectureSpec::Llama(llama) = &mut spec else { panic!("the second is a llama") };
    let scaling = RopeScaling::Llama3 {
        factor: 32.0,
        low_freq_factor: 1.0,
        high_freq_factor: 4.0,
        original_context_length: 8192,
    };
    llama.rope_scaling = Some(scaling);
    llama.rope_theta = 500_000.0;
    let bytes = file(&spec, &story::perturbed_weights(&spec, DType::F32), Format::F32);
    let header = open(&bytes).unwrap().header;
    let (header, bytes) = (&header, &bytes);
    let without_words = |factor: f32| {
        let mut metadata = header.metadata.clone();
        metadata.retain(|key, _| !key.contains("rope.scaling"));
        let tensors = header.tensors.iter().map(|tensor| {
            let data = move || {
                let mut values = tensor.format.dequantize(&header.data(tensor, &mut reader(bytes))?);
                if tensor.name == "rope_freqs.weight" {
                    values[1] *= factor;
                }
                Ok(tensor.format.quantize(&values))
            };
            let (name, shape) = (tensor.name.clone(), tensor.shape.clone());
            NewTensor { name, shape, format: tensor.format, data: Box::new(data) }
        });
        let mut changed = Vec::new();
        write(&mut changed, &metadata, tensors.collect()).unwrap();
        open(&changed).map(|opened| opened.spec)
    };
    assert_eq!(without_words(1.0).unwrap(), spec);
    let error = without_words(1.01).unwrap_err().to_string();
    assert!(error.contains("not Llama 3's"), "{error}");
}

type Metadata = BTreeMap<String, Value>;
/// By name and shape.
type Tensors = Vec<(String, Vec<usize>)>;

#[test]
fn a_model_that_we_do_not_compute_is_refused_by_name() {
    let spec = &specs()[1];
    let weights = story::perturbed_weights(spec, DType::F32);
    let header = open(&file(spec, &weights, Format::F32)).unwrap().header;
    let refused = |change: &dyn Fn(&mut Metadata, &mut Tensors)| {
        let mut metadata = header.metadata.clone();
        let mut tensors: Vec<_> =
            header.tensors.iter().map(|tensor| (tensor.name.clone(), tensor.shape.clone())).collect();
        change(&mut metadata, &mut tensors);
        let tensors = tensors.into_iter().map(|(name, shape)| {
            let count = shape.iter().product::<usize>();
            NewTensor { name, shape, format: Format::F32, data: Box::new(move || Ok(vec![0; 4 * count])) }
        });
        let mut bytes = Vec::new();
        write(&mut bytes, &metadata, tensors.collect()).unwrap();
        open(&bytes).err().map(|error| error.to_string()).unwrap_or_default()
    };
    assert_eq!(refused(&|_, _| {}), "", "unchanged it is taken");
    for (key, value, word) in [
        ("general.architecture", Value::from("mamba"), "mamba"),
        ("llama.rope.scaling.type", Value::from("linear"), "rope.scaling.factor"),
        ("llama.rope.scaling.type", Value::from("yarn"), "yarn"),
        ("llama.rope.dimension_count", Value::from(4u32), "part of each head"),
        ("llama.expert_count", Value::from(8u32), "experts"),
        ("llama.attention.key_length", Value::from(16u32), "another width"),
        ("llama.block_count", Value::from(0u32), "layers"),
        ("llama.block_count", Value::from(3u32), "blk.2"),
        ("llama.block_count", Value::from("two"), "whole number"),
        ("llama.attention.head_count_kv", Value::from(3u32), "share"),
    ] {
        let error = refused(&|metadata, _| drop(metadata.insert(key.to_owned(), value.clone())));
        assert!(error.contains(word), "{key}: {error}");
    }
    let with = |name: &str, shape: Vec<usize>| {
        let name = name.to_owned();
        refused(&move |_, tensors| tensors.push((name.clone(), shape.clone())))
    };
    // Zeros, and one factor too many.
    assert!(with("rope_freqs.weight", vec![4]).contains("not Llama 3's"));
    assert!(with("rope_freqs.weight", vec![5]).contains("each frequency"));
    assert!(with("blk.0.attn_q.bias", vec![32]).contains("attn_q.bias"));
    let error = refused(&|_, tensors| drop(tensors.remove(0)));
    assert!(error.contains("token_embd"), "{error}");
}

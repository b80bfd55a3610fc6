//! Folders of the hub: weights in one file or several, under the names and in the types that trainers save.

#![allow(clippy::unwrap_used)]

mod story;

use std::collections::BTreeMap;

use half::{bf16, f16};
use model::architectures::{Weights, parameters};
use model::hugging_face::{FolderTensors, INDEX_LIMIT_BYTES, shard_files};
use model::weights::{Expected, Header, Layout, write_each};
use model::{DType, Result};
use proptest::prelude::*;
use serde_json::json;
use shared::spec::ArchitectureSpec;

/// A tensor as a file has it: its type by the format's name, its values in bytes.
#[derive(Clone)]
struct Saved {
    dtype: &'static str,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

type Tensors = BTreeMap<String, Saved>;

fn file(tensors: &Tensors) -> Vec<u8> {
    let mut header = serde_json::Map::new();
    let mut data = Vec::new();
    for (name, saved) in tensors {
        let start = data.len();
        data.extend(&saved.bytes);
        let place = json!({"dtype": saved.dtype, "shape": saved.shape, "data_offsets": [start, data.len()]});
        header.insert(name.clone(), place);
    }
    let header = serde_json::Value::Object(header).to_string().into_bytes();
    [&(header.len() as u64).to_le_bytes()[..], &header, &data].concat()
}

fn saved(expected: &Expected, weights: &Weights, dtype: &'static str) -> Saved {
    let weight = &weights[&expected.name];
    let (weight, shape) = match expected.layout {
        Layout::Plain => (weight.clone(), expected.shape.clone()),
        Layout::Transposed => (weight.t().unwrap(), expected.shape.iter().rev().copied().collect()),
    };
    let values: Vec<f32> = weight.flatten_all().unwrap().to_vec1().unwrap();
    let bytes = match dtype {
        "F16" => values.iter().flat_map(|value| f16::from_f32(*value).to_le_bytes()).collect(),
        "BF16" => values.iter().flat_map(|value| bf16::from_f32(*value).to_le_bytes()).collect(),
        _ => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
    };
    Saved { dtype, shape, bytes }
}

fn tensors(spec: &ArchitectureSpec, weights: &Weights, dtype: &'static str) -> Tensors {
    story::expected(spec)
        .iter()
        .map(|expected| (expected.name.clone(), saved(expected, weights, dtype)))
        .collect()
}

fn read_part(files: &[Vec<u8>], file: usize, offset: u64, part: &mut [u8]) -> Result<()> {
    let bytes = usize::try_from(offset).ok().and_then(|start| files[file].get(start..start + part.len()));
    part.copy_from_slice(bytes.ok_or_else(|| model::Error::Weights("read beyond the end".to_owned()))?);
    Ok(())
}

fn open(spec: &ArchitectureSpec, files: &[Vec<u8>]) -> Result<Weights> {
    let headers = (0..files.len()).map(|file| {
        let mut read_at = |offset: u64, part: &mut [u8]| read_part(files, file, offset, part);
        Header::read(files[file].len() as u64, &mut read_at)
    });
    let folder = FolderTensors::new(spec, headers.collect::<Result<_>>()?)?;
    let mut read_at = |file: usize, offset: u64, part: &mut [u8]| read_part(files, file, offset, part);
    folder.read_each(&mut read_at, &mut |_, values| values.to_tensor(&model::Device::Cpu))
}

fn assert_same(read: &Weights, weights: &Weights) {
    assert_eq!(read.len(), weights.len());
    for (name, weight) in weights {
        assert_eq!(story::values(&read[name]), story::values(weight), "{name}");
    }
}

/// One of each family, tied.
fn tied() -> Vec<ArchitectureSpec> {
    let is_tied = |spec: &ArchitectureSpec| match spec {
        ArchitectureSpec::Llama(llama) => llama.tied_embeddings,
        ArchitectureSpec::Gpt2(gpt2) => gpt2.tied_embeddings,
    };
    story::architectures().into_iter().filter(is_tied).collect()
}

fn refusal(spec: &ArchitectureSpec, files: &[Vec<u8>]) -> String {
    open(spec, files).unwrap_err().to_string()
}

#[test]
fn weights_are_found_in_one_file_and_in_several() {
    for spec in story::architectures() {
        let weights = story::perturbed_weights(&spec, DType::F32);
        let all = tensors(&spec, &weights, "F32");
        assert_same(&open(&spec, &[file(&all)]).unwrap(), &weights);
        let shard = |number: usize| -> Vec<u8> {
            let part = all.iter().enumerate().filter(|(index, _)| index % 3 == number);
            file(&part.map(|(_, (name, saved))| (name.clone(), saved.clone())).collect())
        };
        assert_same(&open(&spec, &[shard(0), shard(1), shard(2)]).unwrap(), &weights);
        assert!(refusal(&spec, &[shard(0), shard(2)]).contains("is missing"));
        assert!(refusal(&spec, &[file(&all), shard(1)]).contains("stands in two files"));
    }
}

#[test]
fn sixteen_bits_become_thirty_two() {
    for spec in story::architectures() {
        let weights = story::perturbed_weights(&spec, DType::F32);
        for (dtype, bound) in [("F16", 1e-3), ("BF16", 1e-2)] {
            let read = open(&spec, &[file(&tensors(&spec, &weights, dtype))]).unwrap();
            for (name, weight) in &weights {
                assert_eq!(read[name].dtype(), DType::F32);
                let difference = story::relative_difference(&read[name], weight);
                assert!(difference < bound, "{name} as {dtype}: {difference:e}");
            }
        }
    }
}

/// As openai-community/gpt2 is saved: without the name of the base model, with masks in every layer, and
/// the head once more.
#[test]
fn old_names_and_buffers_are_understood() {
    for spec in tied() {
        let weights = story::perturbed_weights(&spec, DType::F32);
        let (base, embedding, buffers) = match &spec {
            ArchitectureSpec::Llama(_) => {
                ("model.", "model.embed_tokens.weight", ["layers.0.self_attn.rotary_emb.inv_freq"; 2])
            }
            ArchitectureSpec::Gpt2(_) => {
                ("transformer.", "transformer.wte.weight", ["h.0.attn.bias", "h.1.attn.masked_bias"])
            }
        };
        let all = tensors(&spec, &weights, "F32");
        let mut old: Tensors = all
            .iter()
            .map(|(name, saved)| (name.strip_prefix(base).unwrap().to_owned(), saved.clone()))
            .collect();
        for name in buffers {
            let mask = Saved { dtype: "U8", shape: vec![1, 1, 4, 4], bytes: vec![1; 16] };
            old.insert(name.to_owned(), mask);
        }
        old.insert("lm_head.weight".to_owned(), all[embedding].clone());
        assert_same(&open(&spec, &[file(&old)]).unwrap(), &weights);

        let refused = |change: &dyn Fn(&mut Tensors)| {
            let mut changed = old.clone();
            change(&mut changed);
            refusal(&spec, &[file(&changed)])
        };
        let head = "lm_head.weight";
        let error = refused(&|tensors| tensors.get_mut(head).unwrap().bytes[3] ^= 1);
        assert!(error.contains("tie_word_embeddings"), "{error}");
        let error = refused(&|tensors| {
            let saved = tensors.get_mut(head).unwrap();
            saved.shape[0] -= 1;
            saved.bytes.truncate(4 * saved.shape.iter().product::<usize>());
        });
        assert!(error.contains("lm_head.weight") && error.contains("shape"), "{error}");
        let beyond = buffers[0].replace(".0.", ".7.");
        let error = refused(&|tensors| drop(tensors.insert(beyond.clone(), old[buffers[0]].clone())));
        assert!(error.contains("no place"), "{error}");
        let error = refused(&|tensors| {
            drop(tensors.insert("score.weight".to_owned(), old[buffers[0]].clone()));
        });
        assert!(error.contains("score.weight"), "{error}");
    }
}

#[test]
fn what_is_no_number_of_ours_is_refused_by_its_type() {
    let spec = &story::architectures()[0];
    let weights = story::perturbed_weights(spec, DType::F32);
    let mut all = tensors(spec, &weights, "F32");
    let norm = all.get_mut("model.norm.weight").unwrap();
    (norm.dtype, norm.bytes) = ("I8", vec![1; norm.shape[0]]);
    let error = refusal(spec, &[file(&all)]);
    assert!(error.contains("I8") && error.contains("BF16"), "{error}");
    all.get_mut("model.norm.weight").unwrap().dtype = "F8_E4M3";
    assert!(refusal(spec, &[file(&all)]).contains("F8_E4M3"));
}

#[test]
fn a_file_written_tensor_by_tensor_is_the_one_written_at_once() {
    for spec in story::architectures() {
        let weights = story::perturbed_weights(&spec, DType::F32);
        let expected = story::expected(&spec);
        let metadata = BTreeMap::from([("format".to_owned(), "pt".to_owned())]);
        let at_once = model::weights::to_bytes(&weights, &expected, metadata.clone()).unwrap();
        let mut written = Vec::new();
        let tensor = |tensor: &Expected| Ok(weights[&tensor.name].clone());
        write_each(&mut written, &expected, metadata.clone(), tensor).unwrap();
        assert!(written == at_once);
        let first = parameters(&spec)[0].name.clone();
        let wrong = |tensor: &Expected| {
            let weight = &weights[&tensor.name];
            if tensor.name == first { Ok(weight.flatten_all()?) } else { Ok(weight.clone()) }
        };
        let error = write_each(&mut Vec::new(), &expected, metadata, wrong).unwrap_err().to_string();
        assert!(error.contains(&first), "{error}");
    }
}

#[test]
fn an_index_names_files_beside_it_and_nothing_else() {
    let index = |files: &[&str]| {
        let map: BTreeMap<String, &str> =
            files.iter().enumerate().map(|(number, file)| (format!("tensor {number}"), *file)).collect();
        shard_files(json!({"metadata": {"total_size": 1}, "weight_map": map}).to_string().as_bytes())
    };
    let shards = ["model-00002-of-00002.safetensors", "model-00001-of-00002.safetensors"];
    assert_eq!(index(&[shards[0], shards[1], shards[0]]).unwrap(), [shards[1], shards[0]]);
    for hostile in [
        "../model.safetensors",
        "/etc/model.safetensors",
        "a\\b.safetensors",
        ".hidden.safetensors",
        "pytorch_model-00001-of-00002.bin",
        "",
        &format!("{}.safetensors", "x".repeat(300)),
    ] {
        let error = index(&[shards[0], hostile]).unwrap_err().to_string();
        assert!(error.contains("no safetensors file of this folder"), "{hostile:?}: {error}");
    }
    let many: Vec<String> = (0..600).map(|number| format!("{number}.safetensors")).collect();
    assert!(index(&many.iter().map(String::as_str).collect::<Vec<_>>()).is_err());
    assert!(index(&[]).is_err());
    assert!(shard_files(b"[]").is_err());
    assert!(shard_files(&vec![b' '; INDEX_LIMIT_BYTES + 1]).unwrap_err().to_string().contains("at most"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever is changed in a file, it is read or refused in words.
    #[test]
    fn a_damaged_file_is_read_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let spec = &story::architectures()[4];
        let whole = file(&tensors(spec, &story::perturbed_weights(spec, DType::F32), "F16"));
        let header_bytes = 8 + u64::from_le_bytes(whole[..8].try_into().unwrap()) as usize;
        let mut changed = whole.clone();
        changed[at.index(header_bytes)] = byte;
        if let Err(error) = open(spec, &[changed]) {
            prop_assert!(!error.to_string().is_empty());
        }
        prop_assert!(open(spec, &[whole[..cut.index(whole.len())].to_vec()]).is_err());
    }
}

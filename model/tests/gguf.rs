//! GGUF files: what is written is read again, by candle too; what lies is refused.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::Cursor;

use candle_core::quantized::{GgmlDType, QTensor, gguf_file};
use candle_core::{Device, Tensor};
use model::gguf::*;
use model::{Error, Result};
use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;

const PEERS: [(Format, GgmlDType); 6] = [
    (Format::F32, GgmlDType::F32),
    (Format::F16, GgmlDType::F16),
    (Format::Bf16, GgmlDType::BF16),
    (Format::Q8_0, GgmlDType::Q8_0),
    (Format::Q4_0, GgmlDType::Q4_0),
    (Format::Q4_1, GgmlDType::Q4_1),
];

fn noise(count: usize) -> Vec<f32> {
    let mut random = ChaCha12Rng::seed_from_u64(5);
    // A block of zeros and one of equal values are where a scale can go wrong.
    let mut values: Vec<f32> = (0..count).map(|_| random.random_range(-3.0..3.0)).collect();
    values[32..64].fill(0.0);
    values[64..96].fill(0.25);
    values
}

fn read(bytes: &[u8]) -> Result<Header> {
    Header::read(bytes.len() as u64, &mut reader(bytes))
}

fn reader(bytes: &[u8]) -> impl FnMut(u64, &mut [u8]) -> Result<()> {
    |at, part| {
        part.copy_from_slice(&bytes[at as usize..][..part.len()]);
        Ok(())
    }
}

/// A file with a value of every kind and a tensor of every format.
fn file() -> Vec<u8> {
    let metadata: BTreeMap<String, Value> = [
        ("general.architecture", Value::from("llama")),
        ("llama.block_count", Value::from(2u32)),
        ("llama.rope.freq_base", Value::from(10_000.0f32)),
        ("tokenizer.ggml.add_bos_token", Value::from(true)),
        ("tokenizer.ggml.tokens", Value::Strings(vec!["가".to_owned(), String::new()])),
        ("tokenizer.ggml.token_type", Value::Numbers(Numbers::of_i32([1, 3, -1]))),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect();
    let tensor = |(format, _): (Format, GgmlDType)| NewTensor {
        name: format!("{format:?}.weight"),
        shape: vec![3, 96],
        format,
        data: Box::new(move || Ok(format.quantize(&noise(3 * 96)))),
    };
    let mut bytes = Vec::new();
    write(&mut bytes, &metadata, PEERS.map(tensor).into()).unwrap();
    bytes
}

#[test]
fn what_was_written_is_read_again() {
    let bytes = file();
    let header = read(&bytes).unwrap();
    assert_eq!(header.metadata["general.architecture"].as_str(), Some("llama"));
    assert_eq!(header.metadata["llama.block_count"].as_u32(), Some(2));
    assert_eq!(header.metadata["llama.rope.freq_base"].as_f64(), Some(10_000.0));
    assert_eq!(header.metadata["tokenizer.ggml.add_bos_token"].as_bool(), Some(true));
    assert_eq!(header.metadata["tokenizer.ggml.tokens"].as_strings().unwrap(), ["가", ""]);
    let types: Vec<_> =
        header.metadata["tokenizer.ggml.token_type"].as_numbers().unwrap().unsigned().collect();
    assert_eq!(types, [Some(1), Some(3), None], "a negative number is no unsigned one");
    assert_eq!(header.tensors.len(), PEERS.len());
    for (tensor, (format, _)) in header.tensors.iter().zip(PEERS) {
        assert_eq!((tensor.shape.as_slice(), tensor.format), (&[3, 96][..], format));
        assert_eq!(header.data(tensor, &mut reader(&bytes)).unwrap(), format.quantize(&noise(3 * 96)));
    }
    assert_eq!(file(), bytes, "the same content gives the same bytes");
}

#[test]
fn candle_reads_the_file_and_finds_the_same_values_in_it() {
    let bytes = file();
    let mut cursor = Cursor::new(&bytes);
    let content = gguf_file::Content::read(&mut cursor).unwrap();
    assert_eq!(content.metadata["general.architecture"].to_string().unwrap(), "llama");
    for (format, _) in PEERS {
        let name = format!("{format:?}.weight");
        let tensor = content.tensor(&mut cursor, &name, &Device::Cpu).unwrap();
        let theirs: Vec<f32> =
            tensor.dequantize(&Device::Cpu).unwrap().flatten_all().unwrap().to_vec1().unwrap();
        assert_eq!(theirs, format.dequantize(&format.quantize(&noise(3 * 96))), "{format:?}");
    }
}

#[test]
fn blocks_are_those_of_candle_and_lose_no_more_than_half_a_step() {
    let values = noise(4 * 96);
    let tensor = Tensor::from_slice(&values, (4, 96), &Device::Cpu).unwrap();
    for (format, peer) in PEERS {
        let ours = format.quantize(&values);
        let theirs = QTensor::quantize(&tensor, peer).unwrap();
        assert_eq!(ours, theirs.data().unwrap().as_ref(), "{format:?}");
        // Steps of values up to 3 in magnitude; the extreme level of q4_0 reaches one side only.
        let bound = match format {
            Format::F32 => 0.0,
            Format::F16 => 3.0 / 2048.0,
            Format::Bf16 => 3.0 / 256.0,
            Format::Q8_0 => 3.0 / 127.0 / 2.0 * 1.1,
            Format::Q4_0 => 3.0 / 8.0 * 1.01,
            Format::Q4_1 => 6.0 / 15.0 / 2.0 * 1.1,
        };
        for (value, kept) in values.iter().zip(format.dequantize(&ours)) {
            assert!((value - kept).abs() <= bound, "{format:?}: {value} became {kept}");
        }
    }
}

#[test]
fn a_file_that_lies_is_refused_in_words() {
    let good = file();
    let at = |needle: &[u8]| good.windows(needle.len()).position(|part| part == needle).unwrap();
    let changed = |position: usize, bytes: &[u8]| {
        let mut file = good.clone();
        file[position..position + bytes.len()].copy_from_slice(bytes);
        file
    };
    let huge = u64::MAX.to_le_bytes();
    let first_tensor = at(b"F32.weight") + 10;
    let tokens = at(b"tokenizer.ggml.tokens") + 21;
    for (bytes, word) in [
        (b"GGML0000".to_vec(), "GGUF"),
        (Vec::new(), "GGUF"),
        (changed(4, &1u32.to_le_bytes()), "version 1"),
        (changed(4, &3u32.to_be_bytes()), "big-endian"),
        (changed(8, &huge), "tensors"),
        (changed(16, &huge), "keys"),
        (changed(at(b"llama") - 8, &huge), "bytes in a text"),
        (changed(tokens + 8, &(1u64 << 22).to_le_bytes()), "ends within"),
        (changed(tokens + 8, &huge), "values in an array"),
        (changed(first_tensor, &9u32.to_le_bytes()), "dimensions"),
        (changed(first_tensor + 4, &huge), "impossible shape"),
        (changed(first_tensor + 4, &(1u64 << 40).to_le_bytes()), "larger than the file"),
        (changed(first_tensor + 20, &14u32.to_le_bytes()), "q6_k"),
        (changed(first_tensor + 24, &7u64.to_le_bytes()), "aligned"),
        (changed(first_tensor + 24, &1152u64.to_le_bytes()), "over another"),
        (changed(at(b"F16.weight"), b"F32.weight"), "twice"),
        (good[..good.len() - 64].to_vec(), "beyond the end"),
        (good[..40].to_vec(), "ends within"),
    ] {
        let error = read(&bytes).unwrap_err();
        assert!(matches!(error, Error::Gguf(_)), "{error:?}");
        assert!(error.to_string().contains(word), "{word}: {error}");
    }
    // 33 columns are no whole number of blocks.
    let eight_bits = at(b"Q8_0.weight") + 11;
    let error = read(&changed(eight_bits + 4, &33u64.to_le_bytes())).unwrap_err().to_string();
    assert!(error.contains("whole number of blocks"), "{error}");
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut file = b"GGUF\x03\0\0\0".to_vec();
        file.extend(&bytes);
        for file in [&bytes[..], &file] {
            let _ = read(file);
        }
    }

    /// No buffer that is asked for is larger than the file: a claim alone takes no memory.
    #[test]
    fn a_spoiled_file_is_read_or_refused_within_its_own_size(
        changes in prop::collection::vec((0.0..1.0f64, any::<u8>()), 1..6),
        length in 0.0..1.2f64,
    ) {
        let mut bytes = file();
        let header_bytes = 800.0;
        for (place, byte) in changes {
            bytes[(place * header_bytes) as usize] = byte;
        }
        bytes.truncate((length * bytes.len() as f64) as usize);
        let size = bytes.len();
        let mut checked = |at: u64, part: &mut [u8]| {
            assert!(at as usize + part.len() <= size, "reads beyond the end");
            part.copy_from_slice(&bytes[at as usize..][..part.len()]);
            Ok(())
        };
        if let Ok(header) = Header::read(size as u64, &mut checked) {
            for tensor in &header.tensors {
                let data = header.data(tensor, &mut checked).unwrap();
                prop_assert_eq!(tensor.format.dequantize(&data).len(), tensor.shape.iter().product::<usize>());
            }
        }
    }
}

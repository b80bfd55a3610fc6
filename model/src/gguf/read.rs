//! The header of a file: metadata, and where each tensor lies.

use std::collections::BTreeMap;

use super::value::wrong;
use super::{Format, GgufError, MAGIC, Numbers, Scalar, Value};
use crate::Result;

/// What is read of a file at a time while its header is.
const PART_BYTES: usize = 64 << 10;
/// Metadata with a tokenizer of 256,000 tokens take about 10 MiB.
const HEADER_LIMIT_BYTES: u64 = 64 << 20;
const KEY_LIMIT: u64 = 4096;
const TENSOR_LIMIT: u64 = 65_536;
const NAME_LIMIT_BYTES: u64 = 256;
/// A whole `tokenizer.json` may be one text.
const TEXT_LIMIT_BYTES: u64 = 32 << 20;
const ARRAY_LIMIT: u64 = 1 << 22;
const DIMENSION_LIMIT: u32 = 4;
const DEFAULT_ALIGNMENT: u64 = 32;

/// A header, every length in it measured against the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    pub metadata: BTreeMap<String, Value>,
    pub tensors: Vec<TensorInfo>,
    data_start: u64,
}

/// A tensor in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorInfo {
    pub name: String,
    /// Rows first, as the model has it: `[out, in]`.
    pub shape: Vec<usize>,
    pub format: Format,
    /// From the beginning of the data on.
    offset: u64,
    pub size_bytes: usize,
}

impl Header {
    /// # Errors
    /// [`GgufError`] when the bytes are no GGUF file, a claim in it is beyond the file or a limit, or
    /// tensors overlap, are not aligned or of a format that is not read.
    pub fn read(size_bytes: u64, read_at: &mut dyn FnMut(u64, &mut [u8]) -> Result<()>) -> Result<Self> {
        let mut cursor = Cursor { size_bytes, read_at, position: 0, part: Vec::new(), part_start: 0 };
        if cursor.left() < 4 || &cursor.array::<4>("the magic number")? != MAGIC {
            return Err(GgufError::NotGguf.into());
        }
        match cursor.u32("the version")? {
            2 | 3 => {}
            version if version.swap_bytes() <= 3 => return Err(GgufError::BigEndian.into()),
            version => return Err(GgufError::Version(version).into()),
        }
        let tensor_count = cursor.count("tensors", TENSOR_LIMIT)?;
        let key_count = cursor.count("keys", KEY_LIMIT)?;
        let mut metadata = BTreeMap::new();
        for _ in 0..key_count {
            let key = cursor.text("keys", NAME_LIMIT_BYTES)?;
            let tag = cursor.u32("the metadata")?;
            let value = cursor.value(tag, &key)?;
            if metadata.contains_key(&key) {
                return Err(GgufError::Key { key, problem: "stands twice".to_owned() }.into());
            }
            metadata.insert(key, value);
        }
        let alignment = alignment(&metadata)?;
        let tensors = (0..tensor_count).map(|_| cursor.tensor()).collect::<Result<Vec<_>>>()?;
        let data_start = cursor.position.next_multiple_of(alignment);
        check_places(&tensors, alignment, size_bytes.saturating_sub(data_start))?;
        Ok(Self { metadata, tensors, data_start })
    }

    /// The bytes of a tensor.
    ///
    /// # Errors
    /// What `read_at` fails with.
    pub fn data(
        &self,
        tensor: &TensorInfo,
        read_at: &mut dyn FnMut(u64, &mut [u8]) -> Result<()>,
    ) -> Result<Vec<u8>> {
        let mut bytes = vec![0; tensor.size_bytes];
        read_at(self.data_start + tensor.offset, &mut bytes)?;
        Ok(bytes)
    }
}

fn alignment(metadata: &BTreeMap<String, Value>) -> Result<u64, GgufError> {
    const KEY: &str = "general.alignment";
    let Some(value) = metadata.get(KEY) else { return Ok(DEFAULT_ALIGNMENT) };
    match value.as_u32() {
        Some(alignment) if alignment.is_power_of_two() && (8..=1 << 16).contains(&alignment) => {
            Ok(u64::from(alignment))
        }
        _ => Err(wrong(KEY, "a power of two from 8 to 65536")),
    }
}

/// Every tensor lies inside of the data, aligned, and none over another; no name stands twice.
fn check_places(tensors: &[TensorInfo], alignment: u64, data_bytes: u64) -> Result<(), GgufError> {
    let problem = |tensor: &TensorInfo, problem: &str| GgufError::Tensor {
        name: tensor.name.clone(),
        problem: problem.to_owned(),
    };
    let mut sorted: Vec<&TensorInfo> = tensors.iter().collect();
    sorted.sort_by(|left, right| left.name.cmp(&right.name));
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0].name == pair[1].name) {
        return Err(problem(pair[0], "stands twice"));
    }
    sorted.sort_by_key(|tensor| tensor.offset);
    let mut end = 0;
    for tensor in sorted {
        if !tensor.offset.is_multiple_of(alignment) {
            return Err(problem(tensor, "is not aligned"));
        }
        if tensor.offset < end {
            return Err(problem(tensor, "lies over another one"));
        }
        end = tensor.offset.saturating_add(tensor.size_bytes as u64);
        if end > data_bytes {
            return Err(problem(tensor, "reaches beyond the end of the file: fetch it again"));
        }
    }
    Ok(())
}

/// Reads the header in parts.
struct Cursor<'a> {
    size_bytes: u64,
    read_at: &'a mut dyn FnMut(u64, &mut [u8]) -> Result<()>,
    position: u64,
    part: Vec<u8>,
    part_start: u64,
}

impl Cursor<'_> {
    /// Bytes that may still belong to the header.
    fn left(&self) -> u64 {
        self.size_bytes.min(HEADER_LIMIT_BYTES).saturating_sub(self.position)
    }

    fn require(&self, bytes: u64, what: &'static str) -> Result<(), GgufError> {
        if bytes <= self.left() {
            return Ok(());
        }
        if self.size_bytes > HEADER_LIMIT_BYTES {
            let count = self.position.saturating_add(bytes);
            return Err(GgufError::TooMany { what: "bytes of header", count, limit: HEADER_LIMIT_BYTES });
        }
        Err(GgufError::CutOff(what))
    }

    fn fill(&mut self, bytes: &mut [u8], what: &'static str) -> Result<()> {
        self.require(bytes.len() as u64, what)?;
        let mut done = 0;
        while done < bytes.len() {
            let from = (self.position - self.part_start) as usize;
            if from >= self.part.len() {
                self.part_start = self.position;
                self.part.resize(PART_BYTES.min((self.size_bytes - self.position) as usize), 0);
                (self.read_at)(self.position, &mut self.part)?;
                continue;
            }
            let count = (self.part.len() - from).min(bytes.len() - done);
            bytes[done..done + count].copy_from_slice(&self.part[from..from + count]);
            done += count;
            self.position += count as u64;
        }
        Ok(())
    }

    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.fill(&mut bytes, what)?;
        Ok(bytes)
    }

    fn u32(&mut self, what: &'static str) -> Result<u32> {
        self.array(what).map(u32::from_le_bytes)
    }

    fn u64(&mut self, what: &'static str) -> Result<u64> {
        self.array(what).map(u64::from_le_bytes)
    }

    fn count(&mut self, what: &'static str, limit: u64) -> Result<u64> {
        let count = self.u64(what)?;
        if count > limit {
            return Err(GgufError::TooMany { what, count, limit }.into());
        }
        Ok(count)
    }

    fn bytes(&mut self, length: u64, what: &'static str) -> Result<Vec<u8>> {
        self.require(length, what)?;
        let mut bytes = vec![0; length as usize];
        self.fill(&mut bytes, what)?;
        Ok(bytes)
    }

    fn text(&mut self, what: &'static str, limit_bytes: u64) -> Result<String> {
        let length = self.u64(what)?;
        if length > limit_bytes {
            let what = "bytes in a text";
            return Err(GgufError::TooMany { what, count: length, limit: limit_bytes }.into());
        }
        let bytes = self.bytes(length, what)?;
        let broken = |_| GgufError::Broken { place: format!("one of its {what}"), problem: "is not UTF-8" };
        Ok(String::from_utf8(bytes).map_err(broken)?)
    }

    fn value(&mut self, tag: u32, key: &str) -> Result<Value> {
        const STRING: u32 = 8;
        const ARRAY: u32 = 9;
        let unknown = |tag: u32| GgufError::Key {
            key: key.to_owned(),
            problem: format!("is of type {tag}, which is not read"),
        };
        match tag {
            STRING => self.text("texts", TEXT_LIMIT_BYTES).map(Value::String),
            ARRAY => {
                let tag = self.u32("an array")?;
                let count = self.count("values in an array", ARRAY_LIMIT)?;
                if tag == STRING {
                    // Each has at least the eight bytes of its length.
                    self.require(8 * count, "an array")?;
                    let texts = (0..count).map(|_| self.text("texts", TEXT_LIMIT_BYTES));
                    return Ok(Value::Strings(texts.collect::<Result<_>>()?));
                }
                let scalar = Scalar::from_tag(tag).ok_or_else(|| unknown(tag))?;
                let bytes = self.bytes(count * scalar.size_bytes() as u64, "an array")?;
                Ok(Value::Numbers(Numbers { scalar, bytes }))
            }
            tag => {
                let scalar = Scalar::from_tag(tag).ok_or_else(|| unknown(tag))?;
                let bytes = self.bytes(scalar.size_bytes() as u64, "the metadata")?;
                Ok(Value::Number(Numbers { scalar, bytes }))
            }
        }
    }

    fn tensor(&mut self) -> Result<TensorInfo> {
        let name = self.text("tensor names", NAME_LIMIT_BYTES)?;
        let problem = |problem: &str| GgufError::Tensor { name: name.clone(), problem: problem.to_owned() };
        let dimensions = self.u32("the tensors")?;
        if dimensions == 0 || dimensions > DIMENSION_LIMIT {
            return Err(problem("has no or more than four dimensions").into());
        }
        let mut shape = Vec::new();
        for _ in 0..dimensions {
            shape.push(self.u64("the tensors")?);
        }
        let tag = self.u32("the tensors")?;
        let offset = self.u64("the tensors")?;
        let format = Format::from_tag(tag).ok_or_else(|| {
            let type_name = Format::name_of_tag(tag);
            problem(&format!("is stored as {type_name}; read are f32, f16, bf16, q8_0, q4_0 and q4_1"))
        })?;
        // A file counts the dimension that varies fastest first.
        let width = shape[0];
        shape.reverse();
        let elements = shape.iter().try_fold(1_u64, |product, side| product.checked_mul(*side));
        let elements = elements.filter(|elements| (1..=1 << 48).contains(elements));
        let elements = elements.ok_or_else(|| problem("has an impossible shape"))?;
        let size_bytes = format
            .size_bytes(elements, width)
            .ok_or_else(|| problem("has rows that are no whole number of blocks"))?;
        // Before anything is made of the sizes: the data are shorter than the file.
        if size_bytes > self.size_bytes {
            return Err(problem("is larger than the file: fetch it again").into());
        }
        let shape = shape.into_iter().map(|side| side as usize).collect();
        Ok(TensorInfo { shape, format, offset, size_bytes: size_bytes as usize, name })
    }
}

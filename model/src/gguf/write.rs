//! Writes a file, version 3: the same content gives the same bytes.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{Format, MAGIC, Value};

const VERSION: u32 = 3;
const ALIGNMENT: usize = 32;

/// A tensor to be written.
pub struct NewTensor<'a> {
    pub name: String,
    /// Rows first: `[out, in]`.
    pub shape: Vec<usize>,
    pub format: Format,
    /// Makes the bytes when their turn has come, so that one tensor is held at a time.
    pub data: Box<dyn FnOnce() -> crate::Result<Vec<u8>> + 'a>,
}

/// Metadata in the order of their keys, except the architecture, which readers expect first.
///
/// # Errors
/// What `out` fails with, and what a tensor's `data` fails with.
pub fn write(
    out: &mut impl Write,
    metadata: &BTreeMap<String, Value>,
    tensors: Vec<NewTensor<'_>>,
) -> io::Result<()> {
    let mut header = Vec::new();
    header.extend(MAGIC);
    header.extend(VERSION.to_le_bytes());
    header.extend((tensors.len() as u64).to_le_bytes());
    header.extend((metadata.len() as u64).to_le_bytes());
    let is_first = |key: &str| key == "general.architecture";
    let first = metadata.iter().filter(|(key, _)| is_first(key));
    for (key, value) in first.chain(metadata.iter().filter(|(key, _)| !is_first(key))) {
        push_text(&mut header, key);
        push_value(&mut header, value);
    }
    let mut offset = 0;
    let mut sizes = Vec::new();
    for tensor in &tensors {
        push_text(&mut header, &tensor.name);
        header.extend((tensor.shape.len() as u32).to_le_bytes());
        for side in tensor.shape.iter().rev() {
            header.extend((*side as u64).to_le_bytes());
        }
        header.extend(tensor.format.tag().to_le_bytes());
        header.extend((offset as u64).to_le_bytes());
        let elements = tensor.shape.iter().product::<usize>();
        let size_bytes = elements / tensor.format.block() * tensor.format.block_bytes();
        offset += size_bytes.next_multiple_of(ALIGNMENT);
        sizes.push(size_bytes);
    }
    header.resize(header.len().next_multiple_of(ALIGNMENT), 0);
    out.write_all(&header)?;
    for (tensor, size_bytes) in tensors.into_iter().zip(sizes) {
        let name = tensor.name;
        let mut data = (tensor.data)().map_err(io::Error::other)?;
        if data.len() != size_bytes {
            let message =
                format!("the tensor {name} has {} bytes where its shape has {size_bytes}", data.len());
            return Err(io::Error::other(message));
        }
        data.resize(size_bytes.next_multiple_of(ALIGNMENT), 0);
        out.write_all(&data)?;
    }
    Ok(())
}

fn push_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u64).to_le_bytes());
    bytes.extend(text.as_bytes());
}

fn push_value(bytes: &mut Vec<u8>, value: &Value) {
    const STRING: u32 = 8;
    const ARRAY: u32 = 9;
    match value {
        Value::Number(number) => {
            bytes.extend(number.scalar.tag().to_le_bytes());
            bytes.extend(&number.bytes);
        }
        Value::String(text) => {
            bytes.extend(STRING.to_le_bytes());
            push_text(bytes, text);
        }
        Value::Numbers(numbers) => {
            bytes.extend(ARRAY.to_le_bytes());
            bytes.extend(numbers.scalar.tag().to_le_bytes());
            bytes.extend((numbers.count() as u64).to_le_bytes());
            bytes.extend(&numbers.bytes);
        }
        Value::Strings(texts) => {
            bytes.extend(ARRAY.to_le_bytes());
            bytes.extend(STRING.to_le_bytes());
            bytes.extend((texts.len() as u64).to_le_bytes());
            for text in texts {
                push_text(bytes, text);
            }
        }
    }
}

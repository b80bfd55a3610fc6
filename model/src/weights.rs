//! Named tensors ↔ safetensors bytes. A file from outside is measured against what the model
//! expects before anything is allocated for it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;

use candle_core::{DType, Device, Tensor};
use safetensors::tensor::{Dtype, Metadata, TensorView};
use serde_json::json;

use crate::architectures::{Parameter, Weights};
use crate::{Error, Result};

/// Headers above this are refused unread; a model of ten thousand tensors needs about one MiB.
pub const HEADER_LIMIT_BYTES: u64 = 16 << 20;

/// How a tensor lies in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// As the model has it.
    Plain,
    /// A matrix `[in, out]` where the model has `[out, in]`, as GPT-2's `Conv1D` keeps it.
    Transposed,
}

/// A tensor that a file must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    pub name: String,
    /// In the model.
    pub shape: Vec<usize>,
    pub layout: Layout,
}

impl Expected {
    fn shape_in_file(&self) -> Vec<usize> {
        match self.layout {
            Layout::Plain => self.shape.clone(),
            Layout::Transposed => self.shape.iter().rev().copied().collect(),
        }
    }
}

impl From<Parameter> for Expected {
    fn from(parameter: Parameter) -> Self {
        Self { name: parameter.name, shape: parameter.shape, layout: parameter.layout }
    }
}

/// The bytes of a safetensors file with f32 tensors, each in the layout that the file is expected to
/// have. Written here and not by the `safetensors` crate, whose metadata come in random order: the same
/// tensors must give the same bytes, for an artifact is known by its hash.
///
/// # Errors
/// [`Error::Weights`] when a tensor is not expected: how it should lie is then unknown.
pub fn to_bytes(
    weights: &Weights,
    expected: &[Expected],
    metadata: BTreeMap<String, String>,
) -> Result<Vec<u8>> {
    let layouts: BTreeMap<&str, Layout> =
        expected.iter().map(|tensor| (tensor.name.as_str(), tensor.layout)).collect();
    let mut held = Vec::new();
    for (name, weight) in weights {
        let layout = *layouts.get(name.as_str()).ok_or_else(|| unexpected(name))?;
        held.push(Expected { name: name.clone(), shape: weight.dims().to_vec(), layout });
    }
    let mut bytes = Vec::new();
    write_each(&mut bytes, &held, metadata, |tensor| Ok(weights[&tensor.name].clone()))?;
    Ok(bytes)
}

/// [`to_bytes`] without all of it in memory: `tensor` makes one after the other, in the order of their
/// names.
///
/// # Errors
/// [`Error::Weights`] when a tensor has another shape than expected or `out` fails; what `tensor` fails
/// with.
pub fn write_each(
    out: &mut impl Write,
    expected: &[Expected],
    metadata: BTreeMap<String, String>,
    mut tensor: impl FnMut(&Expected) -> Result<Tensor>,
) -> Result<()> {
    let failed = |error: std::io::Error| Error::Weights(format!("the file cannot be written: {error}"));
    let sorted: BTreeMap<&str, &Expected> =
        expected.iter().map(|tensor| (tensor.name.as_str(), tensor)).collect();
    let mut header = serde_json::Map::new();
    if !metadata.is_empty() {
        header.insert("__metadata__".to_owned(), json!(metadata));
    }
    let mut end = 0;
    for (name, expected) in &sorted {
        let start = end;
        end += expected.shape.iter().product::<usize>() * size_of::<f32>();
        let entry =
            json!({ "dtype": "F32", "shape": expected.shape_in_file(), "data_offsets": [start, end] });
        header.insert((*name).to_owned(), entry);
    }
    let mut header = serde_json::Value::Object(header).to_string().into_bytes();
    // Spaces, so that the values begin at a multiple of eight.
    header.resize(header.len().next_multiple_of(8), b' ');
    out.write_all(&(header.len() as u64).to_le_bytes()).map_err(failed)?;
    out.write_all(&header).map_err(failed)?;
    for expected in sorted.into_values() {
        let weight = tensor(expected)?;
        if weight.dims() != expected.shape {
            return Err(wrong_shape(&expected.name, weight.dims(), &expected.shape));
        }
        let lying = match expected.layout {
            Layout::Plain => weight,
            Layout::Transposed => weight.t()?,
        };
        let values: Vec<f32> = lying.to_dtype(DType::F32)?.flatten_all()?.to_vec1()?;
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        out.write_all(&bytes).map_err(failed)?;
    }
    Ok(())
}

/// The expected tensors of a safetensors file, as f32 on `device`, and the file's metadata. Tensors
/// of f32, f16, bf16 and f64 are read.
///
/// # Errors
/// [`Error::Weights`] when the bytes are no safetensors file, or a tensor is missing, has another
/// shape, or is not expected.
pub fn from_bytes(
    bytes: &[u8],
    expected: &[Expected],
    device: &Device,
) -> Result<(Weights, BTreeMap<String, String>)> {
    read_each(bytes, expected, |_, values| values.to_tensor(device))
}

/// [`from_bytes`] for tensors of any device: `place` makes one of the values that the file holds.
pub fn read_each<T>(
    bytes: &[u8],
    expected: &[Expected],
    place: impl FnMut(&Expected, Values<'_>) -> Result<T>,
) -> Result<(BTreeMap<String, T>, BTreeMap<String, String>)> {
    let read_at = |at: u64, part: &mut [u8]| {
        let start = at as usize;
        let bytes = bytes.get(start..start + part.len());
        part.copy_from_slice(bytes.ok_or_else(|| Error::Weights("the file is cut off".to_owned()))?);
        Ok(())
    };
    read_each_at(bytes.len() as u64, read_at, expected, place)
}

/// [`read_each`] for a file that is not in memory: `read_at` fills a buffer from an offset on. Never
/// more than one tensor is held.
pub fn read_each_at<T>(
    size_bytes: u64,
    mut read_at: impl FnMut(u64, &mut [u8]) -> Result<()>,
    expected: &[Expected],
    mut place: impl FnMut(&Expected, Values<'_>) -> Result<T>,
) -> Result<(BTreeMap<String, T>, BTreeMap<String, String>)> {
    let header = Header::read(size_bytes, &mut read_at)?;
    let mut others = header.names();
    others.retain(|name| !expected.iter().any(|tensor| tensor.name == *name));
    if let Some(name) = others.first() {
        return Err(unexpected(name));
    }
    for tensor in expected {
        header.check(&tensor.name, tensor)?;
    }
    let mut weights = BTreeMap::new();
    for tensor in expected {
        let placed = header.tensor(&tensor.name, tensor, &mut read_at, &mut place)?;
        weights.insert(tensor.name.clone(), placed);
    }
    Ok((weights, header.metadata.metadata().clone().unwrap_or_default().into_iter().collect()))
}

/// The header of a safetensors file, measured against the file's length.
#[derive(Debug)]
pub struct Header {
    metadata: Metadata,
    /// Where the values begin.
    data_start: u64,
}

impl Header {
    /// # Errors
    /// [`Error::Weights`] when the bytes are no safetensors file or not a whole one.
    pub fn read(size_bytes: u64, read_at: &mut dyn FnMut(u64, &mut [u8]) -> Result<()>) -> Result<Self> {
        if size_bytes < 8 {
            return Err(Error::Weights("the file is shorter than a safetensors header".to_owned()));
        }
        let mut length = [0; 8];
        read_at(0, &mut length)?;
        let length = u64::from_le_bytes(length);
        if length > HEADER_LIMIT_BYTES {
            return Err(Error::Weights(format!(
                "its header claims {length} bytes; at most {HEADER_LIMIT_BYTES} are read"
            )));
        }
        let data_start = 8 + length;
        if data_start > size_bytes {
            return Err(Error::Weights("its header is cut off".to_owned()));
        }
        let mut header = vec![0; length as usize];
        read_at(8, &mut header)?;
        // Its deserialization refuses tensors that overlap, leave gaps or are longer than their shape.
        let metadata: Metadata = serde_json::from_slice(&header)
            .map_err(|error| Error::Weights(format!("its header: {error}")))?;
        let data_end = data_start.saturating_add(metadata.data_len() as u64);
        if data_end != size_bytes {
            return Err(Error::Weights(format!(
                "it has {size_bytes} bytes where its header says {data_end}"
            )));
        }
        Ok(Self { metadata, data_start })
    }

    /// The names of all tensors.
    pub fn names(&self) -> Vec<String> {
        self.metadata.offset_keys()
    }

    /// That the tensor `name` has the shape that is expected, in numbers that are read.
    ///
    /// # Errors
    /// [`Error::Weights`] when it is missing or has not.
    pub fn check(&self, name: &str, expected: &Expected) -> Result<()> {
        let info = self.metadata.info(name).ok_or_else(|| missing(name))?;
        read_type(info.dtype, name)?;
        let shape = expected.shape_in_file();
        if info.shape == shape { Ok(()) } else { Err(wrong_shape(name, &info.shape, &shape)) }
    }

    /// Where the bytes of a tensor lie in the file, and of which type they are.
    pub(crate) fn place_of(&self, name: &str) -> Result<(Range<u64>, Dtype)> {
        let info = self.metadata.info(name).ok_or_else(|| missing(name))?;
        let (start, end) = info.data_offsets;
        Ok((self.data_start + start as u64..self.data_start + end as u64, info.dtype))
    }

    /// What `place` makes of the values of the tensor `name`.
    ///
    /// # Errors
    /// As [`Header::check`]; what `read_at` and `place` fail with.
    pub fn tensor<T>(
        &self,
        name: &str,
        expected: &Expected,
        read_at: &mut dyn FnMut(u64, &mut [u8]) -> Result<()>,
        place: &mut dyn FnMut(&Expected, Values<'_>) -> Result<T>,
    ) -> Result<T> {
        self.check(name, expected)?;
        let info = self.metadata.info(name).ok_or_else(|| missing(name))?;
        let dtype = read_type(info.dtype, name)?;
        let (start, end) = info.data_offsets;
        let mut data = vec![0; end - start];
        read_at(self.data_start + start as u64, &mut data)?;
        if expected.layout == Layout::Transposed {
            data = transposed(&data, &info.shape, dtype.size_in_bytes());
        }
        let view = TensorView::new(info.dtype, expected.shape.clone(), &data).map_err(unusable)?;
        place(expected, Values { view, dtype })
    }
}

/// The bytes of a matrix with rows and columns exchanged.
fn transposed(bytes: &[u8], shape: &[usize], element_bytes: usize) -> Vec<u8> {
    let [rows, columns] = shape else { return bytes.to_vec() };
    let mut turned = Vec::with_capacity(bytes.len());
    for column in 0..*columns {
        for row in 0..*rows {
            turned.extend_from_slice(&bytes[(row * columns + column) * element_bytes..][..element_bytes]);
        }
    }
    turned
}

fn wrong_shape(name: &str, shape: &[usize], expected: &[usize]) -> Error {
    Error::Weights(format!("the tensor {name:?} has the shape {shape:?} where the model has {expected:?}"))
}

pub(crate) fn unexpected(name: &str) -> Error {
    Error::Weights(format!("the tensor {name:?} has no place in this model"))
}

pub(crate) fn missing(name: &str) -> Error {
    Error::Weights(format!("the tensor {name:?} is missing"))
}

/// The values of one tensor as they stand in the file.
pub struct Values<'a> {
    view: TensorView<'a>,
    dtype: DType,
}

impl<'a> Values<'a> {
    /// An f32 tensor on `device`.
    pub fn to_tensor(&self, device: &Device) -> Result<Tensor> {
        let tensor = Tensor::from_raw_buffer(self.view.data(), self.dtype, self.view.shape(), device)?;
        Ok(tensor.to_dtype(DType::F32)?)
    }

    /// f32, little-endian: the file's own bytes where they are that already.
    pub fn to_f32_bytes(&self) -> Result<Cow<'a, [u8]>> {
        if self.dtype == DType::F32 {
            return Ok(Cow::Borrowed(self.view.data()));
        }
        let values: Vec<f32> = self.to_tensor(&Device::Cpu)?.flatten_all()?.to_vec1()?;
        Ok(Cow::Owned(values.iter().flat_map(|value| value.to_le_bytes()).collect()))
    }
}

fn read_type(dtype: Dtype, name: &str) -> Result<DType> {
    match dtype {
        Dtype::F32 => Ok(DType::F32),
        Dtype::F16 => Ok(DType::F16),
        Dtype::BF16 => Ok(DType::BF16),
        Dtype::F64 => Ok(DType::F64),
        other => Err(Error::Weights(format!(
            "the tensor {name:?} has the type {other:?}; read are F32, F16, BF16 and F64"
        ))),
    }
}

fn unusable(error: safetensors::SafeTensorError) -> Error {
    Error::Weights(error.to_string())
}

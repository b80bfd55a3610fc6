//! Named tensors ↔ safetensors bytes. A file from outside is measured against what the model
//! expects before anything is allocated for it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use candle_core::{DType, Device, Tensor};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde_json::json;

use crate::architectures::{Parameter, Weights};
use crate::{Error, Result};

/// Headers above this are refused unread; a model of ten thousand tensors needs about one MiB.
pub const HEADER_LIMIT_BYTES: u64 = 16 << 20;

/// A tensor that a file must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    pub name: String,
    pub shape: Vec<usize>,
}

impl From<Parameter> for Expected {
    fn from(parameter: Parameter) -> Self {
        Self { name: parameter.name, shape: parameter.shape }
    }
}

/// The bytes of a safetensors file with f32 tensors. Written here and not by the `safetensors` crate,
/// whose metadata come in random order: the same tensors must give the same bytes, for an artifact is
/// known by its hash.
pub fn to_bytes(weights: &Weights, metadata: BTreeMap<String, String>) -> Result<Vec<u8>> {
    let mut header = serde_json::Map::new();
    if !metadata.is_empty() {
        header.insert("__metadata__".to_owned(), json!(metadata));
    }
    let mut end = 0;
    for (name, weight) in weights {
        let start = end;
        end += weight.elem_count() * size_of::<f32>();
        let entry = json!({ "dtype": "F32", "shape": weight.dims(), "data_offsets": [start, end] });
        header.insert(name.clone(), entry);
    }
    let mut header = serde_json::Value::Object(header).to_string().into_bytes();
    // Spaces, so that the values begin at a multiple of eight.
    header.resize(header.len().next_multiple_of(8), b' ');
    let mut bytes = Vec::with_capacity(8 + header.len() + end);
    bytes.extend((header.len() as u64).to_le_bytes());
    bytes.extend(header);
    for weight in weights.values() {
        let values: Vec<f32> = weight.to_dtype(DType::F32)?.flatten_all()?.to_vec1()?;
        bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    }
    Ok(bytes)
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
    mut place: impl FnMut(&Expected, Values<'_>) -> Result<T>,
) -> Result<(BTreeMap<String, T>, BTreeMap<String, String>)> {
    check_header_length(bytes)?;
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(unusable)?;
    let file = SafeTensors::deserialize(bytes).map_err(unusable)?;
    let mut unexpected: Vec<&str> = file.names().into_iter().collect();
    unexpected.retain(|name| !expected.iter().any(|tensor| tensor.name == *name));
    if let Some(name) = unexpected.first() {
        return Err(Error::Weights(format!("the tensor {name:?} has no place in this model")));
    }
    for tensor in expected {
        let view = file
            .tensor(&tensor.name)
            .map_err(|_| Error::Weights(format!("the tensor {:?} is missing", tensor.name)))?;
        if view.shape() != tensor.shape {
            return Err(Error::Weights(format!(
                "the tensor {:?} has the shape {:?} where the model has {:?}",
                tensor.name,
                view.shape(),
                tensor.shape
            )));
        }
    }
    let mut weights = BTreeMap::new();
    for tensor in expected {
        let view = file.tensor(&tensor.name).map_err(unusable)?;
        let values = Values::new(view, &tensor.name)?;
        weights.insert(tensor.name.clone(), place(tensor, values)?);
    }
    Ok((weights, metadata.metadata().clone().unwrap_or_default().into_iter().collect()))
}

fn check_header_length(bytes: &[u8]) -> Result<()> {
    let length = bytes.first_chunk::<8>().map(|length| u64::from_le_bytes(*length));
    match length {
        None => Err(Error::Weights("the file is shorter than a safetensors header".to_owned())),
        Some(length) if length > HEADER_LIMIT_BYTES => Err(Error::Weights(format!(
            "its header claims {length} bytes; at most {HEADER_LIMIT_BYTES} are read"
        ))),
        Some(_) => Ok(()),
    }
}

/// The values of one tensor as they stand in the file.
pub struct Values<'a> {
    view: TensorView<'a>,
    dtype: DType,
}

impl<'a> Values<'a> {
    fn new(view: TensorView<'a>, name: &str) -> Result<Self> {
        let dtype = match view.dtype() {
            Dtype::F32 => DType::F32,
            Dtype::F16 => DType::F16,
            Dtype::BF16 => DType::BF16,
            Dtype::F64 => DType::F64,
            other => return Err(Error::Weights(format!("the tensor {name:?} has the type {other:?}"))),
        };
        Ok(Self { view, dtype })
    }

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

fn unusable(error: safetensors::SafeTensorError) -> Error {
    Error::Weights(error.to_string())
}

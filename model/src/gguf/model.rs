//! A whole model in a file: opened for use, and made from a Hugging Face folder's parts.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Arc;

use candle_core::{Device, Tensor};
use shared::spec::ArchitectureSpec;

use super::architecture::{ROPE_FACTORS, factors_of, with_factors};
use super::names::{Place, Turn, places, turned};
use super::{Format, GgufError, Header, NewTensor, Value, architecture, tokenizer, write};
use crate::architectures::{Parameter, Weights};
use crate::kernels::quantized_linear::QuantizedMatrix;
use crate::ops::Weight;
use crate::weights::{Expected, Values};
use crate::{Error, Result};

/// A file whose tensors are those of an architecture that we compute.
pub struct GgufModel {
    pub header: Header,
    pub spec: ArchitectureSpec,
    places: Vec<Place>,
}

/// A tensor's values as the file has them, its rows in our order.
pub struct Stored {
    pub shape: Vec<usize>,
    pub format: Format,
    pub bytes: Vec<u8>,
}

impl GgufModel {
    /// Reads the header and compares it with the architecture that it describes.
    ///
    /// # Errors
    /// [`Error::Gguf`] as [`Header::read`] and [`architecture`]; [`Error::Weights`] when a tensor is
    /// missing, has another shape or is not expected.
    pub fn open(size_bytes: u64, read_at: &mut dyn FnMut(u64, &mut [u8]) -> Result<()>) -> Result<Self> {
        let header = Header::read(size_bytes, read_at)?;
        let mut spec = architecture(&header)?;
        let places = places(&spec);
        let mut expected: BTreeSet<&str> = places.iter().map(|place| place.name.as_str()).collect();
        if let Some(tensor) = header.tensor(ROPE_FACTORS) {
            expected.insert(ROPE_FACTORS);
            // Before memory is taken: a head has few frequencies.
            if tensor.format != Format::F32 || tensor.shape != [factors_of(&spec).len()] {
                let problem = "is not one f32 for each frequency of a head".to_owned();
                return Err(GgufError::Tensor { name: ROPE_FACTORS.to_owned(), problem }.into());
            }
            spec = with_factors(&spec, &tensor.format.dequantize(&header.data(tensor, read_at)?))?;
        }
        if let Some(other) = header.tensors.iter().find(|tensor| !expected.contains(tensor.name.as_str())) {
            return Err(Error::Weights(format!("the tensor {:?} has no place in this model", other.name)));
        }
        for Place { parameter, name, .. } in &places {
            match header.tensor(name) {
                None => return Err(Error::Weights(format!("the tensor {name:?} is missing"))),
                Some(tensor) if tensor.shape != parameter.shape => {
                    return Err(Error::Weights(format!(
                        "the tensor {name:?} has the shape {:?} where the model has {:?}",
                        tensor.shape, parameter.shape
                    )));
                }
                Some(_) => {}
            }
        }
        Ok(Self { header, spec, places })
    }

    /// Every tensor by its Hugging Face name; one at a time is held as the file has it.
    ///
    /// # Errors
    /// What `read_at` and `place` fail with.
    pub fn read_each<T>(
        &self,
        read_at: &mut dyn FnMut(u64, &mut [u8]) -> Result<()>,
        mut place: impl FnMut(&Parameter, Stored) -> Result<T>,
    ) -> Result<BTreeMap<String, T>> {
        let mut weights = BTreeMap::new();
        for at in &self.places {
            let stored = self.stored(at, read_at)?;
            weights.insert(at.parameter.name.clone(), place(&at.parameter, stored)?);
        }
        Ok(weights)
    }

    /// One tensor by its Hugging Face name.
    ///
    /// # Errors
    /// [`Error::Weights`] when the model has none of that name; what `read_at` fails with.
    pub fn read(&self, name: &str, read_at: &mut dyn FnMut(u64, &mut [u8]) -> Result<()>) -> Result<Stored> {
        let place = self.places.iter().find(|place| place.parameter.name == name);
        self.stored(place.ok_or_else(|| Error::Weights(format!("the tensor {name:?} is missing")))?, read_at)
    }

    fn stored(
        &self,
        Place { parameter, name, turned_heads }: &Place,
        read_at: &mut dyn FnMut(u64, &mut [u8]) -> Result<()>,
    ) -> Result<Stored> {
        let tensor = self.header.tensor(name).ok_or(GgufError::CutOff("the tensors"))?;
        let mut bytes = self.header.data(tensor, read_at)?;
        if let Some(heads) = turned_heads {
            bytes = turned(&bytes, parameter.shape[0], *heads, Turn::FromFile);
        }
        Ok(Stored { shape: parameter.shape.clone(), format: tensor.format, bytes })
    }
}

impl Stored {
    /// A tensor of a safetensors file as a GGUF file of `format` holds it; for a `place` of
    /// [`crate::weights::read_each_at`].
    ///
    /// # Errors
    /// [`Error::Weights`] for a tensor of a type that is not read.
    pub fn of(tensor: &Expected, values: &Values<'_>, format: Format) -> Result<Self> {
        let floats: Vec<f32> = values
            .to_f32_bytes()?
            .chunks_exact(4)
            .map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
            .collect();
        let bytes = encode(tensor, &floats, format);
        Ok(Self { shape: tensor.shape.clone(), format: stored_format(tensor, format), bytes })
    }

    /// Matrices in blocks stay so; everything else becomes f32.
    pub fn into_weight(self) -> Result<Weight<Tensor>> {
        match self.shape[..] {
            [rows, width] if self.format.is_quantized() => {
                let matrix = QuantizedMatrix::from_blocks(self.format, rows, width, &self.bytes)?;
                Ok(Weight::Quantized(Arc::new(matrix)))
            }
            _ => self.to_tensor().map(Weight::Dense),
        }
    }

    /// All values as f32.
    pub fn to_tensor(&self) -> Result<Tensor> {
        let values = self.format.dequantize(&self.bytes);
        Ok(Tensor::from_vec(values, self.shape.as_slice(), &Device::Cpu)?)
    }
}

/// In which format a parameter is written when the file is to be of `format`. Norms, biases and the
/// table of positions are small and stay f32. Of a 4-bit file the embedding and the head, which llama.cpp
/// keeps finer too, are of 8 bits. Rows that are no whole number of blocks become f16.
pub fn stored_format(tensor: &Expected, format: Format) -> Format {
    let is_of_tokens = tensor.name == "lm_head.weight" || tensor.name.ends_with("embed_tokens.weight");
    let is_of_tokens = is_of_tokens || tensor.name.ends_with("wte.weight");
    match tensor.shape[..] {
        [_, width] if !tensor.name.ends_with("wpe.weight") => match format {
            quantized if !width.is_multiple_of(quantized.block()) => Format::F16,
            Format::Q4_0 | Format::Q4_1 if is_of_tokens => Format::Q8_0,
            format => format,
        },
        _ => Format::F32,
    }
}

/// The values of a tensor by its Hugging Face name, as a file of `format` holds them.
fn encode(tensor: &Expected, values: &[f32], format: Format) -> Vec<u8> {
    stored_format(tensor, format).quantize(values)
}

/// What a file holds besides the weights.
pub struct Parts<'a> {
    pub name: &'a str,
    pub spec: &'a ArchitectureSpec,
    pub tokenizer_json: &'a [u8],
    pub tokenizer_config_json: &'a [u8],
}

/// Writes a model whose tensors, by Hugging Face name and made by [`Stored::of`] with the same `format`,
/// are in `encoded`.
///
/// # Errors
/// [`Error::Configuration`] when the tokenizer cannot be said in a GGUF file; [`Error::Weights`] when a
/// tensor is missing or `out` fails.
pub fn write_model(
    out: &mut impl Write,
    parts: &Parts<'_>,
    format: Format,
    encoded: &BTreeMap<String, Vec<u8>>,
) -> Result<()> {
    let mut metadata = architecture::metadata(parts.spec);
    metadata.insert("general.name".to_owned(), parts.name.into());
    metadata.insert("general.file_type".to_owned(), file_type(format).into());
    if format.is_quantized() {
        metadata.insert("general.quantization_version".to_owned(), Value::from(2u32));
    }
    metadata.extend(tokenizer::to_metadata(parts.tokenizer_json, parts.tokenizer_config_json)?);
    let mut tensors = Vec::new();
    let factors = factors_of(parts.spec);
    if !factors.is_empty() {
        tensors.push(NewTensor {
            name: ROPE_FACTORS.to_owned(),
            shape: vec![factors.len()],
            format: Format::F32,
            data: Box::new(move || Ok(Format::F32.quantize(&factors))),
        });
    }
    for Place { parameter, name, turned_heads } in places(parts.spec) {
        let bytes = encoded.get(&parameter.name);
        let bytes = bytes.ok_or_else(|| Error::Weights(format!("the tensor {name:?} is missing")))?;
        let rows = parameter.shape[0];
        let format = stored_format(&parameter.clone().into(), format);
        let data = move || match turned_heads {
            Some(heads) => Ok(turned(bytes, rows, heads, Turn::ToFile)),
            None => Ok(bytes.clone()),
        };
        tensors.push(NewTensor { name, shape: parameter.shape, format, data: Box::new(data) });
    }
    write(out, &metadata, tensors)
        .map_err(|error| Error::Weights(format!("the file cannot be written: {error}")))
}

/// [`write_model`] of weights in memory.
///
/// # Errors
/// As [`write_model`].
pub fn write_weights(
    out: &mut impl Write,
    parts: &Parts<'_>,
    format: Format,
    weights: &Weights,
) -> Result<()> {
    let mut encoded = BTreeMap::new();
    for place in places(parts.spec) {
        let name = &place.parameter.name;
        let tensor =
            weights.get(name).ok_or_else(|| Error::Weights(format!("the tensor {name:?} is missing")))?;
        let values: Vec<f32> = tensor.to_dtype(candle_core::DType::F32)?.flatten_all()?.to_vec1()?;
        encoded.insert(name.clone(), encode(&place.parameter.clone().into(), &values, format));
    }
    write_model(out, parts, format, &encoded)
}

/// llama.cpp's number of what most tensors are.
fn file_type(format: Format) -> u32 {
    match format {
        Format::F32 => 0,
        Format::F16 => 1,
        Format::Q4_0 => 2,
        Format::Q4_1 => 3,
        Format::Q8_0 => 7,
        Format::Bf16 => 32,
    }
}

//! [`Ops`] on candle: CPU, wasm and CUDA, differentiable through candle's autograd.
//!
//! Nothing of candle-nn is used: its fused norms, softmax and rotary positions have no backward pass
//! and drop gradients silently.

use candle_core::{DType, Device, Tensor};
use shared::spec::Precision;

use crate::kernels::slices::is_fusable;
use crate::kernels::{
    add, causal_attention, embedding, gelu, layer_norm, linear, narrow_columns, quantized_linear, rms_norm,
    rope, swiglu,
};
use crate::ops::{AttentionShape, Behind, Embedding, Linear, Ops, RotaryAngles, Segment};
use crate::{Error, Result};

/// Which forms of the kernels are used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Forms {
    /// Fused ones where they apply (f32 on the CPU), composed ones elsewhere.
    #[default]
    Fastest,
    /// As `Fastest`, but the matrix products of linear layers and of the head round their operands to bf16
    /// where the processor has instructions for it. Weights, sums and everything else stay f32.
    Bfloat16,
    /// Composed ones everywhere.
    Composed,
}

impl Forms {
    pub(crate) fn fuses(self, tensors: &[&Tensor]) -> bool {
        self != Self::Composed && is_fusable(tensors)
    }

    /// Of the products of linear layers and of the head.
    pub(crate) fn precision(self) -> Precision {
        match self {
            Self::Bfloat16 => Precision::Bf16,
            Self::Fastest | Self::Composed => Precision::F32,
        }
    }
}

impl From<Precision> for Forms {
    fn from(precision: Precision) -> Self {
        match precision {
            Precision::F32 => Self::Fastest,
            Precision::Bf16 => Self::Bfloat16,
        }
    }
}

/// Candle tensors of one type on one device.
#[derive(Debug, Clone)]
pub struct CandleOps {
    device: Device,
    dtype: DType,
    forms: Forms,
}

impl CandleOps {
    pub fn new(device: &Device, dtype: DType) -> Self {
        Self::with_forms(device, dtype, Forms::Fastest)
    }

    pub fn with_forms(device: &Device, dtype: DType, forms: Forms) -> Self {
        Self { device: device.clone(), dtype, forms }
    }

    pub fn device(&self) -> &Device {
        &self.device
    }

    pub fn forms(&self) -> Forms {
        self.forms
    }

    /// Whether the kernels of tensors of this device and type are fused.
    pub(crate) fn is_fused(&self) -> bool {
        self.forms != Forms::Composed && self.device.is_cpu() && self.dtype == DType::F32
    }

    fn fuses(&self, tensors: &[&Tensor]) -> bool {
        self.forms.fuses(tensors)
    }

    fn indices(&self, indices: &[u32]) -> Result<Tensor> {
        Ok(Tensor::from_slice(indices, indices.len(), &self.device)?)
    }
}

impl Ops for CandleOps {
    type Tensor = Tensor;

    fn embedding(&self, ids: &[u32], table: &Embedding<Tensor>) -> Result<Tensor> {
        match table {
            Embedding::Dense { weight } if self.fuses(&[weight]) => Ok(embedding::cpu::fused(ids, weight)?),
            Embedding::Dense { weight } => Ok(embedding::composed(&self.indices(ids)?, weight)?),
            Embedding::Quantized { weight } => {
                let mut values = Vec::with_capacity(ids.len() * weight.width());
                for id in ids {
                    if *id as usize >= weight.rows() {
                        let count = weight.rows();
                        return Err(Error::Input(format!(
                            "there is no token {id} in a vocabulary of {count}"
                        )));
                    }
                    weight.row(*id as usize, &mut values);
                }
                let rows = Tensor::from_vec(values, (ids.len(), weight.width()), &self.device)?;
                Ok(rows.to_dtype(self.dtype)?)
            }
        }
    }

    fn linear(&self, x: &Tensor, linear: &Linear<Tensor>) -> Result<Tensor> {
        let (y, bias) = match linear {
            Linear::Dense { weight, bias } if !self.fuses(&[x, weight]) => {
                return Ok(linear::composed(x, weight, bias.as_ref())?);
            }
            Linear::Dense { weight, bias } => {
                return Ok(linear::cpu::fused(x, weight, bias.as_ref(), self.forms.precision())?);
            }
            Linear::Quantized { weight, bias } if self.fuses(&[x]) && !x.track_op() => {
                (quantized_linear::cpu::fused(x, weight)?, bias)
            }
            Linear::Quantized { weight, bias } => (quantized_linear::composed(x, weight)?, bias),
        };
        match bias {
            Some(bias) => Ok(y.broadcast_add(bias)?),
            None => Ok(y),
        }
    }

    fn rms_norm(&self, x: &Tensor, weight: &Tensor, epsilon: f64) -> Result<Tensor> {
        let form = if self.fuses(&[x, weight]) { rms_norm::cpu::fused } else { rms_norm::composed };
        Ok(form(x, weight, epsilon)?)
    }

    fn layer_norm(&self, x: &Tensor, weight: &Tensor, bias: &Tensor, epsilon: f64) -> Result<Tensor> {
        let fuses = self.fuses(&[x, weight, bias]);
        let form = if fuses { layer_norm::cpu::fused } else { layer_norm::composed };
        Ok(form(x, weight, bias, epsilon)?)
    }

    fn rotary_angles(&self, positions: &[u32], frequencies: &[f64]) -> Result<RotaryAngles<Tensor>> {
        Ok(rope::angle_tensors(positions, frequencies, self.dtype, &self.device)?)
    }

    fn rope(&self, x: &Tensor, angles: &RotaryAngles<Tensor>) -> Result<Tensor> {
        let form = if self.fuses(&[x, &angles.cosines]) { rope::cpu::fused } else { rope::composed };
        Ok(form(x, angles)?)
    }

    fn causal_attention(
        &self,
        queries: &Tensor,
        keys: &Tensor,
        values: &Tensor,
        shape: AttentionShape,
        segments: &[Segment],
    ) -> Result<Tensor> {
        let fuses = self.fuses(&[queries, keys, values]);
        let form = if fuses { causal_attention::cpu::fused } else { causal_attention::composed };
        Ok(form(queries, keys, values, shape, segments)?)
    }

    fn self_attention(
        &self,
        together: &Tensor,
        shape: AttentionShape,
        segments: &[Segment],
    ) -> Result<Tensor> {
        let fuses = self.fuses(&[together]);
        let form =
            if fuses { causal_attention::cpu::fused_together } else { causal_attention::composed_together };
        Ok(form(together, shape, segments)?)
    }

    fn swiglu(&self, gate: &Tensor, up: &Tensor) -> Result<Tensor> {
        let form = if self.fuses(&[gate, up]) { swiglu::cpu::fused } else { swiglu::composed };
        Ok(form(gate, up)?)
    }

    fn gelu(&self, x: &Tensor) -> Result<Tensor> {
        let form = if self.fuses(&[x]) { gelu::cpu::fused } else { gelu::composed };
        Ok(form(x)?)
    }

    fn add(&self, left: &Tensor, right: &Tensor) -> Result<Tensor> {
        let form = if self.fuses(&[left, right]) { add::cpu::fused } else { add::composed };
        Ok(form(left, right)?)
    }

    fn select_rows(&self, x: &Tensor, indices: &[u32]) -> Result<Tensor> {
        Ok(x.index_select(&self.indices(indices)?, 0)?)
    }

    fn narrow_rows(&self, x: &Tensor, start: usize, length: usize) -> Result<Tensor> {
        Ok(x.narrow(0, start, length)?)
    }

    fn narrow_columns(&self, x: &Tensor, start: usize, width: usize) -> Result<Tensor> {
        Ok(narrow_columns::composed(x, start, width)?)
    }

    fn concatenate_rows(&self, parts: &[&Tensor]) -> Result<Tensor> {
        match parts {
            [part] => Ok((*part).clone()),
            parts => Ok(Tensor::cat(parts, 0)?),
        }
    }

    fn append_rows(&self, buffer: &Tensor, length: usize, rows: &Tensor, behind: Behind) -> Result<Tensor> {
        let (added, width) = rows.dims2()?;
        let has_room = behind == Behind::Mine && length + added <= buffer.dim(0)?;
        let grown = if has_room {
            buffer.clone()
        } else {
            let capacity = (2 * (length + added)).next_multiple_of(LEAST_ROOM_ROWS);
            let grown = Tensor::zeros((capacity, width), rows.dtype(), rows.device())?;
            grown.slice_set(&buffer.narrow(0, 0, length)?.contiguous()?, 0, 0)?;
            grown
        };
        grown.slice_set(&rows.contiguous()?, 0, length)?;
        Ok(grown)
    }
}

/// Rows that a buffer that outgrew another has at least.
const LEAST_ROOM_ROWS: usize = 32;

//! [`Ops`] on WebGPU: Vulkan natively, the page's GPU in the browser. f32, for inference.
//!
//! An op records its kernel (`kernels/<op>/kernel.wgsl`) and returns at once; [`WebGpuOps::read`] is
//! the only thing to wait for. What the GPU refuses later is an error of the next op or reading.

mod device;
mod pipelines;
mod pool;
mod readback;
mod recorder;
mod tensor;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use device::Gpu;
use pipelines::{Kernel, Pipelines};
use pool::{Pool, Use};
use readback::{Landing, Staging};
use recorder::{Input, Recorder, Run};
pub use tensor::Tensor;

use crate::gguf::Stored;
use crate::kernels::rope;
use crate::ops::{AttentionShape, Embedding, Linear, Ops, RotaryAngles, Segment};
use crate::weights::{self, Expected};
use crate::{Error, Result};

/// One GPU with its kernels. Dropping it frees the GPU's memory, that of its tensors too.
#[derive(Debug)]
pub struct WebGpuOps {
    gpu: Gpu,
    pipelines: Pipelines,
    pool: Arc<Pool>,
    recorder: Mutex<Recorder>,
    staging: Staging,
}

impl WebGpuOps {
    /// Opens the fastest GPU with all of its limits and compiles the kernels.
    ///
    /// # Errors
    /// [`crate::DeviceError::Unusable`] when there is none or it cannot run the kernels.
    pub async fn open() -> Result<Self> {
        let gpu = Gpu::open().await?;
        let pipelines = Pipelines::compile(&gpu).await?;
        let recorder = Mutex::new(Recorder::new(&gpu));
        Ok(Self { gpu, pipelines, pool: Arc::default(), recorder, staging: Staging::default() })
    }

    /// The GPU's own name, as far as it says it.
    pub fn adapter_name(&self) -> String {
        let wgpu::AdapterInfo { name, driver_info, vendor, .. } = &self.gpu.adapter;
        let parts: Vec<&str> =
            [name.as_str(), driver_info.as_str()].into_iter().filter(|p| !p.is_empty()).collect();
        if parts.is_empty() { format!("WebGPU adapter of vendor {vendor:#x}") } else { parts.join(", ") }
    }

    /// Bytes of all tensors on the GPU and of the buffers kept for the next ones.
    pub fn memory_bytes(&self) -> u64 {
        self.pool.allocated_bytes()
    }

    /// # Errors
    /// [`crate::DeviceError::Lost`] or whatever else the GPU reported since it was opened.
    pub fn check(&self) -> Result<()> {
        self.gpu.check()
    }

    /// Gives the GPU back at once, whoever still holds tensors. Whatever follows is an
    /// [`crate::DeviceError::Lost`].
    pub fn close(&self) {
        self.gpu.close();
    }

    /// The expected tensors of a safetensors file, ready for
    /// [`Model::new`](crate::architectures::Model::new).
    ///
    /// # Errors
    /// As [`weights::from_bytes`]; [`crate::DeviceError::Unusable`] when a tensor is too large for the GPU.
    pub fn weights(&self, bytes: &[u8], expected: &[Expected]) -> Result<BTreeMap<String, Tensor>> {
        let place = |tensor: &Expected, values: weights::Values<'_>| self.weight(tensor, &values);
        Ok(weights::read_each(bytes, expected, place)?.0)
    }

    /// One tensor of a safetensors file, as [`weights::read_each_at`] hands it out.
    ///
    /// # Errors
    /// [`crate::DeviceError::Unusable`] when it is too large for the GPU.
    pub fn weight(&self, tensor: &Expected, values: &weights::Values<'_>) -> Result<Tensor> {
        let width = tensor.shape.last().copied().unwrap_or(1);
        let rows = tensor.shape.iter().product::<usize>().checked_div(width).unwrap_or(0);
        self.upload(&values.to_f32_bytes()?, rows, width, Use::Weight)
    }

    /// A weight of a GGUF file, unpacked: no shader reads blocks.
    pub fn stored_weight(&self, stored: &Stored) -> Result<Tensor> {
        let width = stored.shape.last().copied().unwrap_or(1);
        let values = stored.format.dequantize(&stored.bytes);
        let rows = values.len().checked_div(width).unwrap_or(0);
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.upload(&bytes, rows, width, Use::Weight)
    }

    /// `values` as `[rows, width]`.
    pub fn tensor(&self, values: &[f32], width: usize) -> Result<Tensor> {
        let rows = values.len().checked_div(width).unwrap_or(0);
        fits(values.len() == rows * width, "a tensor takes whole rows")?;
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.upload(&bytes, rows, width, Use::Passing)
    }

    /// Waits for the values of `x`, row by row.
    ///
    /// # Errors
    /// [`crate::DeviceError::Lost`] when the GPU went away; [`crate::DeviceError::Unusable`] when it refused a command.
    pub async fn read(&self, x: &Tensor) -> Result<Vec<f32>> {
        self.gpu.check()?;
        let landing = self.staging.take(&self.gpu, x.size_bytes());
        self.land(x, &landing);
        self.staging.read(&self.gpu, landing, x.size_bytes()).await
    }

    /// Sends everything recorded to the GPU, and `x` after it to where it can be read.
    fn land(&self, x: &Tensor, landing: &Landing) {
        let mut recorder = self.recorder();
        recorder.copy(&self.gpu, x, &landing.0, 0);
        recorder.submit(&self.gpu, &self.pool);
    }

    /// The writing overtakes what is recorded and not submitted, so that is submitted first.
    fn upload(&self, bytes: &[u8], rows: usize, width: usize, purpose: Use) -> Result<Tensor> {
        self.recorder().submit(&self.gpu, &self.pool);
        let tensor = self.allocate(rows, width, purpose)?;
        self.gpu.queue.write_buffer(&tensor.storage.buffer, 0, bytes);
        if purpose == Use::Weight {
            // Else all weights wait in memory for the first command.
            self.gpu.queue.submit([]);
        }
        Ok(tensor)
    }

    fn allocate(&self, rows: usize, width: usize, purpose: Use) -> Result<Tensor> {
        self.gpu.check()?;
        if rows == 0 || width == 0 {
            return Err(Error::Input(format!("a tensor on the GPU cannot have the shape [{rows}, {width}]")));
        }
        Ok(Tensor::new(self.pool.allocate(&self.gpu, rows * width, purpose)?, rows, width))
    }

    /// Runs `threads` threads of a kernel that writes `[rows, width]`.
    fn run(
        &self,
        kernel: Kernel,
        parameters: &[u32],
        inputs: &[Input<'_>],
        (rows, width): (usize, usize),
        threads: usize,
    ) -> Result<Tensor> {
        let output = self.allocate(rows, width, Use::Passing)?;
        self.run_into(kernel, parameters, inputs, &output, threads)?;
        Ok(output)
    }

    fn run_into(
        &self,
        kernel: Kernel,
        parameters: &[u32],
        inputs: &[Input<'_>],
        output: &Tensor,
        threads: usize,
    ) -> Result<()> {
        let aligned: Vec<Option<Tensor>> =
            inputs.iter().map(|input| self.aligned(*input)).collect::<Result<_>>()?;
        let inputs: Vec<Input<'_>> = inputs
            .iter()
            .zip(&aligned)
            .map(|(input, aligned)| aligned.as_ref().map_or(*input, Input::Tensor))
            .collect();
        let pipeline = self.pipelines.get(kernel);
        let run = Run { pipeline, parameters, inputs: &inputs, output, threads };
        self.recorder().run(&self.gpu, &self.pool, &run)
    }

    /// A copy of a run of rows that begins where no kernel's input may begin.
    fn aligned(&self, input: Input<'_>) -> Result<Option<Tensor>> {
        match input {
            Input::Tensor(x) if !x.start_bytes().is_multiple_of(self.gpu.alignment_bytes) => {
                let copy = self.allocate(x.rows, x.width, Use::Passing)?;
                self.recorder().copy(&self.gpu, x, &copy.storage.buffer, 0);
                Ok(Some(copy))
            }
            _ => Ok(None),
        }
    }

    /// Rows of a table, by index.
    fn gather(&self, indices: &[u32], table: &Tensor) -> Result<Tensor> {
        if let Some(index) = indices.iter().find(|index| **index as usize >= table.rows) {
            return Err(Error::Input(format!("there is no row {index} in a table of {} rows", table.rows)));
        }
        let count = indices.len() * table.width;
        self.run(
            Kernel::Embedding,
            &[indices.len() as u32, table.width as u32],
            &[Input::Numbers(indices), Input::Tensor(table)],
            (indices.len(), table.width),
            count,
        )
    }

    /// A kernel that works value by value on two tensors of one shape.
    fn elementwise(&self, kernel: Kernel, left: &Tensor, right: &Tensor) -> Result<Tensor> {
        let shape = (left.rows, left.width);
        fits(shape == (right.rows, right.width), "an elementwise op takes two tensors of one shape")?;
        let inputs = [Input::Tensor(left), Input::Tensor(right)];
        self.run(kernel, &[left.count() as u32], &inputs, shape, left.count())
    }

    fn recorder(&self) -> MutexGuard<'_, Recorder> {
        self.recorder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// No shader reads blocks.
fn unpack_first() -> Error {
    Error::Input("quantized weights do not run on the GPU: unpack them to f32 while loading".to_owned())
}

impl Ops for WebGpuOps {
    type Tensor = Tensor;

    fn embedding(&self, ids: &[u32], table: &Embedding<Tensor>) -> Result<Tensor> {
        let Embedding::Dense { weight } = table else { return Err(unpack_first()) };
        self.gather(ids, weight)
    }

    fn linear(&self, x: &Tensor, linear: &Linear<Tensor>) -> Result<Tensor> {
        let Linear::Dense { weight, bias } = linear else { return Err(unpack_first()) };
        let (rows, inputs, outputs) = (x.rows, x.width, weight.rows);
        fits(inputs == weight.width, "linear takes x [rows, in] and a weight [out, in]")?;
        fits(bias.as_ref().is_none_or(|bias| bias.count() == outputs), "linear takes a bias [out]")?;
        let parameters = [rows as u32, inputs as u32, outputs as u32, u32::from(bias.is_some())];
        // A kernel has a fixed number of inputs: without a bias the weight stands in and is not read.
        let bias = Input::Tensor(bias.as_ref().unwrap_or(weight));
        let threads = rows.div_ceil(LINEAR_ROWS_PER_THREAD) * outputs;
        let inputs = [Input::Tensor(x), Input::Tensor(weight), bias];
        self.run(Kernel::Linear, &parameters, &inputs, (rows, outputs), threads)
    }

    fn rms_norm(&self, x: &Tensor, weight: &Tensor, epsilon: f64) -> Result<Tensor> {
        fits(x.width == weight.count(), "rms_norm takes x [rows, width] and a weight [width]")?;
        let parameters = [x.rows as u32, x.width as u32, (epsilon as f32).to_bits()];
        let inputs = [Input::Tensor(x), Input::Tensor(weight)];
        self.run(Kernel::RmsNorm, &parameters, &inputs, (x.rows, x.width), x.rows)
    }

    fn layer_norm(&self, x: &Tensor, weight: &Tensor, bias: &Tensor, epsilon: f64) -> Result<Tensor> {
        fits(
            x.width == weight.count() && x.width == bias.count(),
            "layer_norm takes x [rows, width], a weight and a bias [width]",
        )?;
        let parameters = [x.rows as u32, x.width as u32, (epsilon as f32).to_bits()];
        let inputs = [Input::Tensor(x), Input::Tensor(weight), Input::Tensor(bias)];
        self.run(Kernel::LayerNorm, &parameters, &inputs, (x.rows, x.width), x.rows)
    }

    fn rotary_angles(&self, positions: &[u32], frequencies: &[f64]) -> Result<RotaryAngles<Tensor>> {
        let (cosines, sines) = rope::angles(positions, frequencies);
        let make = |values: Vec<f64>| {
            let values: Vec<f32> = values.into_iter().map(|value| value as f32).collect();
            self.tensor(&values, frequencies.len())
        };
        Ok(RotaryAngles { cosines: make(cosines)?, sines: make(sines)? })
    }

    fn rope(&self, x: &Tensor, angles: &RotaryAngles<Tensor>) -> Result<Tensor> {
        let half = angles.cosines.width;
        fits(
            x.rows == angles.cosines.rows && x.width.is_multiple_of(2 * half),
            "rope takes x [tokens, heads · head_size] and angles [tokens, head_size / 2]",
        )?;
        let parameters = [x.rows as u32, x.width as u32, half as u32];
        let inputs = [Input::Tensor(x), Input::Tensor(&angles.cosines), Input::Tensor(&angles.sines)];
        self.run(Kernel::Rope, &parameters, &inputs, (x.rows, x.width), x.count() / 2)
    }

    fn causal_attention(
        &self,
        queries: &Tensor,
        keys: &Tensor,
        values: &Tensor,
        shape: AttentionShape,
        segments: &[Segment],
    ) -> Result<Tensor> {
        let AttentionShape { heads, key_value_heads, head_size } = shape;
        let inside = |segment: &Segment| {
            segment.query_start + segment.query_length <= queries.rows
                && segment.key_start + segment.key_length <= keys.rows
                && segment.query_length <= segment.key_length
        };
        fits(
            queries.width == heads * head_size
                && keys.width == key_value_heads * head_size
                && (keys.rows, keys.width) == (values.rows, values.width)
                && segments.iter().all(inside),
            "causal_attention takes queries [tokens, heads · head_size], keys and values [key tokens, \
             key_value_heads · head_size] and segments inside of them",
        )?;
        // For every query its first key and how many it sees.
        let mut seen = vec![0; 2 * queries.rows];
        for segment in segments {
            for query in 0..segment.query_length {
                let at = 2 * (segment.query_start + query);
                seen[at] = segment.key_start as u32;
                seen[at + 1] = (segment.key_length - segment.query_length + query + 1) as u32;
            }
        }
        let longest = segments.iter().map(|segment| segment.key_length).max().unwrap_or(0);
        let parts = longest.div_ceil(ATTENTION_KEYS_PER_PART).max(1);
        let scale = 1.0 / (head_size as f32).sqrt();
        let sums_per_token = heads * parts * (head_size + 2);
        let tokens_at_once = (ATTENTION_SUMS_LIMIT / sums_per_token).max(1);
        let y = self.allocate(queries.rows, queries.width, Use::Passing)?;
        for first in (0..queries.rows).step_by(tokens_at_once) {
            let tokens = tokens_at_once.min(queries.rows - first);
            let sizes = [first, tokens, heads, key_value_heads, head_size, parts].map(|size| size as u32);
            let parameters = [&sizes[..], &[scale.to_bits()]].concat();
            let seen = Input::Numbers(&seen);
            let inputs = [Input::Tensor(queries), Input::Tensor(keys), Input::Tensor(values), seen];
            let shape = (tokens, sums_per_token);
            let threads = tokens * heads * parts;
            let partial = self.run(Kernel::CausalAttention, &parameters, &inputs, shape, threads)?;
            let inputs = [Input::Tensor(&partial), seen];
            self.run_into(Kernel::CausalAttentionMerge, &parameters, &inputs, &y, tokens * queries.width)?;
        }
        Ok(y)
    }

    fn swiglu(&self, gate: &Tensor, up: &Tensor) -> Result<Tensor> {
        self.elementwise(Kernel::Swiglu, gate, up)
    }

    fn gelu(&self, x: &Tensor) -> Result<Tensor> {
        self.run(Kernel::Gelu, &[x.count() as u32], &[Input::Tensor(x)], (x.rows, x.width), x.count())
    }

    fn add(&self, left: &Tensor, right: &Tensor) -> Result<Tensor> {
        self.elementwise(Kernel::Add, left, right)
    }

    fn select_rows(&self, x: &Tensor, indices: &[u32]) -> Result<Tensor> {
        self.gather(indices, x)
    }

    fn narrow_rows(&self, x: &Tensor, start: usize, length: usize) -> Result<Tensor> {
        fits(length > 0 && start + length <= x.rows, "narrow_rows takes rows that are there")?;
        Ok(x.view(start, length))
    }

    fn narrow_columns(&self, x: &Tensor, start: usize, width: usize) -> Result<Tensor> {
        fits(width > 0 && start + width <= x.width, "narrow_columns takes columns that are there")?;
        let parameters = [x.rows, x.width, start, width].map(|size| size as u32);
        self.run(Kernel::NarrowColumns, &parameters, &[Input::Tensor(x)], (x.rows, width), x.rows * width)
    }

    /// Grows the first part where it lies if it can, so that remembering one more token does not copy
    /// all that is remembered.
    fn concatenate_rows(&self, parts: &[&Tensor]) -> Result<Tensor> {
        let [first, rest @ ..] = parts else {
            return Err(Error::Input("concatenate_rows takes at least one tensor".to_owned()));
        };
        if rest.is_empty() {
            return Ok((*first).clone());
        }
        fits(rest.iter().all(|part| part.width == first.width), "concatenate_rows takes rows of one width")?;
        let added = rest.iter().map(|part| part.rows).sum();
        // A buffer cannot be copied into itself.
        let elsewhere = rest.iter().all(|part| !Arc::ptr_eq(&part.storage, &first.storage));
        let grown = if elsewhere { first.grown(added) } else { None };
        let (whole, copied) = match grown {
            Some(whole) => (whole, rest),
            None => (self.allocate(first.rows + added, first.width, Use::Passing)?, parts),
        };
        let missing: usize = copied.iter().map(|part| part.count()).sum();
        let mut at = whole.start_bytes() + whole.size_bytes() - (missing * size_of::<f32>()) as u64;
        let mut recorder = self.recorder();
        for part in copied {
            recorder.copy(&self.gpu, part, &whole.storage.buffer, at);
            at += part.size_bytes();
        }
        Ok(whole)
    }
}

/// As in `kernels/linear/kernel.wgsl`.
const LINEAR_ROWS_PER_THREAD: usize = 4;

/// As in `kernels/causal_attention/*.wgsl`. It also keeps a thread's loops short: Mesa's software driver
/// silently ends a thread after 65,535 turns of all its loops together.
const ATTENTION_KEYS_PER_PART: usize = 64;

/// Values of partial sums that attention holds at a time (16 MiB); more queries go one group after
/// the other.
const ATTENTION_SUMS_LIMIT: usize = 4 << 20;

fn fits(holds: bool, rule: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::Input(rule.to_owned())) }
}

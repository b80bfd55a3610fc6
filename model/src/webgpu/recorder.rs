//! Commands on their way to the GPU. Ops record here; the GPU starts when enough has come together or
//! when somebody wants to read.

use super::device::Gpu;
use super::pipelines::{Pipeline, workgroups};
use super::pool::Pool;
use super::tensor::Tensor;
use crate::{Error, Result};

/// After so many kernels the GPU gets to work while the rest is recorded.
const KERNELS_PER_SUBMISSION: usize = 128;
/// Parameters and ids of one submission.
const ARENA_BYTES: u64 = 1 << 20;

/// What a kernel reads.
#[derive(Debug, Clone, Copy)]
pub(super) enum Input<'a> {
    Tensor(&'a Tensor),
    /// Ids, rows: as small as the batch.
    Numbers(&'a [u32]),
}

/// One run of a kernel: parameters at binding 0, inputs behind them, the output last.
#[derive(Debug)]
pub(super) struct Run<'a> {
    pub pipeline: &'a Pipeline,
    pub parameters: &'a [u32],
    pub inputs: &'a [Input<'a>],
    pub output: &'a Tensor,
    pub threads: usize,
}

#[derive(Debug)]
pub(super) struct Recorder {
    /// Kernels share a pass; a copy ends it. It goes before the encoder that it writes to.
    pass: Option<wgpu::ComputePass<'static>>,
    encoder: Option<wgpu::CommandEncoder>,
    kernels: usize,
    /// Everything small that the recorded kernels read. It is written to `arena` in one piece before
    /// they run.
    small: Vec<u8>,
    arena: wgpu::Buffer,
}

impl Recorder {
    pub fn new(gpu: &Gpu) -> Self {
        let arena = gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("parameters"),
            size: ARENA_BYTES,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        Self { pass: None, encoder: None, kernels: 0, small: Vec::new(), arena }
    }

    /// # Errors
    /// [`Error::Input`] when the ids of a batch are too many for one submission.
    pub fn run(&mut self, gpu: &Gpu, pool: &Pool, run: &Run<'_>) -> Result<()> {
        let Run { pipeline, parameters, inputs, output, threads } = *run;
        let numbers = inputs.iter().filter_map(|input| match input {
            Input::Numbers(numbers) => Some(*numbers),
            Input::Tensor(_) => None,
        });
        let padded = |numbers: &[u32]| (size_of_val(numbers) as u64).next_multiple_of(gpu.alignment_bytes);
        let needed = padded(parameters) + numbers.map(padded).sum::<u64>();
        if needed > ARENA_BYTES {
            return Err(Error::Input(format!(
                "this batch brings {needed} bytes of token ids and the GPU takes {ARENA_BYTES} at a time: use a \
                 shorter text"
            )));
        }
        if self.small.len() as u64 + needed > ARENA_BYTES || self.kernels >= KERNELS_PER_SUBMISSION {
            self.submit(gpu, pool);
        }
        let mut bindings = vec![self.place(gpu, parameters)];
        for input in inputs {
            bindings.push(match input {
                Input::Tensor(tensor) => Binding::of(tensor),
                Input::Numbers(numbers) => self.place(gpu, numbers),
            });
        }
        bindings.push(Binding::of(output));
        let entries: Vec<wgpu::BindGroupEntry<'_>> =
            bindings.iter().zip(0..).map(|(binding, number)| binding.entry(number)).collect();
        let group = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &pipeline.layout,
            entries: &entries,
        });
        let (x, y) = workgroups(threads);
        let pass = self.pass(gpu);
        pass.set_pipeline(&pipeline.compute);
        pass.set_bind_group(0, &group, &[]);
        pass.dispatch_workgroups(x, y, 1);
        self.kernels += 1;
        Ok(())
    }

    /// Copies values, in the order of the kernels. The buffers must differ.
    pub fn copy(&mut self, gpu: &Gpu, from: &Tensor, to: &wgpu::Buffer, to_bytes: u64) {
        self.pass = None;
        self.encoder(gpu).copy_buffer_to_buffer(
            &from.storage.buffer,
            from.start_bytes(),
            to,
            to_bytes,
            from.size_bytes(),
        );
    }

    /// Sends what is recorded to the GPU.
    pub fn submit(&mut self, gpu: &Gpu, pool: &Pool) {
        self.pass = None;
        if let Some(encoder) = self.encoder.take() {
            if !self.small.is_empty() {
                gpu.queue.write_buffer(&self.arena, 0, &self.small);
            }
            gpu.queue.submit([encoder.finish()]);
        }
        self.small.clear();
        self.kernels = 0;
        pool.trim();
    }

    fn encoder(&mut self, gpu: &Gpu) -> &mut wgpu::CommandEncoder {
        self.encoder.get_or_insert_with(|| gpu.device.create_command_encoder(&Default::default()))
    }

    fn pass(&mut self, gpu: &Gpu) -> &mut wgpu::ComputePass<'static> {
        let Self { encoder, pass, .. } = self;
        pass.get_or_insert_with(|| {
            encoder
                .get_or_insert_with(|| gpu.device.create_command_encoder(&Default::default()))
                .begin_compute_pass(&Default::default())
                .forget_lifetime()
        })
    }

    fn place(&mut self, gpu: &Gpu, numbers: &[u32]) -> Binding {
        let start = self.small.len().next_multiple_of(gpu.alignment_bytes as usize);
        self.small.resize(start, 0);
        self.small.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        let end = self.small.len().next_multiple_of(gpu.alignment_bytes as usize);
        self.small.resize(end, 0);
        Binding {
            buffer: self.arena.clone(),
            start_bytes: start as u64,
            size_bytes: size_of_val(numbers) as u64,
        }
    }
}

struct Binding {
    buffer: wgpu::Buffer,
    start_bytes: u64,
    size_bytes: u64,
}

impl Binding {
    fn of(tensor: &Tensor) -> Self {
        Self {
            buffer: tensor.storage.buffer.clone(),
            start_bytes: tensor.start_bytes(),
            size_bytes: tensor.size_bytes(),
        }
    }

    fn entry(&self, number: u32) -> wgpu::BindGroupEntry<'_> {
        let resource = wgpu::BindingResource::Buffer(wgpu::BufferBinding {
            buffer: &self.buffer,
            offset: self.start_bytes,
            size: wgpu::BufferSize::new(self.size_bytes),
        });
        wgpu::BindGroupEntry { binding: number, resource }
    }
}

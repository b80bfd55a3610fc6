//! How fast a model of the preset `small`'s shape writes at the end of a long text, with a cache that
//! grows in place and with one that is copied for every token:
//! `cargo run -p model --example decoding_speed -- 2 2000` (threads, positions).
#![allow(clippy::print_stdout)]

use std::time::Instant;

use model::architectures::{Model, random_weights};
use model::batch::Batch;
use model::candle_ops::CandleOps;
use model::ops::{AttentionShape, Embedding, Linear, Ops, RotaryAngles, Segment};
use model::{DType, Device, Result, Tensor};
use shared::spec::ArchitectureSpec;
use shared::spec::presets::Preset;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Tokens that are timed, up to the last position.
const TIMED: usize = 200;

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let threads: usize = arguments.first().map_or(Ok(2), |text| text.parse())?;
    let positions: usize = arguments.get(1).map_or(Ok(2_000), |text| text.parse())?;
    rayon::ThreadPoolBuilder::new().num_threads(threads).build()?.install(|| measure(threads, positions))?;
    Ok(())
}

fn measure(threads: usize, positions: usize) -> Result<()> {
    let mut spec = Preset::Small.pretrain().model;
    let ArchitectureSpec::Llama(llama) = &mut spec else { unreachable!("the presets are Llamas") };
    llama.context_length = positions as u32;
    let model = Model::new(&spec, &random_weights(&spec, 1, DType::F32, &Device::Cpu)?)?;
    let ops = CandleOps::new(&Device::Cpu, DType::F32);
    let copied = tokens_per_second(&model, &Copying(ops.clone()), positions)?;
    let grown = tokens_per_second(&model, &ops, positions)?;
    println!(
        "{} parameters, {threads} threads, the last {TIMED} of {positions} tokens: {copied:.0} tokens/s with a copied \
         cache, {grown:.0} with one that grows ({:.2} times)",
        spec.parameter_count(),
        grown / copied
    );
    Ok(())
}

fn tokens_per_second(
    model: &Model<Tensor>,
    ops: &impl Ops<Tensor = Tensor>,
    positions: usize,
) -> Result<f64> {
    let text: Vec<u32> = (0..positions as u32).map(|token| token * 7_919 % 4_000).collect();
    let mut state = model.empty_state(1);
    let prompt = positions - TIMED;
    model.logits(ops, &Batch::continuing(0, 0, &text[..prompt]), &mut state)?;
    let started = Instant::now();
    for at in prompt..positions {
        model.logits(ops, &Batch::continuing(0, at, &text[at..=at]), &mut state)?;
    }
    Ok(TIMED as f64 / started.elapsed().as_secs_f64())
}

/// The same ops with the plain form of `append_rows`, which copies all that is remembered.
struct Copying(CandleOps);

impl Ops for Copying {
    type Tensor = Tensor;

    fn embedding(&self, ids: &[u32], table: &Embedding<Tensor>) -> Result<Tensor> {
        self.0.embedding(ids, table)
    }

    fn linear(&self, x: &Tensor, linear: &Linear<Tensor>) -> Result<Tensor> {
        self.0.linear(x, linear)
    }

    fn rms_norm(&self, x: &Tensor, weight: &Tensor, epsilon: f64) -> Result<Tensor> {
        self.0.rms_norm(x, weight, epsilon)
    }

    fn layer_norm(&self, x: &Tensor, weight: &Tensor, bias: &Tensor, epsilon: f64) -> Result<Tensor> {
        self.0.layer_norm(x, weight, bias, epsilon)
    }

    fn gelu(&self, x: &Tensor) -> Result<Tensor> {
        self.0.gelu(x)
    }

    fn narrow_columns(&self, x: &Tensor, start: usize, width: usize) -> Result<Tensor> {
        self.0.narrow_columns(x, start, width)
    }

    fn rotary_angles(&self, positions: &[u32], head_size: usize, theta: f64) -> Result<RotaryAngles<Tensor>> {
        self.0.rotary_angles(positions, head_size, theta)
    }

    fn rope(&self, x: &Tensor, angles: &RotaryAngles<Tensor>) -> Result<Tensor> {
        self.0.rope(x, angles)
    }

    fn causal_attention(
        &self,
        queries: &Tensor,
        keys: &Tensor,
        values: &Tensor,
        shape: AttentionShape,
        segments: &[Segment],
    ) -> Result<Tensor> {
        self.0.causal_attention(queries, keys, values, shape, segments)
    }

    fn swiglu(&self, gate: &Tensor, up: &Tensor) -> Result<Tensor> {
        self.0.swiglu(gate, up)
    }

    fn add(&self, left: &Tensor, right: &Tensor) -> Result<Tensor> {
        self.0.add(left, right)
    }

    fn select_rows(&self, x: &Tensor, indices: &[u32]) -> Result<Tensor> {
        self.0.select_rows(x, indices)
    }

    fn narrow_rows(&self, x: &Tensor, start: usize, length: usize) -> Result<Tensor> {
        self.0.narrow_rows(x, start, length)
    }

    fn concatenate_rows(&self, parts: &[&Tensor]) -> Result<Tensor> {
        self.0.concatenate_rows(parts)
    }
}

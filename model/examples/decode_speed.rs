//! How fast a GGUF file decodes on this machine, after a prompt of 32 tokens:
//! `cargo run -p model --example decode_speed -- FILE 2 128` (threads, tokens). One line of JSON.
#![allow(clippy::print_stdout)]

use std::fs::File;
use std::ops::ControlFlow;
use std::os::unix::fs::FileExt;
use std::time::Instant;

use model::architectures::Model;
use model::candle_ops::CandleOps;
use model::generate::{Generation, GenerationOptions};
use model::gguf::GgufModel;
use model::sampling::Sampling;
use model::{DType, Device};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PROMPT_TOKENS: u32 = 32;

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |index: usize, default: &str| arguments.get(index).cloned().unwrap_or(default.to_owned());
    let threads: usize = argument(1, "2").parse()?;
    let tokens: usize = argument(2, "128").parse()?;
    let path = arguments.first().ok_or("name a GGUF file")?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    pool.install(|| measure(path, tokens))
}

fn measure(path: &str, tokens: usize) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let file = File::open(path)?;
    let mut read_at = |offset: u64, buffer: &mut [u8]| {
        file.read_exact_at(buffer, offset).map_err(|error| model::Error::Weights(error.to_string()))
    };
    let opened = GgufModel::open(file.metadata()?.len(), &mut read_at)?;
    let weights = opened.read_each(&mut read_at, |_, stored| stored.into_weight())?;
    let model = Model::of_weights(&opened.spec, &weights)?;
    let ops = CandleOps::new(&Device::Cpu, DType::F32);
    let options = GenerationOptions {
        maximum_tokens: tokens + 1,
        sampling: Sampling { temperature: 0.0, top_p: 1.0 },
        seed: 0,
        stop_tokens: Vec::new(),
    };
    let prompt: Vec<u32> = (0..PROMPT_TOKENS).map(|place| place * 7 + 40).collect();
    let mut generation = Generation::new(&model, &prompt, &options)?;
    let mut step = || -> model::Result<bool> {
        let ControlFlow::Continue(logits) = generation.next_logits(&model, &ops)? else { return Ok(false) };
        let logits: Vec<f32> = logits.flatten_all()?.to_vec1()?;
        Ok(generation.accept(&logits)?.is_continue())
    };
    let started = Instant::now();
    step()?;
    let prompt_seconds = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let mut written = 0;
    while step()? {
        written += 1;
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{{\"tokens_per_second\": {:.1}, \"prompt_tokens_per_second\": {:.1}, \"tokens\": {written}}}",
        f64::from(written) / seconds,
        f64::from(PROMPT_TOKENS) / prompt_seconds
    );
    Ok(())
}

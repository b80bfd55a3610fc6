//! A model where it runs: on the GPU, or on the processor with 128-bit vectors.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use model::architectures::{Model, parameters};
use model::attention_maps::{self, queries_and_keys};
use model::batch::Batch;
use model::candle_ops::CandleOps;
use model::generate::{Ending, Generation, GenerationOptions};
use model::gguf::Stored;
use model::ops::Weight;
use model::state::State;
use model::webgpu::{self, WebGpuOps};
use model::weights::{self, Expected, Values};
use model::{DType, Device, Error, Result, Tensor};
use shared::engine::{Engine, EngineChoice, NotOnGpu, Sampling, WeightChoice};
use shared::spec::{ArchitectureSpec, GgufFormat};

use crate::clock;
use crate::storage::OpenFile;

/// Tokens that are written to see which engine is faster; the first of a GPU compiles its shaders.
const TRIAL_TOKENS: usize = 6;
/// A trial that takes longer ends with the tokens that it has.
const TRIAL_SECONDS: f64 = 0.5;
/// From so many parameters on, a model on the processor is held in 8 bits unless somebody wants it exact.
/// Smaller ones fit a processor's cache as they are.
const LARGE_PARAMETERS: u64 = 8_000_000;

pub enum Runner {
    Gpu {
        model: Model<webgpu::Tensor>,
        ops: Box<WebGpuOps>,
        weights: GgufFormat,
    },
    /// `why` not on the GPU; absent when that was the wish.
    Processor {
        model: Model<Tensor>,
        ops: CandleOps,
        weights: GgufFormat,
        why: Option<NotOnGpu>,
    },
}

/// Where a model is to run and how its matrices are to be held.
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    pub engine: EngineChoice,
    pub weights: WeightChoice,
}

/// A text in the making, where its memory of what was said lies.
pub enum Text {
    Gpu(Generation<webgpu::Tensor>),
    Processor(Generation<Tensor>),
}

impl Runner {
    /// Puts the weights of a `model.safetensors` where the choice wants them.
    pub async fn open(choice: Choice, spec: &ArchitectureSpec, file: &OpenFile) -> Result<Self> {
        match choice.engine {
            EngineChoice::WebGpu => on_gpu(spec, file, choice.weights).await,
            EngineChoice::WasmSimd => on_processor(spec, file, choice.weights, None),
            EngineChoice::Automatic => faster(spec, file, choice.weights).await,
        }
    }

    /// On the processor, for a model that ran on a GPU that does not come back. The text goes on, so the
    /// weights stay what they were.
    pub fn in_place_of_gpu(&self, spec: &ArchitectureSpec, file: &OpenFile, why: NotOnGpu) -> Result<Self> {
        held_on_processor(spec, file, self.weights(), Some(why))
    }

    /// How the matrices are held.
    pub fn weights(&self) -> GgufFormat {
        match self {
            Self::Gpu { weights, .. } | Self::Processor { weights, .. } => *weights,
        }
    }

    pub fn engine(&self) -> Engine {
        match self {
            Self::Gpu { ops, .. } => Engine::WebGpu { adapter: ops.adapter_name() },
            Self::Processor { why, .. } => Engine::WasmSimd { why: why.clone() },
        }
    }

    pub fn gpu_bytes(&self) -> u64 {
        match self {
            Self::Gpu { ops, .. } => ops.memory_bytes(),
            Self::Processor { .. } => 0,
        }
    }

    pub fn vocabulary_size(&self) -> usize {
        match self {
            Self::Gpu { model, .. } => model.vocabulary_size(),
            Self::Processor { model, .. } => model.vocabulary_size(),
        }
    }

    pub fn begin(&self, prompt: &[u32], options: &GenerationOptions) -> Result<Text> {
        match self {
            Self::Gpu { model, .. } => Generation::new(model, prompt, options).map(Text::Gpu),
            Self::Processor { model, .. } => Generation::new(model, prompt, options).map(Text::Processor),
        }
    }

    /// The text begun elsewhere, to be read again here.
    pub fn take_over(&self, text: Text) -> Text {
        match (self, text) {
            (Self::Gpu { model, .. }, Text::Gpu(text)) => Text::Gpu(text.moved_to(model)),
            (Self::Gpu { model, .. }, Text::Processor(text)) => Text::Gpu(text.moved_to(model)),
            (Self::Processor { model, .. }, Text::Gpu(text)) => Text::Processor(text.moved_to(model)),
            (Self::Processor { model, .. }, Text::Processor(text)) => Text::Processor(text.moved_to(model)),
        }
    }

    /// Reads so many tokens of a long prompt ahead.
    pub fn read_ahead(&self, text: &mut Text, tokens: usize) -> Result<ControlFlow<()>> {
        match (self, text) {
            (Self::Gpu { model, ops, .. }, Text::Gpu(text)) => text.read_ahead(model, ops.as_ref(), tokens),
            (Self::Processor { model, ops, .. }, Text::Processor(text)) => {
                text.read_ahead(model, ops, tokens)
            }
            _ => Err(elsewhere()),
        }
    }

    /// The scores of the next token, or why there is none.
    pub async fn next_logits(&self, text: &mut Text) -> Result<ControlFlow<Ending, Vec<f32>>> {
        match (self, text) {
            (Self::Gpu { model, ops, .. }, Text::Gpu(text)) => match text.next_logits(model, ops.as_ref())? {
                ControlFlow::Continue(logits) => Ok(ControlFlow::Continue(ops.read(&logits).await?)),
                ControlFlow::Break(ending) => Ok(ControlFlow::Break(ending)),
            },
            (Self::Processor { model, ops, .. }, Text::Processor(text)) => {
                match text.next_logits(model, ops)? {
                    ControlFlow::Continue(logits) => Ok(ControlFlow::Continue(values(&logits)?)),
                    ControlFlow::Break(ending) => Ok(ControlFlow::Break(ending)),
                }
            }
            _ => Err(elsewhere()),
        }
    }

    /// `[ids, vocabulary]` scores of the token after each of `ids`.
    pub async fn score(&self, ids: &[u32]) -> Result<Vec<f32>> {
        let batch = Batch::stateless([ids]);
        match self {
            Self::Gpu { model, ops, .. } => {
                let logits = model.logits(ops.as_ref(), &batch, &mut State::none())?;
                ops.read(&logits).await
            }
            Self::Processor { model, ops, .. } => values(&model.logits(ops, &batch, &mut State::none())?),
        }
    }

    /// By layer, what each head looks at (`model::attention_maps`).
    pub async fn attend(&self, ids: &[u32]) -> Result<Vec<Vec<f32>>> {
        let mut layers = Vec::new();
        match self {
            Self::Gpu { model, ops, .. } => {
                let shape = model.attention_shape();
                for block in queries_and_keys(model, ops.as_ref(), ids)? {
                    let (queries, keys) = (ops.read(&block.queries).await?, ops.read(&block.keys).await?);
                    layers.push(attention_maps::weights(&queries, &keys, shape));
                }
            }
            Self::Processor { model, ops, .. } => {
                let shape = model.attention_shape();
                for block in queries_and_keys(model, ops, ids)? {
                    layers.push(attention_maps::weights(
                        &values(&block.queries)?,
                        &values(&block.keys)?,
                        shape,
                    ));
                }
            }
        }
        Ok(layers)
    }

    pub fn heads(&self) -> usize {
        match self {
            Self::Gpu { model, .. } => model.attention_shape().heads,
            Self::Processor { model, .. } => model.attention_shape().heads,
        }
    }

    pub fn accept(text: &mut Text, logits: &[f32]) -> Result<ControlFlow<Ending, u32>> {
        match text {
            Text::Gpu(text) => text.accept(logits),
            Text::Processor(text) => text.accept(logits),
        }
    }
}

/// Both engines write a few tokens; a browser may offer a GPU that is none, and small models are
/// quicker on a processor than on the way to a GPU and back.
async fn faster(spec: &ArchitectureSpec, file: &OpenFile, weights: WeightChoice) -> Result<Runner> {
    let tried = match on_gpu(spec, file, weights).await {
        Ok(gpu) => tokens_per_second(&gpu).await.map(|speed| (gpu, speed)),
        Err(error) => Err(error),
    };
    let (gpu, gpu_tokens_per_second) = match tried {
        Ok(tried) => tried,
        Err(Error::Device(error)) => {
            let why = NotOnGpu::Unusable { problem: error.to_string() };
            return on_processor(spec, file, weights, Some(why));
        }
        Err(error) => return Err(error),
    };
    let processor = on_processor(spec, file, weights, None)?;
    let processor_tokens_per_second = tokens_per_second(&processor).await?;
    match (processor, gpu) {
        (Runner::Processor { model, ops, weights, .. }, Runner::Gpu { ops: gpu, .. })
            if processor_tokens_per_second > gpu_tokens_per_second =>
        {
            let adapter = gpu.adapter_name();
            let why = NotOnGpu::Slower { adapter, gpu_tokens_per_second, processor_tokens_per_second };
            Ok(Runner::Processor { model, ops, weights, why: Some(why) })
        }
        (_, gpu) => Ok(gpu),
    }
}

/// By the quickest of a few tokens, the first aside.
async fn tokens_per_second(runner: &Runner) -> Result<f64> {
    let sampling = Sampling { temperature: 0.0, top_p: 1.0 };
    let options = GenerationOptions { maximum_tokens: TRIAL_TOKENS, sampling, seed: 0, stop_tokens: vec![] };
    let mut text = runner.begin(&[0], &options)?;
    let (begin, mut quickest) = (clock::seconds(), f64::INFINITY);
    for token in 0..TRIAL_TOKENS {
        let started = clock::seconds();
        let ControlFlow::Continue(logits) = runner.next_logits(&mut text).await? else { break };
        if Runner::accept(&mut text, &logits)?.is_break() {
            break;
        }
        let now = clock::seconds();
        if token > 0 {
            quickest = quickest.min(now - started);
        }
        if token > 0 && now - begin > TRIAL_SECONDS {
            break;
        }
    }
    Ok(1.0 / quickest.max(1e-6))
}

async fn on_gpu(spec: &ArchitectureSpec, file: &OpenFile, weights: WeightChoice) -> Result<Runner> {
    let format = wanted(weights).unwrap_or(GgufFormat::F32);
    let ops = Box::new(WebGpuOps::open().await?);
    let weights = read(file, spec, |tensor, values| match format {
        GgufFormat::F32 => ops.weight(tensor, &values),
        format => ops.stored_weight(&Stored::of(tensor, &values, format.into())?),
    })?;
    let runner = Runner::Gpu { model: Model::new(spec, &weights)?, ops, weights: format };
    // What the GPU has against the model it says only when it has to work.
    runner.score(&[0]).await?;
    Ok(runner)
}

fn on_processor(
    spec: &ArchitectureSpec,
    file: &OpenFile,
    weights: WeightChoice,
    why: Option<NotOnGpu>,
) -> Result<Runner> {
    let is_large = spec.parameter_count() >= LARGE_PARAMETERS;
    let automatic = if is_large { GgufFormat::Q8_0 } else { GgufFormat::F32 };
    held_on_processor(spec, file, wanted(weights).unwrap_or(automatic), why)
}

fn held_on_processor(
    spec: &ArchitectureSpec,
    file: &OpenFile,
    format: GgufFormat,
    why: Option<NotOnGpu>,
) -> Result<Runner> {
    let weights = read(file, spec, |tensor, values| match format {
        GgufFormat::F32 => values.to_tensor(&Device::Cpu).map(Weight::Dense),
        format => Stored::of(tensor, &values, format.into())?.into_weight(),
    })?;
    let model = Model::of_weights(spec, &weights)?;
    Ok(Runner::Processor { model, ops: CandleOps::new(&Device::Cpu, DType::F32), weights: format, why })
}

/// The format that somebody wants, if not any.
fn wanted(weights: WeightChoice) -> Option<GgufFormat> {
    match weights {
        WeightChoice::Automatic => None,
        WeightChoice::Exact => Some(GgufFormat::F32),
        WeightChoice::Q8_0 => Some(GgufFormat::Q8_0),
        WeightChoice::Q4_1 => Some(GgufFormat::Q4_1),
    }
}

fn read<T>(
    file: &OpenFile,
    spec: &ArchitectureSpec,
    place: impl FnMut(&Expected, Values<'_>) -> Result<T>,
) -> Result<BTreeMap<String, T>> {
    let expected: Vec<Expected> = parameters(spec).into_iter().map(Expected::from).collect();
    let read_at =
        |at: u64, part: &mut [u8]| file.read_at(at, part).map_err(|error| Error::Weights(error.to_string()));
    Ok(weights::read_each_at(file.size_bytes, read_at, &expected, place)?.0)
}

fn values(logits: &Tensor) -> Result<Vec<f32>> {
    Ok(logits.flatten_all()?.to_vec1()?)
}

fn elsewhere() -> Error {
    Error::Input("this text was begun on another device".to_owned())
}

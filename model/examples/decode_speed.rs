//! How fast a GGUF file decodes on this machine, after a prompt of 32 tokens:
//! `cargo run -p model --example decode_speed -- FILE 2 128` (threads, tokens). One line of JSON.
//!
//! `decode_speed random FOLDER` writes a GPT-2 of 14 M random parameters instead: `f32.gguf` and `q8_0.gguf`, and
//! the same weights as the `config.json` and `model.safetensors` of a Hugging Face folder.
//! `cargo xtask bench decode` runs both beside other programs.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Instant;

use model::architectures::{Model, parameters, random_weights};
use model::candle_ops::CandleOps;
use model::generate::{Generation, GenerationOptions};
use model::gguf::{Format, GgufModel, Parts, write_weights};
use model::hugging_face::{SINGLE_FILE, SpecialIds, to_config};
use model::sampling::Sampling;
use model::tokenizer::{TrainedTokenizer, train};
use model::weights::{Expected, to_bytes};
use model::{DType, Device};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use shared::spec::{ArchitectureSpec, Gpt2Spec, TrainTokenizerSpec};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const PROMPT_TOKENS: u32 = 32;
const VOCABULARY: u32 = 8000;
const SEED: u64 = 29;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |index: usize, default: &str| arguments.get(index).cloned().unwrap_or(default.to_owned());
    if let [what, folder] = arguments.as_slice()
        && what == "random"
    {
        return write_random(Path::new(folder));
    }
    let threads: usize = argument(1, "2").parse()?;
    let tokens: usize = argument(2, "128").parse()?;
    let path = arguments.first().ok_or("name a GGUF file")?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    pool.install(|| measure(path, tokens))
}

fn measure(path: &str, tokens: usize) -> Outcome {
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

fn write_random(folder: &Path) -> Outcome {
    let spec = ArchitectureSpec::Gpt2(Gpt2Spec {
        vocabulary_size: VOCABULARY,
        context_length: 256,
        hidden_size: 384,
        layers: 6,
        heads: 6,
        feed_forward_size: 4 * 384,
        layer_norm_epsilon: 1e-5,
        tied_embeddings: true,
    });
    let weights = random_weights(&spec, SEED, DType::F32, &Device::Cpu)?;
    let tokenizer = tokenizer_of_made_up_words()?;
    let parts = Parts {
        name: "random",
        spec: &spec,
        tokenizer_json: &tokenizer.tokenizer_json,
        tokenizer_config_json: &tokenizer.tokenizer_config_json,
    };
    for (name, format) in [("f32.gguf", Format::F32), ("q8_0.gguf", Format::Q8_0)] {
        let mut file = BufWriter::new(File::create(folder.join(name))?);
        write_weights(&mut file, &parts, format, &weights)?;
        file.flush()?;
    }
    let config = to_config(&spec, SpecialIds { end_of_text: 0, padding: 1 });
    fs::write(folder.join("config.json"), config.to_string())?;
    let expected: Vec<Expected> = parameters(&spec).into_iter().map(Expected::from).collect();
    // transformers refuses a file that does not say so.
    let metadata = BTreeMap::from([("format".to_owned(), "pt".to_owned())]);
    fs::write(folder.join(SINGLE_FILE), to_bytes(&weights, &expected, metadata)?)?;
    Ok(())
}

/// llama.cpp wants a tokenizer with exactly as many tokens as the model has.
fn tokenizer_of_made_up_words() -> Outcome<TrainedTokenizer> {
    const WORDS: usize = 8000;
    const SYLLABLES: u32 = 600;
    let mut random = ChaCha12Rng::seed_from_u64(SEED);
    let mut syllable = || char::from_u32('가' as u32 + 18 * random.random_range(0..SYLLABLES));
    let words: Vec<String> = (0..WORDS).filter_map(|_| (0..3).map(|_| syllable()).collect()).collect();
    // A pair must be seen more than once to be merged.
    let texts = words.iter().chain(&words).chain(&words).cloned();
    Ok(train(texts, &TrainTokenizerSpec::new(VOCABULARY))?)
}

//! How fast a model trains on this machine, through the trainer that jobs use:
//! `cargo run -p model --example training_speed -- small 2 20 f32` (shape, threads, steps, mode). A mode is
//! `f32` or `bf16`, with `-recomputed` where activations are computed again and `-frozen` where only the
//! matrices of queries and values are trained (in GPT-2 they come with the keys').
//! `cargo xtask bench train` runs it beside PyTorch. Shapes: the presets `tiny` and `small`, with documents
//! of a course's length, and the GPT-2s `T`, `S` and `M`, each row one document as long as the context.
//! Prints one line of JSON.
#![allow(clippy::print_stdout)]

use std::collections::BTreeSet;
use std::fs;
use std::time::Instant;

use model::architectures::{parameters, random_weights};
use model::candle_ops::Forms;
use model::training::packing::{Packing, TokenizedDocuments};
use model::training::{Trainable, Trainer, TrainerSettings};
use model::{DType, Device};
use serde_json::json;
use shared::spec::presets::Preset;
use shared::spec::{Activations, ArchitectureSpec, Gpt2Spec, PretrainSpec};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Tokens of a document of the generated corpus, about.
const PRESET_DOCUMENT_TOKENS: u32 = 120;
const WARM_UP_STEPS: u64 = 3;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

struct Shape {
    spec: PretrainSpec,
    document_tokens: u32,
}

fn main() -> Outcome<()> {
    let baseline_mebibytes = status_mebibytes("VmHWM:");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |index: usize, default: &str| arguments.get(index).cloned().unwrap_or(default.to_owned());
    let name = argument(0, "small");
    let shape = shape(&name)?;
    let threads: usize = argument(1, "2").parse()?;
    let steps: u64 = argument(2, "20").parse()?;
    let settings = settings(&shape.spec.model, &argument(3, "f32"))?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let measured = pool.install(|| measure(&shape, steps, settings))?;
    let peak_mebibytes = status_mebibytes("VmHWM:");
    let spec = &shape.spec;
    let line = json!({
        "shape": name,
        "threads": threads,
        "parameters": spec.model.parameter_count(),
        "rows": spec.batch.rows,
        "context_length": spec.model.context_length(),
        "tokens_per_step": spec.tokens_per_step(),
        "floating_point_operations_per_step":
            spec.tokens_per_step() as f64 * spec.model.training_flops_per_token(),
        "products": products(&spec.model),
        "wall_ms": measured.wall_ms,
        "processor_ms": measured.processor_ms,
        "forward_wall_ms": measured.forward_wall_ms,
        "forward_processor_ms": measured.forward_processor_ms,
        "page_faults_per_step": measured.page_faults_per_step,
        "loss": measured.loss,
        "peak_mebibytes": peak_mebibytes,
        "baseline_mebibytes": baseline_mebibytes,
    });
    println!("{line}");
    Ok(())
}

/// Outputs and inputs of every matrix that each token of a step is multiplied by.
fn products(spec: &ArchitectureSpec) -> Vec<[usize; 2]> {
    let parameters = parameters(spec);
    let own_head = parameters.iter().any(|parameter| parameter.name == "lm_head.weight");
    let multiplies = |name: &str| match name {
        "transformer.wpe.weight" => false,
        // Looked up; it multiplies where it is the head as well.
        "transformer.wte.weight" | "model.embed_tokens.weight" => !own_head,
        _ => true,
    };
    let matrices = parameters.iter().filter(|parameter| multiplies(&parameter.name));
    matrices.filter_map(|parameter| parameter.shape.as_slice().try_into().ok()).collect()
}

fn shape(name: &str) -> Outcome<Shape> {
    let preset = |preset: Preset| Shape { spec: preset.pretrain(), document_tokens: PRESET_DOCUMENT_TOKENS };
    // Layers, width, heads, context, vocabulary, rows.
    let gpt2 = |[layers, hidden_size, heads, context_length, vocabulary_size, rows]: [u32; 6]| {
        let mut spec = Preset::Small.pretrain();
        spec.model = ArchitectureSpec::Gpt2(Gpt2Spec {
            vocabulary_size,
            context_length,
            hidden_size,
            layers,
            heads,
            feed_forward_size: 4 * hidden_size,
            layer_norm_epsilon: 1e-5,
            tied_embeddings: false,
        });
        spec.batch.rows = rows;
        // A document of one token less, with the mark of its end, fills a row.
        Shape { spec, document_tokens: context_length - 1 }
    };
    Ok(match name {
        "tiny" => preset(Preset::Tiny),
        "small" => preset(Preset::Small),
        "T" => gpt2([2, 128, 4, 128, 4_000, 16]),
        "S" => gpt2([4, 256, 4, 256, 8_000, 8]),
        "M" => gpt2([8, 512, 8, 512, 16_000, 4]),
        other => return Err(format!("no shape {other:?}: choose tiny, small, T, S or M").into()),
    })
}

fn settings(spec: &ArchitectureSpec, mode: &str) -> Outcome<TrainerSettings> {
    let mut settings = TrainerSettings::default();
    for part in mode.split('-') {
        match part {
            "f32" => settings.forms = Forms::Fastest,
            "bf16" => settings.forms = Forms::Bfloat16,
            "recomputed" => settings.activations = Activations::Recomputed,
            "frozen" => {
                let names = parameters(spec).into_iter().map(|parameter| parameter.name);
                let trained = ["q_proj.weight", "v_proj.weight", "c_attn.weight"];
                let few: BTreeSet<String> =
                    names.filter(|name| trained.iter().any(|end| name.ends_with(end))).collect();
                settings.trainable = Trainable::Only(few);
            }
            _ => {
                return Err(
                    format!("no mode {mode:?}: choose f32 or bf16, with -recomputed or -frozen").into()
                );
            }
        }
    }
    Ok(settings)
}

/// Of every step after the first few.
struct Measured {
    wall_ms: Vec<f64>,
    /// Over all threads.
    processor_ms: Vec<f64>,
    /// The loss of as many rows without gradients.
    forward_wall_ms: Vec<f64>,
    forward_processor_ms: Vec<f64>,
    /// Pages that the system had to find; 0 if every step takes the memory of the one before.
    page_faults_per_step: f64,
    loss: f64,
}

fn measure(shape: &Shape, steps: u64, settings: TrainerSettings) -> Outcome<Measured> {
    let spec = &shape.spec;
    let vocabulary = spec.model.vocabulary_size();
    let mut documents = TokenizedDocuments::default();
    for document in 0..2_000u32 {
        let token = |position: u32| (document * 7_919 + position * 104_729) % vocabulary;
        documents.push(&(0..shape.document_tokens).map(token).collect::<Vec<_>>());
    }
    let mut packing = Packing::new(&documents, spec.model.context_length() as usize, 0, 1)?;
    let weights = random_weights(&spec.model, 1, DType::F32, &Device::Cpu)?;
    let mut trainer = Trainer::with_settings(&spec.model, &weights, settings, &Device::Cpu)?;
    drop(weights);
    let rows = u64::from(spec.batch.rows);
    let mut measured = Measured {
        wall_ms: Vec::new(),
        processor_ms: Vec::new(),
        forward_wall_ms: Vec::new(),
        forward_processor_ms: Vec::new(),
        page_faults_per_step: 0.0,
        loss: 0.0,
    };
    let mut faults_before = page_faults();
    for step in 0..steps + WARM_UP_STEPS {
        if step == WARM_UP_STEPS {
            faults_before = page_faults();
        }
        let pass = packing.rows(step * rows, rows);
        let (started, processor) = (Instant::now(), processor_milliseconds());
        measured.loss = trainer.train_step(&[pass], &spec.optimizer, 1e-3)?.loss;
        if step >= WARM_UP_STEPS {
            measured.wall_ms.push(1e3 * started.elapsed().as_secs_f64());
            measured.processor_ms.push(processor_milliseconds() - processor);
        }
    }
    measured.page_faults_per_step = (page_faults() - faults_before) / steps.max(1) as f64;
    for step in 0..steps {
        let pass = packing.rows(step * rows, rows);
        let (started, processor) = (Instant::now(), processor_milliseconds());
        trainer.evaluate(&pass, |_| None)?;
        measured.forward_wall_ms.push(1e3 * started.elapsed().as_secs_f64());
        measured.forward_processor_ms.push(processor_milliseconds() - processor);
    }
    Ok(measured)
}

/// Minor page faults of this process so far; 0 where the system does not say.
fn page_faults() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name, in brackets, may have spaces; the tenth field is the eighth behind it.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    fields.split_whitespace().nth(7).and_then(|faults| faults.parse().ok()).unwrap_or(0.0)
}

/// What this process's threads have computed so far; 0 where the system does not say.
fn processor_milliseconds() -> f64 {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let of_thread = |thread: fs::DirEntry| -> Option<f64> {
        let times = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        times.split_whitespace().next()?.parse().ok()
    };
    threads.filter_map(of_thread).sum::<f64>() / 1e6
}

/// A line of the process's status; known on Linux only.
fn status_mebibytes(name: &str) -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes / 1024.0)
}

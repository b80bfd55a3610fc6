//! How fast the presets' models train on this machine:
//! `cargo run -p model --example training_speed -- small 2 20` (preset, threads, steps).
#![allow(clippy::print_stdout)]

use std::time::Instant;

use model::Device;
use model::training::Trainer;
use model::training::packing::{Packing, TokenizedDocuments};
use shared::spec::presets::Preset;
use shared::spec::{ArchitectureSpec, PretrainSpec};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Tokens of a document of the generated corpus, about.
const DOCUMENT_TOKENS: usize = 120;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |index: usize, default: &str| arguments.get(index).cloned().unwrap_or(default.to_owned());
    let preset = match argument(0, "small").as_str() {
        "tiny" => Preset::Tiny,
        _ => Preset::Small,
    };
    let threads: usize = argument(1, "2").parse()?;
    let steps: u64 = argument(2, "20").parse()?;
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()?
        .install(|| measure(preset, threads, steps))?;
    Ok(())
}

fn measure(preset: Preset, threads: usize, steps: u64) -> model::Result<()> {
    let spec = preset.pretrain();
    let vocabulary = spec.model.vocabulary_size();
    let mut documents = TokenizedDocuments::default();
    for document in 0..2_000u32 {
        let token = |position: u32| (document * 7_919 + position * 104_729) % vocabulary;
        documents.push(&(0..DOCUMENT_TOKENS as u32).map(token).collect::<Vec<_>>());
    }
    let mut packing = Packing::new(&documents, spec.model.context_length() as usize, 0, 1)?;
    let mut trainer = Trainer::new(&spec.model, 1, &Device::Cpu)?;
    let rows = u64::from(spec.batch.rows);
    let mut seconds = Vec::new();
    for step in 0..steps + 2 {
        let pass = packing.rows(step * rows, rows);
        let started = Instant::now();
        trainer.train_step(&[pass], &spec.optimizer, 1e-3)?;
        if step >= 2 {
            seconds.push(started.elapsed().as_secs_f64());
        }
    }
    seconds.sort_by(f64::total_cmp);
    let median = seconds[seconds.len() / 2];
    let tokens_per_second = spec.tokens_per_step() as f64 / median;
    println!("{}", shape(preset, &spec));
    println!(
        "{threads} threads: {:.1} ms a step (median; fastest {:.1}), {tokens_per_second:.0} tokens/s, \
         {:.1} GFLOP/s, peak resident memory {}",
        1e3 * median,
        1e3 * seconds[0],
        tokens_per_second * spec.model.training_flops_per_token() / 1e9,
        peak_resident_mebibytes().map_or("unknown".to_owned(), |mebibytes| format!("{mebibytes} MiB")),
    );
    Ok(())
}

fn shape(preset: Preset, spec: &PretrainSpec) -> String {
    let ArchitectureSpec::Llama(llama) = &spec.model else { unreachable!("the presets are Llamas") };
    format!(
        "{preset:?}: {} parameters ({} layers, width {}, {} heads, {} of keys and values, feed-forward {}, \
         vocabulary {}), {} rows of {} tokens a step",
        spec.model.parameter_count(),
        llama.layers,
        llama.hidden_size,
        llama.heads,
        llama.key_value_heads,
        llama.feed_forward_size,
        llama.vocabulary_size,
        spec.batch.rows,
        llama.context_length,
    )
}

/// The most that this process ever held; known on Linux only.
fn peak_resident_mebibytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes >> 10)
}

//! What a machine's instructions are worth: the product with a quantized matrix by every form of the kernel that
//! this machine has, by turns; the fastest one's microseconds and GB/s of weights.
//! `cargo run -p model --example quantized_product_speed -- 1 576x1536 1` (threads, outputs x inputs, tokens).
#![allow(clippy::print_stdout)]

use std::time::{Duration, Instant};

use model::gguf::Format;
use model::kernels::quantized_linear::{Instructions, QuantizedMatrix, cpu};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Together more than a second-level cache holds, as the layers of a model are.
const WEIGHT_BYTES: usize = 64 << 20;
const ROUNDS: usize = 15;
/// A form that is slow does not see all matrices in its turn.
const TURN: Duration = Duration::from_millis(100);

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |index: usize, default: &str| arguments.get(index).cloned().unwrap_or(default.to_owned());
    let threads: usize = argument(0, "1").parse()?;
    let size = argument(1, "1536x576");
    let (outputs, inputs) = size.split_once('x').ok_or("a size is outputs and inputs, as in 1536x576")?;
    let (outputs, inputs): (usize, usize) = (outputs.parse()?, inputs.parse()?);
    let tokens: usize = argument(2, "1").parse()?;
    let forms: Vec<Instructions> =
        Instructions::ALL.into_iter().filter(|form| form.are_available()).collect();
    let x: Vec<f32> = (0..tokens * inputs).map(|index| (index % 17) as f32 / 8.0 - 1.0).collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    for format in [Format::Q8_0, Format::Q4_0, Format::Q4_1] {
        let values: Vec<f32> =
            (0..outputs * inputs).map(|index| (index % 251) as f32 / 125.0 - 1.0).collect();
        let matrix = QuantizedMatrix::from_blocks(format, outputs, inputs, &format.quantize(&values))?;
        let matrices = vec![matrix; (WEIGHT_BYTES / (outputs * inputs)).max(1)];
        let mut fastest = vec![f64::INFINITY; forms.len()];
        for _ in 0..ROUNDS {
            for (form, fastest) in forms.iter().zip(&mut fastest) {
                let turn = Instant::now();
                for matrix in &matrices {
                    let started = Instant::now();
                    pool.install(|| cpu::product(&x, matrix, *form));
                    *fastest = fastest.min(started.elapsed().as_secs_f64());
                    if turn.elapsed() > TURN {
                        break;
                    }
                }
            }
        }
        let bytes = matrices.first().map_or(0, QuantizedMatrix::size_bytes) as f64;
        for (form, seconds) in forms.iter().zip(fastest) {
            let (microseconds, rate) = (seconds * 1e6, bytes / seconds / 1e9);
            println!(
                "{format:?} {size}, {tokens} tokens, {threads} threads, {form:?}: {microseconds:.1} µs, {rate:.2} GB/s"
            );
        }
    }
    Ok(())
}

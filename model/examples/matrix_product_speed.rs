//! The floor under every training step: GFLOP/s of the f32 matrix products that a linear layer makes, at the
//! sizes of the shapes `T` and `S`. `cargo run -p model --example matrix_product_speed -- 2` (threads); other
//! sizes follow, as `2048x1024x256` (tokens, outputs, inputs). `cargo xtask bench train` reads the lines.
#![allow(clippy::print_stdout)]

use std::time::Instant;

use model::{Device, Tensor};

/// Tokens, outputs, inputs.
const SIZES: [(usize, usize, usize); 6] = [
    (2048, 256, 256),
    (2048, 1024, 256),
    (2048, 256, 1024),
    (2048, 8000, 256),
    (256, 8000, 256),
    (2048, 128, 128),
];

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let threads: usize = std::env::args().nth(1).unwrap_or("2".to_owned()).parse()?;
    let given = std::env::args().skip(2).map(|size| parse(&size)).collect::<Result<Vec<_>, _>>()?;
    let sizes = if given.is_empty() { SIZES.to_vec() } else { given };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    pool.install(|| -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        for (tokens, outputs, inputs) in sizes {
            let random = |rows, columns| Tensor::rand(-1f32, 1f32, (rows, columns), &Device::Cpu);
            let (x, weight, dy) = (random(tokens, inputs)?, random(outputs, inputs)?, random(tokens, outputs)?);
            let operations = 2.0 * (tokens * outputs * inputs) as f64;
            let repetitions = ((4e9 / operations) as usize).max(3);
            let fastest = |product: &dyn Fn() -> model::Result<Tensor>| -> model::Result<f64> {
                let mut seconds = f64::INFINITY;
                for _ in 0..repetitions {
                    let started = Instant::now();
                    product()?;
                    seconds = seconds.min(started.elapsed().as_secs_f64());
                }
                Ok(operations / seconds / 1e9)
            };
            let forward = fastest(&|| Ok(x.matmul(&weight.t()?)?))?;
            let dx = fastest(&|| Ok(dy.matmul(&weight)?))?;
            let dw = fastest(&|| Ok(dy.t()?.matmul(&x)?))?;
            println!(
                "ours m{tokens} n{outputs} k{inputs}: fwd {forward:.1} dx {dx:.1} dw {dw:.1} GF/s ({threads} thr)"
            );
        }
        Ok(())
    })
}

fn parse(size: &str) -> Result<(usize, usize, usize), String> {
    let numbers: Vec<usize> = size.split('x').filter_map(|number| number.parse().ok()).collect();
    match numbers[..] {
        [tokens, outputs, inputs] if tokens * outputs * inputs > 0 => Ok((tokens, outputs, inputs)),
        _ => Err(format!("no size {size:?}: say tokens, outputs and inputs, as in 2048x1024x256")),
    }
}

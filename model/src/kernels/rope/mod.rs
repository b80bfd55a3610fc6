//! Rotary positions (Su et al. 2021) in Hugging Face's half-split layout. Per head of width n, at
//! position p, for i < n/2 with `θᵢ = θ^(−2i/n)`:
//! `y[i] = x[i] cos(pθᵢ) − x[i + n/2] sin(pθᵢ)`, `y[i + n/2] = x[i + n/2] cos(pθᵢ) + x[i] sin(pθᵢ)`.
//! Backward: the opposite rotation of `dy`. A model that was stretched to longer texts has its θᵢ divided
//! ([`scaling_factors`]).

pub mod cpu;

use candle_core::{DType, Device, Result, Tensor};

use shared::spec::RopeScaling;

use crate::ops::RotaryAngles;

/// `θᵢ` of a head, `[head_size / 2]`.
pub fn frequencies(head_size: usize, theta: f64, scaling: Option<RopeScaling>) -> Vec<f64> {
    let plain = (0..head_size / 2).map(|i| theta.powf(-2.0 * i as f64 / head_size as f64)).collect();
    match scaling {
        None => plain,
        Some(scaling) => {
            let factors = scaling_factors(&plain, scaling);
            plain.iter().zip(factors).map(|(frequency, factor)| frequency / factor).collect()
        }
    }
}

/// What each frequency is divided by. With `wᵢ = 2π / θᵢ` tokens per turn and `L` the original context
/// length, Llama 3 has (`transformers/modeling_rope_utils.py`)
///
/// ```text
/// 1                                  wᵢ < L / high_freq_factor
/// factor                             wᵢ > L / low_freq_factor
/// 1 / ((1 − s) / factor + s)         between, s = (L / wᵢ − low_freq_factor) / (high_freq_factor − low_freq_factor)
/// ```
pub fn scaling_factors(frequencies: &[f64], scaling: RopeScaling) -> Vec<f64> {
    let factor_of = |frequency: f64| match scaling {
        RopeScaling::Linear { factor } => factor,
        RopeScaling::Llama3 { factor, low_freq_factor, high_freq_factor, original_context_length } => {
            let turns = f64::from(original_context_length) * frequency / std::f64::consts::TAU;
            let smooth = (turns - low_freq_factor) / (high_freq_factor - low_freq_factor);
            1.0 / ((1.0 - smooth.clamp(0.0, 1.0)) / factor + smooth.clamp(0.0, 1.0))
        }
    };
    frequencies.iter().map(|frequency| factor_of(*frequency)).collect()
}

/// `(cos(pθᵢ), sin(pθᵢ))`, each `[tokens, head_size / 2]`.
pub fn angles(positions: &[u32], frequencies: &[f64]) -> (Vec<f64>, Vec<f64>) {
    positions
        .iter()
        .flat_map(|position| frequencies.iter().map(move |frequency| f64::from(*position) * frequency))
        .map(|angle| (angle.cos(), angle.sin()))
        .unzip()
}

/// [`angles`] as tensors.
pub fn angle_tensors(
    positions: &[u32],
    frequencies: &[f64],
    dtype: DType,
    device: &Device,
) -> Result<RotaryAngles<Tensor>> {
    let (cosines, sines) = angles(positions, frequencies);
    let shape = (positions.len(), frequencies.len());
    let make = |values: Vec<f64>| match dtype {
        // Narrowed here: candle would keep the f64 copy until the conversion has run.
        DType::F32 => Tensor::from_vec(values.iter().map(|v| *v as f32).collect::<Vec<f32>>(), shape, device),
        _ => Tensor::from_vec(values, shape, device)?.to_dtype(dtype),
    };
    Ok(RotaryAngles { cosines: make(cosines)?, sines: make(sines)? })
}

/// Head by head; `x` `[tokens, heads · head_size]`.
pub fn reference(x: &[f64], positions: &[u32], heads: usize, frequencies: &[f64]) -> Vec<f64> {
    let (cosines, sines) = angles(positions, frequencies);
    let (half, head_size) = (frequencies.len(), 2 * frequencies.len());
    let mut y = vec![0.0; x.len()];
    for token in 0..positions.len() {
        for head in 0..heads {
            let start = (token * heads + head) * head_size;
            for i in 0..half {
                let (cos, sin) = (cosines[token * half + i], sines[token * half + i]);
                y[start + i] = x[start + i] * cos - x[start + half + i] * sin;
                y[start + half + i] = x[start + half + i] * cos + x[start + i] * sin;
            }
        }
    }
    y
}

/// `x` `[tokens, heads · head_size]`.
pub fn composed(x: &Tensor, angles: &RotaryAngles<Tensor>) -> Result<Tensor> {
    let (tokens, width) = x.dims2()?;
    let half = angles.cosines.dim(1)?;
    let heads = width / (2 * half);
    let x = x.reshape((tokens, heads, 2, half))?;
    let (first, second) = (x.narrow(2, 0, 1)?, x.narrow(2, 1, 1)?);
    let cosines = angles.cosines.reshape((tokens, 1, 1, half))?;
    let sines = angles.sines.reshape((tokens, 1, 1, half))?;
    let turned_first = (first.broadcast_mul(&cosines)? - second.broadcast_mul(&sines)?)?;
    let turned_second = (second.broadcast_mul(&cosines)? + first.broadcast_mul(&sines)?)?;
    Tensor::cat(&[turned_first, turned_second], 2)?.reshape((tokens, width))
}

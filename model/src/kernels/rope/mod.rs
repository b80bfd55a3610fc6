//! Rotary positions (Su et al. 2021) in Hugging Face's half-split layout. Per head of width n, at
//! position p, for i < n/2 with `θᵢ = θ^(−2i/n)`:
//! `y[i] = x[i] cos(pθᵢ) − x[i + n/2] sin(pθᵢ)`, `y[i + n/2] = x[i + n/2] cos(pθᵢ) + x[i] sin(pθᵢ)`.
//! Backward: the opposite rotation of `dy`.

pub mod cpu;

use candle_core::{DType, Device, Result, Tensor};

use crate::ops::RotaryAngles;

/// `(cos(pθᵢ), sin(pθᵢ))`, each `[tokens, head_size / 2]`.
pub fn angles(positions: &[u32], head_size: usize, theta: f64) -> (Vec<f64>, Vec<f64>) {
    let half = head_size / 2;
    let frequency = |i: usize| theta.powf(-2.0 * i as f64 / head_size as f64);
    let frequencies: Vec<f64> = (0..half).map(frequency).collect();
    positions
        .iter()
        .flat_map(|position| frequencies.iter().map(move |frequency| f64::from(*position) * frequency))
        .map(|angle| (angle.cos(), angle.sin()))
        .unzip()
}

/// [`angles`] as tensors.
pub fn angle_tensors(
    positions: &[u32],
    head_size: usize,
    theta: f64,
    dtype: DType,
    device: &Device,
) -> Result<RotaryAngles<Tensor>> {
    let (cosines, sines) = angles(positions, head_size, theta);
    let shape = (positions.len(), head_size / 2);
    let make = |values: Vec<f64>| match dtype {
        // Narrowed here: candle would keep the f64 copy until the conversion has run.
        DType::F32 => Tensor::from_vec(values.iter().map(|v| *v as f32).collect::<Vec<f32>>(), shape, device),
        _ => Tensor::from_vec(values, shape, device)?.to_dtype(dtype),
    };
    Ok(RotaryAngles { cosines: make(cosines)?, sines: make(sines)? })
}

/// Head by head; `x` `[tokens, heads · head_size]`.
pub fn reference(x: &[f64], positions: &[u32], heads: usize, head_size: usize, theta: f64) -> Vec<f64> {
    let (cosines, sines) = angles(positions, head_size, theta);
    let half = head_size / 2;
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

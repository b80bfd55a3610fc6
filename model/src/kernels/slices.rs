//! What fused CPU kernels share: access to f32 slices, fixed-size chunks of rows over the threads,
//! the machine's widest vectors.

use candle_core::{CpuStorage, DType, Layout, Result, Shape, Storage, Tensor};

/// Rows per unit of parallel work. Fixed, so that sums over rows are grouped the same way on any
/// number of threads.
pub const ROWS_PER_CHUNK: usize = 32;

/// Whether the fused f32 kernels apply to these tensors.
pub fn is_fusable(tensors: &[&Tensor]) -> bool {
    tensors.iter().all(|tensor| tensor.device().is_cpu() && tensor.dtype() == DType::F32)
}

/// The values of a contiguous f32 tensor on the CPU.
pub fn f32_slice<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match layout.contiguous_offsets() {
        Some((start, end)) => Ok(&storage.as_slice::<f32>()?[start..end]),
        None => candle_core::bail!("a fused kernel needs contiguous tensors"),
    }
}

/// The same, to write to.
pub fn f32_slice_mut<'a>(storage: &'a mut CpuStorage, layout: &Layout) -> Result<&'a mut [f32]> {
    match (storage, layout.contiguous_offsets()) {
        (CpuStorage::F32(values), Some((start, end))) => Ok(&mut values[start..end]),
        _ => candle_core::bail!("an operation in place needs contiguous f32 tensors"),
    }
}

/// Runs `read` on the values of contiguous f32 CPU tensors.
pub fn with_slices<const N: usize, R>(
    tensors: [&Tensor; N],
    read: impl FnOnce([&[f32]; N]) -> Result<R>,
) -> Result<R> {
    let contiguous: Vec<Tensor> = tensors.iter().map(|tensor| tensor.contiguous()).collect::<Result<_>>()?;
    let guards: Vec<_> = contiguous.iter().map(Tensor::storage_and_layout).collect();
    let mut slices: [&[f32]; N] = [&[]; N];
    for (slice, (storage, layout)) in slices.iter_mut().zip(&guards) {
        *slice = match &**storage {
            Storage::Cpu(storage) => f32_slice(storage, layout)?,
            _ => candle_core::bail!("a fused CPU kernel got a tensor of another device"),
        };
    }
    read(slices)
}

/// A tensor on the CPU that owns `values`.
pub fn tensor(values: Vec<f32>, shape: impl Into<Shape>) -> Result<Tensor> {
    Tensor::from_vec(values, shape.into(), &candle_core::Device::Cpu)
}

/// Compiles `body` for the machine's widest vectors and runs it. `body` should be a closure over
/// `#[inline(always)]` functions of slices; the compiler vectorizes their loops.
pub fn vectorized<R>(body: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(body)
}

/// Sums in sixteen lanes, so that the loop vectorizes; the order is fixed.
#[inline(always)]
pub fn sum(values: impl Fn(usize) -> f32, length: usize) -> f32 {
    let mut lanes = [0.0f32; 16];
    let whole = length / 16 * 16;
    let mut start = 0;
    while start < whole {
        for (lane, sum) in lanes.iter_mut().enumerate() {
            *sum += values(start + lane);
        }
        start += 16;
    }
    let tail: f32 = (whole..length).map(&values).sum();
    lanes.iter().sum::<f32>() + tail
}

/// `eˣ` without a call, so that loops over it vectorize: 2ⁿ · p(r), x = n ln 2 + r, |r| ≤ ln 2 / 2,
/// p of degree 6. Relative error below 2e-7 for −87 ≤ x ≤ 88; beyond, clamped.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    // Adding and subtracting 1.5 · 2²³ rounds to an integer and leaves it in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * 0.693_359_4 - n * -2.121_944_4e-4;
    let p = 1.0 / 720.0;
    let p = p * r + 1.0 / 120.0;
    let p = p * r + 1.0 / 24.0;
    let p = p * r + 1.0 / 6.0;
    let p = p * r + 0.5;
    let p = p * r + 1.0;
    let p = p * r + 1.0;
    let exponent = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    p * f32::from_bits(exponent)
}

#[cfg(test)]
mod tests {
    use super::exp;

    #[test]
    fn the_vectorizable_exponential_follows_the_real_one() {
        for step in -8700..=8800 {
            let x = step as f32 / 100.0;
            let expected = f64::from(x).exp();
            let relative = (f64::from(exp(x)) - expected).abs() / expected;
            assert!(relative < 3e-7, "exp({x}) is off by {relative:e}");
        }
        assert!(exp(-1e30) < 1e-37 && exp(-1e30) >= 0.0);
    }
}

//! What fused CPU kernels share: access to f32 slices, fixed-size chunks of rows over the threads,
//! the machine's widest vectors.

use std::cell::Cell;
use std::mem::MaybeUninit;

use candle_core::{CpuStorage, DType, InplaceOp1, Layout, Result, Shape, Storage, Tensor};
use rayon::prelude::*;

/// Rows per unit of parallel work. Fixed, so that sums over rows are grouped the same way on any
/// number of threads.
pub const ROWS_PER_CHUNK: usize = 32;

/// Values per unit of parallel work where rows do not matter.
pub const VALUES_PER_CHUNK: usize = 1 << 14;

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

/// Runs `write` on the values of a contiguous f32 CPU tensor. Nobody may be reading it.
pub fn with_slice_mut(tensor: &Tensor, write: impl FnOnce(&mut [f32]) -> Result<()>) -> Result<()> {
    struct Write<F>(Cell<Option<F>>);
    impl<F: FnOnce(&mut [f32]) -> Result<()>> InplaceOp1 for Write<F> {
        fn name(&self) -> &'static str {
            "write"
        }

        fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
            let values = f32_slice_mut(storage, layout)?;
            self.0.take().map_or(Ok(()), |write| write(values))
        }
    }
    tensor.inplace_op1(&Write(Cell::new(Some(write))))
}

/// `N` new vectors of `length` values, written a chunk at a time over all threads; `write` gets the number of
/// the chunk and the chunk of each vector, zeroed. What it returns comes in the order of the chunks.
///
/// `vec![0.0; length]` has one thread write the zeros of all chunks to memory before the first value comes;
/// here a chunk's zeros are still in the cache when its values overwrite them.
pub fn written<const N: usize, R: Send>(
    length: usize,
    chunk: usize,
    write: impl Fn(usize, [&mut [f32]; N]) -> R + Sync,
) -> ([Vec<f32>; N], Vec<R>) {
    let mut vectors: [Vec<f32>; N] = std::array::from_fn(|_| Vec::with_capacity(length));
    let mut chunks =
        vectors.each_mut().map(|vector| vector.spare_capacity_mut()[..length].chunks_mut(chunk.max(1)));
    let parts: Vec<[&mut [MaybeUninit<f32>]; N]> = (0..length.div_ceil(chunk.max(1)))
        .map(|_| chunks.each_mut().map(|chunks| chunks.next().unwrap_or_default()))
        .collect();
    let write_zeroed = |(index, parts): (usize, [&mut [MaybeUninit<f32>]; N])| {
        let zeroed = parts.map(|part| {
            part.fill(MaybeUninit::new(0.0));
            // SAFETY: the line above wrote every value.
            #[allow(unsafe_code)]
            unsafe {
                part.assume_init_mut()
            }
        });
        write(index, zeroed)
    };
    let found = parts.into_par_iter().enumerate().map(write_zeroed).collect();
    for vector in &mut vectors {
        // SAFETY: every chunk of the first `length` values was written above.
        #[allow(unsafe_code)]
        unsafe {
            vector.set_len(length);
        }
    }
    (vectors, found)
}

/// [`written`] for one vector.
pub fn written_once(length: usize, chunk: usize, write: impl Fn(usize, &mut [f32]) + Sync) -> Vec<f32> {
    let ([values], _) = written(length, chunk, |index, [values]| write(index, values));
    values
}

/// The part of `values` that belongs to the chunk number `index`.
pub fn chunk_of(values: &[f32], chunk: usize, index: usize) -> &[f32] {
    let start = index * chunk;
    &values[start..values.len().min(start + chunk)]
}

/// `left[i] + right[i]`.
pub fn sum_of(left: &[f32], right: &[f32]) -> Vec<f32> {
    assert_eq!(left.len(), right.len());
    written_once(left.len(), VALUES_PER_CHUNK, |index, sums| {
        let of_chunk = |values| chunk_of(values, VALUES_PER_CHUNK, index);
        let (left, right) = (of_chunk(left), of_chunk(right));
        vectorized(|| {
            for (sum, (left, right)) in sums.iter_mut().zip(left.iter().zip(right)) {
                *sum = left + right;
            }
        });
    })
}

/// `sums[i] += values[i]`.
pub fn add_to(sums: &mut [f32], values: &[f32]) {
    assert_eq!(sums.len(), values.len());
    let chunks = sums.par_chunks_mut(VALUES_PER_CHUNK).zip(values.par_chunks(VALUES_PER_CHUNK));
    chunks.for_each(|(sums, values)| {
        vectorized(|| {
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += value;
            }
        });
    });
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
    use super::{chunk_of, exp, written};

    #[test]
    fn vectors_written_by_chunks_are_whole_and_zero_where_nothing_was_written() {
        for length in [0, 1, 7, 8, 9, 40] {
            let counting: Vec<f32> = (0..length).map(|value| value as f32).collect();
            let ([same, marks], sums) = written(length, 8, |index, [same, marks]| {
                same.copy_from_slice(chunk_of(&counting, 8, index));
                marks[0] = 1.0;
                same.iter().sum::<f32>()
            });
            assert_eq!(same, counting);
            assert_eq!(sums, counting.chunks(8).map(|chunk| chunk.iter().sum()).collect::<Vec<f32>>());
            assert!(marks.iter().enumerate().all(|(i, mark)| (*mark == 1.0) == (i % 8 == 0)));
        }
    }

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

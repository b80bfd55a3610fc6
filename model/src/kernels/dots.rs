//! Dot products of several rows with several rows at once, for kernels that read a matrix in the order in which
//! it lies: what is loaded of one side serves every row of the other.

use pulp::Simd;

/// `dots[t][r] = left[t] · right[r]` over `width` values; the rows of `left` lie one after the other, those of
/// `right` `stride` values apart. A sum is the same whatever rows are beside it.
#[inline(always)]
pub fn dots<S: Simd, const R: usize, const T: usize>(
    simd: S,
    left: &[f32],
    right: &[f32],
    stride: usize,
    width: usize,
) -> [[f32; R]; T] {
    let (whole, tail) = (width / S::F32_LANES, width / S::F32_LANES * S::F32_LANES);
    let mut left_rows: [&[S::f32s]; T] = [&[]; T];
    for (t, row) in left_rows.iter_mut().enumerate() {
        *row = &S::as_simd_f32s(&left[t * width..][..width]).0[..whole];
    }
    let mut right_rows: [&[S::f32s]; R] = [&[]; R];
    for (r, row) in right_rows.iter_mut().enumerate() {
        *row = &S::as_simd_f32s(&right[r * stride..][..width]).0[..whole];
    }
    let mut sums = [[simd.splat_f32s(0.0); R]; T];
    for i in 0..whole {
        let mut loaded = [simd.splat_f32s(0.0); T];
        for (loaded, row) in loaded.iter_mut().zip(&left_rows) {
            *loaded = row[i];
        }
        for (r, row) in right_rows.iter().enumerate() {
            let value = row[i];
            for (sums, loaded) in sums.iter_mut().zip(&loaded) {
                sums[r] = simd.mul_add_e_f32s(*loaded, value, sums[r]);
            }
        }
    }
    let mut dots = [[0.0; R]; T];
    for (t, (dots, sums)) in dots.iter_mut().zip(sums).enumerate() {
        for (r, (dot, mut sum)) in dots.iter_mut().zip(sums).enumerate() {
            if tail < width {
                let left = simd.partial_load_f32s(&left[t * width + tail..][..width - tail]);
                let right = simd.partial_load_f32s(&right[r * stride + tail..][..width - tail]);
                sum = simd.mul_add_e_f32s(left, right, sum);
            }
            *dot = simd.reduce_sum_f32s(sum);
        }
    }
    dots
}

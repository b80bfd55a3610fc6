//! NF4 (Dettmers et al. 2023, arXiv 2305.14314), as bitsandbytes computes it (`csrc/kernels.cu`): sixteen levels at
//! the quantiles of the normal distribution, scaled by the largest magnitude of 64 weights.

/// Weights that share a scale.
pub const BLOCK: usize = 64;

/// w = codebook[q] · max|w|
pub const CODEBOOK: [f32; 16] = [
    -1.0,
    -0.696_192_8,
    -0.525_073_05,
    -0.394_917_5,
    -0.284_441_38,
    -0.184_773_43,
    -0.091_050_036,
    0.0,
    0.079_580_3,
    0.160_930_2,
    0.246_112_3,
    0.337_915_24,
    0.440_709_83,
    0.562_617,
    0.722_956_84,
    1.0,
];

/// Half-way between two neighbours; what lies above belongs to the higher one.
const THRESHOLDS: [f32; 15] = [
    -0.848_096_4,
    -0.610_632_9,
    -0.459_995_3,
    -0.339_679_4,
    -0.234_607_4,
    -0.137_911_7,
    -0.045_525_0,
    0.039_790_1,
    0.120_255_3,
    0.203_521_3,
    0.292_013_8,
    0.389_312_5,
    0.501_663_4,
    0.642_786_9,
    0.861_478_4,
];

/// The values of a block once they have been quantized.
pub fn rounded(block: &[f32]) -> Vec<f32> {
    let scale = scale(block);
    if scale == 0.0 {
        return vec![0.0; block.len()];
    }
    block.iter().map(|value| CODEBOOK[level(value / scale)] * scale).collect()
}

/// The largest magnitude.
pub fn scale(block: &[f32]) -> f32 {
    block.iter().fold(0.0, |largest, value| value.abs().max(largest))
}

fn level(value: f32) -> usize {
    THRESHOLDS.iter().filter(|threshold| value > **threshold).count()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{CODEBOOK, THRESHOLDS, level, rounded};

    #[wasm_bindgen_test]
    fn thresholds_lie_half_way_between_the_levels() {
        for (index, threshold) in THRESHOLDS.iter().enumerate() {
            let middle = (CODEBOOK[index] + CODEBOOK[index + 1]) / 2.0;
            assert!((middle - threshold).abs() < 1e-6, "{index}: {middle} {threshold}");
        }
    }

    #[wasm_bindgen_test]
    fn every_level_is_its_own_nearest() {
        for (index, value) in CODEBOOK.iter().enumerate() {
            assert_eq!(level(*value), index);
        }
        let block: Vec<f32> = CODEBOOK.iter().map(|value| value * 0.25).collect();
        assert_eq!(rounded(&block), block);
        assert_eq!(rounded(&[0.0; 64]), [0.0; 64]);
    }
}

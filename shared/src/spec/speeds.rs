//! How fast a training will be, by what a worker has measured of itself.
//!
//! A processor sustains more the wider the matrices are; depth, batch and vocabulary change little. So the
//! rate of a width that was not measured lies on a straight line over log width between its two neighbours,
//! and beyond the outermost it is theirs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Activations, ArchitectureSpec, Precision, PretrainSpec};

/// What training steps of one width sustained on a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrainingSpeed {
    pub hidden_size: u32,
    pub precision: Precision,
    /// By the count of [`ArchitectureSpec::training_flops_per_token`].
    pub flops_per_second: u64,
}

/// What a worker with these speeds will sustain over the spec's steps, by the count of
/// [`ArchitectureSpec::training_flops_per_token`]: work that is done besides (what is recomputed, and Muon's
/// iterations) lowers it. Nothing without a speed of the spec's precision.
pub fn flops_per_second(speeds: &[TrainingSpeed], spec: &PretrainSpec) -> Option<f64> {
    let mut measured: Vec<(f64, f64)> = speeds
        .iter()
        .filter(|speed| {
            speed.precision == spec.precision && speed.hidden_size > 0 && speed.flops_per_second > 0
        })
        .map(|speed| (f64::from(speed.hidden_size).ln(), speed.flops_per_second as f64))
        .collect();
    measured.sort_by(|one, other| one.0.total_cmp(&other.0));
    let width = f64::from(spec.model.hidden_size().max(1)).ln();
    Some(between(&measured, width)? * share_of_counted_work(spec))
}

/// On the line through the neighbours of `width`, or the nearest at either end.
fn between(measured: &[(f64, f64)], width: f64) -> Option<f64> {
    let after = measured.partition_point(|(other, _)| *other < width);
    match (after.checked_sub(1).and_then(|before| measured.get(before)), measured.get(after)) {
        (Some((low, slow)), Some((high, fast))) => Some(slow + (fast - slow) * (width - low) / (high - low)),
        (Some((_, rate)), None) | (None, Some((_, rate))) => Some(*rate),
        (None, None) => None,
    }
}

/// The share of a step's operations that [`ArchitectureSpec::training_flops_per_token`] counts.
fn share_of_counted_work(spec: &PretrainSpec) -> f64 {
    let counted = spec.tokens_per_step() as f64 * spec.model.training_flops_per_token();
    // A second forward pass: 2 of the 6 operations per weight and token.
    let recomputed = match spec.activations {
        Activations::Kept => 0.0,
        Activations::Recomputed => counted / 3.0,
    };
    let orthogonalized = spec.muon.as_ref().map_or(0.0, |muon| {
        let matrices = block_matrices(&spec.model).map(|[out, inner]| orthogonalization_flops(out, inner));
        f64::from(spec.model.layers()) * f64::from(muon.iterations) * matrices.iter().sum::<f64>()
    });
    let all = counted + recomputed + orthogonalized;
    if all > 0.0 { counted / all } else { 1.0 }
}

/// One Newton-Schulz iteration on X `[m, n]`, m ≤ n: `A = X Xᵀ`, `A A` and `B X`, two operations per
/// multiplication.
fn orthogonalization_flops(out: f64, inner: f64) -> f64 {
    let (short, long) = (out.min(inner), out.max(inner));
    4.0 * short * short * long + 2.0 * short * short * short
}

/// The seven matrices of a block, `[out, in]`: query, key, value, what mixes them, and the feed-forward's;
/// GPT-2's feed-forward has two.
fn block_matrices(model: &ArchitectureSpec) -> [[f64; 2]; 7] {
    let hidden = f64::from(model.hidden_size());
    let (key_value, feed_forward, gate) = match model {
        ArchitectureSpec::Llama(llama) => {
            let key_value = f64::from(llama.head_size()) * f64::from(llama.key_value_heads);
            let feed_forward = f64::from(llama.feed_forward_size);
            (key_value, feed_forward, feed_forward)
        }
        ArchitectureSpec::Gpt2(gpt2) => (hidden, f64::from(gpt2.feed_forward_size), 0.0),
    };
    [
        [hidden, hidden],
        [key_value, hidden],
        [key_value, hidden],
        [hidden, hidden],
        [gate, hidden],
        [feed_forward, hidden],
        [hidden, feed_forward],
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::MuonSpec;
    use crate::spec::presets::Preset;

    const MUON: MuonSpec = MuonSpec { learning_rate: 0.02, momentum: 0.95, weight_decay: 0.0, iterations: 5 };

    fn speed(hidden_size: u32, precision: Precision, flops_per_second: u64) -> TrainingSpeed {
        TrainingSpeed { hidden_size, precision, flops_per_second }
    }

    fn of_width(hidden_size: u32) -> PretrainSpec {
        let mut spec = Preset::Small.pretrain();
        let ArchitectureSpec::Llama(llama) = &mut spec.model else { unreachable!("the presets are Llamas") };
        llama.hidden_size = hidden_size;
        spec
    }

    #[test]
    fn a_width_between_two_measured_ones_gets_a_rate_between_theirs() {
        // In no order: workers promise none.
        let speeds = [speed(256, Precision::F32, 300), speed(64, Precision::F32, 100)];
        let rate = |width| flops_per_second(&speeds, &of_width(width)).unwrap();
        assert_eq!(rate(64), 100.0);
        assert_eq!(rate(256), 300.0);
        // 128 lies half-way in log width.
        assert!((rate(128) - 200.0).abs() < 1e-9, "{}", rate(128));
        assert_eq!((rate(8), rate(4096)), (100.0, 300.0));
    }

    #[test]
    fn only_speeds_of_the_same_precision_count() {
        let speeds = [speed(192, Precision::F32, 100), speed(192, Precision::Bf16, 250)];
        let mut spec = of_width(192);
        spec.precision = Precision::Bf16;
        assert_eq!(flops_per_second(&speeds, &spec), Some(250.0));
        assert_eq!(flops_per_second(&speeds[..1], &spec), None);
        assert_eq!(flops_per_second(&[], &spec), None);
        assert_eq!(flops_per_second(&[speed(0, Precision::Bf16, 7)], &spec), None);
    }

    #[test]
    fn work_that_is_not_counted_makes_a_training_slower() {
        let speeds = [speed(192, Precision::F32, 1_000_000)];
        let mut spec = of_width(192);
        let plain = flops_per_second(&speeds, &spec).unwrap();
        spec.activations = Activations::Recomputed;
        let recomputed = flops_per_second(&speeds, &spec).unwrap();
        assert!((recomputed / plain - 0.75).abs() < 1e-12, "four passes in the time of three");
        spec.activations = Activations::Kept;
        spec.muon = Some(MUON);
        let with_muon = flops_per_second(&speeds, &spec).unwrap();
        spec.batch.rows *= 16;
        let in_large_batches = flops_per_second(&speeds, &spec).unwrap();
        assert!(with_muon < 0.9 * plain && with_muon > 0.5 * plain, "{with_muon}");
        assert!(in_large_batches > 0.97 * plain, "Muon's work is per step, not per token");
    }

    #[test]
    fn a_square_matrix_costs_three_products_an_iteration() {
        assert_eq!(orthogonalization_flops(10.0, 10.0), 3.0 * 2.0 * 1000.0);
        assert_eq!(orthogonalization_flops(10.0, 40.0), orthogonalization_flops(40.0, 10.0));
    }

    #[test]
    fn the_matrices_are_those_that_the_parameters_are_counted_by() {
        for model in [
            Preset::Small.pretrain().model,
            Preset::Small.pretrain().model.in_kind(crate::spec::ArchitectureKind::Gpt2),
        ] {
            let products: f64 = block_matrices(&model).iter().map(|[out, inner]| out * inner).sum();
            let head = f64::from(model.vocabulary_size()) * f64::from(model.hidden_size());
            let attention = f64::from(model.layers())
                * f64::from(model.hidden_size())
                * f64::from(model.context_length());
            let flops = 6.0 * (f64::from(model.layers()) * products + head + attention);
            assert_eq!(flops, model.training_flops_per_token());
        }
    }
}

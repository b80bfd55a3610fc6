//! Learning rate by step. Both ways begin with a linear warm-up to the peak, over `w` steps, and end at
//! `r` of it, in step `n`:
//!
//! ```text
//! step t ≤ w                peak · t / w
//! cosine                    peak · (r + (1 − r) · ½ (1 + cos π p)),   p = (t − w) / (n − w)
//! warm-up, stable, decay    peak                                      until the last `d` steps
//!                           peak · (1 − (1 − r) · p),                 p = (t − (n − d)) / d
//! ```
//!
//! The stable part (Hu et al. 2024, MiniCPM) does not know when it ends: a training can be gone on with
//! from before the fall.

use shared::spec::{Decay, ScheduleSpec};

/// The rate of `step`, counted from 1, of `steps`. The last warm-up step has the peak, the last step
/// the final rate.
pub fn learning_rate(schedule: &ScheduleSpec, peak: f64, step: u64, steps: u64) -> f64 {
    let (warmup, last) = (schedule.warmup_steps, schedule.final_learning_rate_ratio);
    if step <= warmup {
        return peak * step as f64 / warmup as f64;
    }
    match schedule.decay {
        Decay::Cosine => {
            let progress = (step - warmup) as f64 / steps.saturating_sub(warmup).max(1) as f64;
            let cosine = 0.5 * (1.0 + (std::f64::consts::PI * progress.min(1.0)).cos());
            peak * (last + (1.0 - last) * cosine)
        }
        Decay::WarmupStableDecay { decay_steps } => {
            let falls_after = steps.saturating_sub(decay_steps);
            let progress = step.saturating_sub(falls_after) as f64 / decay_steps.max(1) as f64;
            peak * (1.0 - (1.0 - last) * progress.min(1.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_climbs_to_the_peak_and_falls_to_its_share() {
        let schedule =
            ScheduleSpec { warmup_steps: 10, final_learning_rate_ratio: 0.1, decay: Decay::Cosine };
        let rate = |step| learning_rate(&schedule, 2.0, step, 110);
        assert_eq!(rate(1), 0.2);
        assert_eq!(rate(10), 2.0);
        assert!((rate(60) - 2.0 * 0.55).abs() < 1e-12, "half way down the cosine");
        assert!((rate(110) - 0.2).abs() < 1e-12);
        assert!((10..110).all(|step| rate(step + 1) <= rate(step)));
    }

    #[test]
    fn a_schedule_may_be_all_warm_up_or_have_none() {
        let all = ScheduleSpec { warmup_steps: 4, final_learning_rate_ratio: 0.0, decay: Decay::Cosine };
        assert_eq!(learning_rate(&all, 1.0, 4, 4), 1.0);
        let none = ScheduleSpec { warmup_steps: 0, final_learning_rate_ratio: 0.0, decay: Decay::Cosine };
        assert!(learning_rate(&none, 1.0, 1, 100) > 0.99);
    }

    #[test]
    fn a_stable_rate_is_held_to_the_last_steps_and_then_falls_in_a_straight_line() {
        let decay = Decay::WarmupStableDecay { decay_steps: 20 };
        let schedule = ScheduleSpec { warmup_steps: 10, final_learning_rate_ratio: 0.1, decay };
        let rate = |step| learning_rate(&schedule, 2.0, step, 110);
        assert_eq!((rate(1), rate(10)), (0.2, 2.0));
        assert!((10..=90).all(|step| rate(step) == 2.0));
        assert!((rate(100) - 2.0 * 0.55).abs() < 1e-12, "half way down");
        assert!((rate(110) - 0.2).abs() < 1e-12);
        assert!((90..110).all(|step| (rate(step) - rate(step + 1) - 0.09).abs() < 1e-12));
        let longer = |step| learning_rate(&schedule, 2.0, step, 1_000);
        assert!((1..=90).all(|step| longer(step) == rate(step)), "how long it will be does not show before");
    }

    #[test]
    fn a_fall_may_follow_the_warm_up_at_once_or_never_come() {
        let with = |decay_steps| ScheduleSpec {
            warmup_steps: 4,
            final_learning_rate_ratio: 0.0,
            decay: Decay::WarmupStableDecay { decay_steps },
        };
        assert_eq!([4, 7, 10].map(|step| learning_rate(&with(6), 1.0, step, 10)), [1.0, 0.5, 0.0]);
        assert_eq!([4, 7, 10].map(|step| learning_rate(&with(0), 1.0, step, 10)), [1.0; 3]);
    }
}

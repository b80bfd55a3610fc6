//! Learning rate by step: a linear warm-up, then a cosine down to a share of the peak.

use shared::spec::ScheduleSpec;

/// The rate of `step`, counted from 1, of `steps`. The last warm-up step has the peak, the last step
/// the final rate.
pub fn learning_rate(schedule: &ScheduleSpec, peak: f64, step: u64, steps: u64) -> f64 {
    let warmup = schedule.warmup_steps;
    if step <= warmup {
        return peak * step as f64 / warmup as f64;
    }
    let progress = (step - warmup) as f64 / steps.saturating_sub(warmup).max(1) as f64;
    let cosine = 0.5 * (1.0 + (std::f64::consts::PI * progress.min(1.0)).cos());
    let last = schedule.final_learning_rate_ratio;
    peak * (last + (1.0 - last) * cosine)
}

#[cfg(test)]
mod tests {
    use shared::spec::Decay;

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
}

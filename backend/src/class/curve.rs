//! A training's loss, thinned while its events come in, so that a whole class is drawn without reading them again.

use serde::{Deserialize, Serialize};
use shared::api::class::{CURVE_POINTS, FLAT_STEPS, LossPoint};
use shared::events::{JobEvent, Series};

/// The global norm below which gradients teach nothing: those of a training that learns are above 0.01.
const FLAT_NORM: f64 = 1e-4;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Of steps that `stride` divides.
    points: Vec<LossPoint>,
    stride: u64,
    latest: Option<LossPoint>,
    /// Reported steps in a row whose gradients were next to nothing.
    flat_steps: u32,
}

impl Default for Curve {
    fn default() -> Self {
        Self { points: Vec::new(), stride: 1, latest: None, flat_steps: 0 }
    }
}

impl Curve {
    pub fn add(&mut self, event: &JobEvent) {
        match event {
            JobEvent::Metrics { step, values } => {
                if let Some(&loss) = values.get(&Series::TrainingLoss) {
                    self.add_point(LossPoint { step: *step, loss });
                }
                if let Some(&norm) = values.get(&Series::GradientNorm) {
                    let flat = norm < FLAT_NORM;
                    self.flat_steps = if flat { self.flat_steps.saturating_add(1) } else { 0 };
                }
            }
            JobEvent::Resumed { step } => self.forget_after(*step),
            _ => {}
        }
    }

    fn add_point(&mut self, point: LossPoint) {
        // A later attempt tells a step anew.
        if self.latest.is_some_and(|latest| latest.step >= point.step) {
            self.forget_after(point.step.saturating_sub(1));
        }
        self.latest = Some(point);
        if !point.step.is_multiple_of(self.stride) {
            return;
        }
        self.points.push(point);
        while self.points.len() >= CURVE_POINTS {
            self.stride *= 2;
            let stride = self.stride;
            self.points.retain(|point| point.step.is_multiple_of(stride));
        }
    }

    fn forget_after(&mut self, step: u64) {
        self.points.retain(|point| point.step <= step);
        self.latest = self.points.last().copied();
        self.flat_steps = 0;
    }

    pub fn points(&self) -> Vec<LossPoint> {
        let latest =
            self.latest.filter(|latest| self.points.last().is_none_or(|last| last.step < latest.step));
        self.points.iter().copied().chain(latest).collect()
    }

    /// The latest step, where the gradients have been flat for long.
    pub fn flat_at(&self) -> Option<u64> {
        self.latest.filter(|_| self.flat_steps >= FLAT_STEPS).map(|latest| latest.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(step: u64, loss: f64, norm: f64) -> JobEvent {
        let values = [(Series::TrainingLoss, loss), (Series::GradientNorm, norm)].into_iter().collect();
        JobEvent::Metrics { step, values }
    }

    #[test]
    fn a_curve_keeps_its_shape_and_its_latest_point_however_long_it_gets() {
        for steps in [1, 2, 31, 32, 33, 1_000, 99_999] {
            let mut curve = Curve::default();
            for at in 1..=steps {
                curve.add(&step(at, 1.0 / at as f64, 1.0));
            }
            let points = curve.points();
            assert!(points.len() <= CURVE_POINTS, "{steps}: {}", points.len());
            assert!(points.len() as u64 >= steps.min(CURVE_POINTS as u64 / 2), "{steps}: {}", points.len());
            assert!(points.windows(2).all(|pair| pair[0].step < pair[1].step), "{steps}");
            assert!(points.iter().all(|point| point.loss == 1.0 / point.step as f64), "{steps}");
            assert_eq!(points.last().map(|point| point.step), Some(steps));
        }
    }

    #[test]
    fn a_later_attempt_tells_its_steps_anew() {
        let mut curve = Curve::default();
        for at in 1..=10 {
            curve.add(&step(at, 5.0, 1.0));
        }
        curve.add(&JobEvent::Resumed { step: 4 });
        curve.add(&step(5, 3.0, 1.0));
        let found: Vec<(u64, f64)> = curve.points().iter().map(|point| (point.step, point.loss)).collect();
        assert_eq!(found, [(1, 5.0), (2, 5.0), (3, 5.0), (4, 5.0), (5, 3.0)]);
        // Also where no checkpoint was there to resume from.
        curve.add(&step(1, 6.0, 1.0));
        assert_eq!(curve.points(), [LossPoint { step: 1, loss: 6.0 }]);
    }

    #[test]
    fn gradients_are_flat_once_they_have_been_for_long() {
        let mut curve = Curve::default();
        for at in 1..u64::from(FLAT_STEPS) {
            curve.add(&step(at, 5.0, 1e-9));
            assert_eq!(curve.flat_at(), None, "{at}");
        }
        curve.add(&step(50, 5.0, 1e-9));
        assert_eq!(curve.flat_at(), Some(50));
        curve.add(&step(51, 5.0, 0.2));
        assert_eq!(curve.flat_at(), None);
    }
}

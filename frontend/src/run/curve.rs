//! One series of a run, kept and drawn with a bounded number of points however long the run is.

/// More points than this are thinned to half: a run of a week stays in a few megabytes.
const KEPT_POINTS: usize = 50_000;

/// Points in order of their step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curve {
    points: Vec<(u64, f64)>,
    first: Option<f64>,
}

impl Curve {
    /// A later attempt repeats the steps since its checkpoint: what it says wins.
    pub fn push(&mut self, step: u64, value: f64) {
        let keep = self.points.partition_point(|(other, _)| *other < step);
        self.points.truncate(keep);
        if self.points.is_empty() {
            self.first = Some(value);
        }
        self.points.push((step, value));
        if self.points.len() > KEPT_POINTS {
            self.points = thinned(&self.points, KEPT_POINTS / 2);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// Points that are kept.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    pub fn first(&self) -> Option<f64> {
        self.first
    }

    pub fn last(&self) -> Option<(u64, f64)> {
        self.points.last().copied()
    }

    /// Peaks outlast thinning.
    pub fn highest(&self) -> Option<f64> {
        self.points.iter().map(|(_, value)| *value).reduce(f64::max)
    }

    /// Of the points that are kept.
    pub fn median(&self) -> Option<f64> {
        let mut values: Vec<f64> = self.points.iter().map(|(_, value)| *value).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    }

    /// At most about `limit` points with the same outline.
    pub fn outline(&self, limit: usize) -> Vec<(u64, f64)> {
        if self.points.len() <= limit { self.points.clone() } else { thinned(&self.points, limit) }
    }
}

/// The lowest and the highest point of each of `limit / 2` stretches of equally many points: peaks
/// stay, in order. The first and the last point stay too.
fn thinned(points: &[(u64, f64)], limit: usize) -> Vec<(u64, f64)> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let stretches = (limit / 2).max(1);
    let length = points.len().div_ceil(stretches);
    let mut outline = vec![*first];
    for stretch in points.chunks(length) {
        let by_value = |a: &&(u64, f64), b: &&(u64, f64)| a.1.total_cmp(&b.1);
        let (Some(low), Some(high)) = (stretch.iter().min_by(by_value), stretch.iter().max_by(by_value))
        else {
            continue;
        };
        let (earlier, later) = if low.0 <= high.0 { (low, high) } else { (high, low) };
        for point in [earlier, later] {
            if outline.last().is_none_or(|before| before.0 < point.0) {
                outline.push(*point);
            }
        }
    }
    if outline.last().is_none_or(|before| before.0 < last.0) {
        outline.push(*last);
    }
    outline
}

/// Curves on one axis: all steps in order, and each curve's value there or nothing.
pub fn align(curves: &[Vec<(u64, f64)>]) -> (Vec<u64>, Vec<Vec<Option<f64>>>) {
    let mut steps: Vec<u64> = curves.iter().flatten().map(|(step, _)| *step).collect();
    steps.sort_unstable();
    steps.dedup();
    let columns = curves
        .iter()
        .map(|curve| {
            let mut column = vec![None; steps.len()];
            let mut at = 0;
            for (step, value) in curve {
                while steps.get(at).is_some_and(|other| other < step) {
                    at += 1;
                }
                if let Some(place) = column.get_mut(at) {
                    *place = value.is_finite().then_some(*value);
                }
            }
            column
        })
        .collect();
    (steps, columns)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_later_attempt_replaces_the_steps_that_it_repeats() {
        let mut curve = Curve::default();
        for (step, value) in [(1, 9.0), (2, 8.0), (3, 7.0), (2, 7.9), (3, 6.9)] {
            curve.push(step, value);
        }
        assert_eq!(curve.outline(10), [(1, 9.0), (2, 7.9), (3, 6.9)]);
        assert_eq!(curve.last(), Some((3, 6.9)));
    }

    #[wasm_bindgen_test]
    fn a_long_run_is_drawn_with_few_points_and_keeps_its_peaks() {
        let mut curve = Curve::default();
        for step in 0..120_000 {
            curve.push(step, if step == 77_777 { 99.0 } else { (step % 7) as f64 });
        }
        let outline = curve.outline(1_000);
        assert!(outline.len() <= 1_002, "{}", outline.len());
        assert!(outline.iter().any(|(_, value)| *value == 99.0));
        assert!(outline.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(outline[0].0, 0);
        assert_eq!(outline[outline.len() - 1].0, 119_999);
    }

    #[wasm_bindgen_test]
    fn one_slow_step_does_not_move_the_median_and_one_peak_is_the_highest() {
        let mut curve = Curve::default();
        assert_eq!((curve.median(), curve.highest()), (None, None));
        for (step, value) in [(1, 3.0), (2, 900.0), (3, 2.0)] {
            curve.push(step, value);
        }
        assert_eq!((curve.median(), curve.highest()), (Some(3.0), Some(900.0)));
    }

    #[wasm_bindgen_test]
    fn curves_of_different_steps_share_an_axis() {
        let (steps, columns) = align(&[vec![(1, 1.0), (2, 2.0), (4, f64::NAN)], vec![(2, 5.0), (3, 6.0)]]);
        assert_eq!(steps, [1, 2, 3, 4]);
        assert_eq!(columns, [[Some(1.0), Some(2.0), None, None], [None, Some(5.0), Some(6.0), None]]);
    }
}

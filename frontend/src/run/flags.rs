//! What is off in the groups of parameters, by the latest that each told.

use shared::events::{ParameterGroup, Series};

use super::RunRecord;

/// About a thousandth is usual; a tenth overwrites a group in ten steps, a millionth leaves it as it was.
const LARGE_UPDATE_RATIO: f64 = 1e-1;
const SMALL_UPDATE_RATIO: f64 = 1e-6;
const MANY_DEAD_UNITS: f64 = 0.5;
/// Below this share of the highest rate so far, small updates are what the schedule wants.
const LOW_RATE_SHARE: f64 = 0.1;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Oddity {
    LargeUpdates { ratio: f64 },
    SmallUpdates { ratio: f64 },
    DeadUnits { share: f64 },
    NoGradient,
}

/// In the order of the groups.
pub fn oddities(record: &RunRecord) -> Vec<(ParameterGroup, Oddity)> {
    let rate = record.curves.get(&Series::LearningRate);
    let is_low = rate.and_then(|rate| Some(rate.last()?.1 < LOW_RATE_SHARE * rate.highest()?));
    let mut found = Vec::new();
    for (group, curves) in &record.groups {
        let mut find = |oddity: Oddity| found.push((*group, oddity));
        match curves.gradient_norm.last() {
            // Without a gradient nothing else is news.
            Some((_, 0.0)) => {
                find(Oddity::NoGradient);
                continue;
            }
            _ => match curves.update_ratio.last() {
                Some((_, ratio)) if ratio > LARGE_UPDATE_RATIO => find(Oddity::LargeUpdates { ratio }),
                Some((_, ratio)) if ratio < SMALL_UPDATE_RATIO && is_low != Some(true) => {
                    find(Oddity::SmallUpdates { ratio });
                }
                _ => {}
            },
        }
        if let Some((_, share)) = curves.dead_unit_share.last().filter(|(_, share)| *share > MANY_DEAD_UNITS)
        {
            find(Oddity::DeadUnits { share });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use shared::events::{GroupStatistics, JobEvent, StreamEvent};
    use shared::ids::JobId;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const LAYER: ParameterGroup = ParameterGroup::FeedForward { layer: 2 };

    fn of(gradient_norm: f64, update_ratio: f64, dead_unit_share: f64) -> GroupStatistics {
        let dead_unit_share = Some(dead_unit_share);
        GroupStatistics { group: LAYER, gradient_norm, weight_norm: 1.0, update_ratio, dead_unit_share }
    }

    fn take(record: &mut RunRecord, event: JobEvent) {
        record.take(StreamEvent {
            stream_number: 1,
            job_id: JobId(1),
            attempt: 1,
            at_microseconds: 0,
            event,
        });
    }

    fn told(steps: &[GroupStatistics]) -> RunRecord {
        let mut record = RunRecord::default();
        for (step, statistics) in (1..).zip(steps) {
            take(&mut record, JobEvent::ParameterStatistics { step, groups: vec![statistics.clone()] });
        }
        record
    }

    #[wasm_bindgen_test]
    fn a_group_that_fares_as_usual_is_not_mentioned_and_what_has_passed_neither() {
        assert_eq!(oddities(&told(&[of(0.3, 1e-3, 0.1)])), []);
        assert_eq!(oddities(&told(&[of(0.0, 0.5, 0.9), of(0.3, 1e-3, 0.1)])), []);
    }

    #[wasm_bindgen_test]
    fn each_oddity_is_told_with_its_group_and_number() {
        let found = |statistics| oddities(&told(&[statistics]));
        assert_eq!(found(of(0.3, 0.2, 0.1)), [(LAYER, Oddity::LargeUpdates { ratio: 0.2 })]);
        assert_eq!(found(of(0.3, 1e-7, 0.1)), [(LAYER, Oddity::SmallUpdates { ratio: 1e-7 })]);
        assert_eq!(found(of(0.3, 1e-3, 0.7)), [(LAYER, Oddity::DeadUnits { share: 0.7 })]);
        assert_eq!(found(of(0.0, 0.0, 0.9)), [(LAYER, Oddity::NoGradient)]);
    }

    #[wasm_bindgen_test]
    fn small_updates_at_the_end_of_the_schedule_are_no_oddity() {
        let mut record = told(&[of(0.3, 1e-7, 0.1)]);
        for (step, rate) in [(1, 4e-3), (2, 1e-4)] {
            let values = [(Series::LearningRate, rate)].into();
            take(&mut record, JobEvent::Metrics { step, values });
        }
        assert_eq!(oddities(&record), []);
    }
}

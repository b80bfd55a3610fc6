//! How attempts and lateness weigh on points. Points are kept as they were earned and weighed when they are
//! read, so that a changed policy counts at once, for everybody.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::WEEKS;
use crate::spec::Problems;

pub const MICROSECONDS_A_DAY: i64 = 86_400_000_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CoursePolicy {
    /// How often a question may be answered. What looks at artifacts may be asked any number of times.
    pub attempts_at_most: u32,
    /// Percent of a question's points that every attempt after the first costs.
    pub retry_percent: u32,
    /// Percent of what was earned that every begun day after a week's due time costs.
    pub late_percent_per_day: u32,
    /// After so many days nothing is taken any more.
    pub late_days_at_most: u32,
    /// What each week counts in the final grade, in parts of their sum.
    pub week_weights: Vec<u32>,
    /// The final grade, in percent, from which a learner gets a certificate.
    #[serde(default = "default_certificate_percent")]
    pub certificate_percent: u32,
}

/// Also of policies from before there were certificates.
fn default_certificate_percent() -> u32 {
    60
}

impl Default for CoursePolicy {
    fn default() -> Self {
        Self {
            attempts_at_most: 3,
            retry_percent: 25,
            late_percent_per_day: 10,
            late_days_at_most: 7,
            week_weights: vec![10; WEEKS as usize],
            certificate_percent: default_certificate_percent(),
        }
    }
}

impl CoursePolicy {
    /// # Errors
    /// Names every field that cannot work.
    pub fn validate(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        problems.require((1..=20).contains(&self.attempts_at_most), "attempts_at_most", "use 1 to 20");
        problems.require(self.retry_percent <= 100, "retry_percent", "use 0 to 100");
        problems.require(self.late_percent_per_day <= 100, "late_percent_per_day", "use 0 to 100");
        problems.require(self.late_days_at_most <= 365, "late_days_at_most", "use 0 to 365");
        problems.require(
            (1..=100).contains(&self.certificate_percent),
            "certificate_percent",
            "use 1 to 100",
        );
        let weights = &self.week_weights;
        let plausible = weights.len() == WEEKS as usize && weights.iter().all(|&weight| weight <= 1000);
        problems.require(plausible, "week_weights", format!("use {WEEKS} numbers of 0 to 1000"));
        problems.require(
            weights.iter().any(|&weight| weight > 0),
            "week_weights",
            "let at least one week count",
        );
        problems.into_result()
    }

    /// What remains of `earned` points of `possible` ones.
    pub fn weighed(&self, earned: f64, possible: f64, attempt: u32, days_late: u32) -> f64 {
        let retries = f64::from(attempt.saturating_sub(1));
        let least = (earned - possible * retries * f64::from(self.retry_percent) / 100.0).max(0.0);
        let lost = f64::from(days_late) * f64::from(self.late_percent_per_day) / 100.0;
        least * (1.0 - lost).max(0.0)
    }
}

/// Begun days after the due time.
pub fn days_late(due_at_microseconds: Option<i64>, at_microseconds: i64) -> u32 {
    let late = due_at_microseconds.map_or(0, |due| at_microseconds.saturating_sub(due)).max(0);
    let days = late / MICROSECONDS_A_DAY + i64::from(late % MICROSECONDS_A_DAY > 0);
    u32::try_from(days).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_attempts_and_late_days_take_their_share() {
        let policy = CoursePolicy::default();
        for (earned, attempt, days_late, expected) in [
            (4.0, 1, 0, 4.0),
            (4.0, 2, 0, 3.0),
            (4.0, 3, 0, 2.0),
            (1.0, 3, 0, 0.0),
            (4.0, 1, 1, 3.6),
            (4.0, 2, 2, 2.4),
            (4.0, 1, 11, 0.0),
        ] {
            let weighed = policy.weighed(earned, 4.0, attempt, days_late);
            assert!((weighed - expected).abs() < 1e-12, "{earned} {attempt} {days_late}: {weighed}");
        }
    }

    #[test]
    fn a_day_counts_once_it_has_begun() {
        let due = 1_000;
        for (at, expected) in
            [(0, 0), (due, 0), (due + 1, 1), (due + MICROSECONDS_A_DAY, 1), (due + MICROSECONDS_A_DAY + 1, 2)]
        {
            assert_eq!(days_late(Some(due), at), expected, "{at}");
            assert_eq!(days_late(None, at), 0);
        }
    }

    #[test]
    fn a_policy_that_cannot_work_names_its_fields() {
        let policy = CoursePolicy {
            attempts_at_most: 0,
            retry_percent: 101,
            late_percent_per_day: 200,
            late_days_at_most: 1000,
            week_weights: vec![0; 9],
            certificate_percent: 0,
        };
        let problems = policy.validate().unwrap_err();
        for field in
            ["attempts_at_most", "retry_percent", "late_percent_per_day", "late_days_at_most", "week_weights"]
        {
            assert!(problems.0.iter().any(|problem| problem.field == field), "{field}");
        }
        assert_eq!(CoursePolicy::default().validate(), Ok(()));
    }
}

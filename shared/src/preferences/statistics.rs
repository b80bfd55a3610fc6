//! How far people agree, and how sure a share is.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Choice;

/// Of 95 %, both ends between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Interval {
    pub least: f64,
    pub greatest: f64,
}

/// The score interval of a share (Wilson, 1927): with z = 1.96,
/// (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n). Ties count half. Nothing of nothing.
pub fn wilson(wins: f64, of: f64) -> Option<Interval> {
    const Z: f64 = 1.959_963_984_540_054;
    if of <= 0.0 {
        return None;
    }
    let share = (wins / of).clamp(0.0, 1.0);
    let scale = 1.0 + Z * Z / of;
    let middle = (share + Z * Z / (2.0 * of)) / scale;
    let half = Z / scale * (share * (1.0 - share) / of + Z * Z / (4.0 * of * of)).sqrt();
    Some(Interval { least: (middle - half).max(0.0), greatest: (middle + half).min(1.0) })
}

/// α = 1 − D_o / D_e for categories without an order (Krippendorff, *Computing Krippendorff's Alpha-Reliability*, 2011,
/// section C): annotators may have judged different pairs. `units` are the choices of each pair; those with fewer than
/// two say nothing. Nothing where there is nothing to compare, or only one category occurs.
pub fn krippendorffs_alpha(units: &[Vec<Choice>]) -> Option<f64> {
    let mut values = 0.0;
    let mut disagreement = 0.0;
    let mut totals: BTreeMap<Choice, f64> = BTreeMap::new();
    for unit in units.iter().filter(|unit| unit.len() >= 2) {
        let size = unit.len() as f64;
        let mut counts: BTreeMap<Choice, f64> = BTreeMap::new();
        for choice in unit {
            *counts.entry(*choice).or_default() += 1.0;
        }
        for (choice, count) in counts {
            values += count;
            *totals.entry(choice).or_default() += count;
            disagreement += count * (size - count) / (size - 1.0);
        }
    }
    let expected: f64 = totals.values().map(|count| count * (values - count)).sum();
    (expected > 0.0).then(|| 1.0 - disagreement * (values - 1.0) / expected)
}

/// κ = (p_o − p_e) / (1 − p_e) of two annotators (Cohen, 1960). Nothing where both always say one and the same.
pub fn cohens_kappa(pairs: &[(Choice, Choice)]) -> Option<f64> {
    if pairs.is_empty() {
        return None;
    }
    let all = pairs.len() as f64;
    let observed = pairs.iter().filter(|(one, other)| one == other).count() as f64 / all;
    let share = |of: Choice, side: fn(&(Choice, Choice)) -> Choice| {
        pairs.iter().filter(|pair| side(pair) == of).count() as f64 / all
    };
    let expected: f64 = [Choice::A, Choice::B, Choice::Tie, Choice::Neither]
        .into_iter()
        .map(|choice| share(choice, |pair| pair.0) * share(choice, |pair| pair.1))
        .sum();
    (expected < 1.0).then(|| (observed - expected) / (1.0 - expected))
}

/// Of two people who judged the same pair, how often they chose the same.
pub fn raw_agreement(units: &[Vec<Choice>]) -> Option<f64> {
    let (mut same, mut all) = (0.0, 0.0);
    for unit in units {
        for (place, one) in unit.iter().enumerate() {
            for other in &unit[place + 1..] {
                all += 1.0;
                same += f64::from(u8::from(one == other));
            }
        }
    }
    (all > 0.0).then(|| same / all)
}

/// Of sorted values.
pub fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        odd if odd % 2 == 1 => sorted.get(middle).copied(),
        _ => Some((sorted.get(middle - 1)? + sorted.get(middle)?) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::Choice::{A, B, Neither, Tie};
    use super::*;

    fn close(found: Option<f64>, expected: f64) {
        assert!(found.is_some_and(|found| (found - expected).abs() < 1e-9), "{found:?} for {expected}");
    }

    /// The lesson of week 9 counts it by hand.
    #[test]
    fn kappa_is_what_the_lesson_says() {
        let of = |count: usize, pair| vec![pair; count];
        let pairs = [of(20, (A, A)), of(5, (A, B)), of(10, (B, A)), of(15, (B, B))].concat();
        close(cohens_kappa(&pairs), 0.4);
        let safe = [of(88, (A, A)), of(2, (B, B)), of(5, (A, B)), of(5, (B, A))].concat();
        let kappa = cohens_kappa(&safe).unwrap();
        assert!((kappa - 0.23).abs() < 0.005, "{kappa}");
        assert_eq!(cohens_kappa(&of(9, (A, A))), None, "chance alone says as much");
    }

    /// Krippendorff's own example has five categories. This one has four and gaps; the expected number comes from his
    /// coincidence matrix, written out independently in `shared/tests/golden/make_alpha.py`.
    #[test]
    fn alpha_takes_annotators_who_judged_different_pairs() {
        let units = [
            vec![A, A, A],
            vec![B, B, Tie, B],
            vec![Tie, Tie, Tie, Tie],
            vec![Neither, Neither],
            vec![B, B, B, B],
            vec![A, B, Tie, Neither],
            vec![Neither, Neither, Neither, Neither],
            vec![A, A, B, A],
            vec![B, B],
            vec![A],
            vec![],
        ];
        close(krippendorffs_alpha(&units), ALPHA);
        assert_eq!(krippendorffs_alpha(&[vec![A, A], vec![A, A]]), None);
        assert_eq!(krippendorffs_alpha(&[vec![A], vec![B]]), None);
        close(krippendorffs_alpha(&[vec![A, A], vec![B, B]]), 1.0);
    }

    const ALPHA: f64 = 0.660_056_657_223_796;

    #[test]
    fn a_share_of_few_is_not_sure() {
        for (wins, of, least, greatest) in WILSON {
            let found = wilson(wins, of).unwrap();
            close(Some(found.least), least);
            close(Some(found.greatest), greatest);
        }
        assert_eq!(wilson(0.0, 0.0), None);
    }

    /// From the same script.
    const WILSON: [(f64, f64, f64, f64); 4] = [
        (7.0, 10.0, 0.396_778_147_461_145_4, 0.892_208_732_593_698_9),
        (0.0, 5.0, 0.0, 0.434_482_464_783_174_8),
        (12.5, 20.0, 0.409_489_566_151_426_73, 0.800_229_144_335_368_5),
        (100.0, 100.0, 0.963_006_501_793_014_3, 1.0),
    ];

    #[test]
    fn agreement_counts_every_two_people_of_a_pair() {
        close(raw_agreement(&[vec![A, A, B], vec![B, B], vec![Tie]]), 2.0 / 4.0);
        assert_eq!(raw_agreement(&[vec![A]]), None);
        close(median(&[1.0, 2.0, 9.0]), 2.0);
        close(median(&[1.0, 2.0, 4.0, 9.0]), 3.0);
        assert_eq!(median(&[]), None);
    }
}

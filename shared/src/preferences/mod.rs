//! Pairs of answers, and which of the two people find better: read from lines, judged blind, counted.

mod lines;
mod statistics;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use lines::{LineProblem, PAIR_LIMIT, TEXT_LIMIT_CHARACTERS, read};
pub use statistics::{Interval, cohens_kappa, krippendorffs_alpha, median, raw_agreement, wilson};

/// Two answers to one prompt, and where each came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Pair {
    pub prompt: String,
    pub a: String,
    pub b: String,
    pub a_from: String,
    pub b_from: String,
}

/// What somebody chose, whichever stood left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    A,
    B,
    Tie,
    /// Both are bad.
    Neither,
}

/// What somebody picked as the two were shown to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Picked {
    First,
    Second,
    Tie,
    Neither,
}

impl Picked {
    pub fn choice(self, a_first: bool) -> Choice {
        match (self, a_first) {
            (Self::First, true) | (Self::Second, false) => Choice::A,
            (Self::First, false) | (Self::Second, true) => Choice::B,
            (Self::Tie, _) => Choice::Tie,
            (Self::Neither, _) => Choice::Neither,
        }
    }
}

/// Which of a pair somebody is shown first: by chance as far as people can tell, and the same each time.
pub fn a_is_first(pair: i64, user: i64) -> bool {
    // SplitMix64 (Steele, Lea and Flood, 2014), of both numbers.
    let mut state = (pair as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(user as u64);
    for factor in [0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb] {
        state = (state ^ (state >> 30)).wrapping_mul(factor);
    }
    (state ^ (state >> 31)) & 1 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_mixed_evenly_for_pairs_and_for_people() {
        for fixed in 1..=5 {
            let of_user = (1..=1_000).filter(|&pair| a_is_first(pair, fixed)).count();
            let of_pair = (1..=1_000).filter(|&user| a_is_first(fixed, user)).count();
            assert!((420..=580).contains(&of_user), "user {fixed}: {of_user}");
            assert!((420..=580).contains(&of_pair), "pair {fixed}: {of_pair}");
        }
    }

    #[test]
    fn a_choice_is_of_the_answer_not_of_the_side() {
        assert_eq!(Picked::First.choice(true), Choice::A);
        assert_eq!(Picked::First.choice(false), Choice::B);
        assert_eq!(Picked::Second.choice(false), Choice::A);
        assert_eq!(Picked::Tie.choice(false), Choice::Tie);
        assert_eq!(Picked::Neither.choice(true), Choice::Neither);
    }
}

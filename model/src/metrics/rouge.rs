//! ROUGE-N and ROUGE-L (Lin 2004), as Google's `rouge_score` computes them, but for the units: its own tokenizer keeps
//! a–z and 0–9 only, so that Korean scores 0.
//!
//! ```text
//! ROUGE-N  R = n-grams in common / the reference's     P = … / the candidate's     F = 2PR / (P + R)
//! ROUGE-L  the same with the longest common subsequence
//! ```

use super::units::{Unit, runs, shared_runs};

/// From 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rouge {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

impl Rouge {
    fn of(shared: u64, candidate: usize, reference: usize) -> Self {
        let share = |of: usize| if of == 0 { 0.0 } else { shared as f64 / of as f64 };
        let (precision, recall) = (share(candidate), share(reference));
        let sum = precision + recall;
        Self { precision, recall, f1: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 } }
    }
}

/// ROUGE-N of a candidate; `order` is at least 1.
pub fn rouge_n(candidate: &str, reference: &str, order: usize, unit: Unit) -> Rouge {
    let (candidate, reference) = (unit.tokens(candidate), unit.tokens(reference));
    let count = |tokens: &[String]| (tokens.len() + 1).saturating_sub(order.max(1));
    let shared = shared_runs(&runs(&candidate, order), &runs(&reference, order));
    Rouge::of(shared, count(&candidate), count(&reference))
}

/// ROUGE-L of a candidate.
pub fn rouge_l(candidate: &str, reference: &str, unit: Unit) -> Rouge {
    let (candidate, reference) = (unit.tokens(candidate), unit.tokens(reference));
    let shared = longest_common_subsequence(&candidate, &reference);
    Rouge::of(shared, candidate.len(), reference.len())
}

fn longest_common_subsequence(one: &[String], other: &[String]) -> u64 {
    let mut lengths = vec![0_u64; other.len() + 1];
    for token in one {
        let mut diagonal = 0;
        for (at, matched) in other.iter().enumerate() {
            let above = lengths[at + 1];
            lengths[at + 1] = if token == matched { diagonal + 1 } else { above.max(lengths[at]) };
            diagonal = above;
        }
    }
    lengths.last().copied().unwrap_or_default()
}

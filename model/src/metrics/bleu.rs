//! BLEU (Papineni et al. 2002), as sacreBLEU computes it (`sacrebleu/metrics/bleu.py`, exponential smoothing).
//!
//! ```text
//! BLEU = 100 · min(1, e^(1 − r/c)) · (p₁ p₂ p₃ p₄)^¼     pₙ  the share of the candidates' n-grams that a reference has,
//!                                                             each at most as often as there
//!                                                        c, r  units of all candidates and of all references
//! ```
//!
//! The k-th order without a match counts as 1 / (2ᵏ · n-grams). Orders that no candidate is long enough for are left
//! out (sacreBLEU's `effective_order`), so that a single short sentence has a score.

use super::units::{Unit, runs, shared_runs};

const ORDERS: usize = 4;

/// A score from 0 to 100 and what it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bleu {
    pub score: f64,
    /// By order, in percent; smoothed where nothing matches.
    pub precisions: [f64; ORDERS],
    /// 1 where candidates are as long as their references.
    pub brevity_penalty: f64,
    pub candidate_units: u64,
    pub reference_units: u64,
}

/// Of pairs of a candidate and its reference, together.
pub fn bleu(pairs: &[(&str, &str)], unit: Unit) -> Bleu {
    let (mut matches, mut totals) = ([0_u64; ORDERS], [0_u64; ORDERS]);
    let (mut candidate_units, mut reference_units) = (0, 0);
    for (candidate, reference) in pairs {
        let (candidate, reference) = (unit.tokens(candidate), unit.tokens(reference));
        candidate_units += candidate.len() as u64;
        reference_units += reference.len() as u64;
        for order in 1..=ORDERS {
            matches[order - 1] += shared_runs(&runs(&candidate, order), &runs(&reference, order));
            totals[order - 1] += (candidate.len() + 1).saturating_sub(order) as u64;
        }
    }
    let brevity_penalty = match (candidate_units, reference_units) {
        (0, _) => 0.0,
        (candidate, reference) if candidate < reference => (1.0 - reference as f64 / candidate as f64).exp(),
        _ => 1.0,
    };
    let mut precisions = [0.0; ORDERS];
    let score = match matches.iter().all(|count| *count == 0) {
        true => 0.0,
        false => brevity_penalty * geometric_mean(&matches, &totals, &mut precisions),
    };
    Bleu { score, precisions, brevity_penalty, candidate_units, reference_units }
}

fn geometric_mean(matches: &[u64; ORDERS], totals: &[u64; ORDERS], precisions: &mut [f64; ORDERS]) -> f64 {
    let mut smoothing = 1.0;
    let (mut logarithms, mut orders) = (0.0, 0.0);
    for order in 0..ORDERS {
        let total = totals[order] as f64;
        if totals[order] == 0 {
            break;
        }
        precisions[order] = match matches[order] {
            0 => {
                smoothing *= 2.0;
                100.0 / (smoothing * total)
            }
            count => 100.0 * count as f64 / total,
        };
        logarithms += precisions[order].ln();
        orders += 1.0;
    }
    if orders == 0.0 { 0.0 } else { (logarithms / orders).exp() }
}

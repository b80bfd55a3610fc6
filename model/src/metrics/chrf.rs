//! chrF (Popović 2015), as sacreBLEU computes it (`sacrebleu/metrics/chrf.py`): characters without spaces, orders
//! 1–6, β = 2.
//!
//! ```text
//! chrF = 100 · (1 + β²) P R / (β² P + R)     P, R  precision and recall of n-grams of characters, averaged over the
//!                                                   orders that both texts are long enough for
//! ```

use super::units::{Unit, runs, shared_runs};

const ORDERS: usize = 6;
const BETA: f64 = 2.0;

/// From 0 to 100, of pairs of a candidate and its reference, together. `unit` is [`Unit::Character`] by definition;
/// others show what it would say of them.
pub fn chrf(pairs: &[(&str, &str)], unit: Unit) -> f64 {
    let (mut candidates, mut references, mut matches) = ([0_u64; ORDERS], [0_u64; ORDERS], [0_u64; ORDERS]);
    for (candidate, reference) in pairs {
        let (candidate, reference) = (unit.tokens(candidate), unit.tokens(reference));
        for order in 1..=ORDERS {
            let count = |tokens: &[String]| (tokens.len() + 1).saturating_sub(order) as u64;
            // Against a reference that is too short, nothing is counted.
            if count(&reference) > 0 {
                candidates[order - 1] += count(&candidate);
            }
            references[order - 1] += count(&reference);
            matches[order - 1] += shared_runs(&runs(&candidate, order), &runs(&reference, order));
        }
    }
    let (mut precision, mut recall, mut orders) = (0.0, 0.0, 0.0);
    for order in (0..ORDERS).filter(|order| candidates[*order] > 0 && references[*order] > 0) {
        precision += matches[order] as f64 / candidates[order] as f64;
        recall += matches[order] as f64 / references[order] as f64;
        orders += 1.0;
    }
    if matches[0] == 0 || orders == 0.0 {
        return 0.0;
    }
    let (precision, recall) = (precision / orders, recall / orders);
    100.0 * (1.0 + BETA * BETA) * precision * recall / (BETA * BETA * precision + recall)
}

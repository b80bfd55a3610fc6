//! Logits → the next token.

use std::cmp::Ordering;

use rand::Rng;
pub use shared::engine::Sampling;

use crate::{Error, Result};

/// The likeliest tokens that a reader is shown.
const SHOWN_CHOICES: usize = 10;
/// How many of the likeliest are sorted first: nearly always the nucleus is among them.
const FIRST_SORTED: usize = 64;

/// Draws one token id.
///
/// # Errors
/// [`Error::Input`] when no logit is a number.
pub fn sample(logits: &[f32], sampling: Sampling, random: &mut impl Rng) -> Result<u32> {
    let nucleus = nucleus(logits, sampling)?;
    if let [(id, _)] = nucleus[..]
        && sampling.temperature <= 0.0
    {
        return Ok(id);
    }
    let mut left = random.random::<f64>() * nucleus.iter().map(|(_, weight)| weight).sum::<f64>();
    for (id, weight) in &nucleus {
        left -= weight;
        if left <= 0.0 {
            return Ok(*id);
        }
    }
    // Rounding may leave a little over; a nucleus is never empty.
    nucleus.last().map(|(id, _)| *id).ok_or_else(no_numbers)
}

/// What [`sample`] draws from: the likeliest tokens with their weights (not yet divided by their sum),
/// likeliest first.
fn nucleus(logits: &[f32], sampling: Sampling) -> Result<Vec<(u32, f64)>> {
    let likeliest = likeliest(logits)?;
    if sampling.temperature <= 0.0 {
        return Ok(vec![(likeliest, 1.0)]);
    }
    let largest = f64::from(logits[likeliest as usize]);
    let mut candidates: Vec<(u32, f64)> = numbers(logits)
        .map(|(id, logit)| (id, ((f64::from(logit) - largest) / sampling.temperature).exp()))
        .collect();
    let wanted = sampling.top_p * candidates.iter().map(|(_, weight)| weight).sum::<f64>();
    let mut sorted = 0;
    let mut mass = 0.0;
    while sorted < candidates.len() {
        let rest = &mut candidates[sorted..];
        let count = FIRST_SORTED.max(7 * sorted).min(rest.len());
        if count < rest.len() {
            rest.select_nth_unstable_by(count, by_weight);
        }
        rest[..count].sort_unstable_by(by_weight);
        let last = rest[..count].iter().position(|(_, weight)| {
            mass += weight;
            mass >= wanted
        });
        if let Some(last) = last {
            candidates.truncate(sorted + last + 1);
            break;
        }
        sorted += count;
    }
    Ok(candidates)
}

fn by_weight(left: &(u32, f64), right: &(u32, f64)) -> Ordering {
    right.1.total_cmp(&left.1).then(left.0.cmp(&right.0))
}

/// The id of the highest score; the first of equals.
fn likeliest(logits: &[f32]) -> Result<u32> {
    numbers(logits)
        .max_by(|left, right| left.1.total_cmp(&right.1).then(right.0.cmp(&left.0)))
        .map(|(id, _)| id)
        .ok_or_else(no_numbers)
}

fn numbers(logits: &[f32]) -> impl Iterator<Item = (u32, f32)> {
    (0..).zip(logits.iter().copied()).filter(|(_, logit)| !logit.is_nan())
}

fn no_numbers() -> Error {
    Error::Input("the model's scores are not numbers: its weights are damaged".to_owned())
}

/// What could come next.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    /// The ten likeliest, likeliest first, and the one asked for if it is none of them.
    pub choices: Vec<Choice>,
    /// Tokens that temperature and top-p leave in the draw.
    pub candidates: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    pub id: u32,
    /// The model's own: `softmax(logits)`.
    pub probability: f64,
    /// The chance that [`sample`] draws it.
    pub drawn_probability: f64,
}

/// What [`sample`] chooses from, for people to see. `drawn` is among the choices in any case.
///
/// # Errors
/// As [`sample`].
pub fn distribution(logits: &[f32], sampling: Sampling, drawn: Option<u32>) -> Result<Distribution> {
    let nucleus = nucleus(logits, sampling)?;
    let drawn_total: f64 = nucleus.iter().map(|(_, weight)| weight).sum();
    let largest = f64::from(logits[likeliest(logits)? as usize]);
    let weight = |logit: f32| (f64::from(logit) - largest).exp();
    let total: f64 = numbers(logits).map(|(_, logit)| weight(logit)).sum();
    let mut shown: Vec<(u32, f64)> = numbers(logits).map(|(id, logit)| (id, weight(logit))).collect();
    if shown.len() > SHOWN_CHOICES {
        shown.select_nth_unstable_by(SHOWN_CHOICES, by_weight);
    }
    let drawn = drawn.and_then(|id| shown.iter().position(|(other, _)| *other == id));
    let drawn = drawn.filter(|place| *place >= SHOWN_CHOICES).map(|place| shown[place]);
    shown.truncate(SHOWN_CHOICES);
    shown.sort_unstable_by(by_weight);
    shown.extend(drawn);
    let choice = |(id, weight): (u32, f64)| {
        let drawn = nucleus.iter().find(|(other, _)| *other == id).map_or(0.0, |(_, weight)| *weight);
        Choice { id, probability: weight / total, drawn_probability: drawn / drawn_total }
    };
    Ok(Distribution { choices: shown.into_iter().map(choice).collect(), candidates: nucleus.len() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha12Rng;

    fn draw(logits: &[f32], temperature: f64, top_p: f64, times: usize) -> Vec<usize> {
        let mut random = ChaCha12Rng::seed_from_u64(1);
        let mut counts = vec![0; logits.len()];
        for _ in 0..times {
            counts[sample(logits, Sampling { temperature, top_p }, &mut random).unwrap() as usize] += 1;
        }
        counts
    }

    #[test]
    fn at_temperature_zero_the_likeliest_token_is_taken() {
        assert_eq!(draw(&[0.0, 3.0, 2.0], 0.0, 1.0, 10), [0, 10, 0]);
        assert_eq!(draw(&[f32::NAN, 3.0, 3.0], 0.0, 1.0, 10), [0, 10, 0], "the first of equals, never a NaN");
    }

    #[test]
    fn tokens_are_drawn_by_their_probability() {
        let probabilities = [0.5f32, 0.3, 0.2];
        let logits = probabilities.map(f32::ln);
        let counts = draw(&logits, 1.0, 1.0, 20_000);
        for (count, probability) in counts.iter().zip(probabilities) {
            assert!((*count as f32 / 20_000.0 - probability).abs() < 0.015, "{counts:?}");
        }
        let colder = draw(&logits, 0.5, 1.0, 20_000);
        assert!((colder[0] as f32 / 20_000.0 - 0.25 / 0.38).abs() < 0.015, "squares, renormalised");
    }

    #[test]
    fn the_nucleus_leaves_the_tail_out() {
        let logits = [0.5f32, 0.3, 0.2].map(f32::ln);
        assert_eq!(draw(&logits, 1.0, 0.7, 2_000)[2], 0);
        assert_eq!(draw(&logits, 1.0, 0.4, 100), [100, 0, 0]);
        assert!(draw(&logits, 1.0, 0.9, 2_000)[2] > 0);
    }

    #[test]
    fn scores_that_are_no_numbers_are_an_error() {
        let mut random = ChaCha12Rng::seed_from_u64(1);
        let sampling = Sampling { temperature: 1.0, top_p: 1.0 };
        assert!(sample(&[f32::NAN; 3], sampling, &mut random).is_err());
    }

    #[test]
    fn a_nucleus_beyond_what_is_sorted_first_is_found_in_order() {
        // 1,000 tokens, likeliest at the end; each weighs 0.99 times the one before it.
        let logits: Vec<f32> = (0..1000).map(|id| (id - 999) as f32 * 0.99f32.ln().abs()).collect();
        for (top_p, tokens) in [(0.5, 69), (0.9, 230), (0.99, 459), (1.0, 1000)] {
            let nucleus = nucleus(&logits, Sampling { temperature: 1.0, top_p }).unwrap();
            assert!(nucleus.len().abs_diff(tokens) <= 1, "{top_p}: {}", nucleus.len());
            assert!(nucleus.iter().map(|(id, _)| *id).eq((0..1000).rev().take(nucleus.len())));
        }
    }

    #[test]
    fn a_reader_sees_the_model_s_probabilities_and_those_of_the_draw() {
        let logits = [0.2f32, 0.5, 0.3].map(f32::ln);
        let shown = distribution(&logits, Sampling { temperature: 0.5, top_p: 0.8 }, Some(1)).unwrap();
        let expected = [(1, 0.5, 0.25 / 0.34), (2, 0.3, 0.09 / 0.34), (0, 0.2, 0.0)];
        assert_eq!((shown.choices.len(), shown.candidates), (3, 2));
        for (choice, (id, probability, drawn)) in shown.choices.iter().zip(expected) {
            assert_eq!(choice.id, id);
            assert!((choice.probability - probability).abs() < 1e-6, "{choice:?}");
            assert!((choice.drawn_probability - drawn).abs() < 1e-6, "{choice:?}");
        }
        let greedy = distribution(&logits, Sampling { temperature: 0.0, top_p: 1.0 }, None).unwrap();
        assert_eq!(greedy.candidates, 1);
        assert_eq!(greedy.choices[0].drawn_probability, 1.0);
    }

    #[test]
    fn a_drawn_token_that_is_not_among_the_ten_is_shown_behind_them() {
        let logits: Vec<f32> = (0..100).map(|id| -(id as f32) / 100.0).collect();
        let sampling = Sampling { temperature: 1.0, top_p: 1.0 };
        let ids = |drawn| -> Vec<u32> {
            distribution(&logits, sampling, drawn).unwrap().choices.iter().map(|choice| choice.id).collect()
        };
        assert_eq!(ids(None), (0..10).collect::<Vec<_>>());
        assert_eq!(ids(Some(3)), (0..10).collect::<Vec<_>>());
        assert_eq!(ids(Some(77)), (0..10).chain([77]).collect::<Vec<_>>());
    }
}

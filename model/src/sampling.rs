//! Logits → the next token.

use rand::Rng;

use crate::{Error, Result};

/// How tokens are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling {
    /// Logits are divided by it; 0 picks the likeliest token.
    pub temperature: f64,
    /// Only the smallest set of likeliest tokens whose probability reaches it is drawn from
    /// (nucleus sampling, Holtzman et al. 2020).
    pub top_p: f64,
}

/// Draws one token id.
///
/// # Errors
/// [`Error::Input`] when no logit is a number.
pub fn sample(logits: &[f32], sampling: Sampling, random: &mut impl Rng) -> Result<u32> {
    let likeliest = logits
        .iter()
        .enumerate()
        .filter(|(_, logit)| !logit.is_nan())
        .max_by(|left, right| left.1.total_cmp(right.1).then(right.0.cmp(&left.0)))
        .ok_or_else(|| {
            Error::Input("the model's scores are not numbers: its weights are damaged".to_owned())
        })?;
    if sampling.temperature <= 0.0 {
        return Ok(likeliest.0 as u32);
    }
    let largest = f64::from(*likeliest.1);
    let mut candidates: Vec<(u32, f64)> = logits
        .iter()
        .enumerate()
        .filter(|(_, logit)| !logit.is_nan())
        .map(|(id, logit)| (id as u32, ((f64::from(*logit) - largest) / sampling.temperature).exp()))
        .collect();
    candidates.sort_by(|left, right| right.1.total_cmp(&left.1).then(left.0.cmp(&right.0)));
    let total: f64 = candidates.iter().map(|(_, weight)| weight).sum();
    let mut mass = 0.0;
    let nucleus = candidates
        .iter()
        .position(|(_, weight)| {
            mass += weight;
            mass >= sampling.top_p * total
        })
        .map_or(candidates.len(), |last| last + 1);
    let candidates = &candidates[..nucleus];
    let mut left = random.random::<f64>() * candidates.iter().map(|(_, weight)| weight).sum::<f64>();
    for (id, weight) in candidates {
        left -= weight;
        if left <= 0.0 {
            return Ok(*id);
        }
    }
    Ok(candidates.last().map_or(likeliest.0 as u32, |(id, _)| *id))
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
}

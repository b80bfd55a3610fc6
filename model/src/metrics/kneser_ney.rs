//! Interpolated Kneser-Ney, the n-gram model that a neural one has to beat.
//!
//! ```text
//! p(w | h) = max(c(hw) − D(c(hw)), 0) / c(h·)  +  γ(h) · p(w | h′)        h′ = h without its oldest token
//! γ(h)     = (D₁ N₁(h·) + D₂ N₂(h·) + D₃ N₃₊(h·)) / c(h·)
//! ```
//!
//! At the highest order `c` counts occurrences, below it the number of different tokens seen to the
//! left ("how many contexts a word continues", the idea of Kneser & Ney 1995); n-grams that begin a
//! document have nothing to their left and keep their occurrences. Below the unigrams stands the
//! uniform distribution. The three discounts per order are those of Chen & Goodman (1998), the
//! "modified" form, as KenLM estimates them: `Y = n₁/(n₁+2n₂)`, `D_k = k − (k+1)·Y·n_{k+1}/n_k`.

use std::collections::HashMap;

/// Up to 6 tokens of 21 bits, the oldest in the highest bits.
type Gram = u128;
const TOKEN_BITS: u32 = 21;
const LARGEST_ORDER: usize = 6;

/// An n-gram model over token ids.
#[derive(Debug)]
pub struct KneserNey {
    vocabulary_size: u32,
    /// `levels[k]` holds the grams of `k + 1` tokens.
    levels: Vec<Level>,
}

#[derive(Debug, Default)]
struct Level {
    counts: HashMap<Gram, u32>,
    contexts: HashMap<Gram, Context>,
    discounts: [f64; 3],
}

/// What follows a context.
#[derive(Debug, Default, Clone, Copy)]
struct Context {
    total: u64,
    /// Different followers with a count of 1, of 2, of 3 or more.
    followers: [u32; 3],
}

/// Nats and how many tokens they were summed over.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub struct Score {
    pub nats: f64,
    pub tokens: u64,
}

impl KneserNey {
    /// Counts `documents`, each of which starts in the state after `end_of_text` and ends with it.
    ///
    /// `order` is held between 1 and 6; tokens must be below `vocabulary_size` ≤ 2²¹.
    pub fn train<'a>(
        order: usize,
        vocabulary_size: u32,
        end_of_text: u32,
        documents: impl Iterator<Item = &'a [u32]>,
    ) -> Self {
        let order = order.clamp(1, LARGEST_ORDER);
        let mut levels: Vec<Level> = (0..order).map(|_| Level::default()).collect();
        let mut stream = Vec::new();
        for document in documents {
            framed(document, end_of_text, &mut stream);
            for end in 1..stream.len() {
                // The document's first token is context only: it is never predicted.
                for length in 1..=order.min(end + 1) {
                    let start = end + 1 - length;
                    let gram = gram_of(&stream[start..=end]);
                    let counts = &mut levels[length - 1].counts;
                    // Highest order, or nothing can stand to the left: occurrences.
                    let count = counts.entry(gram).or_default();
                    // Highest order, or nothing can stand to the left: occurrences. The others are
                    // continuation counts and are filled in from the order above.
                    if length == order || start == 0 {
                        *count += 1;
                    }
                }
            }
        }
        for length in (1..order).rev() {
            let (below, above) = levels.split_at_mut(length);
            let counts = &mut below[length - 1].counts;
            for gram in above[0].counts.keys() {
                let shorter = gram & mask(length);
                if let Some(count) = counts.get_mut(&shorter) {
                    *count += 1;
                }
            }
        }
        for level in &mut levels {
            level.finish();
        }
        Self { vocabulary_size, levels }
    }

    /// The probability of `token` after `context` (the most recent token last).
    pub fn probability(&self, context: &[u32], token: u32) -> f64 {
        let mut probability = 1.0 / f64::from(self.vocabulary_size);
        for (index, level) in self.levels.iter().enumerate() {
            if context.len() < index {
                break;
            }
            let history = &context[context.len() - index..];
            let history = gram_of(history);
            let Some(seen) = level.contexts.get(&history) else { break };
            let count =
                level.counts.get(&((history << TOKEN_BITS) | Gram::from(token))).copied().unwrap_or(0);
            let total = seen.total as f64;
            let kept = (f64::from(count) - level.discount(count)).max(0.0);
            let freed: f64 = seen
                .followers
                .iter()
                .zip(level.discounts)
                .map(|(n, discount)| f64::from(*n) * discount)
                .sum();
            probability = kept / total + freed / total * probability;
        }
        probability
    }

    /// Sums −ln p over the tokens of a document for which `counts` says so; the end of text is the
    /// last token asked about.
    pub fn score(&self, document: &[u32], end_of_text: u32, counts: impl Fn(u32) -> bool) -> Score {
        let mut stream = Vec::new();
        framed(document, end_of_text, &mut stream);
        let mut score = Score::default();
        for end in 1..stream.len() {
            if counts(stream[end]) {
                let start = end.saturating_sub(self.levels.len() - 1);
                score.nats -= self.probability(&stream[start..end], stream[end]).ln();
                score.tokens += 1;
            }
        }
        score
    }
}

impl Level {
    /// Sums up the contexts and estimates the discounts.
    fn finish(&mut self) {
        let mut of_count = [0_u64; 4];
        for (&gram, &count) in &self.counts {
            let context = self.contexts.entry(gram >> TOKEN_BITS).or_default();
            context.total += u64::from(count);
            if count > 0 {
                context.followers[count.min(3) as usize - 1] += 1;
            }
            if let 1..=4 = count {
                of_count[count as usize - 1] += 1;
            }
        }
        self.contexts.retain(|_, context| context.total > 0);
        let [one, two, three, four] = of_count.map(|n| n as f64);
        let y = one / (one + 2.0 * two);
        let discount = |k: f64, n: f64, next: f64| k - (k + 1.0) * y * next / n;
        self.discounts = [discount(1.0, one, two), discount(2.0, two, three), discount(3.0, three, four)];
        for (index, discount) in self.discounts.iter_mut().enumerate() {
            // Too little text to estimate from: halves, as KenLM's fallback.
            let largest = index as f64 + 1.0;
            if !discount.is_finite() || *discount <= 0.0 || *discount >= largest {
                *discount = 0.5 * largest;
            }
        }
    }

    fn discount(&self, count: u32) -> f64 {
        if count == 0 { 0.0 } else { self.discounts[count.min(3) as usize - 1] }
    }
}

/// `<end of text> document <end of text>`
fn framed(document: &[u32], end_of_text: u32, stream: &mut Vec<u32>) {
    stream.clear();
    stream.push(end_of_text);
    stream.extend_from_slice(document);
    stream.push(end_of_text);
}

fn gram_of(tokens: &[u32]) -> Gram {
    tokens.iter().fold(0, |gram, token| (gram << TOKEN_BITS) | Gram::from(*token))
}

fn mask(tokens: usize) -> Gram {
    (1 << (TOKEN_BITS * tokens as u32)) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: u32 = 0;

    fn trained(order: usize) -> KneserNey {
        let documents: [&[u32]; 4] =
            [&[1, 2, 3, 1, 2, 4], &[1, 2, 3, 5], &[2, 3, 1, 1, 1, 2], &[4, 5, 4, 5, 4, 5, 1, 2, 3]];
        KneserNey::train(order, 8, END, documents.into_iter())
    }

    #[test]
    fn the_probabilities_after_any_context_sum_to_one() {
        for order in 1..=5 {
            let model = trained(order);
            for context in [&[][..], &[END], &[1, 2], &[4, 5, 4, 5], &[7], &[3, 3, 3], &[END, 1, 2, 3]] {
                let sum: f64 = (0..8).map(|token| model.probability(context, token)).sum();
                assert!((sum - 1.0).abs() < 1e-12, "order {order}, after {context:?}: {sum}");
            }
        }
    }

    #[test]
    fn a_token_that_follows_many_contexts_is_likelier_than_a_frequent_one_after_an_unknown_context() {
        // 6 occurs often but only after 5; 1 occurs after three different tokens.
        let documents: [&[u32]; 2] = [&[5, 6, 5, 6, 5, 6, 5, 6, 5, 6], &[2, 1, 3, 1, 4, 1]];
        let model = KneserNey::train(2, 8, END, documents.into_iter());
        assert!(model.probability(&[7], 1) > model.probability(&[7], 6));
        assert!(model.probability(&[5], 6) > 0.5);
    }

    /// Bigrams of "1 2 1 3": counts by hand. Continuation counts: 1 after {end, 2}: 2, 2 after {1}: 1,
    /// 3 after {1}: 1, end after {3}: 1.
    #[test]
    fn a_small_case_by_hand() {
        let model = KneserNey::train(2, 4, END, [&[1, 2, 1, 3][..]].into_iter());
        // Unigrams: n1 = 3, n2 = 1, n3 = n4 = 0: Y = 3/5, D1 = 1 − 2·Y·1/3 = 0.6; D2 would take
        // everything, so it falls back to 1.
        let uniform = (3.0 * 0.6 + 1.0) / 5.0 * 0.25;
        let unigram = |count: f64, discount: f64| (count - discount) / 5.0 + uniform;
        assert!((model.probability(&[], 1) - unigram(2.0, 1.0)).abs() < 1e-12);
        assert!((model.probability(&[], 2) - unigram(1.0, 0.6)).abs() < 1e-12);
        // Bigrams: all five occur once, n2 = 0, so D1 would be 1 and falls back to 0.5; after 1 both
        // followers were seen once.
        let freed = 2.0 * 0.5 / 2.0;
        let expected = (1.0 - 0.5) / 2.0 + freed * unigram(1.0, 0.6);
        assert!((model.probability(&[1], 2) - expected).abs() < 1e-12);
    }

    #[test]
    fn only_the_tokens_asked_for_are_scored() {
        let model = trained(3);
        let all = model.score(&[1, 2, 3], END, |_| true);
        let words = model.score(&[1, 2, 3], END, |token| token != END);
        assert_eq!((all.tokens, words.tokens), (4, 3));
        let end = model.probability(&[2, 3], END);
        assert!((all.nats - words.nats + end.ln()).abs() < 1e-12);
    }
}

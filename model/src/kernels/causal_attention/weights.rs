//! The weights `P = softmax(s QKᵀ)` themselves, for people to look at; attention never keeps them.

use crate::ops::AttentionShape;

/// Of one sequence that remembers nothing. `queries` `[tokens, heads · head_size]`, `keys` `[tokens, key_value_heads ·
/// head_size]` → head by head, query by query, the weights of the first key up to the query's own place: `heads ·
/// tokens · (tokens + 1) / 2` of them.
pub fn weights(queries: &[f32], keys: &[f32], shape: AttentionShape) -> Vec<f32> {
    let AttentionShape { heads, key_value_heads, head_size } = shape;
    let (query_width, key_width) = (heads * head_size, key_value_heads * head_size);
    let tokens = queries.len() / query_width.max(1);
    let scale = 1.0 / (head_size as f32).sqrt();
    let mut weights = Vec::with_capacity(heads * tokens * (tokens + 1) / 2);
    for head in 0..heads {
        let key_column = head / shape.group_size() * head_size;
        for query in 0..tokens {
            let q = &queries[query * query_width + head * head_size..][..head_size];
            let score = |key: usize| {
                let k = &keys[key * key_width + key_column..][..head_size];
                scale * q.iter().zip(k).map(|(q, k)| q * k).sum::<f32>()
            };
            let scores: Vec<f32> = (0..=query).map(score).collect();
            let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let exponentials: Vec<f32> = scores.iter().map(|score| (score - largest).exp()).collect();
            let total: f32 = exponentials.iter().sum();
            weights.extend(exponentials.iter().map(|exponential| exponential / total));
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha12Rng;

    use super::super::reference;
    use super::*;
    use crate::ops::Segment;

    #[test]
    fn weighted_by_them_the_values_are_what_attention_gives() {
        let mut random = ChaCha12Rng::seed_from_u64(5);
        for (tokens, heads, key_value_heads, head_size) in
            [(1, 1, 1, 4), (7, 4, 2, 6), (13, 3, 1, 8), (9, 2, 2, 3)]
        {
            let shape = AttentionShape { heads, key_value_heads, head_size };
            let mut draw =
                |count: usize| -> Vec<f32> { (0..count).map(|_| random.random_range(-2.0..2.0)).collect() };
            let queries = draw(tokens * heads * head_size);
            let (keys, values) =
                (draw(tokens * key_value_heads * head_size), draw(tokens * key_value_heads * head_size));
            let found = weights(&queries, &keys, shape);
            assert_eq!(found.len(), heads * tokens * (tokens + 1) / 2);
            let double = |values: &[f32]| values.iter().copied().map(f64::from).collect::<Vec<f64>>();
            let segment = Segment { query_start: 0, query_length: tokens, key_start: 0, key_length: tokens };
            let expected = reference(&double(&queries), &double(&keys), &double(&values), shape, &[segment]);
            let mut rows = found.as_slice();
            for head in 0..heads {
                for query in 0..tokens {
                    let (row, rest) = rows.split_at(query + 1);
                    rows = rest;
                    let sum: f32 = row.iter().sum();
                    assert!((sum - 1.0).abs() < 1e-5, "{sum}");
                    for i in 0..head_size {
                        let value = |key: usize| {
                            f64::from(
                                values[(key * key_value_heads + head / shape.group_size()) * head_size + i],
                            )
                        };
                        let y: f64 =
                            row.iter().enumerate().map(|(key, weight)| f64::from(*weight) * value(key)).sum();
                        let known = expected[(query * heads + head) * head_size + i];
                        assert!((y - known).abs() < 1e-4, "{y} for {known}");
                    }
                }
            }
        }
    }
}

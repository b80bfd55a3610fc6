//! The weights by layer, head and token, and what patterns they make.

use shared::engine::Attention;

/// In ten-thousandths.
const WHOLE: f64 = 10_000.0;

/// Of one head: what a token looks at, up to itself.
pub fn row(attention: &Attention, layer: usize, head: usize, query: usize) -> &[u16] {
    let tokens = attention.pieces.len();
    let of_head = tokens * (tokens + 1) / 2;
    let begin = (layer * attention.heads as usize + head) * of_head + query * (query + 1) / 2;
    attention.weights.get(begin..=begin + query).unwrap_or_default()
}

pub fn share(weight: u16) -> f64 {
    f64::from(weight) / WHOLE
}

/// Mean shares of a head over its tokens, the first one aside: that one can look nowhere else.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pattern {
    pub previous: f64,
    pub first: f64,
    pub own: f64,
    /// Entropy over the greatest that there could be: 1 looks at everything alike, 0 at one token.
    pub even: f64,
}

pub fn pattern(attention: &Attention, layer: usize, head: usize) -> Pattern {
    let tokens = attention.pieces.len();
    let mut pattern = Pattern::default();
    for query in 1..tokens {
        let row = row(attention, layer, head, query);
        let at = |key: usize| row.get(key).copied().map_or(0.0, share);
        pattern.previous += at(query - 1);
        pattern.first += at(0);
        pattern.own += at(query);
        let entropy: f64 =
            row.iter().map(|weight| share(*weight)).filter(|share| *share > 0.0).map(|p| -p * p.ln()).sum();
        pattern.even += entropy / ((query + 1) as f64).ln();
    }
    let count = tokens.saturating_sub(1).max(1) as f64;
    Pattern {
        previous: pattern.previous / count,
        first: pattern.first / count,
        own: pattern.own / count,
        even: pattern.even / count,
    }
}

#[cfg(test)]
mod tests {
    use shared::engine::Piece;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn piece(id: u32) -> Piece {
        Piece {
            id,
            token: String::new(),
            text: "가".to_owned(),
            byte_start: 0,
            byte_end: 3,
            text_start: 0,
            text_end: 1,
        }
    }

    /// One layer; the first head looks at the token before, the second at all alike.
    fn attention() -> Attention {
        let weights =
            [vec![10_000, 10_000, 0, 0, 10_000, 0], vec![10_000, 5_000, 5_000, 3_333, 3_333, 3_334]];
        Attention { pieces: (0..3).map(piece).collect(), layers: 1, heads: 2, weights: weights.concat() }
    }

    #[wasm_bindgen_test]
    fn rows_are_found_by_head_and_token() {
        let attention = attention();
        assert_eq!(row(&attention, 0, 0, 2), [0, 10_000, 0]);
        assert_eq!(row(&attention, 0, 1, 1), [5_000, 5_000]);
        assert_eq!(row(&attention, 3, 1, 1), [0_u16; 0]);
    }

    #[wasm_bindgen_test]
    fn a_heads_pattern_is_in_its_numbers() {
        let previous = pattern(&attention(), 0, 0);
        assert_eq!((previous.previous, previous.first, previous.own, previous.even), (1.0, 0.5, 0.0, 0.0));
        let even = pattern(&attention(), 0, 1);
        assert!((even.even - 1.0).abs() < 1e-3 && (even.own - 0.4167).abs() < 1e-3, "{even:?}");
    }
}

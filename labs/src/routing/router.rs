//! Tokens to experts, as DeepSeek-V3 routes them (`inference/model.py::Gate`) and balances by a bias that no gradient
//! touches (arXiv 2408.15664).
//!
//! ```text
//! s = σ(affinity)     chosen: the k largest of s + b     weights: s over the chosen, divided by their sum
//! after each batch: b_i ← b_i + γ · sign(mean load − load_i)
//! ```

use crate::parts::random::Random;

/// Tokens of a batch.
pub const TOKENS: usize = 64;

/// What does not change from batch to batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    pub experts: usize,
    pub chosen: usize,
    /// How much more popular some experts are, before anybody balances.
    pub skew: f64,
    pub rate: f64,
    pub is_balanced: bool,
}

/// A token's experts and their weights, which sum to 1.
pub type Route = Vec<(usize, f64)>;

#[derive(Debug, Clone, PartialEq)]
pub struct Router {
    pub plan: Plan,
    pub biases: Vec<f64>,
    /// Of the last batch.
    pub routes: Vec<Route>,
    /// The busiest expert's load over the mean, batch by batch.
    pub imbalance: Vec<f64>,
    popularity: Vec<f64>,
    seed: u64,
}

impl Router {
    pub fn new(plan: Plan) -> Self {
        let mut random = Random::new(11);
        Self {
            plan,
            biases: vec![0.0; plan.experts],
            routes: Vec::new(),
            imbalance: Vec::new(),
            popularity: (0..plan.experts).map(|_| random.normal()).collect(),
            seed: 0,
        }
    }

    /// Routes one batch of new tokens, and then moves the biases.
    pub fn step(&mut self) {
        self.seed += 1;
        let mut random = Random::new(self.seed);
        let plan = self.plan;
        self.routes = (0..TOKENS)
            .map(|_| {
                let affinity = |popularity: &f64| sigmoid(plan.skew * popularity + random.normal());
                let scores: Vec<f64> = self.popularity.iter().map(affinity).collect();
                route(&scores, &self.biases, plan.chosen)
            })
            .collect();
        let loads = self.loads();
        let mean = self.mean_load();
        let most = loads.iter().copied().max().unwrap_or(0) as f64;
        self.imbalance.push(most / mean);
        if plan.is_balanced {
            for (bias, load) in self.biases.iter_mut().zip(&loads) {
                let off = mean - *load as f64;
                *bias += plan.rate * if off == 0.0 { 0.0 } else { off.signum() };
            }
        }
    }

    /// Tokens of the last batch by expert.
    pub fn loads(&self) -> Vec<usize> {
        let mut loads = vec![0; self.plan.experts];
        for (expert, _) in self.routes.iter().flatten() {
            loads[*expert] += 1;
        }
        loads
    }

    pub fn mean_load(&self) -> f64 {
        (TOKENS * self.plan.chosen.min(self.plan.experts)) as f64 / self.plan.experts as f64
    }
}

fn sigmoid(value: f64) -> f64 {
    1.0 / (1.0 + (-value).exp())
}

/// One token: chosen with the bias, weighted without it.
fn route(scores: &[f64], biases: &[f64], chosen: usize) -> Route {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|one, other| {
        (scores[*other] + biases[*other]).total_cmp(&(scores[*one] + biases[*one])).then(one.cmp(other))
    });
    order.truncate(chosen);
    let sum: f64 = order.iter().map(|expert| scores[*expert]).sum();
    order.into_iter().map(|expert| (expert, scores[expert] / sum)).collect()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{Plan, Router, TOKENS, route};

    const PLAN: Plan = Plan { experts: 8, chosen: 2, skew: 1.0, rate: 0.01, is_balanced: true };

    #[wasm_bindgen_test]
    fn the_bias_chooses_and_the_scores_weigh() {
        let plain = route(&[0.9, 0.5, 0.1], &[0.0; 3], 2);
        assert_eq!(plain.iter().map(|(expert, _)| *expert).collect::<Vec<_>>(), [0, 1]);
        let moved = route(&[0.9, 0.5, 0.1], &[0.0, 0.0, 0.6], 2);
        assert_eq!(moved.iter().map(|(expert, _)| *expert).collect::<Vec<_>>(), [0, 2]);
        assert!((moved[1].1 - 0.1).abs() < 1e-12, "0.1 of 0.9 + 0.1");
    }

    #[wasm_bindgen_test]
    fn every_token_goes_to_as_many_experts_as_are_chosen() {
        let mut router = Router::new(PLAN);
        router.step();
        assert_eq!(router.loads().iter().sum::<usize>(), TOKENS * 2);
        for token in &router.routes {
            assert!((token.iter().map(|(_, weight)| weight).sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[wasm_bindgen_test]
    fn biases_even_out_what_popularity_makes_uneven() {
        let last = |is_balanced| {
            let mut router = Router::new(Plan { is_balanced, ..PLAN });
            (0..300).for_each(|_| router.step());
            router.imbalance[250..].iter().sum::<f64>() / 50.0
        };
        let (with, without) = (last(true), last(false));
        assert!(with < 1.6 && without > 1.8, "{with} {without}");
    }
}

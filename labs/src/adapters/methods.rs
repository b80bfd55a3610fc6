//! What an adapter adds to a weight matrix W of `out` rows and `in` columns, and how many numbers it trains.
//!
//! ```text
//! LoRA    ΔW = (α/r) B A                           r (in + out)        Hu et al. 2021
//! DoRA    ΔW = m/‖V‖ ∘ V − W,  V = W + (α/r) B A   r (in + out) + out  Liu et al. 2024; norms over each output's row
//! WaveFT  ΔW = λ · inverse Haar of p numbers       p                   arXiv 2505.12532, as in PEFT
//! ```

use serde::Deserialize;

use crate::parts::Matrix;
use crate::parts::random::Random;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    Lora,
    Dora,
    Waveft,
}

impl Method {
    pub const ALL: [Self; 3] = [Self::Lora, Self::Dora, Self::Waveft];

    pub fn name(self) -> &'static str {
        match self {
            Self::Lora => "LoRA",
            Self::Dora => "DoRA",
            Self::Waveft => "WaveFT",
        }
    }

    /// Numbers that are trained beside one matrix.
    pub fn parameters(self, rows: u64, columns: u64, rank: u64, coefficients: u64) -> u64 {
        match self {
            Self::Lora => rank * (rows + columns),
            Self::Dora => rank * (rows + columns) + rows,
            Self::Waveft => coefficients.min(rows * columns),
        }
    }
}

/// The adapter's change to a random matrix of `size` rows and columns, with random numbers for what it trains. `size`
/// is even.
pub fn change(method: Method, size: usize, rank: usize, coefficients: usize, seed: u64) -> Matrix {
    let mut random = Random::new(seed);
    match method {
        Method::Lora => low_rank(size, rank, &mut random),
        Method::Dora => {
            let update = low_rank(size, rank, &mut random);
            let weight = filled(size, size, 1.0 / (size as f64).sqrt(), &mut random);
            let magnitudes: Vec<f64> = (0..size).map(|_| 1.0 + 0.1 * random.normal()).collect();
            decomposed(&weight, &update, &magnitudes)
        }
        Method::Waveft => {
            let mut spectrum = Matrix::new(size, size);
            for _ in 0..coefficients.min(size * size) {
                // Each place once, as a permutation's beginning is.
                let place = loop {
                    let place = random.below(size * size);
                    if spectrum.values[place] == 0.0 {
                        break place;
                    }
                };
                let value = random.normal();
                spectrum.values[place] = if value == 0.0 { 1.0 } else { value };
            }
            inverse_haar(&spectrum)
        }
    }
}

fn filled(rows: usize, columns: usize, spread: f64, random: &mut Random) -> Matrix {
    let values = (0..rows * columns).map(|_| spread * random.normal()).collect();
    Matrix { rows, columns, values }
}

/// B A of random factors.
fn low_rank(size: usize, rank: usize, random: &mut Random) -> Matrix {
    let spread = 0.5 / (size as f64).sqrt() / (rank.max(1) as f64).sqrt();
    let (b, a) = (filled(size, rank, 1.0, random), filled(rank, size, spread, random));
    let mut product = Matrix::new(size, size);
    for row in 0..size {
        for inner in 0..rank {
            let factor = b.values[row * rank + inner];
            for column in 0..size {
                product.values[row * size + column] += factor * a.values[inner * size + column];
            }
        }
    }
    product
}

/// m/‖V‖ ∘ V − W, where m is `magnitudes` times the norm that a row of W has.
fn decomposed(weight: &Matrix, update: &Matrix, magnitudes: &[f64]) -> Matrix {
    let columns = weight.columns;
    let mut change = Matrix::new(weight.rows, columns);
    let norm = |row: &[f64]| row.iter().map(|value| value * value).sum::<f64>().sqrt();
    for (row, magnitude) in magnitudes.iter().enumerate() {
        let range = row * columns..(row + 1) * columns;
        let own = &weight.values[range.clone()];
        let direction: Vec<f64> =
            own.iter().zip(&update.values[range.clone()]).map(|(weight, update)| weight + update).collect();
        let scale = magnitude * norm(own) / norm(&direction).max(f64::MIN_POSITIVE);
        for ((place, direction), weight) in range.zip(direction).zip(own) {
            change.values[place] = scale * direction - weight;
        }
    }
    change
}

/// One level of the inverse transform: the quadrants are the approximation and the details across, down and
/// both ways; each place of a quadrant makes one block of two by two.
///
/// ```text
/// ½ [ a+h+v+d  a+h−v−d ]
///   [ a−h+v−d  a−h−v+d ]
/// ```
pub fn inverse_haar(spectrum: &Matrix) -> Matrix {
    let (half, columns) = (spectrum.rows / 2, spectrum.columns);
    let mut out = Matrix::new(spectrum.rows, columns);
    for row in 0..half {
        for column in 0..columns / 2 {
            let at = |down: usize, across: usize| {
                spectrum.values[(row + down * half) * columns + column + across * columns / 2]
            };
            let (a, h, v, d) = (at(0, 0), at(0, 1), at(1, 0), at(1, 1));
            let block = [[a + h + v + d, a + h - v - d], [a - h + v - d, a - h - v + d]];
            for (down, values) in block.iter().enumerate() {
                for (across, value) in values.iter().enumerate() {
                    out.values[(2 * row + down) * columns + 2 * column + across] = 0.5 * value;
                }
            }
        }
    }
    out
}

/// How many rows do not follow from the others, by elimination with the largest pivot.
pub fn rank(matrix: &Matrix) -> usize {
    let (rows, columns) = (matrix.rows, matrix.columns);
    let mut values = matrix.values.clone();
    let negligible = matrix.largest() * 1e-9;
    let mut found = 0;
    for column in 0..columns {
        let size = |row: &usize| values[row * columns + column].abs();
        let Some(pivot) = (found..rows).max_by(|one, other| size(one).total_cmp(&size(other))) else { break };
        if size(&pivot) <= negligible {
            continue;
        }
        for at in 0..columns {
            values.swap(pivot * columns + at, found * columns + at);
        }
        for row in found + 1..rows {
            let factor = values[row * columns + column] / values[found * columns + column];
            for at in column..columns {
                values[row * columns + at] -= factor * values[found * columns + at];
            }
        }
        found += 1;
    }
    found
}

/// The share of the matrix that is not zero.
pub fn touched(matrix: &Matrix) -> f64 {
    matrix.values.iter().filter(|value| **value != 0.0).count() as f64 / matrix.values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{Matrix, Method, change, inverse_haar, rank, touched};

    #[wasm_bindgen_test]
    fn parameters_are_those_of_the_papers() {
        assert_eq!(Method::Lora.parameters(768, 768, 8, 0), 12_288);
        assert_eq!(Method::Dora.parameters(768, 768, 8, 0), 12_288 + 768);
        assert_eq!(Method::Waveft.parameters(768, 768, 8, 2592), 2592);
    }

    #[wasm_bindgen_test]
    fn a_low_rank_stays_low_and_a_few_waves_do_not() {
        for chosen in [1, 4, 8] {
            assert_eq!(rank(&change(Method::Lora, 64, chosen, 0, 1)), chosen);
        }
        assert_eq!(rank(&change(Method::Dora, 64, 4, 0, 1)), 64, "another length for every row");
        assert!(rank(&change(Method::Waveft, 64, 0, 64, 1)) > 16);
    }

    #[wasm_bindgen_test]
    fn a_coefficient_touches_one_block_of_four() {
        let mut spectrum = Matrix::new(8, 8);
        spectrum.values[9] = 2.0;
        let out = inverse_haar(&spectrum);
        let touched: Vec<usize> = (0..64).filter(|at| out.values[*at] != 0.0).collect();
        assert_eq!(touched, [18, 19, 26, 27]);
        assert!(touched.iter().all(|at| out.values[*at] == 1.0));
    }

    /// An orthonormal transform keeps the sum of squares.
    #[wasm_bindgen_test]
    fn waves_keep_the_length_of_what_they_are_made_of() {
        let mut spectrum = Matrix::new(4, 4);
        for (at, value) in spectrum.values.iter_mut().enumerate() {
            *value = at as f64 - 7.5;
        }
        let squares = |matrix: &Matrix| matrix.values.iter().map(|value| value * value).sum::<f64>();
        assert!((squares(&inverse_haar(&spectrum)) - squares(&spectrum)).abs() < 1e-9);
    }

    #[wasm_bindgen_test]
    fn few_coefficients_leave_most_of_the_matrix_alone() {
        let share = touched(&change(Method::Waveft, 64, 0, 40, 3));
        assert!(share > 0.02 && share <= 40.0 * 4.0 / 4096.0, "{share}");
    }
}

//! How quick a matrix product is here: the work that writing a text consists of.

/// Rows and columns; small enough for the cache, as a model's tiles are.
const SIZE: usize = 192;
/// Floating-point operations of one product.
pub const OPERATIONS: f64 = 2.0 * (SIZE * SIZE * SIZE) as f64;

#[derive(Debug)]
pub struct Product {
    left: Vec<f32>,
    right: Vec<f32>,
    out: Vec<f32>,
}

impl Product {
    pub fn new() -> Self {
        let numbers = |step: usize| (0..SIZE * SIZE).map(|at| (at * step % 7) as f32 - 3.0).collect();
        Self { left: numbers(3), right: numbers(5), out: vec![0.0; SIZE * SIZE] }
    }

    /// out ← out + left · right, a row of `right` at a time: the compiler makes vectors of it.
    pub fn run(&mut self) {
        for (left, out) in self.left.chunks_exact(SIZE).zip(self.out.chunks_exact_mut(SIZE)) {
            for (factor, right) in left.iter().zip(self.right.chunks_exact(SIZE)) {
                for (sum, value) in out.iter_mut().zip(right) {
                    *sum += factor * value;
                }
            }
        }
    }

    /// Keeps the compiler from leaving the work out.
    pub fn sum(&self) -> f32 {
        self.out.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{Product, SIZE};

    #[wasm_bindgen_test]
    fn the_product_is_a_product() {
        let mut product = Product::new();
        product.run();
        let (row, column) = (5, 9);
        let expected: f32 = (0..SIZE)
            .map(|inner| product.left[row * SIZE + inner] * product.right[inner * SIZE + column])
            .sum();
        assert_eq!(product.out[row * SIZE + column], expected);
        assert!(product.sum().is_finite());
    }
}

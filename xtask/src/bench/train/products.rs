//! The floor of a step: its floating-point operations at the rate that the matrix products of its layers reach
//! by themselves.

use std::collections::BTreeMap;

/// Tokens, outputs and inputs.
pub type Size = [u64; 3];

/// GFLOP/s of the forward product, of the inputs' gradient and of the weights'.
pub type Rates = [f64; 3];

/// The fastest of each that has been seen.
#[derive(Debug, Default)]
pub struct FastestProducts(BTreeMap<Size, Rates>);

impl FastestProducts {
    /// Takes in a line such as `ours m2048 n256 k1024: fwd 101.5 dx 98.0 dw 112.3 GF/s (2 thr)`; other lines
    /// are none of its business.
    pub fn see(&mut self, line: &str) {
        let Some((size, rates)) = parse(line) else { return };
        let fastest = self.0.entry(size).or_insert(rates);
        for (fastest, rate) in fastest.iter_mut().zip(rates) {
            *fastest = fastest.max(rate);
        }
    }

    /// GFLOP/s of one forward and backward pass through matrices of these outputs and inputs, one after the
    /// other; `None` if one of them has not been measured.
    pub fn rate(&self, tokens: u64, matrices: &[[u64; 2]]) -> Option<f64> {
        let (mut operations, mut nanoseconds) = (0.0, 0.0);
        for &[outputs, inputs] in matrices {
            let product = 2.0 * tokens as f64 * outputs as f64 * inputs as f64;
            for rate in self.0.get(&[tokens, outputs, inputs])? {
                operations += product;
                nanoseconds += product / rate;
            }
        }
        (nanoseconds > 0.0).then_some(operations / nanoseconds)
    }
}

/// Every size once, as the program that measures them takes it.
pub fn sizes(tokens: u64, matrices: &[[u64; 2]]) -> Vec<String> {
    let mut sizes: Vec<Size> = matrices.iter().map(|[outputs, inputs]| [tokens, *outputs, *inputs]).collect();
    sizes.sort_unstable();
    sizes.dedup();
    sizes.into_iter().map(|[tokens, outputs, inputs]| format!("{tokens}x{outputs}x{inputs}")).collect()
}

fn parse(line: &str) -> Option<(Size, Rates)> {
    let (size, rates) = line.split_once(':')?;
    let size =
        |letter: char| size.split_whitespace().find_map(|word| word.strip_prefix(letter)?.parse().ok());
    let rate = |name: &str| {
        let mut words = rates.split_whitespace().skip_while(|word| *word != name);
        words.nth(1)?.parse().ok().filter(|rate| *rate > 0.0)
    };
    Some(([size('m')?, size('n')?, size('k')?], [rate("fwd")?, rate("dx")?, rate("dw")?]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fastest_of_all_rounds_counts() {
        let mut products = FastestProducts::default();
        products.see("ours m10 n2 k3: fwd 100.5 dx 50.0 dw 10 GF/s (2 thr)");
        products.see("ours m10 n2 k3: fwd 90 dx 60.0 dw 20 GF/s (2 thr)");
        products.see("load 1.2");
        products.see("ours m10 n2 k4: fwd 0 dx 60.0 dw 20 GF/s (2 thr)");
        assert_eq!(products.0, BTreeMap::from([([10, 2, 3], [100.5, 60.0, 20.0])]));
    }

    /// Half of the operations at 100 GFLOP/s and half at 50 are done at 67 altogether, not at 75.
    #[test]
    fn slow_products_weigh_by_their_time() {
        let mut products = FastestProducts::default();
        products.see("ours m8 n4 k2: fwd 100 dx 100 dw 100 GF/s (1 thr)");
        products.see("ours m8 n2 k4: fwd 50 dx 50 dw 50 GF/s (1 thr)");
        let rate = products.rate(8, &[[4, 2], [2, 4]]).unwrap();
        assert!((rate - 200.0 / 3.0).abs() < 1e-9, "{rate}");
        assert_eq!(products.rate(8, &[[4, 2]]), Some(100.0));
        assert_eq!(products.rate(8, &[[4, 2], [9, 9]]), None);
        assert_eq!(products.rate(8, &[]), None);
    }

    #[test]
    fn equal_layers_are_measured_once() {
        assert_eq!(sizes(8, &[[4, 2], [2, 2], [4, 2]]), ["8x2x2", "8x4x2"]);
    }
}

//! Weights before and after a format. The blocks of GGUF are the model core's own (`model::gguf`).

use model::gguf::Format;
use serde::Deserialize;

use super::nf4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Kind {
    #[serde(rename = "q8_0")]
    Q8_0,
    #[serde(rename = "q4_0")]
    Q4_0,
    #[serde(rename = "q4_1")]
    Q4_1,
    #[serde(rename = "nf4")]
    Nf4,
}

/// How far the rounded weights are from the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fault {
    /// Root of the mean square.
    pub rms: f64,
    pub largest: f64,
    /// The root mean square as a share of the weights' own.
    pub relative: f64,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Q8_0, Self::Q4_0, Self::Q4_1, Self::Nf4];

    pub fn name(self) -> &'static str {
        match self {
            Self::Q8_0 => "q8_0",
            Self::Q4_0 => "q4_0",
            Self::Q4_1 => "q4_1",
            Self::Nf4 => "NF4",
        }
    }

    fn gguf(self) -> Option<Format> {
        match self {
            Self::Q8_0 => Some(Format::Q8_0),
            Self::Q4_0 => Some(Format::Q4_0),
            Self::Q4_1 => Some(Format::Q4_1),
            Self::Nf4 => None,
        }
    }

    /// Weights that share a scale.
    pub fn block(self) -> usize {
        self.gguf().map_or(nf4::BLOCK, Format::block)
    }

    /// Scales included.
    pub fn bits_per_weight(self) -> f64 {
        match self.gguf() {
            Some(format) => 8.0 * format.block_bytes() as f64 / format.block() as f64,
            // Four bits and a scale of 32 for 64 weights.
            None => 4.0 + 32.0 / nf4::BLOCK as f64,
        }
    }

    /// The weights as they come back. Their number is a whole number of blocks.
    pub fn rounded(self, weights: &[f32]) -> Vec<f32> {
        match self.gguf() {
            Some(format) => format.dequantize(&format.quantize(weights)),
            None => weights.chunks(nf4::BLOCK).flat_map(nf4::rounded).collect(),
        }
    }

    /// All values that a block of these weights can hold, from low to high.
    pub fn levels(self, block: &[f32]) -> Vec<f32> {
        let Some(format) = self.gguf() else {
            let scale = nf4::scale(block);
            return nf4::CODEBOOK.iter().map(|level| level * scale).collect();
        };
        let mut bytes = format.quantize(block);
        let mut levels = match format {
            // Its scale and then whole numbers from −127 to 127.
            Format::Q8_0 => {
                let mut levels = Vec::new();
                for first in (-127_i32..=127).step_by(32) {
                    for (at, number) in (first..first + 32).enumerate() {
                        bytes[2 + at] = number.min(127) as i8 as u8;
                    }
                    levels.extend(format.dequantize(&bytes));
                }
                levels
            }
            _ => {
                let header = format.block_bytes() - format.block() / 2;
                for number in 0..16_u8 {
                    bytes[header + usize::from(number)] = number | (number << 4);
                }
                format.dequantize(&bytes)[..16].to_vec()
            }
        };
        levels.sort_by(f32::total_cmp);
        levels.dedup();
        levels
    }
}

pub fn fault(weights: &[f32], rounded: &[f32]) -> Fault {
    let count = weights.len().max(1) as f64;
    let errors = || weights.iter().zip(rounded).map(|(weight, rounded)| f64::from(weight - rounded));
    let rms = (errors().map(|error| error * error).sum::<f64>() / count).sqrt();
    let own = (weights.iter().map(|weight| f64::from(*weight).powi(2)).sum::<f64>() / count).sqrt();
    Fault {
        rms,
        largest: errors().map(f64::abs).fold(0.0, f64::max),
        relative: if own > 0.0 { rms / own } else { 0.0 },
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{Kind, fault};
    use crate::parts::random::Random;

    fn weights() -> Vec<f32> {
        let mut random = Random::new(3);
        (0..4096).map(|_| random.normal() as f32 * 0.02).collect()
    }

    #[wasm_bindgen_test]
    fn formats_take_the_bits_that_their_blocks_take() {
        let bits = Kind::ALL.map(Kind::bits_per_weight);
        assert_eq!(bits, [8.5, 4.5, 5.0, 4.5]);
    }

    #[wasm_bindgen_test]
    fn every_rounded_weight_is_a_level_of_its_block() {
        let weights = weights();
        for kind in Kind::ALL {
            let rounded = kind.rounded(&weights);
            for (block, rounded) in weights.chunks(kind.block()).zip(rounded.chunks(kind.block())) {
                let levels = kind.levels(block);
                assert!(levels.len() == if kind == Kind::Q8_0 { 255 } else { 16 }, "{}", levels.len());
                assert!(rounded.iter().all(|weight| levels.contains(weight)), "{}", kind.name());
            }
        }
    }

    /// Of normal weights: eight bits are far better than four, and NF4's uneven levels are about as good as q4_0's even
    /// ones although twice as many weights share a scale (0.092 against 0.086; with 64 each, q4_0 has 0.095).
    #[wasm_bindgen_test]
    fn the_fault_is_as_large_as_theory_says() {
        let weights = weights();
        let relative = |kind: Kind| fault(&weights, &kind.rounded(&weights)).relative;
        assert!(relative(Kind::Q8_0) < 0.01);
        assert!((0.06..0.13).contains(&relative(Kind::Q4_0)), "{}", relative(Kind::Q4_0));
        assert!(relative(Kind::Nf4) < relative(Kind::Q4_0) * 1.2);
        let itself = fault(&weights, &weights);
        assert_eq!((itself.rms, itself.largest, itself.relative), (0.0, 0.0, 0.0));
    }
}

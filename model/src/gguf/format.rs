//! How numbers lie in a tensor: plainly, or in blocks of 32 weights of a row that share a scale.
//!
//! The block formats are ggml's (`ggml/src/ggml-common.h`, `ggml-quants.c`), with `d` and `m` in f16:
//!
//! ```text
//! q8_0  d, 32 × i8        w = d q               d = max|w| / 127           34 bytes, 8.5 bits a weight
//! q4_0  d, 32 × 4 bits    w = d (q − 8)         d = w* / −8                18 bytes, 4.5 bits
//! q4_1  d, m, 32 × 4 bits w = d q + m           m = min w, d = (max w − m) / 15
//!                                                                          20 bytes, 5 bits
//! ```
//!
//! `w*` is the weight of the largest magnitude, with its sign: it becomes exactly −8. Byte `j` of 4-bit
//! weights holds weight `j` below and weight `j + 16` above.

use half::{bf16, f16};
use shared::spec::GgufFormat;

/// Weights that share a scale.
pub const BLOCK: usize = 32;

/// The format of a tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    F32,
    F16,
    Bf16,
    Q8_0,
    Q4_0,
    Q4_1,
}

impl From<GgufFormat> for Format {
    fn from(format: GgufFormat) -> Self {
        match format {
            GgufFormat::F32 => Self::F32,
            GgufFormat::F16 => Self::F16,
            GgufFormat::Bf16 => Self::Bf16,
            GgufFormat::Q8_0 => Self::Q8_0,
            GgufFormat::Q4_0 => Self::Q4_0,
            GgufFormat::Q4_1 => Self::Q4_1,
        }
    }
}

impl Format {
    pub const ALL: [Self; 6] = [Self::F32, Self::F16, Self::Bf16, Self::Q8_0, Self::Q4_0, Self::Q4_1];

    /// ggml's number of the type.
    pub(super) fn tag(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q4_0 => 2,
            Self::Q4_1 => 3,
            Self::Q8_0 => 8,
            Self::Bf16 => 30,
        }
    }

    pub(super) fn from_tag(tag: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.tag() == tag)
    }

    /// What ggml calls a type, for the error that refuses it.
    pub(super) fn name_of_tag(tag: u32) -> String {
        const OTHERS: [(u32, &str); 9] = [
            (6, "q5_0"),
            (7, "q5_1"),
            (9, "q8_1"),
            (10, "q2_k"),
            (11, "q3_k"),
            (12, "q4_k"),
            (13, "q5_k"),
            (14, "q6_k"),
            (15, "q8_k"),
        ];
        let known = OTHERS.iter().find(|(other, _)| *other == tag);
        known.map_or_else(|| format!("type {tag}"), |(_, name)| (*name).to_owned())
    }

    /// Whether weights lie in blocks with a scale.
    pub fn is_quantized(self) -> bool {
        self.block() > 1
    }

    /// Weights in the smallest unit.
    pub fn block(self) -> usize {
        match self {
            Self::F32 | Self::F16 | Self::Bf16 => 1,
            Self::Q8_0 | Self::Q4_0 | Self::Q4_1 => BLOCK,
        }
    }

    /// Bytes of the smallest unit.
    pub fn block_bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 | Self::Bf16 => 2,
            Self::Q8_0 => 34,
            Self::Q4_0 => 18,
            Self::Q4_1 => 20,
        }
    }

    /// Bytes of so many weights in rows of `width`; `None` when a row is no whole number of blocks.
    pub fn size_bytes(self, elements: u64, width: u64) -> Option<u64> {
        let block = self.block() as u64;
        if !width.is_multiple_of(block) {
            return None;
        }
        (elements / block).checked_mul(self.block_bytes() as u64)
    }

    /// The values of whole blocks.
    pub fn dequantize(self, bytes: &[u8]) -> Vec<f32> {
        let blocks = bytes.chunks_exact(self.block_bytes());
        let mut values = Vec::with_capacity(blocks.len() * self.block());
        for block in blocks {
            match self {
                Self::F32 => values.push(f32::from_le_bytes([block[0], block[1], block[2], block[3]])),
                Self::F16 => values.push(half_at(block, 0)),
                Self::Bf16 => values.push(bf16::from_le_bytes([block[0], block[1]]).to_f32()),
                Self::Q8_0 => {
                    let scale = half_at(block, 0);
                    values.extend(block[2..].iter().map(|q| scale * f32::from(*q as i8)));
                }
                Self::Q4_0 => {
                    let scale = half_at(block, 0);
                    values.extend(nibbles(&block[2..]).map(|q| scale * (f32::from(q) - 8.0)));
                }
                Self::Q4_1 => {
                    let (scale, least) = (half_at(block, 0), half_at(block, 2));
                    values.extend(nibbles(&block[4..]).map(|q| scale * f32::from(q) + least));
                }
            }
        }
        values
    }

    /// The bytes of values, whose count is a whole number of blocks. Rounds as ggml does.
    pub fn quantize(self, values: &[f32]) -> Vec<u8> {
        let blocks = values.chunks_exact(self.block());
        let mut bytes = Vec::with_capacity(blocks.len() * self.block_bytes());
        for block in blocks {
            match self {
                Self::F32 => bytes.extend(block[0].to_le_bytes()),
                Self::F16 => push_half(&mut bytes, block[0]),
                Self::Bf16 => bytes.extend(bf16::from_f32(block[0]).to_le_bytes()),
                Self::Q8_0 => {
                    let largest = block.iter().fold(0.0f32, |largest, value| largest.max(value.abs()));
                    let scale = largest / 127.0;
                    let inverse = inverse(scale);
                    push_half(&mut bytes, scale);
                    bytes.extend(block.iter().map(|value| (value * inverse).round() as i8 as u8));
                }
                Self::Q4_0 => {
                    let farthest = |far: f32, value: &f32| if value.abs() > far.abs() { *value } else { far };
                    let scale = block.iter().fold(0.0, farthest) / -8.0;
                    let inverse = inverse(scale);
                    push_half(&mut bytes, scale);
                    push_nibbles(&mut bytes, block, |value| value * inverse + 8.5);
                }
                Self::Q4_1 => {
                    let least = block.iter().copied().fold(f32::INFINITY, f32::min);
                    let largest = block.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                    let scale = (largest - least) / 15.0;
                    let inverse = inverse(scale);
                    push_half(&mut bytes, scale);
                    push_half(&mut bytes, least);
                    push_nibbles(&mut bytes, block, |value| (value - least) * inverse + 0.5);
                }
            }
        }
        bytes
    }
}

fn half_at(bytes: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([bytes[at], bytes[at + 1]]).to_f32()
}

fn push_half(bytes: &mut Vec<u8>, value: f32) {
    bytes.extend(f16::from_f32(value).to_le_bytes());
}

fn inverse(scale: f32) -> f32 {
    if scale == 0.0 { 0.0 } else { 1.0 / scale }
}

/// The lower halves of all bytes, then the upper ones.
fn nibbles(bytes: &[u8]) -> impl Iterator<Item = u8> + '_ {
    bytes.iter().map(|byte| byte & 15).chain(bytes.iter().map(|byte| byte >> 4))
}

/// `level` gives a number whose whole part is the weight's step.
fn push_nibbles(bytes: &mut Vec<u8>, block: &[f32], level: impl Fn(f32) -> f32) {
    let step = |value: f32| (level(value) as u8).min(15);
    let (lower, upper) = block.split_at(BLOCK / 2);
    bytes.extend(lower.iter().zip(upper).map(|(lower, upper)| step(*lower) | step(*upper) << 4));
}

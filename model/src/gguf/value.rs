//! The values of metadata.

use super::GgufError;

/// The types of numbers, by their tags in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    Bool,
    U64,
    I64,
    F64,
}

impl Scalar {
    const TAGS: [(u32, Self); 11] = [
        (0, Self::U8),
        (1, Self::I8),
        (2, Self::U16),
        (3, Self::I16),
        (4, Self::U32),
        (5, Self::I32),
        (6, Self::F32),
        (7, Self::Bool),
        (10, Self::U64),
        (11, Self::I64),
        (12, Self::F64),
    ];

    pub(super) fn from_tag(tag: u32) -> Option<Self> {
        Self::TAGS.iter().find(|(known, _)| *known == tag).map(|(_, scalar)| *scalar)
    }

    pub(super) fn tag(self) -> u32 {
        Self::TAGS.iter().find(|(_, scalar)| *scalar == self).map_or(0, |(tag, _)| *tag)
    }

    pub fn size_bytes(self) -> usize {
        match self {
            Self::U8 | Self::I8 | Self::Bool => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }
}

/// One or more numbers of a type, as they stand in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    pub scalar: Scalar,
    /// Little-endian, a whole number of scalars.
    pub bytes: Vec<u8>,
}

impl Numbers {
    pub fn of_u32(values: impl IntoIterator<Item = u32>) -> Self {
        Self { scalar: Scalar::U32, bytes: values.into_iter().flat_map(u32::to_le_bytes).collect() }
    }

    pub fn of_i32(values: impl IntoIterator<Item = i32>) -> Self {
        Self { scalar: Scalar::I32, bytes: values.into_iter().flat_map(i32::to_le_bytes).collect() }
    }

    pub fn count(&self) -> usize {
        self.bytes.len() / self.scalar.size_bytes()
    }

    /// The whole numbers; `None` in place of one that is none, or that is negative.
    pub fn unsigned(&self) -> impl Iterator<Item = Option<u64>> + '_ {
        self.bytes.chunks_exact(self.scalar.size_bytes()).map(|bytes| {
            let mut wide = [0; 8];
            wide[..bytes.len()].copy_from_slice(bytes);
            let value = u64::from_le_bytes(wide);
            let sign = 1_u64 << (8 * bytes.len() - 1);
            match self.scalar {
                Scalar::U8 | Scalar::U16 | Scalar::U32 | Scalar::U64 => Some(value),
                Scalar::I8 | Scalar::I16 | Scalar::I32 | Scalar::I64 => (value & sign == 0).then_some(value),
                Scalar::F32 | Scalar::F64 | Scalar::Bool => None,
            }
        })
    }

    /// The numbers with a fraction.
    fn float(&self) -> Option<f64> {
        match (self.scalar, self.bytes.as_slice()) {
            (Scalar::F32, &[a, b, c, d]) => Some(f64::from(f32::from_le_bytes([a, b, c, d]))),
            (Scalar::F64, bytes) => bytes.try_into().ok().map(f64::from_le_bytes),
            _ => None,
        }
    }
}

/// A value of the metadata. Arrays of arrays are not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Number(Numbers),
    String(String),
    Numbers(Numbers),
    Strings(Vec<String>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Number(Numbers::of_u32([value]))
    }
}

impl From<f32> for Value {
    fn from(value: f32) -> Self {
        Self::Number(Numbers { scalar: Scalar::F32, bytes: value.to_le_bytes().to_vec() })
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Number(Numbers { scalar: Scalar::Bool, bytes: vec![u8::from(value)] })
    }
}

impl Value {
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    pub fn as_u32(&self) -> Option<u32> {
        let Self::Number(number) = self else { return None };
        number.unsigned().next().flatten().and_then(|value| u32::try_from(value).ok())
    }

    pub fn as_f64(&self) -> Option<f64> {
        if let Self::Number(number) = self { number.float() } else { None }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Number(Numbers { scalar: Scalar::Bool, bytes }) => Some(bytes.first() != Some(&0)),
            _ => None,
        }
    }

    pub fn as_strings(&self) -> Option<&[String]> {
        if let Self::Strings(strings) = self { Some(strings) } else { None }
    }

    pub fn as_numbers(&self) -> Option<&Numbers> {
        if let Self::Numbers(numbers) = self { Some(numbers) } else { None }
    }
}

/// What a key should hold, for the error that says so.
pub(super) fn wrong(key: &str, expected: &str) -> GgufError {
    GgufError::Key { key: key.to_owned(), problem: format!("is missing or not {expected}") }
}

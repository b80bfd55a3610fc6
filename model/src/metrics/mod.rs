//! What a model is measured by, and measured against.

pub mod kneser_ney;

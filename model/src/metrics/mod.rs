//! What a model is measured by, and measured against.

pub mod bleu;
pub mod chrf;
pub mod classification;
pub mod kneser_ney;
pub mod rouge;
pub mod units;

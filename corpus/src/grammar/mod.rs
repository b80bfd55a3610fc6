//! Korean grammar as functions: final sounds and particles, conjugation with every irregular class,
//! speech levels, honorifics and native numerals. The generator, the benchmarks and the lessons share it.
//! Source of the rules: 한글 맞춤법 (sections 15–18, 34–40) and 표준어 규정.

pub mod conjugation;
pub mod copula;
pub mod endings;
pub mod honorifics;
pub mod levels;
pub mod numbers;
pub mod particles;

pub use conjugation::{Class, Contraction, Kind, Predicate};
pub use copula::Copula;
pub use endings::Ending;
pub use levels::{Level, Mood};
pub use particles::{FinalSound, Particle, attach, final_sound};

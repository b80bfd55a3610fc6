//! What a job's events told, as plain data: no browser in here.

mod curve;
mod flags;
mod record;

pub use curve::{Curve, align};
pub use flags::{Oddity, oddities};
pub use record::{LogLine, LogTone, Measure, RunRecord, Sample};

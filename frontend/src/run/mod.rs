//! What a job's events told, as plain data: no browser in here.

mod curve;
mod record;

pub use curve::{Curve, align};
pub use record::{LogLine, LogTone, RunRecord, Sample};

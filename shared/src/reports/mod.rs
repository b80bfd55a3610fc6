//! What jobs say about their work: the `report.json` of each kind's artifact `report`.

pub mod curate;
pub mod import;
pub mod pretrain;
pub mod tokenizer;

/// The report's name in its artifact.
pub const REPORT_FILE: &str = "report.json";

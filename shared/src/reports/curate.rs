//! What a curation did.

use serde::{Deserialize, Serialize};

use crate::artifacts::Purpose;
use crate::spec::CurateRule;

/// A document before and, unless it was dropped, after a rule: the part around the first difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    pub id: String,
    pub before: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleReport {
    #[serde(flatten)]
    pub rule: CurateRule,
    /// Documents that reached the rule, that it rewrote, that it dropped.
    pub seen: u64,
    pub changed: u64,
    pub dropped: u64,
    /// Text of the documents that reached the rule, and of those that went on.
    pub bytes_before: u64,
    pub bytes_after: u64,
    pub examples: Vec<Example>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceCount {
    pub label: String,
    pub documents_read: u64,
    pub documents_kept: u64,
    pub text_bytes_read: u64,
    pub text_bytes_kept: u64,
}

/// `report/report.json`. `documents_read = documents_kept + documents_dropped`, and the rules' dropped
/// documents add up to the last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CurateReport {
    pub purpose: Purpose,
    pub documents_read: u64,
    pub documents_kept: u64,
    pub documents_dropped: u64,
    pub text_bytes_read: u64,
    pub text_bytes_kept: u64,
    pub sources: Vec<SourceCount>,
    pub rules: Vec<RuleReport>,
}

impl RuleReport {
    pub fn new(rule: &CurateRule) -> Self {
        Self {
            rule: rule.clone(),
            seen: 0,
            changed: 0,
            dropped: 0,
            bytes_before: 0,
            bytes_after: 0,
            examples: Vec::new(),
        }
    }
}

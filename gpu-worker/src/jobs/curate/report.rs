//! What each rule did, for people who want to see it with their own eyes.

use serde::{Deserialize, Serialize};
use shared::artifacts::Purpose;
use shared::documents::Document;
use shared::spec::CurateRule;

const EXAMPLES: usize = 20;
/// Characters of an excerpt, and how many of them stand before the first difference.
const EXCERPT: usize = 240;
const LEAD: usize = 40;

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

    /// Counts a document that went on. `before` is given when the rule rewrote it.
    pub fn passed(&mut self, before: Option<&Document>, after: &Document) {
        self.seen += 1;
        let after_bytes = after.size_bytes();
        self.bytes_before += before.map_or(after_bytes, Document::size_bytes);
        self.bytes_after += after_bytes;
        let Some(before) = before else { return };
        self.changed += 1;
        if self.examples.len() < EXAMPLES {
            let (old, new) = (joined(before), joined(after));
            let same = old.chars().zip(new.chars()).take_while(|(old, new)| old == new).count();
            let start = same.saturating_sub(LEAD);
            self.examples.push(Example {
                id: after.id.clone(),
                before: excerpt(&old, start),
                after: Some(excerpt(&new, start)),
            });
        }
    }

    pub fn dropped(&mut self, document: &Document) {
        self.seen += 1;
        self.dropped += 1;
        self.bytes_before += document.size_bytes();
        if self.examples.len() < EXAMPLES {
            let before = excerpt(&joined(document), 0);
            self.examples.push(Example { id: document.id.clone(), before, after: None });
        }
    }
}

/// The texts of a document as one, for the rules that judge it.
pub fn joined(document: &Document) -> String {
    document.texts().join("\n")
}

fn excerpt(text: &str, start: usize) -> String {
    let mut characters = text.chars().skip(start);
    let short: String = characters.by_ref().take(EXCERPT).collect();
    let before = if start > 0 { "…" } else { "" };
    let after = if characters.next().is_some() { "…" } else { "" };
    format!("{before}{short}{after}")
}

//! What each rule did, for people who want to see it with their own eyes.

use shared::documents::Document;
use shared::reports::curate::{Example, RuleReport};

const EXAMPLES: usize = 20;
/// Characters of an excerpt, and how many of them stand before the first difference.
const EXCERPT: usize = 240;
const LEAD: usize = 40;

/// Counts a document that went on. `before` is given when the rule rewrote it.
pub fn passed(report: &mut RuleReport, before: Option<&Document>, after: &Document) {
    report.seen += 1;
    let after_bytes = after.size_bytes();
    report.bytes_before += before.map_or(after_bytes, Document::size_bytes);
    report.bytes_after += after_bytes;
    let Some(before) = before else { return };
    report.changed += 1;
    if report.examples.len() < EXAMPLES {
        let (old, new) = (joined(before), joined(after));
        let same = old.chars().zip(new.chars()).take_while(|(old, new)| old == new).count();
        let start = same.saturating_sub(LEAD);
        report.examples.push(Example {
            id: after.id.clone(),
            before: excerpt(&old, start),
            after: Some(excerpt(&new, start)),
        });
    }
}

pub fn dropped(report: &mut RuleReport, document: &Document) {
    report.seen += 1;
    report.dropped += 1;
    report.bytes_before += document.size_bytes();
    if report.examples.len() < EXAMPLES {
        let before = excerpt(&joined(document), 0);
        report.examples.push(Example { id: document.id.clone(), before, after: None });
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

//! What an import did: every row and file that was left out, by rule, with examples.

use shared::reports::import::{Example, ImportRule, RuleCount};

/// Examples kept per rule.
const EXAMPLES: usize = 20;

/// Counts by rule, with the first examples of each.
#[derive(Debug, Default)]
pub struct Tally(std::collections::BTreeMap<ImportRule, (u64, Vec<Example>)>);

impl Tally {
    pub fn count(
        &mut self,
        rule: ImportRule,
        file: &str,
        line: Option<u64>,
        detail: impl FnOnce() -> String,
    ) {
        let (count, examples) = self.0.entry(rule).or_default();
        *count += 1;
        if examples.len() < EXAMPLES {
            examples.push(Example { file: file.to_owned(), line, detail: detail() });
        }
    }

    pub fn rules(&self) -> Vec<RuleCount> {
        self.0
            .iter()
            .map(|(rule, (count, examples))| RuleCount {
                rule: *rule,
                count: *count,
                examples: examples.clone(),
            })
            .collect()
    }
}

/// For the error when nothing is left: each rule, how often, one example, and what to do.
pub fn explain(rules: &[RuleCount]) -> String {
    let lines = rules.iter().map(|rule| {
        let example = rule.examples.first().map_or_else(String::new, |example| {
            let line = example.line.map_or_else(String::new, |line| format!(", line {line}"));
            format!(" (for instance {}{line}: {})", example.file, example.detail)
        });
        format!("  {} × {}{example}: {}", rule.count, rule.rule.name(), rule.rule.advice())
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The start of something that was dropped, short enough for a report.
pub fn excerpt(bytes: &[u8]) -> String {
    const CHARACTERS: usize = 80;
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * CHARACTERS)]);
    let short: String = text.chars().take(CHARACTERS).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if short.len() < bytes.len() { format!("{short}…") } else { short }
}

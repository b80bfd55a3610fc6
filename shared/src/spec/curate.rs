//! *curate*: an ordered list of rules over a dataset's documents.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Estimate, Problems};

/// Rules run in the order given; the first that drops a document is the one it is filed under.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CurateSpec {
    pub rules: Vec<CurateRule>,
}

/// One rule. Rewriting rules change the text; dropping rules keep or drop the document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum CurateRule {
    /// Rewrites: Unicode normalization form C, so that Hangul is composed syllables.
    NormalizeNfc,
    /// Rewrites: removes control and zero-width characters, keeps newline and tab.
    RemoveControlCharacters,
    /// Rewrites: removes HTML tags, comments, scripts and styles, decodes character references,
    /// keeps every visible character, punctuation included.
    RemoveHtml,
    /// Rewrites: removes Markdown marks (front matter, headings, emphasis, links, tables, fences),
    /// keeps the words and the punctuation of the sentences.
    RemoveMarkdown,
    /// Rewrites: runs of spaces become one, runs of three or more newlines two; trims.
    NormalizeWhitespace,
    /// Drops: shorter than `minimum` or longer than `maximum` characters (Unicode scalar values).
    Length { minimum: u64, maximum: u64 },
    /// Drops: fewer than `minimum` (0–1) of the letters are Hangul; without letters it is dropped.
    HangulShare { minimum: f64 },
    /// Drops: the same text as an earlier document, compared by SHA-256.
    ExactDuplicates,
}

impl CurateRule {
    /// The name in reports and on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NormalizeNfc => "normalize_nfc",
            Self::RemoveControlCharacters => "remove_control_characters",
            Self::RemoveHtml => "remove_html",
            Self::RemoveMarkdown => "remove_markdown",
            Self::NormalizeWhitespace => "normalize_whitespace",
            Self::Length { .. } => "length",
            Self::HangulShare { .. } => "hangul_share",
            Self::ExactDuplicates => "exact_duplicates",
        }
    }
}

impl CurateSpec {
    /// The order that serves most Korean text: rewrite first, then judge what is left.
    pub fn standard() -> Self {
        Self {
            rules: vec![
                CurateRule::NormalizeNfc,
                CurateRule::RemoveControlCharacters,
                CurateRule::RemoveHtml,
                CurateRule::RemoveMarkdown,
                CurateRule::NormalizeWhitespace,
                CurateRule::Length { minimum: 10, maximum: 200_000 },
                CurateRule::HangulShare { minimum: 0.5 },
                CurateRule::ExactDuplicates,
            ],
        }
    }

    pub(super) fn validate(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        problems.require(self.rules.len() <= 64, "rules", "at most 64 rules");
        for (index, rule) in self.rules.iter().enumerate() {
            match rule {
                CurateRule::Length { minimum, maximum } => problems.require(
                    minimum <= maximum && *maximum > 0,
                    &format!("rules.{index}.maximum"),
                    "the maximum must be at least the minimum and at least 1",
                ),
                CurateRule::HangulShare { minimum } => {
                    problems.range(*minimum, 0.0, 1.0, &format!("rules.{index}.minimum"));
                }
                _ => {}
            }
        }
        problems.into_result()
    }

    pub(super) fn estimate(&self, input_bytes: u64) -> Estimate {
        // 64 bytes of digest and table for a document of (assumed) 500 bytes, and one batch.
        let remembers = self.rules.contains(&CurateRule::ExactDuplicates);
        let digests = if remembers { input_bytes / 8 } else { 0 };
        Estimate { memory_bytes: (256 << 20) + digests, ..Estimate::default() }
    }
}

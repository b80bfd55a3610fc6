//! The rules of *curate*, one function each, for the worker's job and for the lab in the browser.
//! Rewriting rules take a text and give a text; judging rules take a text and say whether it stays.
//! None keeps a state but `duplicates`.

mod control_characters;
mod duplicates;
pub mod hangul_share;
mod html;
mod html_tags;
mod length;
mod markdown;
mod markdown_marks;
mod nfc;
#[cfg(test)]
mod tests;
mod whitespace;

use std::borrow::Cow;

pub use duplicates::Seen;
use shared::spec::CurateRule;

/// What a rule does with a text.
pub enum Step {
    Rewrite(fn(&str) -> Cow<'_, str>),
    /// Keeps the document when the function, given the joined text, says so.
    Judge(Box<dyn Fn(&str) -> bool + Send + Sync>),
    /// Keeps the first document of each text.
    Deduplicate,
}

/// The function of a rule.
pub fn step(rule: &CurateRule) -> Step {
    match *rule {
        CurateRule::NormalizeNfc => Step::Rewrite(nfc::normalize),
        CurateRule::RemoveControlCharacters => Step::Rewrite(control_characters::remove),
        CurateRule::RemoveHtml => Step::Rewrite(html::remove),
        CurateRule::RemoveMarkdown => Step::Rewrite(markdown::remove),
        CurateRule::NormalizeWhitespace => Step::Rewrite(whitespace::normalize),
        CurateRule::Length { minimum, maximum } => {
            Step::Judge(Box::new(move |text| length::is_between(text, minimum, maximum)))
        }
        CurateRule::HangulShare { minimum } => {
            Step::Judge(Box::new(move |text| hangul_share::is_at_least(text, minimum)))
        }
        CurateRule::ExactDuplicates => Step::Deduplicate,
    }
}

//! A lesson's text: TOML between two `+++` lines, then Markdown.

use std::collections::BTreeSet;

use shared::api::lessons::FieldNote;
use shared::course::LessonHead;
use shared::spec::Problems;

use super::figures::Figures;
use super::render::{self, SectionTitle};

/// A whole lesson, in bytes: some ten times the longest of ours.
pub const LESSON_LIMIT_BYTES: usize = 1 << 20;
const MARK: &str = "+++";

/// A lesson as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadLesson {
    pub head: LessonHead,
    pub notes: Vec<FieldNote>,
    pub html: String,
    pub sections: Vec<SectionTitle>,
    /// Of all headings, for whoever points at them.
    pub names: BTreeSet<String>,
}

/// # Errors
/// Every mistake, by its line.
pub fn read(source: &str, figures: &Figures) -> Result<ReadLesson, Problems> {
    let mut problems = Problems::default();
    if source.len() > LESSON_LIMIT_BYTES {
        problems.require(false, "", format!("a lesson may have {LESSON_LIMIT_BYTES} bytes; split it"));
        return Err(problems);
    }
    let Some((head, body, first_line)) = split(source) else {
        problems.require(false, "line 1", "begin with a line +++, then TOML, then a line +++");
        return Err(problems);
    };
    let head: LessonHead = match toml::from_str(head) {
        Ok(head) => head,
        Err(error) => {
            let line = error.span().map_or(2, |span| 2 + head[..span.start].matches('\n').count());
            problems.require(false, &format!("line {line}"), error.message());
            return Err(problems);
        }
    };
    check_head(&head, &mut problems);
    let rendered = render::lesson(body, first_line, figures, &mut problems);
    let notes = head.in_the_field.iter().map(|tool| note(tool, &mut problems)).collect();
    problems.into_result()?;
    Ok(ReadLesson { head, notes, html: rendered.html, sections: rendered.sections, names: rendered.names })
}

/// The TOML, the Markdown and the number of the Markdown's first line.
fn split(source: &str) -> Option<(&str, &str, usize)> {
    let rest = source.strip_prefix(MARK)?.strip_prefix('\n')?;
    let end = rest.find("\n+++\n")?;
    let (head, body) = (&rest[..end + 1], &rest[end + "\n+++\n".len()..]);
    Some((head, body, 2 + head.matches('\n').count() + 1))
}

fn check_head(head: &LessonHead, problems: &mut Problems) {
    for (name, text) in
        [("title", &head.title), ("title_english", &head.title_english), ("summary", &head.summary)]
    {
        problems.require(!text.trim().is_empty(), name, "say something");
    }
    problems.require(!head.goals.is_empty(), "goals", "name at least one");
    for tool in &head.in_the_field {
        problems.require(
            tool.address.starts_with("https://"),
            "in_the_field",
            format!("{}: use an address that begins with https://", tool.name),
        );
    }
}

fn note(tool: &shared::course::FieldTool, problems: &mut Problems) -> FieldNote {
    let mut html = |name: &str, text: &str| {
        render::passage(text, &format!("in_the_field: {}: {name}", tool.name), problems)
    };
    FieldNote {
        name: tool.name.clone(),
        address: tool.address.clone(),
        does_html: html("does", &tool.does),
        became_html: html("became", &tool.became),
        exchange_html: html("exchange", &tool.exchange),
    }
}

//! A course's folder, read whole: every mistake is named with its file, not only the first.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use shared::course::{QuestionFile, WEEKS};
use shared::spec::Problems;

use super::figures::{self, Figures};
use super::{Course, Week, lesson, questions};

/// A mistake of whoever wrote the course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseProblem {
    /// Below the course's folder.
    pub file: String,
    /// `line 12: …`, or what is missing.
    pub message: String,
}

impl fmt::Display for CourseProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.file, self.message)
    }
}

/// # Errors
/// All mistakes, in the order of the files.
pub fn read(folder: &Path) -> Result<Course, Vec<CourseProblem>> {
    let mut problems = Vec::new();
    let mut weeks = BTreeMap::new();
    for name in week_folders(folder, &mut problems) {
        let before = problems.len();
        let Some((number, week)) = read_week(folder, &name, &mut problems) else { continue };
        if weeks.contains_key(&number) {
            problems.push(problem(&format!("{name}/lesson.md"), format!("week {number} stands twice")));
        }
        if problems.len() == before {
            weeks.insert(number, week);
        }
    }
    if problems.is_empty() && weeks.is_empty() {
        problems.push(problem(".", "there is no week: a week is a folder with a lesson.md in it"));
    }
    if problems.is_empty() { Ok(Course { weeks }) } else { Err(problems) }
}

fn problem(file: &str, message: impl Into<String>) -> CourseProblem {
    CourseProblem { file: file.to_owned(), message: message.into() }
}

/// Folders that begin with a digit, in order.
fn week_folders(folder: &Path, problems: &mut Vec<CourseProblem>) -> BTreeSet<String> {
    match fs::read_dir(folder) {
        Ok(entries) => entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.starts_with(|first: char| first.is_ascii_digit()))
            .collect(),
        Err(error) => {
            problems.push(problem(&folder.display().to_string(), format!("cannot be read: {error}")));
            BTreeSet::new()
        }
    }
}

fn read_week(folder: &Path, name: &str, problems: &mut Vec<CourseProblem>) -> Option<(u32, Week)> {
    let figures = read_figures(folder, name, problems);
    let file = format!("{name}/lesson.md");
    let markdown = text(folder, &file, problems)?;
    let lesson = match lesson::read(&markdown, &figures) {
        Ok(lesson) => lesson,
        Err(found) => {
            add(&file, found, problems);
            return None;
        }
    };
    let number = lesson.head.week;
    if !(1..=WEEKS).contains(&number) {
        problems.push(problem(&file, format!("week is {number}: use 1 to {WEEKS}")));
    }
    let unused = figures.keys().filter(|figure| !markdown.contains(*figure));
    problems.extend(unused.map(|figure| problem(&format!("{name}/{figure}"), "no lesson shows it")));
    let file = format!("{name}/questions.toml");
    let asked = text(folder, &file, problems)?;
    match read_questions(&asked, &lesson) {
        Ok(questions) => Some((number, Week { markdown, lesson: Arc::new(lesson), questions, figures })),
        Err(found) => {
            add(&file, found, problems);
            None
        }
    }
}

fn read_questions(
    source: &str,
    lesson: &lesson::ReadLesson,
) -> Result<Vec<questions::ReadQuestion>, Problems> {
    let mut problems = Problems::default();
    let file: QuestionFile = match toml::from_str(source) {
        Ok(file) => file,
        Err(error) => {
            problems.require(false, "", error.to_string());
            return Err(problems);
        }
    };
    questions::refuse_unknown_names(source, &file, &mut problems);
    let read = questions::read(file, &lesson.names, &mut problems);
    problems.into_result()?;
    Ok(read)
}

fn read_figures(folder: &Path, name: &str, problems: &mut Vec<CourseProblem>) -> Figures {
    let mut found = Figures::new();
    let Ok(entries) = fs::read_dir(folder.join(name).join("figures")) else { return found };
    for entry in entries.filter_map(Result::ok) {
        let Ok(file) = entry.file_name().into_string() else { continue };
        let label = format!("figures/{file}");
        let path = format!("{name}/{label}");
        let Some(svg) = text(folder, &path, problems) else { continue };
        match figures::read(&svg) {
            Ok(figure) => drop(found.insert(label, figure)),
            Err(message) => problems.push(problem(&path, message)),
        }
    }
    found
}

fn text(folder: &Path, file: &str, problems: &mut Vec<CourseProblem>) -> Option<String> {
    match fs::read_to_string(folder.join(file)) {
        Ok(text) => Some(text),
        Err(error) => {
            problems.push(problem(file, format!("cannot be read: {error}")));
            None
        }
    }
}

fn add(file: &str, found: Problems, problems: &mut Vec<CourseProblem>) {
    problems.extend(found.0.into_iter().map(|found| {
        let place = if found.field.is_empty() { String::new() } else { format!("{}: ", found.field) };
        problem(file, format!("{place}{}", found.message))
    }));
}
